import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { components } from "../../api/schema";
import { Facts, InsuranceNames, Money, Panel, StatusTag } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { usePages } from "../../shared/paging";
import { EmptyState } from "../../shared/states";
import { words } from "../../shared/words";

type Line = components["schemas"]["LineView"];
type MonthLines = components["schemas"]["MonthLines"];

/** The businesses whose cases hold lines of people. */
const WITH_LINES = ["declaration", "relation_stop", "adjustment"];
export const hasLines = (business: string) => WITH_LINES.includes(business);

/** The people of a month's filing: findings first, the agency's figures beside what was filed. */
export function CaseLines({ id, business, version }: { id: string; business: string; version: number }) {
  const { t } = useTranslation("review");
  const [only, setOnly] = useState(false);
  const [sums, setSums] = useState<MonthLines>();
  const list = usePages<Line>(["case", id, "lines", version, only], async (cursor, signal) => {
    const query = { findings: only, cursor };
    const page = await unwrap<MonthLines>(client.GET("/api/v1/cases/{id}/lines", { params: { path: { id }, query }, signal }));
    setSums(page);
    return page;
  });
  return (
    <Panel title={t("lines")} flush>
      {sums && business !== "relation_stop" && (
        <div style={{ padding: "12px 16px 0" }}>
          <Facts
            items={[
              [t("lines.employer"), <Money key="r" fen={sums.employer_fen} />],
              [t("lines.employee"), <Money key="e" fen={sums.employee_fen} />],
              [t("lines.total"), <Money key="t" fen={sums.employer_fen + sums.employee_fen} />],
              [t("lines.refused"), `${sums.refused} / ${sums.total}`],
            ]}
          />
        </div>
      )}
      <DataTable<Line>
        id={`lines-${business}`}
        label={t("lines")}
        rows={list.rows}
        rowKey={(line) => String(line.line)}
        error={list.error}
        onRetry={list.retry}
        total={list.total}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        columns={useColumns(business)}
        tools={
          <Segmented
            aria-label={t("lines.which")}
            value={only ? "findings" : "all"}
            onChange={(value) => setOnly(value === "findings")}
            options={[
              { value: "all", label: t("lines.all") },
              { value: "findings", label: t("lines.findings") },
            ]}
          />
        }
        empty={<EmptyState title={only ? t("lines.clean") : t("lines.none")} />}
      />
    </Panel>
  );
}

function useColumns(business: string): Column<Line>[] {
  const { t } = useTranslation("review");
  const name: Column<Line> = {
    key: "name",
    title: t("lines.name"),
    primary: true,
    width: 110,
    render: (line) => (line.person_id ? <Link to={`/persons/${line.person_id}`}>{line.name}</Link> : line.name),
  };
  const found: Column<Line> = {
    key: "findings",
    title: t("lines.result"),
    render: (line) => (
      <div style={{ whiteSpace: "normal", maxWidth: 380 }}>
        <StatusTag tone={line.sound ? (line.findings.length > 0 ? "warning" : "success") : "error"}>
          {t(line.sound ? "lines.sound" : "lines.unsound")}
        </StatusTag>
        {line.findings.map((finding, index) => (
          <div key={index} className="small">
            {words(finding.message)}
          </div>
        ))}
      </div>
    ),
  };
  const number: Column<Line> = { key: "line", title: t("lines.number"), align: "right", width: 64, render: (line) => line.line };
  const id: Column<Line> = { key: "id", title: t("lines.id"), optional: true, render: (line) => <span className="mono">{line.id_masked}</span> };
  const insurances: Column<Line> = {
    key: "insurances",
    title: t("lines.insurances"),
    optional: true,
    render: (line) => <InsuranceNames insurances={line.insurances} />,
  };
  const month: Column<Line> = {
    key: "month",
    title: t(business === "relation_stop" ? "lines.lastMonth" : "lines.month"),
    align: "right",
    render: (line) => line.month ?? "—",
  };
  const wage: Column<Line> = {
    key: "wage",
    title: t("lines.wage"),
    align: "right",
    render: (line) => (
      <div>
        <Money fen={line.wage_fen} />
        {typeof line.wage_before_fen === "number" && line.wage_before_fen !== line.wage_fen && (
          <div className="soft small">
            {t("lines.before")} <Money fen={line.wage_before_fen} />
          </div>
        )}
      </div>
    ),
  };
  const amount = (key: "employer" | "employee"): Column<Line> => ({
    key,
    title: t(`lines.${key}`),
    align: "right",
    render: (line) => {
      const [ours, theirs] = key === "employer" ? [line.employer_fen, line.expected_employer_fen] : [line.employee_fen, line.expected_employee_fen];
      return (
        <div>
          <Money fen={ours} />
          {typeof theirs === "number" && theirs !== ours && (
            <div className="small" style={{ color: "var(--ant-color-error)" }}>
              {t("lines.theirs")} <Money fen={theirs} />
            </div>
          )}
        </div>
      );
    },
  });
  if (business === "relation_stop") return [name, number, id, month, insurances, found];
  const amounts = [amount("employer"), amount("employee")];
  return business === "adjustment"
    ? [name, number, id, month, insurances, wage, ...amounts, found]
    : [name, number, id, insurances, wage, ...amounts, found];
}
