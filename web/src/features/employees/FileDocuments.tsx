import { Button, Popconfirm, Select, Upload } from "antd";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, fileBody, unwrap } from "../../api/client";
import type { EmployeeDocument, EmployeeFile } from "../../api/types";
import { Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote } from "../../shared/states";
import { useFileDone } from "./useFileDone";

const KINDS = ["id_card", "contract", "photo", "diploma", "certificate", "health", "bank_card", "leaving", "family", "other"] as const;

/** Files about the employee; each reading is recorded. */
export function FileDocuments({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [kind, setKind] = useState<string>("id_card");
  const done = useFileDone(file.employee_id);
  const id = file.employee_id;
  const may = (name: string) => file.allowed_actions.includes(name);
  const add = useMutation({
    mutationFn: (content: File) =>
      unwrap(
        client.POST("/api/v1/employees/{id}/documents", {
          params: { path: { id }, query: { kind } },
          body: fileBody("file", content) as never,
          bodySerializer: (body: unknown) => body as FormData,
        }),
      ),
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: (document: string) => unwrap(client.DELETE("/api/v1/employees/{id}/documents/{document}", { params: { path: { id, document } } })),
    onSuccess: done,
  });
  const failed = add.isError ? add.error : remove.isError ? remove.error : null;
  return (
    <Panel
      title={t("tab.documents")}
      extra={
        may("add_document") && (
          <span className="row">
            <Select
              aria-label={t("document.kind")}
              value={kind}
              onChange={setKind}
              style={{ width: 150 }}
              options={KINDS.map((value) => ({ value: value as string, label: t(`document.${value}`) }))}
            />
            <Upload
              accept=".pdf,.png,.jpg,.jpeg"
              showUploadList={false}
              beforeUpload={(content) => {
                add.mutate(content);
                return false;
              }}
            >
              <Button type="primary" loading={add.isPending}>
                {t("document.add")}
              </Button>
            </Upload>
          </span>
        )
      }
    >
      {file.documents_missing.length > 0 && (
        <p className="soft">{t("document.missing", { kinds: file.documents_missing.map((one) => t(`document.${one}`)).join(" · ") })}</p>
      )}
      {failed && <ProblemNote error={failed} />}
      <DataTable<EmployeeDocument>
        id="employee-documents"
        label={t("tab.documents")}
        rows={file.documents}
        rowKey={(one) => one.id}
        empty={<EmptyState title={t("document.none")} />}
        columns={[
          {
            key: "name",
            title: t("document.file"),
            primary: true,
            render: (one) =>
              may("read_document") ? (
                <a href={`/api/v1/employees/${id}/documents/${one.id}`} download={one.file_name}>
                  {one.file_name}
                </a>
              ) : (
                one.file_name
              ),
          },
          { key: "kind", title: t("document.kind"), render: (one) => t(`document.${one.kind}`) },
          { key: "size", title: t("document.size"), align: "right", render: (one) => `${Math.ceil(one.bytes / 1024)} KB` },
          { key: "by", title: t("entered"), render: (one) => `${one.entered_name} ${instant(one.entered_at)}` },
          {
            key: "act",
            title: t("status"),
            render: (one) =>
              may("add_document") ? (
                <Popconfirm title={t("document.remove.sure")} onConfirm={() => remove.mutate(one.id)}>
                  <Button type="link" size="small" danger>
                    {t("document.remove")}
                  </Button>
                </Popconfirm>
              ) : (
                "—"
              ),
          },
        ]}
      />
    </Panel>
  );
}
