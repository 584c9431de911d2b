import { Button, InputNumber, Popconfirm, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { AdjustmentPreview, AdjustmentPreviewLine } from "../../api/types";
import { Facts, Money, PageHead, Panel } from "../../shared/bits";
import { today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { regionOptions } from "../../shared/regions";
import { ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";

/** 年度基数调整: everybody's new base with its derivation, then accepted as a whole. */
export function BasesPage() {
  const { t } = useTranslation("declarations");
  const [filter, setFilter] = useUrlState(["region", "year"] as const);
  const region = filter.region || "430100";
  const year = Number(filter.year || today().slice(0, 4));
  const query = useQuery({
    queryKey: ["bases", region, year],
    queryFn: ({ signal }) => unwrap<AdjustmentPreview>(client.GET("/api/v1/bases/adjustments", { params: { query: { region, year } }, signal })),
  });
  return (
    <div className="stack">
      <PageHead
        title={t("bases.title")}
        lead={t("bases.lead")}
        actions={
          <>
            <Select
              aria-label={t("region")}
              value={region}
              options={regionOptions()}
              onChange={(value) => setFilter({ region: value })}
              style={{ width: 120 }}
            />
            <InputNumber
              aria-label={t("year")}
              value={year}
              min={2020}
              max={2100}
              onChange={(value) => value && setFilter({ year: String(value) })}
            />
          </>
        }
      />
      <QueryView query={query}>{(preview) => <Preview preview={preview} />}</QueryView>
    </div>
  );
}

function Preview({ preview }: { preview: AdjustmentPreview }) {
  const { t } = useTranslation("declarations");
  const queries = useQueryClient();
  const accept = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/bases/adjustments", { body: { region: preview.region, year: preview.year } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["bases"] }),
  });
  return (
    <>
      <Panel
        title={t("bases.from", { region: preview.region_name, month: preview.from_month })}
        extra={
          preview.allowed_actions.includes("accept") && (
            <Popconfirm title={t("bases.sure", { n: preview.people })} okText={t("bases.accept")} onConfirm={() => accept.mutate()}>
              <Button type="primary" loading={accept.isPending}>
                {t("bases.accept")}
              </Button>
            </Popconfirm>
          )
        }
      >
        <Facts
          items={[
            [t("peopleCount"), preview.people],
            [t("floor"), <Money fen={preview.floor_fen} />],
            [t("ceiling"), <Money fen={preview.ceiling_fen} />],
            [t("atFloor"), preview.at_floor],
            [t("atCeiling"), preview.at_ceiling],
            [t("withoutAverage"), preview.without_average],
          ]}
        />
        <FindingList findings={preview.findings} />
        {accept.isSuccess && <div role="status">{t("bases.accepted")}</div>}
        {accept.isError && <ProblemNote error={accept.error} />}
      </Panel>
      <DataTable<AdjustmentPreviewLine>
        id="bases"
        label={t("bases.title")}
        rows={preview.lines}
        rowKey={(line) => line.employee_id}
        total={preview.people}
        columns={[
          { key: "name", title: t("name"), primary: true, render: (line) => <Link to={`/employees/${line.employee_id}`}>{line.name}</Link> },
          { key: "old", title: t("bases.old"), align: "right", render: (line) => <Money fen={line.old_fen} /> },
          { key: "wage", title: t("bases.wage"), align: "right", render: (line) => <Money fen={line.wage_fen} /> },
          {
            key: "base",
            title: t("bases.base"),
            align: "right",
            render: (line) => (
              <>
                <Money fen={line.base_fen} /> {line.clamped && <span className="soft small">{t(`clamped.${line.clamped}`)}</span>}
              </>
            ),
          },
          { key: "derivation", title: t("origin"), render: (line) => <span style={{ whiteSpace: "normal" }}>{words(line.derivation)}</span> },
          {
            key: "findings",
            title: t("findings"),
            render: (line) => (line.findings.length ? line.findings.map((one) => words(one.message)).join("；") : "—"),
          },
        ]}
      />
    </>
  );
}
