import { ReloadOutlined } from "@ant-design/icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import type { StatusReport } from "../../api/types";
import { InsuranceName, Panel, RelationTag } from "../../shared/bits";
import { instant, yearsAndMonths } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { regionName } from "../../shared/regions";
import { EmptyState, ErrorState } from "../../shared/states";
import type { Relation } from "../../api/types";

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
  const again = (
    <Button size="small" icon={<ReloadOutlined />} onClick={() => void query.refetch()} loading={query.isFetching} disabled={!asked}>
      {t("query.again")}
    </Button>
  );
  return (
    <Panel title={t("query.title")} extra={asked && !query.data?.answer?.unanswered.length && again}>
      <div aria-live="polite" aria-busy={query.isFetching} data-testid="status-panel">
        {!asked ? (
          <EmptyState title={t("query.waiting")}>{hint}</EmptyState>
        ) : query.isError ? (
          <>
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
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
          <Answer
            result={query.data}
            onTransfer={onTransfer}
            transferring={transferring}
            refetch={() => void query.refetch()}
            fetching={query.isFetching}
          />
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
  const { answer, findings } = result;
  return (
    <div className="stack">
      <FindingList findings={findings} actions={{ start_transfer: { label: t("transfer"), onClick: onTransfer, loading: transferring } }} />
      {!answer && <p className="soft">{t("query.failedNote")}</p>}
      {answer && answer.unanswered.length > 0 && (
        <div className="finding warning" data-testid="unanswered">
          <div className="what">{t("unanswered", { regions: answer.unanswered.map(regionName).join(t("listSeparator")) })}</div>
          <div className="then">{t("unanswered.note")}</div>
          <div className="do">
            <Button onClick={refetch} loading={fetching} icon={<ReloadOutlined />}>
              {t("query.again")}
            </Button>
          </div>
        </div>
      )}
      {answer && <Relations relations={answer.relations} complete={answer.unanswered.length === 0} found={answer.person_found} />}
      {answer && <Totals totals={answer.months_total} />}
      <p className="soft small">{t("query.source", { at: instant(result.queried_at, true), ms: Math.max(1, result.elapsed_ms) })}</p>
    </div>
  );
}

function Relations({ relations, complete, found }: { relations: Relation[]; complete: boolean; found: boolean }) {
  const { t } = useTranslation("onboarding");
  if (relations.length === 0) {
    const title = !complete ? t("none.partial") : found ? t("none.relation") : t("none.person");
    return <EmptyState title={title}>{complete ? t("none.note") : t("unanswered.note")}</EmptyState>;
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
