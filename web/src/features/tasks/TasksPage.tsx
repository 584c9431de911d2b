import { DownloadOutlined } from "@ant-design/icons";
import { Button, DatePicker, Popconfirm, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { StopLineView, StopView, SweepView, TaskBoard, TaskView } from "../../api/types";
import { Choices } from "../../shared/Choices";
import { Clock, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { REASONS, STOP_TONES } from "./stops";

const KINDS = ["", "enrol", "stop", "stale_status", "low_base"] as const;

/** 社保待办: what the law asks and is not done; and the stop applications. */
export function TasksPage() {
  const { t } = useTranslation("tasks");
  const queries = useQueryClient();
  const [filter, setFilter] = useUrlState(["kind"] as const);
  const query = useQuery({
    queryKey: ["insurance-tasks", filter.kind],
    queryFn: ({ signal }) =>
      unwrap<TaskBoard>(
        client.GET("/api/v1/insurance-tasks", { params: { query: { kind: (filter.kind || undefined) as TaskView["kind"] | undefined } }, signal }),
      ),
  });
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: ["insurance-tasks"] }), queries.invalidateQueries({ queryKey: ["stops"] })]);
  const sweep = useMutation({
    mutationFn: () => unwrap<SweepView>(client.POST("/api/v1/insurance-tasks/sweep")),
    onSettled: refresh,
  });
  const may = query.data?.allowed_actions ?? [];
  return (
    <div className="stack">
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          may.includes("sweep") && (
            <Button type="primary" loading={sweep.isPending} onClick={() => sweep.mutate()}>
              {t("sweep")}
            </Button>
          )
        }
      />
      {sweep.isError && <ProblemNote error={sweep.error} />}
      {sweep.data && (
        <div role="status">{t("sweep.done", { fresh: sweep.data.fresh, closed: sweep.data.closed, drafts: sweep.data.stop_drafts })}</div>
      )}
      <DataTable<TaskView>
        id="insurance-tasks"
        label={t("title")}
        rows={query.data?.items}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.total ?? null}
        rowKey={(one) => `${one.kind}-${one.employee_id}-${one.since}`}
        empty={<EmptyState title={t("none")} />}
        tools={
          <Choices
            label={t("kind")}
            value={filter.kind}
            onChange={(kind) => setFilter({ kind })}
            options={KINDS.map((value) => ({ value: value as string, label: t(`kind.${value || "all"}`) }))}
          />
        }
        columns={[
          { key: "name", title: t("name"), primary: true, render: (one) => <Link to={`/employees/${one.employee_id}`}>{one.name}</Link> },
          { key: "kind", title: t("kind"), render: (one) => t(`kind.${one.kind}`) },
          { key: "region", title: t("region"), render: (one) => one.region_name },
          { key: "detail", title: t("why"), render: (one) => <span style={{ whiteSpace: "normal" }}>{words(one.detail)}</span> },
          { key: "due", title: t("due"), render: (one) => <span className="num">{one.due_on}</span> },
          { key: "left", title: t("left"), render: (one) => <Clock days={one.remaining_working_days} overdue={one.overdue} /> },
          { key: "law", title: t("law"), optional: true, render: (one) => one.law },
        ]}
      />
      <Stops />
      {query.data && query.data.sweeps.length > 0 && <Sweeps sweeps={query.data.sweeps} />}
    </div>
  );
}

function Sweeps({ sweeps }: { sweeps: SweepView[] }) {
  const { t } = useTranslation("tasks");
  return (
    <Panel title={t("sweeps")}>
      <DataTable<SweepView>
        id="sweeps"
        label={t("sweeps")}
        rows={sweeps}
        rowKey={(one) => one.id}
        columns={[
          { key: "at", title: t("at"), primary: true, render: (one) => instant(one.ran_at) },
          { key: "by", title: t("by"), render: (one) => t(one.scheduled ? "by.schedule" : "by.hand") },
          { key: "enrol", title: t("kind.enrol"), align: "right", render: (one) => one.enrol },
          { key: "stop", title: t("kind.stop"), align: "right", render: (one) => one.stop },
          { key: "stale", title: t("kind.stale_status"), align: "right", render: (one) => one.stale_status },
          { key: "low", title: t("kind.low_base"), align: "right", render: (one) => one.low_base },
          { key: "fresh", title: t("fresh"), align: "right", render: (one) => one.fresh },
          { key: "closed", title: t("closed"), align: "right", render: (one) => one.closed },
        ]}
      />
    </Panel>
  );
}

function Stops() {
  const query = useQuery({
    queryKey: ["stops"],
    queryFn: ({ signal }) => unwrap<StopView[]>(client.GET("/api/v1/stops", { signal })),
    refetchInterval: 15_000,
  });
  return (
    <QueryView query={query}>
      {(stops) => (
        <div className="stack">
          {stops.map((stop) => (
            <Stop key={stop.id} stop={stop} />
          ))}
        </div>
      )}
    </QueryView>
  );
}

function Stop({ stop }: { stop: StopView }) {
  const { t } = useTranslation("tasks");
  const queries = useQueryClient();
  const onSettled = () =>
    Promise.all([queries.invalidateQueries({ queryKey: ["stops"] }), queries.invalidateQueries({ queryKey: ["insurance-tasks"] })]);
  const path = { id: stop.id };
  const file = useMutation({ mutationFn: () => unwrap(client.POST("/api/v1/stops/{id}/file", { params: { path } })), onSettled });
  const edit = useMutation({
    mutationFn: (line: { line: number; reason?: StopLineView["reason"]; last_month?: string; remove?: boolean }) =>
      unwrap(client.PATCH("/api/v1/stops/{id}", { params: { path }, body: { lines: [line] } })),
    onSettled,
  });
  const edits = stop.allowed_actions.includes("edit");
  return (
    <Panel
      title={t("stop.title", { region: stop.region_name, n: stop.number })}
      extra={
        <div className="row">
          <StatusTag tone={STOP_TONES[stop.state] ?? "default"}>{t(`filing.${stop.state}`)}</StatusTag>
          {edits && (
            <Button icon={<DownloadOutlined />} href={`/api/v1/stops/${stop.id}/export.xlsx`} download>
              {t("stop.export")}
            </Button>
          )}
          {stop.allowed_actions.includes("file") && (
            <Popconfirm title={t("stop.sure", { n: stop.lines.length })} okText={t("stop.file")} onConfirm={() => file.mutate()}>
              <Button type="primary" loading={file.isPending}>
                {t("stop.file")}
              </Button>
            </Popconfirm>
          )}
        </div>
      }
    >
      <div className="stack tight">
        {stop.reasons.map((reason, index) => (
          <div key={index}>{words(reason.text)}</div>
        ))}
        {(file.isError || edit.isError) && <ProblemNote error={file.error ?? edit.error} />}
        <DataTable<StopLineView>
          id="stop-lines"
          label={t("stop.lines")}
          rows={stop.lines}
          rowKey={(line) => String(line.line)}
          columns={[
            { key: "name", title: t("name"), primary: true, render: (line) => <Link to={`/employees/${line.employee_id}`}>{line.name}</Link> },
            { key: "id", title: t("idNumber"), optional: true, render: (line) => <span className="mono">{line.id_masked}</span> },
            { key: "left", title: t("leftOn"), render: (line) => line.left_on },
            {
              key: "reason",
              title: t("reason"),
              render: (line) =>
                edits ? (
                  <Select
                    size="small"
                    aria-label={t("reason")}
                    value={line.reason}
                    style={{ width: 170 }}
                    options={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
                    onChange={(reason) => edit.mutate({ line: line.line, reason })}
                  />
                ) : (
                  t(`reason.${line.reason}`)
                ),
            },
            {
              key: "last",
              title: t("lastMonth"),
              render: (line) =>
                edits ? (
                  <DatePicker
                    size="small"
                    picker="month"
                    allowClear={false}
                    aria-label={t("lastMonth")}
                    value={dayjs(`${line.last_month}-01`)}
                    onChange={(value) => value && edit.mutate({ line: line.line, last_month: value.format("YYYY-MM") })}
                  />
                ) : (
                  line.last_month
                ),
            },
            {
              key: "state",
              title: t("state"),
              render: (line) => (
                <>
                  <StatusTag tone={STOP_TONES[line.state] ?? "default"}>{t(`line.${line.state}`)}</StatusTag>{" "}
                  {line.reasons.map((reason) => words(reason.text)).join("；")}
                </>
              ),
            },
            {
              key: "act",
              title: t("acts"),
              render: (line) =>
                edits ? (
                  <Button type="link" size="small" onClick={() => edit.mutate({ line: line.line, remove: true })}>
                    {t("stop.remove")}
                  </Button>
                ) : (
                  "—"
                ),
            },
          ]}
        />
      </div>
    </Panel>
  );
}
