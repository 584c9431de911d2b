import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Progress, Segmented } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Roster, RosterRow } from "../../api/types";
import { PageHead, Panel, StatusTag } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { regionName } from "../../shared/regions";
import { ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { rosterStep } from "./steps";

const OUTCOMES = ["", "transfer", "direct", "bad"] as const;
const TONES = { direct: "success", transfer: "warning", bad: "error", pending: "processing" } as const;

export function RosterPage() {
  const { t } = useTranslation("rosters");
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["roster", id],
    queryFn: ({ signal }) => unwrap<Roster>(client.GET("/api/v1/rosters/{id}", { params: { path: { id } }, signal })),
    // A long check shows its progress; once done it is not asked for again.
    refetchInterval: ({ state }) => (state.data && rosterStep(state.data) !== "running" ? false : 1000),
  });
  return (
    <QueryView query={query}>
      {(roster) => (
        <div className="stack">
          <PageHead title={roster.file_name || t("one")} back={{ to: "/rosters", label: t("title") }} actions={<Files id={id} done={rosterStep(roster) === "done"} />} />
          <Checked roster={roster} />
          {rosterStep(roster) === "done" && <Rows roster={roster} />}
        </div>
      )}
    </QueryView>
  );
}

function Files({ id, done }: { id: string; done: boolean }) {
  const { t } = useTranslation("rosters");
  if (!done) return null;
  return (
    <>
      <Button icon={<DownloadOutlined />} href={`/api/v1/rosters/${id}/result.xlsx`} download>
        {t("result")}
      </Button>
      <Button icon={<DownloadOutlined />} href={`/api/v1/rosters/${id}/errors.xlsx`} download>
        {t("errors")}
      </Button>
    </>
  );
}

function Checked({ roster }: { roster: Roster }) {
  const { t } = useTranslation("rosters");
  const step = rosterStep(roster);
  const percent = roster.total === 0 ? (step === "done" ? 100 : 0) : Math.floor((roster.done / roster.total) * 100);
  return (
    <Panel>
      <div className="stack tight">
        <Progress percent={percent} status={step === "failed" ? "exception" : step === "running" ? "active" : "success"} aria-label={t("progress")} />
        <div className="soft" role="status">
          {step === "running" ? t("progress.running", { done: roster.done, total: roster.total }) : t("progress.done", { total: roster.total })}
        </div>
      </div>
    </Panel>
  );
}

function Rows({ roster }: { roster: Roster }) {
  const { t } = useTranslation("rosters");
  const [filter, setFilter] = useUrlState(["outcome"] as const);
  const [chosen, setChosen] = useState<string[]>([]);
  const rows = roster.rows?.filter((row) => !filter.outcome || row.outcome === filter.outcome);
  const count = (key: string) => (key ? roster.counts[key as keyof Roster["counts"]] : roster.total);
  const columns: Column<RosterRow>[] = [
    { key: "name", title: t("name"), primary: true, width: 110, render: (row) => row.name || t("row", { n: row.row }) },
    { key: "row", title: t("rowNumber"), align: "right", width: 70, render: (row) => <span className="num">{row.row}</span> },
    { key: "id", title: t("idNumber"), render: (row) => <span className="mono">{row.id_masked ?? "—"}</span> },
    { key: "city", title: t("city"), render: (row) => regionName(row.region) },
    { key: "outcome", title: t("outcome"), render: (row) => <StatusTag tone={TONES[row.outcome]}>{t(`outcome.${row.outcome}`)}</StatusTag> },
    { key: "from", title: t("from"), render: (row) => row.from_regions?.map(regionName).join(t("separator")) || "—" },
    { key: "why", title: t("why"), render: (row) => (row.findings.length > 0 ? <Why row={row} /> : "—") },
    { key: "done", title: t("handled"), render: (row) => (row.transfer_id || row.employee_id ? <Handled row={row} /> : "—") },
  ];
  const actionable = (row: RosterRow) => row.outcome !== "bad" && !row.transfer_id && !(row.outcome === "direct" && row.employee_id);
  return (
    <div>
      <DataTable<RosterRow>
        id="roster-rows"
        label={t("rows")}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.row)}
        total={rows?.length}
        selection={{ keys: chosen, onChange: setChosen, disabled: (row) => !actionable(row) }}
        tools={
          <Segmented
            aria-label={t("outcome")}
            value={filter.outcome}
            onChange={(outcome) => setFilter({ outcome })}
            options={OUTCOMES.map((value) => ({ value: value as string, label: `${t(value ? `outcome.${value}` : "all")} ${count(value)}` }))}
          />
        }
      />
      <Batch roster={roster} chosen={chosen} actionable={rows?.filter(actionable).map((row) => String(row.row)) ?? []} onChoose={setChosen} />
    </div>
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

function Handled({ row }: { row: RosterRow }) {
  const { t } = useTranslation("rosters");
  if (row.transfer_id) return <Link to={`/transfers/${row.transfer_id}`}>{t("handled.transfer")}</Link>;
  return <Link to={`/employees/${row.employee_id}`}>{t("handled.employee")}</Link>;
}

/** The bar that acts on the chosen rows. */
function Batch({ roster, chosen, actionable, onChoose }: { roster: Roster; chosen: string[]; actionable: string[]; onChoose: (keys: string[]) => void }) {
  const { t } = useTranslation("rosters");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const byRow = new Map(roster.rows?.map((row) => [String(row.row), row]));
  const rows = chosen.map((key) => byRow.get(key)).filter((row) => row !== undefined);
  const toTransfer = rows.filter((row) => row.outcome === "transfer").map((row) => row.row);
  const toAccept = rows.filter((row) => row.outcome === "direct").map((row) => row.row);
  const act = useMutation({
    mutationFn: async (kind: "accept" | "transfers") => {
      const params = { path: { id: roster.id } };
      if (kind === "accept") await unwrap(client.POST("/api/v1/rosters/{id}/accept", { params, body: { rows: toAccept } }));
      else await unwrap(client.POST("/api/v1/rosters/{id}/transfers", { params, body: { rows: toTransfer } }));
    },
    onSuccess: (_, kind) => {
      message.success(kind === "accept" ? t("accept.done", { n: toAccept.length }) : t("transfers.done", { n: toTransfer.length }));
      onChoose([]);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["roster", roster.id] }),
  });
  if (actionable.length === 0 && chosen.length === 0) return null;
  return (
    <div className="batch-bar" role="region" aria-label={t("actions")}>
      <span className="row">
        <strong className="num">{t("selected", { n: chosen.length })}</strong>
        {chosen.length < actionable.length && (
          <Button type="link" size="small" onClick={() => onChoose(actionable)}>
            {t("selectAll", { n: actionable.length })}
          </Button>
        )}
        {chosen.length > 0 && (
          <Button type="link" size="small" onClick={() => onChoose([])}>
            {t("clearSelection")}
          </Button>
        )}
      </span>
      <span className="row">
        <Button disabled={toAccept.length === 0} loading={act.isPending && act.variables === "accept"} onClick={() => act.mutate("accept")}>
          {t("accept", { n: toAccept.length })}
        </Button>
        <Button type="primary" disabled={toTransfer.length === 0} loading={act.isPending && act.variables === "transfers"} onClick={() => act.mutate("transfers")}>
          {t("start", { n: toTransfer.length })}
        </Button>
      </span>
      {act.isError && <ProblemNote error={act.error} />}
    </div>
  );
}
