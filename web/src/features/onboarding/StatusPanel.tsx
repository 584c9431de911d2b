import { ReloadOutlined } from "@ant-design/icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Advice, Relation, StatusReport } from "../../api/types";
import { InsuranceName, Panel, RelationTag } from "../../shared/bits";
import { instant, yearsAndMonths } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { FindingList, type FindingActions } from "../../shared/FindingList";
import { regionName } from "../../shared/regions";
import { EmptyState, ErrorState } from "../../shared/states";
import { isClear, isSilence, openEmployee, transferHelps } from "./next-action";
import { Unanswered } from "./Unanswered";

interface Props {
  asked: boolean;
  query: UseQueryResult<StatusReport>;
  hint: string;
  onTransfer: () => void;
  transferring: boolean;
}

/** What the regions answered about the person, the findings, and the one next action. */
export function StatusPanel({ asked, query, hint, onTransfer, transferring }: Props) {
  const { t } = useTranslation("onboarding");
  const { refetch } = query;
  const ask = useCallback(() => void refetch(), [refetch]);
  const silent = query.data && (!query.data.answer || query.data.answer.unanswered.length > 0);
  const again = (
    <Button size="small" icon={<ReloadOutlined />} onClick={ask} loading={query.isFetching} disabled={!asked}>
      {t("query.again")}
    </Button>
  );
  return (
    <Panel title={t("query.title")} extra={asked && !silent && again}>
      <div aria-live="polite" aria-busy={query.isFetching} data-testid="status-panel">
        {!asked ? (
          <EmptyState title={t("query.waiting")}>{hint}</EmptyState>
        ) : query.isError && !query.data ? (
          <>
            <ErrorState error={query.error} onRetry={ask} />
            <p className="soft" style={{ textAlign: "center" }}>
              {t("query.failedNote")}
            </p>
          </>
        ) : !query.data ? (
          <div className="stack">
            <span className="soft" role="status">
              {t("query.running")}
            </span>
            <Skeleton active title={false} paragraph={{ rows: 5 }} />
          </div>
        ) : (
          <Answer result={query.data} onTransfer={onTransfer} transferring={transferring} refetch={ask} fetching={query.isFetching} />
        )}
      </div>
    </Panel>
  );
}

interface AnswerProps {
  result: StatusReport;
  onTransfer: () => void;
  transferring: boolean;
  refetch: () => void;
  fetching: boolean;
}

function Answer({ result, onTransfer, transferring, refetch, fetching }: AnswerProps) {
  const { t } = useTranslation("onboarding");
  const { answer } = result;
  const silent = result.findings.filter(isSilence);
  const findings = result.findings.filter((finding) => !isSilence(finding));
  const actions: FindingActions = transferHelps(result)
    ? { start_transfer: { label: t("transfer"), onClick: onTransfer, loading: transferring } }
    : {};
  return (
    <div className="stack">
      {findings.length > 0 && (
        <FindingList<Advice> findings={findings} actions={actions} link={(finding) => openEmployee(finding, t("employee.open"))} />
      )}
      {(!answer || answer.unanswered.length > 0) && (
        <Unanswered regions={answer?.unanswered ?? []} findings={silent} fetching={fetching} refetch={refetch} />
      )}
      {answer && <Relations result={result} answer={answer} />}
      {answer && <Totals totals={answer.months_total} />}
      <p className="soft small">{t("query.source", { at: instant(result.queried_at, true) })}</p>
    </div>
  );
}

/** Nothing found is said as such; that the person can be enrolled, only when nothing at all speaks against it. */
function Relations({ result, answer }: { result: StatusReport; answer: NonNullable<StatusReport["answer"]> }) {
  const { t } = useTranslation("onboarding");
  const { relations } = answer;
  if (answer.person_found && !answer.name_matches) return <p className="soft">{t("none.hidden")}</p>;
  if (relations.length === 0) {
    if (answer.unanswered.length > 0) return <EmptyState title={t("none.partial")} />;
    const title = answer.person_found ? t("none.relation") : t("none.person");
    return <EmptyState title={title}>{isClear(result) ? t("none.note") : result.findings.length > 0 && t("none.first")}</EmptyState>;
  }
  const columns: Column<Relation>[] = [
    {
      key: "region",
      title: t("region"),
      primary: true,
      width: 96,
      render: (one) => <strong>{regionName(one.region)}</strong>,
    },
    { key: "insurance", title: t("insurance"), render: (one) => <InsuranceName insurance={one.insurance} /> },
    { key: "status", title: t("status"), render: (one) => <RelationTag status={one.status} /> },
    { key: "months", title: t("months"), align: "right", render: (one) => <span className="num">{one.months}</span> },
    { key: "last", title: t("lastMonth"), align: "right", render: (one) => <span className="num">{one.last_month ?? "—"}</span> },
  ];
  return (
    <DataTable
      id="status"
      label={t("query.title")}
      columns={columns}
      rows={relations}
      rowKey={(one) => `${one.region}-${one.insurance}`}
      card={(one) => (
        <div className="brief">
          <div className="row between">
            <strong>
              {regionName(one.region)} · {t(`insurance.${one.insurance}`)}
            </strong>
            <RelationTag status={one.status} />
          </div>
          <span className="soft num">
            {t("monthsCount", { n: one.months })} · {t("lastMonth")} {one.last_month ?? "—"}
          </span>
        </div>
      )}
    />
  );
}

function Totals({ totals }: { totals: Record<string, number> }) {
  const { t } = useTranslation("onboarding");
  const entries = Object.entries(totals).filter(([, months]) => months > 0);
  if (entries.length === 0) return null;
  return (
    <div className="row" style={{ gap: "4px 18px" }}>
      <span className="soft">{t("totals")}</span>
      {entries.map(([insurance, months]) => (
        <span key={insurance}>
          {t(`insurance.${insurance}`)} <strong className="num">{t("yearsMonths", yearsAndMonths(months))}</strong>
        </span>
      ))}
    </div>
  );
}
