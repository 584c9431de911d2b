import { FileSearchOutlined, LoginOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { PageHead, Panel } from "../../shared/bits";

/** The individual's page: says what it can do today, and no more. */
export function MePage() {
  const { t } = useTranslation("me");
  return (
    <div className="stack" style={{ maxWidth: 560, margin: "0 auto" }}>
      <PageHead title={t("title")} lead={t("lead")} />
      <Panel title={t("verify")}>
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={({ code }: { code: string }) => location.assign(`/verify/${encodeURIComponent(code.trim())}`)}
        >
          <p className="soft" style={{ marginBottom: 12 }}>
            {t("verify.body")}
          </p>
          <Form.Item
            name="code"
            label={t("code")}
            rules={[{ required: true, whitespace: true, message: t("code.missing") }]}
            style={{ marginBottom: 12 }}
          >
            <Input size="large" maxLength={64} className="mono" autoComplete="off" spellCheck={false} />
          </Form.Item>
          <Button type="primary" size="large" block htmlType="submit" icon={<FileSearchOutlined />}>
            {t("verify")}
          </Button>
        </Form>
      </Panel>
      <Panel title={t("employee")}>
        <p className="soft" style={{ marginBottom: 12 }}>
          {t("employee.body")}
        </p>
        <Button size="large" block href="/" icon={<LoginOutlined />}>
          {t("employee.signIn")}
        </Button>
      </Panel>
      <Panel title={t("how")}>
        <ol className="plain stack">
          {[1, 2, 3, 4].map((n) => (
            <li key={n} className="row" style={{ alignItems: "flex-start", flexWrap: "nowrap" }}>
              <span className="kbd">{n}</span>
              <span>{t(`how.${n}`)}</span>
            </li>
          ))}
        </ol>
      </Panel>
      <Panel title={t("not")}>
        <p className="soft">
          <QuestionCircleOutlined /> {t("not.body")}
        </p>
      </Panel>
    </div>
  );
}
