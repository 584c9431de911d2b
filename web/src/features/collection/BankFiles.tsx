import { Button, Upload } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, fileBody, unwrap } from "../../api/client";
import { Money } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote } from "../../shared/states";
import type { BankFile, BankFileDetail } from "./orders";

export function BankFiles() {
  const { t } = useTranslation("collection");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ["bank-files"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/bank-files", { signal })),
  });
  const open = (made: BankFileDetail) => {
    void queries.invalidateQueries({ queryKey: ["bank-files"] });
    void navigate(`/collection/bank-files/${made.file_id}${made.repeated ? "?repeated=1" : ""}`);
  };
  const make = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/collection/bank-files/export", { body: { kind: "collection" } })),
    onSuccess: open,
  });
  const read = useMutation({
    mutationFn: (file: File) =>
      unwrap<BankFileDetail>(
        client.POST("/api/v1/collection/bank-files", { body: fileBody("file", file) as never, bodySerializer: (body: unknown) => body as FormData }),
      ),
    onSuccess: open,
  });
  const may = list.data?.allowed_actions ?? [];
  return (
    <div className="stack">
      {make.isError && <ProblemNote error={make.error} />}
      {read.isError && <ProblemNote error={read.error} />}
      <DataTable<BankFile>
        id="bank-files"
        label={t("view.files")}
        rows={list.data?.items}
        rowKey={(one) => one.file_id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title={t("files.none")}>{t("files.note")}</EmptyState>}
        tools={
          <>
            {may.includes("import") && (
              <Upload
                accept=".csv,.xlsx"
                showUploadList={false}
                beforeUpload={(file) => {
                  read.mutate(file);
                  return false;
                }}
              >
                <Button type="primary" loading={read.isPending}>
                  {t("files.import")}
                </Button>
              </Upload>
            )}
            {may.includes("export") && (
              <Button loading={make.isPending} onClick={() => make.mutate()}>
                {t("files.export")}
              </Button>
            )}
            <span className="soft small">{t("files.columns")}</span>
          </>
        }
        columns={[
          {
            key: "name",
            title: t("files.name"),
            primary: true,
            render: (one) => <Link to={`/collection/bank-files/${one.file_id}`}>{one.name}</Link>,
          },
          { key: "kind", title: t("kind"), render: (one) => t(`files.kind.${one.kind}`) },
          { key: "lines", title: t("files.lines"), align: "right", render: (one) => one.lines },
          { key: "refused", title: t("files.refused"), align: "right", render: (one) => one.refused },
          { key: "amount", title: t("amount"), align: "right", render: (one) => <Money fen={one.amount_fen} /> },
          { key: "by", title: t("files.by"), render: (one) => one.made_by },
          { key: "at", title: t("files.at"), render: (one) => <span className="num">{instant(one.made_at)}</span> },
        ]}
      />
    </div>
  );
}
