import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Facts, InsuranceName, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { useMe } from "../../shared/session";
import { EmptyState, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { useRoll, useUnit, type RollEntry, type Unit, type UnitMonth } from "./api";

/** One employer: what it is, its months, and who is on its roll. */
export function UnitPage() {
  const { t } = useTranslation("assessment");
  const { id = "" } = useParams();
  const me = useMe();
  const query = useUnit(id);
  return (
    <QueryView query={query}>
      {({ unit, months }) => (
        <div className="stack">
          <PageHead
            title={unit.name}
            back={{ to: "/units", label: t("units") }}
            actions={
              me.permissions.includes("case_make") && (
                <Link to={`/units/${id}/declare`}>
                  <Button type="primary">{t("declare")}</Button>
                </Link>
              )
            }
          />
          <Panel title={t("unit")}>
            <About unit={unit} />
          </Panel>
          <Panel title={t("months")} flush>
            <Months months={months} />
          </Panel>
          <Panel title={t("roll")} flush>
            <Roll id={id} />
          </Panel>
        </div>
      )}
    </QueryView>
  );
}

function About({ unit }: { unit: Unit }) {
  const { t } = useTranslation("assessment");
  return (
    <Facts
      items={[
        [
          t("unit.number"),
          <span key="n" className="mono">
            {unit.number}
          </span>,
        ],
        [
          t("unit.code"),
          <span key="c" className="mono">
            {unit.credit_code || "—"}
          </span>,
        ],
        [t("unit.class"), unit.injury_class ? t("unit.class.n", { n: unit.injury_class }) : "—"],
        [t("unit.people"), unit.people],
        [t("unit.contact"), unit.contact || "—"],
        [t("unit.way"), t(unit.online ? "unit.online" : "unit.counter")],
      ]}
    />
  );
}

const TONES = { assessed: "success", pending: "processing", returned: "error", refused: "error" } as const;
export const monthTone = (state: string) => TONES[state as keyof typeof TONES] ?? "default";

function Months({ months }: { months: UnitMonth[] }) {
  const { t } = useTranslation("assessment");
  return (
    <DataTable<UnitMonth>
      id="unit-months"
      label={t("months")}
      rows={months}
      rowKey={(one) => `${one.month}-${one.part}-${one.case_id ?? one.order_id ?? ""}`}
      empty={<EmptyState title={t("months.none")} />}
      columns={[
        {
          key: "month",
          title: t("month"),
          primary: true,
          width: 110,
          render: (one) => (one.case_id ? <Link to={`/cases/${one.case_id}`}>{one.month}</Link> : one.month),
        },
        { key: "state", title: t("state"), render: (one) => <StatusTag tone={monthTone(one.state)}>{t(`month.${one.state}`)}</StatusTag> },
        { key: "basis", title: t("basis"), render: (one) => t(`basis.${one.basis}`) },
        { key: "people", title: t("people"), align: "right", render: (one) => one.people },
        { key: "refused", title: t("refused"), align: "right", optional: true, render: (one) => one.refused },
        { key: "employer", title: t("employerPays"), align: "right", render: (one) => <Money fen={one.employer_fen} /> },
        { key: "employee", title: t("employeePays"), align: "right", render: (one) => <Money fen={one.employee_fen} /> },
      ]}
    />
  );
}

function Roll({ id }: { id: string }) {
  const { t } = useTranslation("assessment");
  const [filter, setFilter] = useUrlState(["query"] as const);
  const list = useRoll(id, filter.query);
  return (
    <DataTable<RollEntry>
      id="unit-roll"
      label={t("roll")}
      rows={list.rows}
      rowKey={(one) => `${one.person_id}-${one.since}`}
      error={list.error}
      onRetry={list.retry}
      onMore={list.onMore}
      moreLoading={list.moreLoading}
      tools={<FilterSearch value={filter.query} onChange={(query) => setFilter({ query })} label={t("roll.find")} />}
      empty={<EmptyState title={filter.query ? t("roll.notFound") : t("roll.none")} />}
      columns={[
        { key: "name", title: t("name"), primary: true, width: 120, render: (one) => <Link to={`/persons/${one.person_id}`}>{one.name}</Link> },
        { key: "number", title: t("personNumber"), render: (one) => <span className="mono">{one.person_number}</span> },
        { key: "since", title: t("since"), align: "right", render: (one) => one.since },
        { key: "until", title: t("until"), align: "right", render: (one) => one.until ?? t("until.open") },
        {
          key: "insurances",
          title: t("insurances"),
          render: (one) =>
            one.insurances.map((insurance, index) => (
              <span key={insurance}>
                {index > 0 && " · "}
                <InsuranceName insurance={insurance} />
              </span>
            )),
        },
        { key: "wage", title: t("wage"), align: "right", render: (one) => <Money fen={one.wage_fen} /> },
      ]}
    />
  );
}
