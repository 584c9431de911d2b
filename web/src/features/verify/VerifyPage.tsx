import { CheckCircleFilled, CloseCircleFilled, FileSearchOutlined } from "@ant-design/icons";
import { Button, Form, Input, Upload } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { client, fileBody, unwrap } from "../../api/client";
import type { Verification } from "../../api/types";
import { Facts, PageHead, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { ProblemNote, QueryView } from "../../shared/states";
import { inPart, words } from "../../shared/words";

/** Whether a document is genuine: by the code printed on it, and by its bytes when the file is at hand. */
export function VerifyPage() {
  const { t } = useTranslation("verify");
  const navigate = useNavigate();
  const params = useParams();
  const [search] = useSearchParams();
  const code = params.code ?? search.get("code") ?? "";
  const publicPage = params.code !== undefined || location.pathname.startsWith("/verify");
  const go = (next: string) => void navigate(publicPage ? `/${encodeURIComponent(next)}` : `?code=${encodeURIComponent(next)}`);
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <Panel>
        <Form
          layout="vertical"
          requiredMark={false}
          initialValues={{ code }}
          key={code}
          onFinish={({ code: typed }: { code: string }) => go(typed.trim())}
        >
          <Form.Item
            name="code"
            label={t("code")}
            rules={[{ required: true, whitespace: true, message: t("code.missing") }]}
            style={{ marginBottom: 12 }}
          >
            <Input maxLength={64} className="mono" autoComplete="off" spellCheck={false} />
          </Form.Item>
          <Button type="primary" htmlType="submit" icon={<FileSearchOutlined />}>
            {t("check")}
          </Button>
        </Form>
      </Panel>
      {code && <Outcome key={code} code={code} />}
    </div>
  );
}

function Outcome({ code }: { code: string }) {
  const { t } = useTranslation("verify");
  const query = useQuery({
    queryKey: ["verification", code],
    queryFn: ({ signal }) => unwrap<Verification>(client.GET("/api/v1/verifications/{code}", { params: { path: { code } }, signal })),
    refetchOnWindowFocus: false,
  });
  const file = useMutation({
    mutationFn: (pdf: File) =>
      unwrap<Verification>(
        client.POST("/api/v1/verifications/{code}", {
          params: { path: { code } },
          body: fileBody("file", pdf) as never,
          bodySerializer: (body: unknown) => body as FormData,
        }),
      ),
  });
  return (
    <>
      <Panel title={t("registered")}>
        <QueryView query={query}>{(answer) => <Answer answer={answer} okText={t("registered.ok")} badText={t("registered.bad")} />}</QueryView>
      </Panel>
      {query.data?.document && (
        <Panel title={t("file")}>
          <div className="stack">
            <p className="soft">{t("file.lead")}</p>
            <Upload.Dragger
              accept="application/pdf,.pdf"
              multiple={false}
              showUploadList={false}
              disabled={file.isPending}
              beforeUpload={(pdf) => {
                file.mutate(pdf);
                return false;
              }}
            >
              <p style={{ fontWeight: 500 }}>{file.isPending ? t("file.checking") : t("file.drop")}</p>
            </Upload.Dragger>
            <div aria-live="assertive" data-testid="file-outcome">
              {file.isError && <ProblemNote error={file.error} />}
              {file.data && <Answer answer={file.data} okText={t("file.ok")} badText={t("file.bad")} />}
            </div>
          </div>
        </Panel>
      )}
    </>
  );
}

function Answer({ answer, okText, badText }: { answer: Verification; okText: string; badText: string }) {
  const { t } = useTranslation("verify");
  const { document } = answer;
  return (
    <div className="stack">
      <div className="row" style={{ fontSize: 17, fontWeight: 600 }} data-valid={answer.valid}>
        {answer.valid ? (
          <CheckCircleFilled style={{ color: "var(--ant-color-success)" }} />
        ) : (
          <CloseCircleFilled style={{ color: "var(--ant-color-error)" }} />
        )}
        {answer.valid ? okText : badText}
      </div>
      {!answer.valid && <p>{words(answer.reason)}</p>}
      {document?.revoked_at && (
        <p className="soft">
          {t("revokedAt", { at: instant(document.revoked_at) })} {inPart(document.revoked_reason)}
        </p>
      )}
      {document && (
        <Facts
          items={[
            [t("kind"), words(document.title)],
            [t("issuer"), document.office_name],
            [t("subject"), document.subject || "—"],
            [
              t("signedAt"),
              <span key="at" className="num">
                {instant(document.signed_at)}
              </span>,
            ],
            [
              t("digest"),
              <span key="d" className="mono small">
                {document.digest}
              </span>,
            ],
            [
              t("code"),
              <span key="c" className="mono">
                {document.code}
              </span>,
            ],
          ]}
        />
      )}
    </div>
  );
}
