import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Page, TransferSummary } from "../../api/types";
import { Clock, InsuranceName, PageHead } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { usePages } from "../../shared/paging";
import { regionName } from "../../shared/regions";
import { EmptyState } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { STATES, TransferState } from "./TransferState";

export function TransfersPage() {
  const { t } = useTranslation("transfers");
  const [filter, setFilter] = useUrlState(["state"] as const);
  const list = usePages<TransferSummary>(
    ["transfers", filter],
    (cursor, signal) =>
      unwrap<Page<TransferSummary>>(client.GET("/api/v1/transfers", { params: { query: { state: filter.state || undefined, cursor } }, signal })),
    15_000,
  );
  const columns: Column<TransferSummary>[] = [
    { key: "name", title: t("employee"), primary: true, width: 120, render: (one) => <Link to={`/transfers/${one.id}`}>{one.employee_name}</Link> },
    {
      key: "way",
      title: t("way"),
      render: (one) => (
        <span className="nowrap">
          {regionName(one.from_region)} → {regionName(one.to_region)}
        </span>
      ),
    },
    { key: "insurance", title: t("insurance"), render: (one) => <InsuranceName insurance={one.insurance} /> },
    { key: "state", title: t("state"), render: (one) => <TransferState transfer={one} /> },
    { key: "due", title: t("due"), render: (one) => (one.due_on ? <span className="num">{one.due_on}</span> : "—") },
    {
      key: "left",
      title: t("left"),
      render: (one) => (one.due_on ? <Clock days={one.remaining_working_days} overdue={one.overdue} estimated={one.due_estimated} /> : "—"),
    },
    { key: "updated", title: t("updated"), optional: true, render: (one) => <span className="num">{instant(one.updated_at)}</span> },
  ];
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <DataTable<TransferSummary>
        id="transfers"
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
          <Select
            aria-label={t("state")}
            value={filter.state}
            onChange={(state) => setFilter({ state })}
            style={{ width: 180 }}
            options={[{ value: "", label: t("all") }, ...STATES.map((value) => ({ value: value as string, label: t(`state.${value}`) }))]}
          />
        }
        empty={
          <EmptyState title={t("none")}>
            <Link to="/onboarding">{t("none.body")}</Link>
          </EmptyState>
        }
      />
    </>
  );
}
