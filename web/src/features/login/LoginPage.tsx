import { Button, Form, Input } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { Captcha, Me } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { landing } from "../../shared/session";
import { ProblemNote } from "../../shared/states";

interface Entry {
  username: string;
  password: string;
  captcha?: string;
}

export function LoginPage() {
  const { t } = useTranslation("login");
  const [captchaWanted, setCaptchaWanted] = useState(false);
  const captcha = useQuery({
    queryKey: ["captcha"],
    queryFn: ({ signal }) => unwrap<Captcha>(client.GET("/api/v1/captcha", { signal })),
    enabled: captchaWanted,
    staleTime: Infinity,
  });
  const login = useMutation({
    mutationFn: (entry: Entry) =>
      unwrap<Me>(client.POST("/api/v1/sessions", { body: { ...entry, captcha_id: captchaWanted ? captcha.data?.id : undefined } })),
    onSuccess: (me) => location.assign(landing(me.portal, new URLSearchParams(location.search).get("next"))),
    onError: (error) => {
      // Asked for now, or with the next try: the answer that says so shows it.
      const problem = asProblem(error);
      if (problem.rule.startsWith("captcha") || problem.findings.some((finding) => finding.action === "captcha")) setCaptchaWanted(true);
      if (captchaWanted) void captcha.refetch();
    },
  });
  return (
    <div style={{ maxWidth: 880, margin: "4vh auto 0" }} className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="grid2">
        <Panel title={t("signIn")}>
          <div className="stack">
            {login.isError && <ProblemNote error={login.error} />}
            <Form<Entry> layout="vertical" requiredMark={false} onFinish={(entry) => login.mutate(entry)}>
              <Form.Item name="username" label={t("username")} rules={[{ required: true, message: t("username.missing") }]}>
                <Input autoComplete="username" autoFocus maxLength={64} size="large" />
              </Form.Item>
              <Form.Item name="password" label={t("password")} rules={[{ required: true, message: t("password.missing") }]}>
                <Input.Password autoComplete="current-password" maxLength={128} size="large" />
              </Form.Item>
              {captchaWanted && (
                <Form.Item label={t("captcha")} required>
                  <div className="row" style={{ flexWrap: "nowrap" }}>
                    <Form.Item name="captcha" noStyle rules={[{ required: true, message: t("captcha.missing") }]}>
                      <Input autoComplete="off" maxLength={8} aria-label={t("captcha")} size="large" />
                    </Form.Item>
                    {captcha.data && (
                      <img
                        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(captcha.data.svg)}`}
                        alt={t("captcha.image")}
                        height={40}
                        style={{ borderRadius: 6, background: "#fff" }}
                      />
                    )}
                    <Button onClick={() => void captcha.refetch()} loading={captcha.isFetching}>
                      {t("captcha.other")}
                    </Button>
                  </div>
                </Form.Item>
              )}
              <Button type="primary" htmlType="submit" block size="large" loading={login.isPending}>
                {t("signIn")}
              </Button>
            </Form>
          </div>
        </Panel>
        <div className="stack">
          <RoleHints />
        </div>
      </div>
    </div>
  );
}

/** Who signs in here and where each role lands. */
function RoleHints() {
  const { t } = useTranslation("login");
  return (
    <Panel title={t("roles")}>
      <ul className="plain stack">
        {(["employer", "agency"] as const).map((role) => (
          <li key={role}>
            <strong>{t(`role.${role}`)}</strong>
            <div className="soft">{t(`role.${role}.body`)}</div>
          </li>
        ))}
        <li>
          <strong>{t("role.me")}</strong>
          <div className="soft">
            {t("role.me.body")} <a href="/me/">{t("role.me.link")}</a>
          </div>
        </li>
        <li>
          <strong>{t("role.verify")}</strong>
          <div className="soft">
            {t("role.verify.body")} <a href="/verify/">{t("role.verify.link")}</a>
          </div>
        </li>
      </ul>
    </Panel>
  );
}
