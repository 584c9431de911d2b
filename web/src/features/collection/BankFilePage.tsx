import { Alert, Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money, PageHead, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { ErrorState } from "../../shared/states";
import { lineTone, type BankLine } from "./orders";

const FORMATS = ["xlsx", "csv", "text"] as const;

export function BankFilePage() {
  const { t } = useTranslation("collection");
  const { id = "" } = useParams();
  const [params] = useSearchParams();
  const file = useQuery({
    queryKey: ["bank-file", id],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/bank-files/{id}", { params: { path: { id } }, signal })),
  });
  if (file.error) return <ErrorState error={file.error} onRetry={() => void file.refetch()} />;
  const one = file.data;
  return (
    <div className="stack">
      <PageHead
        title={one?.name ?? t("view.files")}
        back={{ to: "/collection?view=files", label: t("view.files") }}
        lead={one && t(`files.kind.${one.kind}`)}
        actions={
          one &&
          FORMATS.map((format) => (
            <Button key={format} href={`/api/v1/collection/bank-files/${id}/download?format=${format}`} download>
              {t(`files.as.${format}`)}
            </Button>
          ))
        }
      />
      {params.get("repeated") && <Alert type="info" showIcon title={t("files.repeated")} />}
      {one && one.refused > 0 && <Alert type="warning" showIcon title={t("files.someRefused", { n: one.refused })} />}
      <DataTable<BankLine>
        id="bank-lines"
        label={t("files.lines")}
        rows={one?.items}
        rowKey={(line) => String(line.line)}
        total={one?.lines}
        columns={[
          { key: "line", title: t("files.line"), align: "right", width: 70, render: (line) => line.line },
          { key: "number", title: t("orderNumber"), primary: true, render: (line) => <span className="mono">{line.order_number || "—"}</span> },
          { key: "payer", title: t("payer"), render: (line) => line.payer_name || "—" },
          { key: "reference", title: t("reference"), optional: true, render: (line) => <span className="mono">{line.reference || "—"}</span> },
          { key: "on", title: t("files.day"), render: (line) => <span className="num">{line.on_day ?? "—"}</span> },
          { key: "amount", title: t("amount"), align: "right", render: (line) => <Money fen={line.amount_fen} /> },
          {
            key: "outcome",
            title: t("files.outcome"),
            render: (line) => (
              <div className="stack tight">
                <StatusTag tone={lineTone(line.outcome)}>{t(`outcome.${line.outcome}`)}</StatusTag>
                {line.findings.length > 0 && <FindingList findings={line.findings} />}
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}
