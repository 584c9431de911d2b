import { DownloadOutlined, InboxOutlined } from "@ant-design/icons";
import { Alert, Button, Steps, Upload } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, fileBody, unwrap } from "../../api/client";
import type { Roster } from "../../api/types";
import { PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { useIsPhone } from "../../shared/hooks";
import { EmptyState, ProblemNote } from "../../shared/states";

/** The server's limit: a file beyond it need not be sent to be refused. */
const MEGABYTE = 1024 * 1024;
const LIMIT_MB = 20;

export function RostersPage() {
  const { t } = useTranslation("rosters");
  const navigate = useNavigate();
  const phone = useIsPhone();
  const [tooLarge, setTooLarge] = useState(0);
  const upload = useMutation({
    mutationFn: (file: File) =>
      unwrap<{ id: string }>(
        client.POST("/api/v1/rosters", { body: fileBody("file", file) as never, bodySerializer: (body: unknown) => body as FormData }),
      ),
    onSuccess: ({ id }) => void navigate(`/rosters/${id}`),
  });
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <Panel>
        <div className="stack">
          <Steps
            size="small"
            current={upload.isPending ? 1 : 0}
            orientation={phone ? "vertical" : "horizontal"}
            items={["template", "upload", "check", "act"].map((key) => ({
              title: t(`step.${key}`),
              content: phone ? undefined : t(`step.${key}.body`),
            }))}
          />
          <div className="row">
            <Button icon={<DownloadOutlined />} href="/api/v1/rosters/template.xlsx" download>
              {t("template")}
            </Button>
            <span className="soft small">{t("template.note")}</span>
          </div>
          <Upload.Dragger
            accept=".xlsx,.csv"
            multiple={false}
            showUploadList={false}
            disabled={upload.isPending}
            beforeUpload={(file) => {
              const size = file.size > LIMIT_MB * MEGABYTE ? Math.ceil(file.size / MEGABYTE) : 0;
              setTooLarge(size);
              if (size === 0) upload.mutate(file);
              return false;
            }}
          >
            <p style={{ fontSize: 30, color: "var(--ant-color-primary)" }}>
              <InboxOutlined />
            </p>
            <p style={{ fontWeight: 500 }}>{upload.isPending ? t("uploading") : t("drop")}</p>
            <p className="soft small">{t("drop.note")}</p>
          </Upload.Dragger>
          {tooLarge > 0 && <Alert type="error" showIcon role="alert" title={t("tooLarge", { size: tooLarge, limit: LIMIT_MB })} />}
          {tooLarge === 0 && upload.isError && <ProblemNote error={upload.error} />}
        </div>
      </Panel>
      <Panel title={t("past")}>
        <PastRosters />
      </Panel>
    </div>
  );
}

function PastRosters() {
  const { t } = useTranslation("rosters");
  const list = useQuery({
    queryKey: ["rosters"],
    queryFn: ({ signal }) => unwrap<Roster[]>(client.GET("/api/v1/rosters", { signal })),
  });
  return (
    <DataTable<Roster>
      id="rosters"
      label={t("past")}
      rows={list.data}
      rowKey={(one) => one.id}
      error={list.error}
      onRetry={() => void list.refetch()}
      empty={<EmptyState title={t("past.none")} />}
      columns={[
        {
          key: "file",
          title: t("file"),
          primary: true,
          render: (one) => <Link to={`/rosters/${one.id}`}>{one.file_name || instant(one.created_at)}</Link>,
        },
        { key: "at", title: t("at"), render: (one) => <span className="num">{instant(one.created_at)}</span> },
        { key: "total", title: t("rows"), align: "right", render: (one) => one.total },
        { key: "direct", title: t("outcome.direct"), align: "right", render: (one) => one.counts.direct },
        { key: "transfer", title: t("outcome.needs_transfer"), align: "right", render: (one) => one.counts.transfer },
        { key: "bad", title: t("outcome.bad_data"), align: "right", render: (one) => one.counts.bad },
        {
          key: "state",
          title: t("state"),
          render: (one) => <StatusTag tone={one.state === "checking" ? "processing" : "success"}>{t(`state.${one.state}`)}</StatusTag>,
        },
      ]}
    />
  );
}
