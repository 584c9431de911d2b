import { StopOutlined } from "@ant-design/icons";
import { App, Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Facts, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { isOpen, useCancelRun, useRun, useRunEmployers, type Run, type RunEmployer } from "./api";
import { percent } from "./progress";
import { runTone } from "./RunsPage";

export function RunPage() {
  const { id = "" } = useParams();
  const query = useRun(id);
  return <QueryView query={query}>{(run) => <Loaded run={run} />}</QueryView>;
}

function Loaded({ run }: { run: Run }) {
  const { t } = useTranslation("assessment");
  const { modal } = App.useApp();
  const cancel = useCancelRun(run.run_id);
  const open = isOpen(run);
  return (
    <div className="stack">
      <PageHead
        title={t("run.title", { month: run.month })}
        lead={<StatusTag tone={runTone(run.state)}>{t(`run.${run.state}`)}</StatusTag>}
        back={{ to: "/assessment", label: t("runs") }}
        actions={
          run.allowed_actions.includes("cancel") && (
            <Button
              danger
              icon={<StopOutlined />}
              loading={cancel.isPending}
              onClick={() =>
                void modal.confirm({
                  title: t("run.cancel"),
                  content: t("run.cancel.note"),
                  okText: t("run.cancel"),
                  onOk: () => cancel.mutateAsync(),
                })
              }
            >
              {t("run.cancel")}
            </Button>
          )
        }
      />
      {cancel.isError && <ProblemNote error={cancel.error} />}
      <Panel>
        <div className="stack tight">
          <Progress percent={percent(run)} status={open ? "active" : run.state === "done" ? "success" : "exception"} aria-label={t("run.progress")} />
          <div className="soft" role="status">
            {t("run.progress.note", { done: run.people, total: run.total_people })}
            {run.reason && ` · ${t("run.reason", { rule: run.reason })}`}
          </div>
          <Facts
            items={[
              [t("run.employers"), run.employers],
              [t("run.skipped"), run.skipped],
              [t("employerPays"), <Money key="r" fen={run.employer_fen} />],
              [t("employeePays"), <Money key="e" fen={run.employee_fen} />],
              [t("surcharge"), <Money key="s" fen={run.surcharge_fen} />],
              [t("run.sent"), run.sent],
              [t("run.by"), run.started_by],
              [t("run.at"), instant(run.started_at)],
              [t("run.end"), run.finished_at ? instant(run.finished_at) : "—"],
            ]}
          />
        </div>
      </Panel>
      <Panel title={t("undeclared")} flush>
        <Employers id={run.run_id} done={!open} />
      </Panel>
    </div>
  );
}

/** Who declared nothing and was assessed at the wages of the roll. */
function Employers({ id, done }: { id: string; done: boolean }) {
  const { t } = useTranslation("assessment");
  const list = useRunEmployers(id, done);
  const finding = list.rows?.[0]?.finding;
  return (
    <>
      {finding && (
        <div style={{ padding: 12 }}>
          <FindingList findings={[finding]} />
        </div>
      )}
      <DataTable<RunEmployer>
        id="run-employers"
        label={t("undeclared")}
        rows={list.rows}
        rowKey={(one) => one.employer_id}
        error={list.error}
        onRetry={list.retry}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        empty={<EmptyState title={t("undeclared.none")} />}
        columns={[
          { key: "name", title: t("unit.name"), primary: true, render: (one) => <Link to={`/units/${one.employer_id}`}>{one.name}</Link> },
          { key: "number", title: t("unit.number"), render: (one) => <span className="mono">{one.number}</span> },
          { key: "people", title: t("people"), align: "right", render: (one) => one.people },
          { key: "employer", title: t("employerPays"), align: "right", render: (one) => <Money fen={one.employer_fen} /> },
          { key: "employee", title: t("employeePays"), align: "right", render: (one) => <Money fen={one.employee_fen} /> },
          { key: "surcharge", title: t("surcharge"), align: "right", render: (one) => (one.surcharge_fen ? <Money fen={one.surcharge_fen} /> : "—") },
        ]}
      />
    </>
  );
}
