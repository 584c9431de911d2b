import { InboxOutlined } from "@ant-design/icons";
import { Checkbox, Table, Upload } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, fileBody, unwrap } from "../../api/client";
import { PageHead, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { MonthPicker } from "../../shared/month";
import { EmptyState, ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import type { Import } from "./api";
import { AttendanceTabs, useMonth } from "./Tabs";

export function ImportPage() {
  const { t } = useTranslation("attendance");
  const queries = useQueryClient();
  const [month, setMonth] = useMonth();
  const [matrix, setMatrix] = useState(false);
  const upload = useMutation({
    mutationFn: (file: File) =>
      unwrap<Import>(
        client.POST("/api/v1/attendance/imports", {
          params: { query: { month: matrix ? month : undefined } },
          body: fileBody("file", file) as never,
          bodySerializer: (body: unknown) => body as FormData,
        }),
      ),
    onSuccess: () => {
      for (const key of ["attendance-imports", "attendance", "attendance-employee", "attendance-closing"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
    },
  });
  const list = useQuery({
    queryKey: ["attendance-imports"],
    queryFn: ({ signal }) => unwrap<Import[]>(client.GET("/api/v1/attendance/imports", { signal })),
  });
  return (
    <div className="stack">
      <PageHead title={t("page.import")} lead={t("import.lead")} />
      <AttendanceTabs />
      <Panel>
        <div className="stack">
          <div className="row">
            <Checkbox checked={matrix} onChange={(event) => setMatrix(event.target.checked)}>
              {t("import.matrix")}
            </Checkbox>
            {matrix && <MonthPicker month={month} onChange={setMonth} />}
          </div>
          <Upload.Dragger
            accept=".xlsx,.csv,.txt"
            multiple={false}
            showUploadList={false}
            disabled={upload.isPending}
            beforeUpload={(file) => {
              upload.mutate(file);
              return false;
            }}
          >
            <p style={{ fontSize: 30, color: "var(--ant-color-primary)" }}>
              <InboxOutlined />
            </p>
            <p style={{ fontWeight: 500 }}>{upload.isPending ? t("import.reading") : t("import.drop")}</p>
            <p className="soft small">{t("import.note")}</p>
          </Upload.Dragger>
          {upload.isError && <ProblemNote error={upload.error} />}
          {upload.data && <Result done={upload.data} />}
        </div>
      </Panel>
      <Panel title={t("import.past")}>
        <DataTable<Import>
          id="punch-imports"
          label={t("import.past")}
          rows={list.data}
          rowKey={(one) => one.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={<EmptyState title={t("import.none")} />}
          columns={[
            { key: "file", title: t("import.file"), primary: true, render: (one) => one.file_name },
            { key: "at", title: t("import.at"), render: (one) => <span className="num">{instant(one.made_at)}</span> },
            { key: "who", title: t("import.who"), render: (one) => one.made_name },
            { key: "days", title: t("import.days"), render: (one) => (one.first_day ? `${one.first_day} – ${one.last_day}` : "—") },
            { key: "taken", title: t("import.taken"), align: "right", render: (one) => one.taken },
            { key: "repeated", title: t("import.repeated"), align: "right", render: (one) => one.repeated },
            { key: "refused", title: t("import.refused"), align: "right", render: (one) => one.refused },
          ]}
        />
      </Panel>
    </div>
  );
}

function Result({ done }: { done: Import }) {
  const { t } = useTranslation("attendance");
  return (
    <div className="stack tight" role="status">
      <strong>{t("import.result", { taken: done.taken, repeated: done.repeated, refused: done.refused })}</strong>
      {done.errors.length > 0 && (
        <Table
          size="small"
          rowKey={(one) => `${one.row}${one.finding.rule}`}
          dataSource={done.errors}
          pagination={{ pageSize: 10, size: "small" }}
          columns={[
            { key: "row", title: t("import.row"), width: 80, render: (_, one) => <span className="num">{one.row}</span> },
            { key: "what", title: t("import.what"), render: (_, one) => words(one.finding.message) },
            { key: "then", title: t("import.then"), render: (_, one) => one.finding.remedy && words(one.finding.remedy) },
          ]}
        />
      )}
      {done.refused > done.errors.length && <span className="soft">{t("import.moreErrors", { n: done.refused - done.errors.length })}</span>}
    </div>
  );
}
