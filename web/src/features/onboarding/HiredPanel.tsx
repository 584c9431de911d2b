import { Button } from "antd";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Advice, Hired } from "../../api/types";
import { PageHead, Panel, StatusTag } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { ProblemNote } from "../../shared/states";
import { startTransfer } from "./api";
import { isSilence, openEmployee, transferSource } from "./next-action";

export interface Outcome {
  hired: Hired;
  /** Why the transfer asked for with the hire was not started. */
  failed?: unknown;
}

/** The answer to a hire that leaves something to do: the person is entered, and this comes next. */
export function HiredPanel({ outcome, onNext }: { outcome: Outcome; onNext: () => void }) {
  const { t } = useTranslation("onboarding");
  const navigate = useNavigate();
  const { employee, findings } = outcome.hired;
  const source = transferSource(outcome.hired);
  const start = useMutation({
    mutationFn: async () => (source ? startTransfer(employee.id, source.region, source.insurance) : null),
    onSuccess: (transfer) => transfer && void navigate(`/transfers/${transfer.id}`),
  });
  const shown = findings.filter((finding) => !isSilence(finding));
  const waits = shown.length < findings.length;
  return (
    <>
      <PageHead title={t("hired.title", { name: employee.name })} />
      <Panel>
        <div className="stack" data-testid="hired">
          <div className="row">
            <span className="soft">{t("hired.state")}</span>
            <StatusTag tone={employee.state === "direct" ? "success" : "warning"}>{employee.state_name}</StatusTag>
          </div>
          {waits && <p>{t("hired.unchecked")}</p>}
          {outcome.failed !== undefined && (
            <div>
              <p>{t("hired.transferFailed")}</p>
              <ProblemNote error={outcome.failed} />
            </div>
          )}
          {shown.length > 0 && <p>{t("hired.note")}</p>}
          <FindingList<Advice>
            findings={shown}
            actions={{
              start_transfer: {
                label: t("transfer"),
                onClick: () => {
                  if (!start.isPending) start.mutate();
                },
                loading: start.isPending,
              },
            }}
            link={(finding) => openEmployee(finding, t("employee.open"))}
          />
          {start.isError && <ProblemNote error={start.error} />}
          <div className="row">
            <Link to={`/employees/${employee.id}`}>{t("hired.open")}</Link>
            <Button onClick={onNext}>{t("hired.next")}</Button>
          </div>
        </div>
      </Panel>
    </>
  );
}
