import { Alert, Progress } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { QueryView } from "../../shared/states";
import { delta, type PayRunDetail, type Totals } from "./model";
import { RunActs } from "./RunActs";
import { RunPeople } from "./RunPeople";
import { RUN_TONES } from "./tones";

const FIGURES: readonly (keyof Totals)[] = ["gross", "employee", "fund", "tax", "other", "net", "employer"];

/** One run: totals beside last month's, findings first, its people. */
export function RunPage() {
  return <Run review={false} />;
}

/** The same for the reviewer: what changed against last month comes first. */
export function ReviewPage() {
  return <Run review />;
}

function Run({ review }: { review: boolean }) {
  const { t } = useTranslation("payroll");
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["payroll", "run", id],
    queryFn: ({ signal }) => unwrap<PayRunDetail>(client.GET("/api/v1/payroll/runs/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "making" ? 1000 : false),
  });
  return (
    <QueryView query={query}>
      {(run) => (
        <div className="stack">
          <PageHead
            title={review ? t("review.title", { month: run.month }) : t("run.title", { month: run.month, kind: t(`kind.${run.kind}`) })}
            lead={
              <span className="row">
                <StatusTag tone={RUN_TONES[run.state]}>{t(`state.${run.state}`)}</StatusTag>
                <span>{t("who", { made: run.made_name, reviewed: run.reviewed_name ?? "—" })}</span>
              </span>
            }
            back={{ to: "/payroll", label: t("title") }}
            actions={<RunActs run={run} />}
          />
          {run.state === "making" && <Making run={run} />}
          {run.opinion && run.state === "draft" && <Alert type="warning" showIcon title={t("returned", { opinion: run.opinion })} />}
          {run.findings.length > 0 && (
            <Panel>
              <FindingList findings={run.findings} />
            </Panel>
          )}
          <Sums run={run} />
          {run.state !== "making" && <RunPeople run={run} changedFirst={review} />}
        </div>
      )}
    </QueryView>
  );
}

function Making({ run }: { run: PayRunDetail }) {
  const { t } = useTranslation("payroll");
  const percent = run.expected === 0 ? 0 : Math.min(99, Math.floor((run.done / run.expected) * 100));
  return (
    <Panel>
      <Progress percent={percent} status="active" aria-label={t("making")} />
      <div className="soft" role="status">
        {t("making.progress", { done: run.done, expected: run.expected })}
      </div>
    </Panel>
  );
}

function Sums({ run }: { run: PayRunDetail }) {
  const { t } = useTranslation("payroll");
  const compared = run.kind === "regular" && run.previous.people > 0;
  return (
    <Panel title={t("totals", { n: run.people })}>
      <div className="tiles">
        {FIGURES.map((key) => (
          <div className="tile" key={key}>
            <div className="soft">{t(key)}</div>
            <strong>
              <Money fen={run.totals[key]} />
            </strong>
            {compared && <Delta value={delta(run.totals[key], run.previous.totals[key])} />}
          </div>
        ))}
      </div>
      {compared && (
        <p className="soft small" style={{ marginTop: 8 }}>
          {t("changes", { ...run.changes, people: run.previous.people })}
        </p>
      )}
      {(run.blocking > 0 || run.warnings > 0) && <p role="status">{t("attention", { blocking: run.blocking, warnings: run.warnings })}</p>}
    </Panel>
  );
}

/** The difference to last month; the sign says what the colour repeats. */
export function Delta({ value }: { value: number | null }) {
  const { t } = useTranslation("payroll");
  if (!value) return null;
  return (
    <div className="small" style={{ color: value > 0 ? "var(--ant-color-warning-text)" : "var(--ant-color-primary)" }} title={t("delta")}>
      {value > 0 ? "+" : ""}
      <Money fen={value} />
    </div>
  );
}
