import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Employee, KnownRelation, Page, TransferSummary } from "../../api/types";
import { Clock, Facts, InsuranceName, Money, PageHead, Panel, RelationTag, StatusTag } from "../../shared/bits";
import { instant, yearsAndMonths } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { regionName } from "../../shared/regions";
import { EmptyState, QueryView } from "../../shared/states";
import { EmployeeActs } from "./EmployeeActs";
import { EmployeeState } from "./EmployeeState";
import { RevealId } from "./RevealId";

export function EmployeePage() {
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["employee", id],
    queryFn: ({ signal }) => unwrap<Employee>(client.GET("/api/v1/employees/{id}", { params: { path: { id } }, signal })),
  });
  return <QueryView query={query}>{(employee) => <Loaded employee={employee} />}</QueryView>;
}

function Loaded({ employee }: { employee: Employee }) {
  const { t } = useTranslation("employees");
  const months = employee.pension_months;
  return (
    <div className="stack">
      <PageHead title={employee.name} back={{ to: "/employees", label: t("title") }} />
      <EmployeeActs employee={employee} />
      <Panel title={t("record")}>
        <Facts
          items={[
            [t("state"), <EmployeeState key="s" employee={employee} />],
            [
              t("number"),
              <span key="n" className="num">
                {employee.number}
              </span>,
            ],
            [t("idNumber"), <RevealId key="i" employee={employee} />],
            [t("sex"), t(`sex.${employee.sex}`)],
            [
              t("birthDate"),
              <span key="b" className="num">
                {employee.birth_date}
              </span>,
            ],
            [t("phone"), employee.phone_masked ?? "—"],
            [
              t("hiredOn"),
              <span key="h" className="num">
                {employee.hired_on}
              </span>,
            ],
            [t("city"), regionName(employee.region)],
            [t("department"), employee.department || "—"],
            [t("position"), employee.position || "—"],
            [t("wage"), employee.wage_fen === undefined ? "—" : <Money key="w" fen={employee.wage_fen} />],
            [t("pensionMonths"), months ? t("yearsMonths", yearsAndMonths(months)) : "—"],
          ]}
        />
      </Panel>
      <Panel
        title={t("relations")}
        extra={<span className="soft small num">{employee.checked_at && `${t("checkedAt")} ${instant(employee.checked_at)}`}</span>}
        flush
      >
        <Relations relations={employee.relations} />
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
