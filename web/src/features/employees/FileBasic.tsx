import { Button, Popconfirm } from "antd";
import { useMutation, type UseQueryResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Employee, EmployeeFile } from "../../api/types";
import { Facts, Money, Panel } from "../../shared/bits";
import { regionName } from "../../shared/regions";
import { ProblemNote } from "../../shared/states";
import { EmployeeState } from "./EmployeeState";
import { FileIndustry } from "./FileIndustry";
import { LeaveDialog, LoginDialog, RehireDialog } from "./LeaveDialogs";
import { RevealId } from "./RevealId";
import { useFileDone } from "./useFileDone";

/** Who the employee is; the industry's own fields; leaving, coming back, and the own login. */
export function FileBasic({ employee, file }: { employee: Employee; file: UseQueryResult<EmployeeFile> }) {
  const { t } = useTranslation("employees");
  const num = (text: string | number) => <span className="num">{text}</span>;
  return (
    <div className="stack">
      <Panel title={t("record")} extra={file.data && <LeavingActs file={file.data} />}>
        <Facts
          items={[
            [t("state"), <EmployeeState key="s" employee={employee} />],
            [t("number"), num(employee.number)],
            [t("idNumber"), <RevealId key="i" employee={employee} />],
            [t("sex"), t(`sex.${employee.sex}`)],
            [t("birthDate"), num(employee.birth_date)],
            [t("phone"), employee.phone_masked ?? "—"],
            [t("hiredOn"), num(employee.hired_on)],
            [t("city"), regionName(employee.region)],
            [t("department"), employee.department || "—"],
            [t("position"), employee.position || "—"],
            [t("wage"), employee.wage_fen === undefined ? "—" : <Money key="w" fen={employee.wage_fen} />],
            ...(employee.left_on
              ? ([
                  [t("leftOn"), num(employee.left_on)],
                  [t("leaveReason"), file.data?.leave_reason_name ?? "—"],
                  [t("note"), file.data?.leave_note ?? "—"],
                ] as [string, ReactNode][])
              : []),
            ...(file.data?.login ? ([[t("login"), file.data.login.username]] as [string, ReactNode][]) : []),
          ]}
        />
      </Panel>
      {file.data && file.data.stints.length > 0 && (
        <Panel title={t("stints")}>
          <ul className="plain lines">
            {file.data.stints.map((stint) => (
              <li key={stint.from}>
                <span className="num">
                  {stint.from} — {stint.to}
                </span>
                <span className="soft">{stint.reason_name}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {file.data?.industry && <FileIndustry file={file.data} />}
    </div>
  );
}

function LeavingActs({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const done = useFileDone(file.employee_id);
  const [open, setOpen] = useState<"leave" | "rehire" | "login" | null>(null);
  const revoke = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/employees/{id}/leave/revoke", { params: { path: { id: file.employee_id } } })),
    onSuccess: done,
  });
  const may = (name: string) => file.allowed_actions.includes(name);
  const close = () => setOpen(null);
  return (
    <div className="row">
      {may("create_login") && <Button onClick={() => setOpen("login")}>{t("login.create")}</Button>}
      {may("leave") && <Button onClick={() => setOpen("leave")}>{t("leave")}</Button>}
      {may("revoke_leave") && (
        <Popconfirm title={t("leave.revoke.sure")} onConfirm={() => revoke.mutate()}>
          <Button loading={revoke.isPending}>{t("leave.revoke")}</Button>
        </Popconfirm>
      )}
      {may("rehire") && (
        <Button type="primary" onClick={() => setOpen("rehire")}>
          {t("rehire")}
        </Button>
      )}
      {revoke.isError && <ProblemNote error={revoke.error} />}
      {open === "leave" && <LeaveDialog id={file.employee_id} onDone={done} onClose={close} />}
      {open === "rehire" && <RehireDialog id={file.employee_id} onDone={done} onClose={close} />}
      {open === "login" && <LoginDialog id={file.employee_id} onDone={done} onClose={close} />}
    </div>
  );
}
