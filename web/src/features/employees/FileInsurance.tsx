import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Employee, KnownRelation, Page, TransferSummary } from "../../api/types";
import { Clock, InsuranceName, Panel, RelationTag, StatusTag } from "../../shared/bits";
import { instant, yearsAndMonths } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { regionName } from "../../shared/regions";
import { EmptyState, QueryView } from "../../shared/states";
import { Enrolments } from "./Enrolments";

/** Relations found nationwide, and the transfers of an employee. */
export function FileInsurance({ employee }: { employee: Employee }) {
  const { t } = useTranslation("employees");
  const months = employee.pension_months;
  return (
    <div className="stack">
      <Panel
        title={t("relations")}
        extra={<span className="soft small num">{employee.checked_at && `${t("checkedAt")} ${instant(employee.checked_at)}`}</span>}
        flush
      >
        <Relations relations={employee.relations} />
      </Panel>
      {months ? (
        <p className="soft">
          {t("pensionMonths")} {t("yearsMonths", yearsAndMonths(months))}
        </p>
      ) : null}
      <Panel title={t("enrol.title")}>
        <Enrolments employeeId={employee.id} />
      </Panel>
      <Panel title={t("transfers")}>
        <Transfers employeeId={employee.id} />
      </Panel>
    </div>
  );
}

function Relations({ relations }: { relations: KnownRelation[] }) {
  const { t } = useTranslation("employees");
  return (
    <DataTable<KnownRelation>
      id="employee-relations"
      label={t("relations")}
      rows={relations}
      rowKey={(one) => `${one.region}-${one.insurance}`}
      empty={<EmptyState title={t("relations.none")} />}
      columns={[
        { key: "region", title: t("region"), primary: true, width: 96, render: (one) => regionName(one.region) },
        { key: "insurance", title: t("insurance"), render: (one) => <InsuranceName insurance={one.insurance} /> },
        { key: "status", title: t("status"), render: (one) => <RelationTag status={one.status} /> },
        { key: "first", title: t("firstMonth"), align: "right", render: (one) => one.first_month ?? "—" },
        { key: "last", title: t("lastMonth"), align: "right", render: (one) => one.last_month ?? "—" },
        { key: "months", title: t("months"), align: "right", render: (one) => one.months },
      ]}
    />
  );
}

function Transfers({ employeeId }: { employeeId: string }) {
  const { t } = useTranslation("employees");
  const query = useQuery({
    queryKey: ["transfers", "of", employeeId],
    queryFn: ({ signal }) =>
      unwrap<Page<TransferSummary>>(client.GET("/api/v1/transfers", { params: { query: { employee_id: employeeId } }, signal })),
  });
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t("transfers.none")} />
        ) : (
          <ul className="plain lines">
            {items.map((one) => (
              <li key={one.id}>
                <Link to={`/transfers/${one.id}`}>
                  {regionName(one.from_region)} → {regionName(one.to_region)} · {t(`insurance.${one.insurance}`)}
                </Link>
                <span className="row">
                  <StatusTag tone="processing">{one.state_name}</StatusTag>
                  <Clock days={one.remaining_working_days} overdue={one.overdue} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
