import { PlayCircleOutlined } from "@ant-design/icons";
import { Button, DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { useMe } from "../../shared/session";
import { EmptyState, ProblemNote } from "../../shared/states";
import { useRuns, useStartRun, type Run } from "./api";

const TONES = { running: "processing", sending: "processing", done: "success", cancelled: "default", failed: "error" } as const;
export const runTone = (state: Run["state"]) => TONES[state];

/** 批量核定: the whole region for one month. */
export function RunsPage() {
  const { t } = useTranslation("assessment");
  const me = useMe();
  const list = useRuns();
  return (
    <div className="stack">
      <PageHead title={t("runs")} lead={t("runs.lead")} />
      {me.permissions.includes("assessment_run") && <Start />}
      <DataTable<Run>
        id="assessment-runs"
        label={t("runs")}
        rows={list.rows}
        rowKey={(one) => one.run_id}
        error={list.error}
        onRetry={list.retry}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        empty={<EmptyState title={t("runs.none")} />}
        columns={[
          { key: "month", title: t("month"), primary: true, width: 110, render: (one) => <Link to={`/assessment/${one.run_id}`}>{one.month}</Link> },
          { key: "state", title: t("state"), render: (one) => <StatusTag tone={runTone(one.state)}>{t(`run.${one.state}`)}</StatusTag> },
          { key: "employers", title: t("run.employers"), align: "right", render: (one) => one.employers },
          { key: "skipped", title: t("run.skipped"), align: "right", optional: true, render: (one) => one.skipped },
          { key: "employer", title: t("employerPays"), align: "right", render: (one) => <Money fen={one.employer_fen} /> },
          { key: "employee", title: t("employeePays"), align: "right", render: (one) => <Money fen={one.employee_fen} /> },
          { key: "by", title: t("run.by"), optional: true, render: (one) => one.started_by },
          { key: "at", title: t("run.at"), optional: true, render: (one) => <span className="num">{instant(one.started_at)}</span> },
        ]}
      />
    </div>
  );
}

function Start() {
  const { t } = useTranslation("assessment");
  const navigate = useNavigate();
  const start = useStartRun();
  const [month, setMonth] = useState<Dayjs | null>(dayjs());
  return (
    <Panel title={t("run.start")}>
      <div className="stack tight">
        <div className="row">
          <DatePicker
            picker="month"
            aria-label={t("month")}
            value={month}
            onChange={setMonth}
            disabledDate={(day) => day.isAfter(dayjs(), "month")}
            allowClear={false}
          />
          <Button
            type="primary"
            icon={<PlayCircleOutlined />}
            loading={start.isPending}
            disabled={!month}
            onClick={() => month && start.mutate(month.format("YYYY-MM"), { onSuccess: (run) => void navigate(`/assessment/${run.run_id}`) })}
          >
            {t("run.start.act")}
          </Button>
        </div>
        <div className="soft small">{t("run.start.note")}</div>
        {start.isError && <ProblemNote error={start.error} />}
      </div>
    </Panel>
  );
}
