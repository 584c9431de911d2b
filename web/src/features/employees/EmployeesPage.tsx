import { Button, DatePicker, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Employee, Expiring, Page } from "../../api/types";
import { Money, PageHead, StatusTag } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { usePages } from "../../shared/paging";
import { regionName, regionOptions } from "../../shared/regions";
import { useMe } from "../../shared/session";
import { EmptyState } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { BulkEdit } from "./BulkEdit";
import { DepartmentSelect } from "./DepartmentSelect";
import { EmployeeState } from "./EmployeeState";
import { ExportDialog } from "./ExportDialog";
import { ImportChanges } from "./ImportChanges";
import { asked, FILTERS, type Filter } from "./logic";
import { SavedViews } from "./SavedViews";

const STATES = ["", "unchecked", "direct", "needs_transfer", "bad_data", "transferring", "enrolling", "insured"] as const;

export function EmployeesPage() {
  const { t } = useTranslation("employees");
  const navigate = useNavigate();
  const me = useMe();
  const [filter, setFilter] = useUrlState(FILTERS);
  const [chosen, setChosen] = useState<string[]>([]);
  const [open, setOpen] = useState<"bulk" | "import" | "export" | null>(null);
  const list = usePages<Employee>(["employees", filter], (cursor, signal) =>
    unwrap<Page<Employee>>(client.GET("/api/v1/employees", { params: { query: { ...asked(filter), cursor, limit: 50 } }, signal })),
  );
  const edits = me.permissions.includes("employee_edit");
  const filtered = Object.values(filter).some((value) => value !== "");
  return (
    <>
      <PageHead
        title={t("title")}
        actions={
          <>
            {me.permissions.includes("data_export") && <Button onClick={() => setOpen("export")}>{t("export")}</Button>}
            {edits && <Button onClick={() => setOpen("import")}>{t("import")}</Button>}
            {edits && (
              <Button type="primary" onClick={() => void navigate("/onboarding")}>
                {t("new")}
              </Button>
            )}
          </>
        }
      />
      <ExpiringNote />
      <DataTable<Employee>
        id="employees"
        label={t("title")}
        columns={useColumns()}
        rows={list.rows}
        rowKey={(one) => one.id}
        error={list.error}
        onRetry={list.retry}
        total={list.total}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        selection={edits ? { keys: chosen, onChange: setChosen } : undefined}
        tools={<Filters filter={filter} onChange={setFilter} filtered={filtered} />}
        empty={
          <EmptyState title={filtered ? t("none.filtered") : t("none")}>{!filtered && edits && <Link to="/onboarding">{t("new")}</Link>}</EmptyState>
        }
      />
      {chosen.length > 0 && (
        <div className="batch-bar" role="region" aria-label={t("bulk")}>
          <strong className="num">{t("bulk.chosen", { n: chosen.length })}</strong>
          <span className="row">
            <Button type="link" onClick={() => setChosen([])}>
              {t("bulk.clear")}
            </Button>
            <Button type="primary" onClick={() => setOpen("bulk")}>
              {t("bulk")}
            </Button>
          </span>
        </div>
      )}
      {open === "bulk" && (
        <BulkEdit
          ids={chosen}
          onClose={() => {
            setOpen(null);
            setChosen([]);
          }}
        />
      )}
      {open === "import" && <ImportChanges onClose={() => setOpen(null)} />}
      {open === "export" && <ExportDialog filter={filter} onClose={() => setOpen(null)} />}
    </>
  );
}

function useColumns(): Column<Employee>[] {
  const { t } = useTranslation("employees");
  const me = useMe();
  const columns: Column<Employee>[] = [
    { key: "name", title: t("name"), primary: true, width: 120, render: (one) => <Link to={`/employees/${one.id}`}>{one.name}</Link> },
    { key: "number", title: t("number"), optional: true, align: "right", render: (one) => one.number },
    { key: "id", title: t("idNumber"), optional: true, render: (one) => <span className="mono">{one.id_masked}</span> },
    { key: "department", title: t("department"), optional: true, render: (one) => one.department || "—" },
    { key: "position", title: t("position"), optional: true, render: (one) => one.position || "—" },
    { key: "region", title: t("city"), optional: true, render: (one) => regionName(one.region) },
    { key: "hired", title: t("hiredOn"), optional: true, render: (one) => <span className="num">{one.hired_on}</span> },
    { key: "left", title: t("leftOn"), optional: true, render: (one) => (one.left_on ? <span className="num">{one.left_on}</span> : "—") },
    {
      key: "state",
      title: t("state"),
      render: (one) => (one.left_on ? <StatusTag tone="default">{t("state.left")}</StatusTag> : <EmployeeState employee={one} />),
    },
  ];
  if (me.permissions.includes("wage_view")) {
    columns.push({ key: "wage", title: t("wage"), optional: true, align: "right", render: (one) => <Money fen={one.wage_fen} /> });
  }
  return columns;
}

function Filters({ filter, onChange, filtered }: { filter: Filter; onChange: (change: Partial<Filter>) => void; filtered: boolean }) {
  const { t } = useTranslation("employees");
  return (
    <>
      <FilterSearch value={filter.query} onChange={(query) => onChange({ query })} label={t("find")} />
      <Select
        aria-label={t("presence")}
        value={filter.presence}
        onChange={(presence) => onChange({ presence })}
        style={{ width: 130 }}
        options={["", "employed", "left"].map((value) => ({ value, label: t(`presence.${value || "all"}`) }))}
      />
      <Select
        aria-label={t("state")}
        value={filter.state}
        onChange={(state) => onChange({ state })}
        style={{ width: 150 }}
        options={STATES.map((value) => ({ value: value as string, label: value ? t(`state.${value}`) : t("state.all") }))}
      />
      <DepartmentSelect value={filter.department} onChange={(department) => onChange({ department })} />
      <Select
        aria-label={t("city")}
        value={filter.region}
        onChange={(region) => onChange({ region })}
        style={{ width: 120 }}
        options={[{ value: "", label: t("city.all") }, ...regionOptions()]}
      />
      <DatePicker
        picker="month"
        aria-label={t("hiredMonth")}
        placeholder={t("hiredMonth")}
        value={filter.hired_month ? dayjs(`${filter.hired_month}-01`) : null}
        onChange={(month) => onChange({ hired_month: month ? month.format("YYYY-MM") : "" })}
      />
      <SavedViews filter={filter} onOpen={onChange} />
      {filtered && (
        <Button type="link" onClick={() => onChange(Object.fromEntries(FILTERS.map((key) => [key, ""])))}>
          {t("reset")}
        </Button>
      )}
    </>
  );
}

/** Contracts and probations about to end, and records that seem to be one person. */
function ExpiringNote() {
  const { t } = useTranslation("employees");
  const expiring = useQuery({
    queryKey: ["expiring"],
    queryFn: ({ signal }) => unwrap<Expiring[]>(client.GET("/api/v1/contracts/expiring", { params: { query: { days: 60 } }, signal })),
    staleTime: 60_000,
  });
  const soon = expiring.data ?? [];
  return (
    <div className="row" style={{ marginBottom: 12 }}>
      {soon.length > 0 && (
        <details className="finding warning" style={{ flex: 1 }}>
          <summary>{t("expiring", { n: soon.length })}</summary>
          <ul className="plain lines">
            {soon.map((one) => (
              <li key={`${one.contract_id}-${one.probation}`}>
                <Link to={`/employees/${one.employee_id}?tab=contracts`}>{one.name}</Link>
                <span>{t(one.probation ? "expiring.probation" : one.overdue ? "expiring.over" : "expiring.contract", { day: one.on })}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Link to="/employees/duplicates">{t("duplicates")}</Link>
    </div>
  );
}
