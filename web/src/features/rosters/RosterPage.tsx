import { DownloadOutlined, ReloadOutlined } from "@ant-design/icons";
import { Button, Progress, Segmented } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Page, Roster, RosterDetail, RosterRow, Verdict } from "../../api/types";
import { PageHead, Panel, StatusTag } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { usePages } from "../../shared/paging";
import { FindingList } from "../../shared/FindingList";
import { ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { RosterActs } from "./RosterActs";

const VERDICTS = ["", "needs_transfer", "direct", "bad_data", "unanswered"] as const;
const TONES = { direct: "success", needs_transfer: "warning", bad_data: "error", unanswered: "processing" } as const;

export function RosterPage() {
  const { t } = useTranslation("rosters");
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["roster", id],
    queryFn: ({ signal }) => unwrap<RosterDetail>(client.GET("/api/v1/rosters/{id}", { params: { path: { id }, query: { limit: 1 } }, signal })),
    // A long check shows its progress; once done it is not asked for again.
    refetchInterval: ({ state }) => (state.data && state.data.state !== "checking" ? false : 1000),
  });
  return (
    <QueryView query={query}>
      {(roster) => (
        <div className="stack">
          <PageHead title={roster.file_name} back={{ to: "/rosters", label: t("title") }} actions={<Files roster={roster} />} />
          <Checked roster={roster} />
          {roster.notes.length > 0 && (
            <Panel>
              <FindingList findings={roster.notes} />
            </Panel>
          )}
          {roster.state !== "checking" && <Rows roster={roster} />}
        </div>
      )}
    </QueryView>
  );
}

function Files({ roster }: { roster: Roster }) {
  const { t } = useTranslation("rosters");
  return (
    <>
      {(["result", "errors"] as const)
        .filter((name) => roster.allowed_actions.includes(name))
        .map((name) => (
          <Button key={name} icon={<DownloadOutlined />} href={`/api/v1/rosters/${roster.id}/${name}.xlsx`} download>
            {t(name)}
          </Button>
        ))}
      {roster.allowed_actions.includes("retry") && <Retry roster={roster} />}
    </>
  );
}

/** Asks again for the rows whose regions did not answer. */
function Retry({ roster }: { roster: Roster }) {
  const { t } = useTranslation("rosters");
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/rosters/{id}/retry", { params: { path: { id: roster.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["roster", roster.id] }),
  });
  return (
    <>
      <Button type="primary" icon={<ReloadOutlined />} loading={retry.isPending} onClick={() => retry.mutate()}>
        {t("retry", { n: roster.counts.unanswered })}
      </Button>
      {retry.isError && <ProblemNote error={retry.error} />}
    </>
  );
}

function Checked({ roster }: { roster: Roster }) {
  const { t } = useTranslation("rosters");
  const running = roster.state === "checking";
  const percent = roster.total === 0 ? (running ? 0 : 100) : Math.floor((roster.done / roster.total) * 100);
  return (
    <Panel>
      <div className="stack tight">
        <Progress percent={percent} status={running ? "active" : "success"} aria-label={t("progress")} />
        <div className="soft" role="status">
          {running ? t("progress.running", { done: roster.done, total: roster.total }) : t("progress.done", { total: roster.total })}
        </div>
      </div>
    </Panel>
  );
}

function Rows({ roster }: { roster: RosterDetail }) {
  const { t } = useTranslation("rosters");
  const [filter, setFilter] = useUrlState(["verdict"] as const);
  const [chosen, setChosen] = useState<string[]>([]);
  const list = usePages<RosterRow>(["roster", roster.id, "rows", filter.verdict], async (cursor, signal) => {
    const query = { verdict: (filter.verdict || undefined) as Verdict | undefined, cursor, limit: 200 };
    const detail = await unwrap<RosterDetail>(client.GET("/api/v1/rosters/{id}", { params: { path: { id: roster.id }, query }, signal }));
    return detail.rows as Page<RosterRow>;
  });
  const counts: Record<string, number> = {
    "": roster.total,
    direct: roster.counts.direct,
    needs_transfer: roster.counts.transfer,
    bad_data: roster.counts.bad,
    unanswered: roster.counts.unanswered,
  };
  return (
    <div>
      <DataTable<RosterRow>
        id="roster-rows"
        label={t("rows")}
        columns={useColumns()}
        rows={list.rows}
        rowKey={(row) => String(row.row)}
        error={list.error}
        onRetry={list.retry}
        total={list.total}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        selection={{ keys: chosen, onChange: setChosen, disabled: (row) => row.allowed_actions.length === 0 }}
        tools={
          <Segmented
            aria-label={t("outcome")}
            value={filter.verdict}
            onChange={(verdict) => setFilter({ verdict })}
            options={VERDICTS.filter((value) => value !== "unanswered" || roster.counts.unanswered > 0).map((value) => ({
              value: value as string,
              label: `${t(value ? `outcome.${value}` : "all")} ${counts[value]}`,
            }))}
          />
        }
      />
      <RosterActs roster={roster} rows={list.rows ?? []} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}

function useColumns(): Column<RosterRow>[] {
  const { t } = useTranslation("rosters");
  return [
    { key: "name", title: t("name"), primary: true, width: 110, render: (row) => row.name || t("row", { n: row.row }) },
    { key: "row", title: t("rowNumber"), align: "right", width: 70, render: (row) => <span className="num">{row.row}</span> },
    { key: "id", title: t("idNumber"), render: (row) => (row.id_masked ? <span className="mono">{row.id_masked}</span> : "—") },
    { key: "region", title: t("region"), width: 90, render: (row) => row.region_name || "—" },
    { key: "hired", title: t("hiredOn"), width: 110, render: (row) => (row.hired_on ? <span className="num">{row.hired_on}</span> : "—") },
    {
      key: "outcome",
      title: t("outcome"),
      render: (row) => (row.verdict ? <StatusTag tone={TONES[row.verdict]}>{t(`outcome.${row.verdict}`)}</StatusTag> : "—"),
    },
    { key: "from", title: t("from"), render: (row) => row.from_regions.map((one) => one.name).join(t("separator")) || "—" },
    { key: "why", title: t("why"), render: (row) => (row.findings.length > 0 ? <Why row={row} /> : "—") },
    {
      key: "done",
      title: t("handled"),
      render: (row) => <Handled row={row} />,
    },
  ];
}

/** The record made from a row, and the transfers of the person with where each stands. */
function Handled({ row }: { row: RosterRow }) {
  const { t } = useTranslation("rosters");
  if (!row.employee_id) return "—";
  const several = row.transfers.length > 1;
  return (
    <ul className="plain">
      <li>
        <Link to={`/employees/${row.employee_id}`}>{t("handled.employee")}</Link>
      </li>
      {row.transfers.map((one) => (
        <li key={one.id}>
          <Link to={`/transfers/${one.id}`}>
            {several && `${one.from_name} `}
            {t(`handled.${one.state}`)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Why({ row }: { row: RosterRow }) {
  return (
    <ul className="plain">
      {row.findings.map((finding, index) => (
        <li key={index} style={{ whiteSpace: "normal", maxWidth: 420 }}>
          {words(finding.message)}
        </li>
      ))}
    </ul>
  );
}
