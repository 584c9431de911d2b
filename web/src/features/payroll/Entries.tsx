import { App, Button, Checkbox, DatePicker, Input, Popconfirm, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { PayEntries, PayEntryRow } from "../../api/types";
import { Money, Panel } from "../../shared/bits";
import { monthPlus, today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmployeeSelect } from "../../shared/EmployeeSelect";
import { fen } from "../../shared/money";
import { MonthPicker } from "../../shared/month";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";

interface Draft {
  people: string[];
  component: string;
  amount: string;
  note: string;
  back: boolean;
  forMonth: string;
}

/** 本月录入: bonus, back pay, other deductions of a month; the next run takes them. */
export function EntriesPanel() {
  const [filter, setFilter] = useUrlState(["month"] as const);
  const month = filter.month || monthPlus(today().slice(0, 7), -1);
  const query = useQuery({
    queryKey: ["payroll", "entries", month],
    queryFn: ({ signal }) => unwrap<PayEntries>(client.GET("/api/v1/payroll/entries/{month}", { params: { path: { month } }, signal })),
  });
  return (
    <>
      <MonthPicker month={month} onChange={(chosen) => setFilter({ month: chosen })} />
      <QueryView query={query}>{(entries) => <Loaded key={entries.month} entries={entries} />}</QueryView>
    </>
  );
}

function Loaded({ entries }: { entries: PayEntries }) {
  const { t } = useTranslation("payroll");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const may = entries.allowed_actions.includes("enter");
  const put = useMutation({
    mutationFn: (rows: { employee_id: string; component: string; for_month?: string; amount_fen: number; note: string }[]) =>
      unwrap(client.PUT("/api/v1/payroll/entries/{month}", { params: { path: { month: entries.month } }, body: rows })),
    onSuccess: () => {
      message.success(t("saved"));
      void queries.invalidateQueries({ queryKey: ["payroll", "entries"] });
    },
  });
  const takeBack = (row: PayEntryRow) =>
    put.mutate([
      { employee_id: row.who.employee_id, component: row.component, for_month: row.for_month ?? undefined, amount_fen: 0, note: row.note },
    ]);
  return (
    <>
      {may && (
        <NewEntry
          entries={entries}
          saving={put.isPending}
          onSave={(draft, amount, done) =>
            put.mutate(
              draft.people.map((employee_id) => ({
                employee_id,
                component: draft.component,
                for_month: draft.back ? draft.forMonth : undefined,
                amount_fen: amount,
                note: draft.note.trim(),
              })),
              { onSuccess: done },
            )
          }
        />
      )}
      {put.isError && <ProblemNote error={put.error} />}
      <DataTable<PayEntryRow>
        id="pay-entries"
        label={t("inputs.entries")}
        rows={entries.entries}
        total={entries.total}
        rowKey={(row) => `${row.who.employee_id}-${row.component}-${row.for_month ?? ""}`}
        empty={<EmptyState title={t("entries.none")}>{t("entries.none.body")}</EmptyState>}
        columns={[
          {
            key: "name",
            title: t("name"),
            primary: true,
            render: (row) => (
              <>
                <Link to={`/employees/${row.who.employee_id}`}>{row.who.name}</Link> <span className="soft num">{row.who.number}</span>
              </>
            ),
          },
          { key: "department", title: t("department"), optional: true, render: (row) => row.who.department || "—" },
          {
            key: "component",
            title: t("entries.component"),
            render: (row) => (
              <>
                {row.component_name}
                {row.for_month && <span className="soft">{t("forMonth", { month: row.for_month })}</span>}
              </>
            ),
          },
          { key: "amount", title: t("entries.amount"), align: "right", render: (row) => <Money fen={row.amount_fen} /> },
          { key: "note", title: t("entries.note"), render: (row) => row.note || "—" },
          { key: "by", title: t("entries.by"), optional: true, render: (row) => row.entered_by },
          {
            key: "act",
            title: t("acts"),
            render: (row) =>
              may ? (
                <Popconfirm title={t("entries.remove.sure")} okText={t("entries.remove")} onConfirm={() => takeBack(row)}>
                  <Button type="link" size="small">
                    {t("entries.remove")}
                  </Button>
                </Popconfirm>
              ) : (
                "—"
              ),
          },
        ]}
      />
    </>
  );
}

interface NewProps {
  entries: PayEntries;
  saving: boolean;
  onSave: (draft: Draft, amount: number, done: () => void) => void;
}

/** One amount for one or several people. */
function NewEntry({ entries, saving, onSave }: NewProps) {
  const { t } = useTranslation("payroll");
  const blank: Draft = {
    people: [],
    component: entries.components[0]?.code ?? "",
    amount: "",
    note: "",
    back: false,
    forMonth: monthPlus(entries.month, -1),
  };
  const [draft, setDraft] = useState(blank);
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const amount = fen(draft.amount);
  const wrong = draft.amount.trim() !== "" && amount === null;
  const ready = draft.people.length > 0 && draft.component !== "" && amount !== null && amount !== 0;
  return (
    <Panel title={t("entries.new")}>
      <div className="stack tight">
        <div className="row">
          <EmployeeSelect value={draft.people} onChange={(people) => put({ people })} />
          <Select
            aria-label={t("entries.component")}
            style={{ width: 160 }}
            value={draft.component}
            options={entries.components.map((one) => ({ value: one.code, label: one.name }))}
            onChange={(component) => put({ component })}
          />
          <Input
            aria-label={t("entries.amount")}
            placeholder={t("entries.amount")}
            inputMode="decimal"
            style={{ width: 140 }}
            value={draft.amount}
            status={wrong ? "error" : undefined}
            onChange={(event) => put({ amount: event.target.value })}
          />
          <Input
            aria-label={t("entries.note")}
            placeholder={t("entries.note")}
            maxLength={100}
            style={{ width: 220 }}
            value={draft.note}
            onChange={(event) => put({ note: event.target.value })}
          />
        </div>
        <div className="row">
          <Checkbox checked={draft.back} onChange={(event) => put({ back: event.target.checked })}>
            {t("entries.back")}
          </Checkbox>
          {draft.back && (
            <DatePicker
              picker="month"
              allowClear={false}
              aria-label={t("entries.forMonth")}
              value={dayjs(`${draft.forMonth}-01`)}
              disabledDate={(day) => day.format("YYYY-MM") >= entries.month}
              onChange={(value) => value && put({ forMonth: value.format("YYYY-MM") })}
            />
          )}
          <Button type="primary" disabled={!ready} loading={saving} onClick={() => amount !== null && onSave(draft, amount, () => setDraft(blank))}>
            {t("entries.save", { n: draft.people.length })}
          </Button>
          {wrong && <span role="alert">{t("amount.wrong")}</span>}
        </div>
      </div>
    </Panel>
  );
}
