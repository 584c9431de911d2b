import { App, Button } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Advice, Employee, Hired, Transfer } from "../../api/types";
import { FindingList } from "../../shared/FindingList";
import { ProblemNote } from "../../shared/states";
import { EditEmployee } from "./EditEmployee";

/** What may be done with this employee now: ask the regions again, start the transfer, enrol. */
export function EmployeeActs({ employee }: { employee: Employee }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [findings, setFindings] = useState<Advice[]>([]);
  const [editing, setEditing] = useState(false);
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
  const enrol = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/employees/{id}/enrolment", { params, body: {} })),
    onSuccess: () => {
      message.success(t("enrol.done"));
      done();
    },
  });
  const start = useMutation({
    mutationFn: async () => {
      // The server names the relation to transfer; it is asked anew, since the record may have changed.
      const hired = await unwrap<Hired>(client.POST("/api/v1/employees/{id}/status", { params }));
      setFindings(hired.findings);
      const advice = hired.findings.find((one) => one.action === "start_transfer" && one.region);
      if (!advice?.region) return null;
      const body = { employee_id: employee.id, from_region: advice.region, insurance: advice.insurance ?? ("pension" as const) };
      return unwrap<Transfer>(client.POST("/api/v1/transfers", { body }));
    },
    onSuccess: (transfer) => {
      done();
      if (!transfer) return;
      message.success(t("started"));
      void navigate(`/transfers/${transfer.id}`);
    },
  });
  const may = (name: string) => employee.allowed_actions.includes(name);
  const failed = [recheck, enrol, start].find((one) => one.isError);
  return (
    <div className="stack tight">
      <div className="row">
        {may("start_transfer") && (
          <Button type="primary" loading={start.isPending} onClick={() => start.mutate()}>
            {t("start")}
          </Button>
        )}
        {may("enrol") && (
          <Button type={may("start_transfer") ? "default" : "primary"} loading={enrol.isPending} onClick={() => enrol.mutate()}>
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
      {editing && <EditEmployee employee={employee} onClose={() => setEditing(false)} />}
      {failed && <ProblemNote error={failed.error} />}
      {findings.length > 0 && <FindingList findings={findings} />}
    </div>
  );
}
