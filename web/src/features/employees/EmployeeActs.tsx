import { App, Button } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Advice, Employee, Hired } from "../../api/types";
import { FindingList } from "../../shared/FindingList";
import { ProblemNote } from "../../shared/states";
import { EnrolDialog } from "./EnrolDialog";
import { StartTransfers } from "./StartTransfers";
import { EditEmployee } from "./EditEmployee";

/** What may be done with this employee now: ask the regions again, start the transfer, enrol. */
export function EmployeeActs({ employee }: { employee: Employee }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [findings, setFindings] = useState<Advice[]>([]);
  const [enrolling, setEnrolling] = useState(false);
  const [editing, setEditing] = useState<boolean | "wage">(false);
  const params = { path: { id: employee.id } };
  const done = () => void queries.invalidateQueries({ queryKey: ["employee", employee.id] });
  const recheck = useMutation({
    mutationFn: () => unwrap<Hired>(client.POST("/api/v1/employees/{id}/status", { params })),
    onSuccess: (hired) => {
      setFindings(hired.findings);
      message.success(t("recheck.done"));
      done();
    },
  });
  const may = (name: string) => employee.allowed_actions.includes(name);
  return (
    <div className="stack tight">
      <div className="row">
        {may("start_transfer") && <StartTransfers employee={employee} onFindings={setFindings} />}
        {may("enrol") && (
          <Button type={may("start_transfer") ? "default" : "primary"} onClick={() => setEnrolling(true)}>
            {t("enrol")}
          </Button>
        )}
        {may("recheck") && (
          <Button loading={recheck.isPending} onClick={() => recheck.mutate()}>
            {t("recheck")}
          </Button>
        )}
        {may("edit") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
      </div>
      {editing && <EditEmployee employee={employee} focus={editing === "wage" ? "wage" : undefined} onClose={() => setEditing(false)} />}
      {enrolling && (
        <EnrolDialog
          employee={employee}
          onWage={
            may("edit")
              ? () => {
                  setEnrolling(false);
                  setEditing("wage");
                }
              : undefined
          }
          onClose={() => setEnrolling(false)}
        />
      )}
      {recheck.isError && <ProblemNote error={recheck.error} />}
      {findings.length > 0 && <FindingList findings={findings} />}
    </div>
  );
}
