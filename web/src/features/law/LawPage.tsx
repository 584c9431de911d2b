import { DatePicker, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { PageHead } from "../../shared/bits";
import { today } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { regionName, regionOptions } from "../../shared/regions";
import { SourceLine, type LawSource } from "../../shared/Source";
import { useUrlState } from "../../shared/url-state";
import { shown } from "./values";
import { addTexts } from "../../shared/i18n";
import en from "./en.json";
import zh from "./zh-CN.json";

addTexts("law", { "zh-CN": zh, en });

interface LawRow {
  place: string;
  topic: string;
  series: string;
  from: string;
  until?: string | null;
  value: [key: string, value: string][];
  source?: LawSource | null;
  note?: string | null;
}

/** Every parameter of law in force in a region and month, with its source and how sure it is. */
export function LawPage() {
  const { t, i18n } = useTranslation("law");
  const [filter, setFilter] = useUrlState(["region", "month", "query"] as const);
  const region = filter.region || "430100";
  const month = filter.month || today().slice(0, 7);
  const query = useQuery({
    queryKey: ["law", region, month],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/law", { params: { query: { region, month } }, signal })) as Promise<{ items: LawRow[] }>,
    staleTime: 300_000,
  });
  const key = (row: LawRow) => `${row.topic}.${row.series}`;
  const name = (row: LawRow) => (i18n.exists(`law:series.${key(row)}`) ? t(`series.${key(row)}`) : key(row));
  const rows = query.data?.items.filter((row) => !filter.query || `${key(row)} ${name(row)}`.toLowerCase().includes(filter.query.toLowerCase()));
  const columns: Column<LawRow>[] = [
    {
      key: "name",
      title: t("parameter"),
      primary: true,
      width: 210,
      render: (row) => (
        <div>
          <div style={{ whiteSpace: "normal" }}>{name(row)}</div>
          <div className="soft small mono">{key(row)}</div>
        </div>
      ),
    },
    { key: "value", title: t("value"), render: (row) => <Value row={row} /> },
    { key: "place", title: t("place"), render: (row) => (row.place === "000000" ? t("national") : regionName(row.place)) },
    {
      key: "from",
      title: t("from"),
      render: (row) => <span className="num">{row.until ? t("until", { from: row.from, until: row.until }) : row.from}</span>,
    },
    {
      key: "source",
      title: t("source"),
      render: (row) => (
        <div style={{ whiteSpace: "normal", maxWidth: 380 }}>
          {row.source ? <SourceLine source={row.source} /> : "—"}
          {row.note && <div className="soft small">{row.note}</div>}
        </div>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <DataTable<LawRow>
        id="law"
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.place}/${key(row)}/${row.from}`}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={rows?.length ?? null}
        tools={
          <>
            <Select
              aria-label={t("region")}
              value={region}
              onChange={(next) => setFilter({ region: next })}
              options={regionOptions()}
              style={{ width: 120 }}
            />
            <DatePicker
              aria-label={t("month")}
              picker="month"
              allowClear={false}
              value={dayjs(`${month}-01`)}
              onChange={(next) => setFilter({ month: next?.format("YYYY-MM") ?? "" })}
            />
            <FilterSearch value={filter.query} onChange={(next) => setFilter({ query: next })} label={t("find")} />
          </>
        }
      />
    </>
  );
}

/** The values of one parameter, one a line. */
function Value({ row }: { row: LawRow }) {
  const { t, i18n } = useTranslation("law");
  const label = (key: string) => (i18n.exists(`law:value.${key}`) ? t(`value.${key}`) : key.replaceAll("_", " "));
  const word = (key: string, value: string) =>
    value === "true" ? t("yes") : value === "false" ? t("no") : shown(`${row.topic}.${row.series}`, key, value);
  return (
    <div className="num" style={{ whiteSpace: "normal", maxWidth: 300, minWidth: 120, overflowWrap: "anywhere" }}>
      {row.value.map(([key, value]) => (
        <div key={key}>
          <span className="soft small">{label(key)}</span> {word(key, value)}
        </div>
      ))}
    </div>
  );
}
