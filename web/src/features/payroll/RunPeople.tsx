import { Button, Drawer, Input, Segmented } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Finding, Page } from "../../api/types";
import { Money, Panel } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { useDebounced, useIsPhone } from "../../shared/hooks";
import { usePages } from "../../shared/paging";
import { QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { delta, type PayRunDetail, type Payslip, type SlipRow } from "./model";
import { PayslipSheet } from "./PayslipSheet";
import { Delta } from "./RunPage";

const FILTERS = ["", "findings", "changed"] as const;

/** The people of a run, findings first; a row opens the payslip. */
export function RunPeople({ run, changedFirst }: { run: PayRunDetail; changedFirst: boolean }) {
  const { t } = useTranslation("payroll");
  const [filter, setFilter] = useUrlState(["only", "q", "slip"] as const);
  const only = filter.only || (changedFirst && run.changes.changed > 0 ? "changed" : "");
  const search = useDebounced(filter.q, 300);
  const list = usePages<SlipRow>(["payroll", "run", run.id, "people", only, search, run.state], (cursor, signal) => {
    const query = { query: search, only: only === "all" ? undefined : only || undefined, cursor, limit: 50 };
    return unwrap<Page<SlipRow>>(client.GET("/api/v1/payroll/runs/{id}/payslips", { params: { path: { id: run.id }, query }, signal }));
  });
  return (
    <Panel title={t("people")}>
      <DataTable<SlipRow>
        id="pay-people"
        label={t("people")}
        columns={useColumns((row) => setFilter({ slip: row.employee_id }))}
        rows={list.rows}
        rowKey={(row) => row.employee_id}
        error={list.error}
        onRetry={list.retry}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        activeKey={filter.slip}
        tools={
          <>
            <Input.Search
              aria-label={t("search")}
              placeholder={t("search")}
              allowClear
              defaultValue={filter.q}
              onChange={(event) => setFilter({ q: event.target.value })}
              style={{ width: 200 }}
            />
            <Segmented
              aria-label={t("only")}
              value={only === "all" ? "" : only}
              onChange={(value) => setFilter({ only: value || "all" })}
              options={FILTERS.map((value) => ({ value: value as string, label: t(`only.${value || "all"}`) }))}
            />
          </>
        }
      />
      {filter.slip && <SlipDrawer run={run} employee={filter.slip} onClose={() => setFilter({ slip: "" })} />}
    </Panel>
  );
}

/** What must be looked at stands open; what is only said of many is folded, so that the table stays a table. */
function RowFindings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation("payroll");
  const notes = findings.filter((one) => one.severity === "info");
  const serious = findings.filter((one) => one.severity !== "info");
  if (findings.length === 0) return "—";
  return (
    <>
      {serious.length > 0 && <FindingList findings={serious} />}
      {notes.length > 0 && (
        <details className="soft small">
          <summary>{t("notes", { n: notes.length })}</summary>
          {notes.map((one, index) => (
            <div key={index} style={{ whiteSpace: "normal", maxWidth: 260 }}>
              {words(one.message)}
            </div>
          ))}
        </details>
      )}
    </>
  );
}

function useColumns(open: (row: SlipRow) => void): Column<SlipRow>[] {
  const { t } = useTranslation("payroll");
  const amount = (key: "employee" | "fund" | "tax" | "other", optional = false): Column<SlipRow> => ({
    key,
    title: t(key),
    align: "right",
    optional,
    render: (row) => <Money fen={row[key]} />,
  });
  return [
    {
      key: "name",
      title: t("name"),
      primary: true,
      width: 120,
      render: (row) => (
        <Button type="link" style={{ padding: 0 }} onClick={() => open(row)}>
          {row.name}
        </Button>
      ),
    },
    { key: "number", title: t("number"), optional: true, render: (row) => <span className="num">{row.number}</span> },
    { key: "department", title: t("department"), optional: true, render: (row) => row.department || "—" },
    {
      key: "gross",
      title: t("gross"),
      align: "right",
      render: (row) => (
        <>
          <Money fen={row.gross} />
          <Delta value={delta(row.gross, row.previous_gross)} />
        </>
      ),
    },
    amount("employee"),
    amount("fund"),
    amount("tax"),
    amount("other", true),
    {
      key: "net",
      title: t("net"),
      align: "right",
      render: (row) => (
        <>
          <Money fen={row.net} />
          <Delta value={delta(row.net, row.previous_net)} />
        </>
      ),
    },
    { key: "findings", title: t("findings"), render: (row) => <RowFindings findings={row.findings} /> },
  ];
}

function SlipDrawer({ run, employee, onClose }: { run: PayRunDetail; employee: string; onClose: () => void }) {
  const { t } = useTranslation("payroll");
  const phone = useIsPhone();
  const [shown, setShown] = useState(true);
  const query = useQuery({
    queryKey: ["payroll", "slip", run.id, employee, run.state],
    queryFn: ({ signal }) =>
      unwrap<Payslip>(client.GET("/api/v1/payroll/runs/{id}/payslips/{employee}", { params: { path: { id: run.id, employee } }, signal })),
  });
  const title = query.data ? t("slip.title", { name: query.data.name, month: query.data.month }) : t("slip");
  return (
    <Drawer
      open={shown}
      size={phone ? "100%" : 560}
      title={title}
      onClose={() => setShown(false)}
      afterOpenChange={(open) => {
        if (!open) onClose();
      }}
      extra={
        <Button href={`/api/v1/payroll/runs/${run.id}/payslips/${employee}/payslip.pdf`} target="_blank">
          {t("pdf")}
        </Button>
      }
    >
      <QueryView query={query}>{(slip) => <PayslipSheet slip={slip} />}</QueryView>
    </Drawer>
  );
}
