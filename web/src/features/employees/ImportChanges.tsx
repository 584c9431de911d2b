import { InboxOutlined } from "@ant-design/icons";
import { App, Button, Drawer, Upload } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, fileBody, unwrap } from "../../api/client";
import type { ImportOutcome } from "../../api/types";
import { ProblemNote } from "../../shared/states";
import { PlannedRows } from "./PlannedRows";

const raw = { bodySerializer: (body: unknown) => body as FormData };

/** Changes from a sheet: weighed first, then the rows that fit are written; the others come back with the error beside the cell. */
export function ImportChanges({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const send = useMutation({
    mutationFn: ({ sheet, apply }: { sheet: File; apply: boolean }) =>
      unwrap<ImportOutcome>(
        client.POST("/api/v1/employee-changes/import", { params: { query: { apply } }, body: fileBody("file", sheet) as never, ...raw }),
      ),
    onSuccess: (outcome, { apply }) => {
      if (!apply || !outcome.applied) return;
      message.success(t("bulk.done", { n: outcome.fit }));
      void queries.invalidateQueries({ queryKey: ["employees"] });
    },
  });
  const errors = useMutation({
    mutationFn: async (sheet: File) => {
      const book = await unwrap<unknown>(
        client.POST("/api/v1/employee-changes/errors.xlsx", { body: fileBody("file", sheet) as never, ...raw, parseAs: "blob" }),
      );
      const link = document.createElement("a");
      link.href = URL.createObjectURL(book as Blob);
      link.download = "errors.xlsx";
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
  const outcome = send.data;
  return (
    <Drawer
      open
      size={820}
      title={t("import.title")}
      onClose={onClose}
      footer={
        <div className="row end">
          {outcome && outcome.refused > 0 && file && (
            <Button loading={errors.isPending} onClick={() => errors.mutate(file)}>
              {t("import.errors")}
            </Button>
          )}
          <Button
            type="primary"
            disabled={!file || !outcome || outcome.applied || outcome.fit === 0}
            loading={send.isPending}
            onClick={() => file && send.mutate({ sheet: file, apply: true })}
          >
            {t("bulk.apply", { n: outcome?.fit ?? 0 })}
          </Button>
        </div>
      }
    >
      <div className="stack">
        <p className="soft">{t("import.note")}</p>
        <Upload.Dragger
          accept=".xlsx,.csv"
          multiple={false}
          showUploadList={false}
          disabled={send.isPending}
          beforeUpload={(chosen) => {
            setFile(chosen);
            send.mutate({ sheet: chosen, apply: false });
            return false;
          }}
        >
          <p style={{ fontSize: 28, color: "var(--ant-color-primary)" }}>
            <InboxOutlined />
          </p>
          <p>{file ? file.name : t("import.drop")}</p>
        </Upload.Dragger>
        {send.isError && <ProblemNote error={send.error} />}
        {errors.isError && <ProblemNote error={errors.error} />}
        {outcome && (
          <>
            <p role="status">{t("bulk.summary", { fit: outcome.fit, refused: outcome.refused, unchanged: outcome.unchanged })}</p>
            <PlannedRows id="import-preview" lines={outcome.rows.map((row) => ({ key: `${row.row}`, ...row }))} />
          </>
        )}
      </div>
    </Drawer>
  );
}
