import { DatePicker, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { PageHead, StatusTag } from "../../shared/bits";
import { today } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { regionName, regionOptions } from "../../shared/regions";
import { SourceLine, type LawSource } from "../../shared/Source";
import { useUrlState } from "../../shared/url-state";

interface LawRow {
  series: string;
  name_zh: string;
  /** The value in words, as the rule book prints it. */
  text: string;
  place?: string | null;
  from?: string | null;
  next?: string | null;
  standing?: string | null;
  source?: LawSource | null;
  note?: string | null;
}
interface LawAnswer {
  region: string;
  region_name: string;
  month: string;
  items: LawRow[];
}

/** Every parameter of law in force in a region and month, with its source and how sure it is. */
export function LawPage() {
  const { t } = useTranslation("law");
  const [filter, setFilter] = useUrlState(["region", "month", "query"] as const);
  const region = filter.region || "430100";
  const month = filter.month || today().slice(0, 7);
  const query = useQuery({
    queryKey: ["law", region, month],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/law", { params: { query: { region, month } }, signal })) as Promise<LawAnswer>,
    staleTime: 300_000,
  });
  const text = (row: LawRow) => `${row.series} ${row.name_zh} ${row.text}`;
  const rows = query.data?.items.filter((row) => !filter.query || text(row).includes(filter.query));
  const columns: Column<LawRow>[] = [
    {
      key: "name",
      title: t("parameter"),
      primary: true,
      width: 200,
      render: (row) => (
        <div>
          <div style={{ whiteSpace: "normal" }}>{row.name_zh || row.series}</div>
          <div className="soft small mono">{row.series}</div>
        </div>
      ),
    },
    { key: "value", title: t("value"), align: "right", render: (row) => <Value row={row} /> },
    {
      key: "place",
      title: t("place"),
      render: (row) => (row.place && row.place !== "000000" ? regionName(row.place) : row.place ? t("national") : "—"),
    },
    { key: "from", title: t("from"), render: (row) => <span className="num">{row.from ?? "—"}</span> },
    {
      key: "source",
      title: t("source"),
      render: (row) => (
        <div style={{ whiteSpace: "normal", maxWidth: 420 }}>
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
        rowKey={(row) => `${row.place ?? ""}/${row.series}/${row.from ?? ""}`}
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

function Value({ row }: { row: LawRow }) {
  const { t } = useTranslation("law");
  if (row.standing === "repealed") return <StatusTag tone="default">{t("repealed")}</StatusTag>;
  if (row.standing === "unknown") return <StatusTag tone="warning">{t("unknown")}</StatusTag>;
  return (
    <div className="num" style={{ whiteSpace: "normal", maxWidth: 320, marginInlineStart: "auto" }}>
      {row.text}
    </div>
  );
}
