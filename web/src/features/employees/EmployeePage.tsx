import { App, Button } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Employee, Relation, TransferSummary } from "../../api/types";
import { Clock, Facts, InsuranceName, Money, PageHead, Panel, RelationTag, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { regionName } from "../../shared/regions";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { words } from "../../shared/words";
import { EmployeeState } from "./EmployeeState";

export function EmployeePage() {
  const { t } = useTranslation("employees");
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["employee", id],
    queryFn: ({ signal }) => unwrap<Employee>(client.GET("/api/v1/employees/{id}", { params: { path: { id } }, signal })),
  });
  return (
    <QueryView query={query}>
      {(employee) => (
        <div className="stack">
          <PageHead title={employee.name} back={{ to: "/employees", label: t("title") }} actions={<Enrol employee={employee} />} />
          <Panel title={t("record")}>
            <Facts
              items={[
                [t("state"), <EmployeeState key="s" employee={employee} />],
                [t("idNumber"), <span key="i" className="mono">{employee.id_masked}</span>],
                [t("sex"), t(`sex.${employee.sex}`)],
                [t("birthDate"), <span key="b" className="num">{employee.birth_date}</span>],
                [t("phone"), employee.phone_masked ?? "—"],
                [t("hiredOn"), <span key="h" className="num">{employee.hired_on}</span>],
                [t("city"), regionName(employee.region)],
                [t("department"), employee.department ?? "—"],
                [t("position"), employee.position ?? "—"],
                [t("wage"), employee.wage_fen === undefined ? "—" : <Money key="w" fen={employee.wage_fen} />],
              ]}
            />
          </Panel>
          {employee.findings && employee.findings.length > 0 && (
            <Panel title={t("findings")}>
              <FindingList findings={employee.findings} />
            </Panel>
          )}
          <Panel title={t("relations")} flush>
            <Relations relations={employee.relations ?? []} />
          </Panel>
          <Panel title={t("transfers")}>
            <Transfers transfers={employee.transfers ?? []} />
          </Panel>
        </div>
      )}
    </QueryView>
  );
}

function Enrol({ employee }: { employee: Employee }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const enrol = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/employees/{id}/enrolment", { params: { path: { id: employee.id } }, body: {} })),
    onSuccess: () => {
      message.success(t("enrol.done"));
      void queries.invalidateQueries({ queryKey: ["employee", employee.id] });
    },
  });
  if (!employee.allowed_actions.includes("enrol")) return null;
  return (
    <div className="stack tight">
      <Button type="primary" loading={enrol.isPending} onClick={() => enrol.mutate()}>
        {t("enrol")}
      </Button>
      {enrol.isError && <ProblemNote error={enrol.error} />}
    </div>
  );
}

function Relations({ relations }: { relations: Relation[] }) {
  const { t } = useTranslation("employees");
  return (
    <DataTable<Relation>
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

function Transfers({ transfers }: { transfers: TransferSummary[] }) {
  const { t } = useTranslation("employees");
  if (transfers.length === 0) return <EmptyState title={t("transfers.none")} />;
  return (
    <ul className="plain lines">
      {transfers.map((one) => (
        <li key={one.id}>
          <Link to={`/transfers/${one.id}`}>
            {regionName(one.from_region)} → {regionName(one.to_region)} · {t(`insurance.${one.insurance}`)}
          </Link>
          <span className="row">
            <StatusTag tone="processing">{words(one.step_label) || one.state}</StatusTag>
            <Clock days={one.remaining_working_days} overdue={one.overdue} />
          </span>
        </li>
      ))}
    </ul>
  );
}
