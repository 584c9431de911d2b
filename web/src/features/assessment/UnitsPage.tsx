import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageHead } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { EmptyState } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { useUnits, type Unit } from "./api";

/** 单位登记: the employers of the region. */
export function UnitsPage() {
  const { t } = useTranslation("assessment");
  const [filter, setFilter] = useUrlState(["query"] as const);
  const list = useUnits(filter.query);
  return (
    <>
      <PageHead title={t("units")} lead={t("units.lead")} />
      <DataTable<Unit>
        id="units"
        label={t("units")}
        rows={list.rows}
        rowKey={(one) => one.employer_id}
        error={list.error}
        onRetry={list.retry}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        tools={<FilterSearch value={filter.query} onChange={(query) => setFilter({ query })} label={t("units.find")} />}
        empty={<EmptyState title={filter.query ? t("units.notFound") : t("units.none")}>{t("units.none.body")}</EmptyState>}
        columns={[
          { key: "name", title: t("unit.name"), primary: true, render: (one) => <Link to={`/units/${one.employer_id}`}>{one.name}</Link> },
          { key: "number", title: t("unit.number"), render: (one) => <span className="mono">{one.number}</span> },
          { key: "code", title: t("unit.code"), optional: true, render: (one) => <span className="mono">{one.credit_code || "—"}</span> },
          { key: "people", title: t("unit.people"), align: "right", render: (one) => one.people },
          { key: "last", title: t("unit.lastMonth"), align: "right", render: (one) => one.last_month ?? "—" },
          { key: "class", title: t("unit.class"), align: "right", optional: true, render: (one) => one.injury_class ?? "—" },
          { key: "way", title: t("unit.way"), optional: true, render: (one) => t(one.online ? "unit.online" : "unit.counter") },
        ]}
      />
    </>
  );
}
