import { App, Button, Modal } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Employee, Enrolment, Insurance } from "../../api/types";
import { Facts, InsuranceNames, Money } from "../../shared/bits";
import { regionName } from "../../shared/regions";
import { useMe } from "../../shared/session";
import { ProblemNote } from "../../shared/states";

const ALL: Insurance[] = ["pension", "medical", "unemployment", "injury", "maternity"];

/** Everything an enrolment will say, to be read before it goes: what stands here is what is sent. `onWage` leads to a missing wage. */
export function EnrolDialog({ employee, onWage, onClose }: { employee: Employee; onWage: (() => void) | undefined; onClose: () => void }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const me = useMe();
  const queries = useQueryClient();
  const sent = useRef(false);
  const month = employee.hired_on.slice(0, 7);
  const file = useMutation({
    mutationFn: () =>
      unwrap<Enrolment>(
        client.POST("/api/v1/employees/{id}/enrolment", { params: { path: { id: employee.id } }, body: { insurances: ALL, start_month: month } }),
      ),
    onSuccess: (filed) => {
      void message.success(t("enrol.done", { n: filed.number }));
      onClose();
    },
    // A refusal may be mended outside this dialog, and then it is sent again.
    onError: () => (sent.current = false),
    onSettled: () => Promise.all([["employee", employee.id], ["deadlines"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  const send = () => {
    if (sent.current) return;
    sent.current = true;
    file.mutate();
  };
  return (
    <Modal
      open
      title={t("enrol.ask")}
      okText={t("enrol.file")}
      cancelText={t("enrol.cancel")}
      okButtonProps={{ disabled: !employee.wage_fen }}
      confirmLoading={file.isPending}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stack">
        <Facts
          items={[
            [t("enrol.unit"), me.organisation.name],
            [t("enrol.person"), `${employee.name} ${employee.id_masked}`],
            [t("enrol.region"), regionName(employee.region)],
            [t("enrol.insurances"), <InsuranceNames key="i" insurances={ALL} />],
            [t("enrol.from"), month],
            [t("enrol.base"), employee.wage_fen ? <Money key="b" fen={employee.wage_fen} /> : "—"],
            [t("enrol.employedOn"), employee.hired_on],
          ]}
        />
        <p className="soft small">{t("enrol.note", { office: regionName(employee.region) })}</p>
        {!employee.wage_fen && (
          <div className="finding blocking" role="alert">
            <div className="what">{t("enrol.wage.missing")}</div>
            <div className="then">{t("enrol.wage.remedy")}</div>
            {onWage && (
              <div className="do">
                <Button onClick={onWage}>{t("wage.fill")}</Button>
              </div>
            )}
          </div>
        )}
        {file.isError && <ProblemNote error={file.error} />}
      </div>
    </Modal>
  );
}
