import { Button, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Employee, Page } from "../../api/types";
import { PageHead } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { usePages } from "../../shared/paging";
import { regionName } from "../../shared/regions";
import { EmptyState } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { EmployeeState } from "./EmployeeState";

const STATES = ["", "unchecked", "direct", "needs_transfer", "bad_data", "transferring", "enrolling", "insured"] as const;

export function EmployeesPage() {
  const { t } = useTranslation("employees");
  const navigate = useNavigate();
  const [filter, setFilter] = useUrlState(["query", "state"] as const);
  const list = usePages<Employee>(["employees", filter], (cursor, signal) =>
    unwrap<Page<Employee>>(
      client.GET("/api/v1/employees", {
        params: { query: { query: filter.query || undefined, state: filter.state || undefined, cursor, limit: 50 } },
        signal,
      }),
    ),
  );
  const columns: Column<Employee>[] = [
    { key: "name", title: t("name"), primary: true, width: 120, render: (one) => <Link to={`/employees/${one.id}`}>{one.name}</Link> },
    { key: "id", title: t("idNumber"), render: (one) => <span className="mono">{one.id_masked}</span> },
    { key: "department", title: t("department"), optional: true, render: (one) => one.department || "—" },
    { key: "position", title: t("position"), optional: true, render: (one) => one.position || "—" },
    { key: "region", title: t("city"), render: (one) => regionName(one.region) },
    { key: "hired", title: t("hiredOn"), render: (one) => <span className="num">{one.hired_on}</span> },
    { key: "state", title: t("state"), render: (one) => <EmployeeState employee={one} /> },
  ];
  return (
    <>
      <PageHead
        title={t("title")}
        actions={
          <Button type="primary" onClick={() => void navigate("/onboarding")}>
            {t("new")}
          </Button>
        }
      />
      <DataTable<Employee>
        id="employees"
        label={t("title")}
        columns={columns}
        rows={list.rows}
        rowKey={(one) => one.id}
        error={list.error}
        onRetry={list.retry}
        total={list.total}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        tools={
          <>
            <FilterSearch value={filter.query} onChange={(query) => setFilter({ query })} label={t("find")} />
            <Select
              aria-label={t("state")}
              value={filter.state}
              onChange={(state) => setFilter({ state })}
              style={{ width: 160 }}
              options={STATES.map((value) => ({ value: value as string, label: value ? t(`state.${value}`) : t("all") }))}
            />
            {(filter.query || filter.state) && (
              <Button type="link" onClick={() => setFilter({ query: "", state: "" })}>
                {t("reset")}
              </Button>
            )}
          </>
        }
        empty={
          <EmptyState title={filter.query || filter.state ? t("none.filtered") : t("none")}>
            {!filter.query && !filter.state && <Link to="/onboarding">{t("new")}</Link>}
          </EmptyState>
        }
      />
    </>
  );
}
