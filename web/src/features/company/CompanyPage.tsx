import { App, Button, Form, Input, InputNumber, Select, Switch } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { applyToForm, asProblem } from "../../api/problem";
import type { CompanyFile, Finding, Industry } from "../../api/types";
import { Facts, PageHead, Panel } from "../../shared/bits";
import { regionName } from "../../shared/regions";
import { ProblemNote, QueryView } from "../../shared/states";
import { Departments } from "./Departments";
import { percent } from "../../shared/percent";

interface Entry {
  address: string;
  contact_name: string;
  contact_phone: string;
  industry?: string;
  injury_class?: number | null;
  housing_fund_rate?: string;
  attendance_required: boolean;
  pay_day: number;
  bank_name?: string;
  account?: string;
}

/** The unit: who it is, its industry, housing fund, pay day, the account wages are paid from, and its departments. */
export function CompanyPage() {
  const { t } = useTranslation("company");
  const query = useQuery({
    queryKey: ["company"],
    queryFn: ({ signal }) => unwrap<CompanyFile>(client.GET("/api/v1/company", { signal })),
  });
  return (
    <div className="stack">
      <PageHead title={t("title")} />
      <QueryView query={query}>{(file) => <Loaded key={file.version} file={file} />}</QueryView>
      <Departments edits={query.data?.allowed_actions.includes("edit") ?? false} />
    </div>
  );
}

function Loaded({ file }: { file: CompanyFile }) {
  const { t, i18n } = useTranslation("company");
  const { company, settings, industry } = file;
  return (
    <>
      <Panel title={t("registered")}>
        <Facts
          items={[
            [t("name"), company.name],
            [
              t("creditCode"),
              <span key="c" className="mono">
                {company.credit_code}
              </span>,
            ],
            [t("region"), regionName(company.region)],
            [t("industry"), industry ? (i18n.language === "en" ? industry.en : industry.zh) : "—"],
            [t("section"), industry ? `${industry.section} ${i18n.language === "en" ? "" : industry.section_zh}` : "—"],
            [t("injuryClass"), settings.injury_class ?? "—"],
          ]}
        />
      </Panel>
      <Settings file={file} />
      {industry && <Template industry={industry} />}
    </>
  );
}

function Settings({ file }: { file: CompanyFile }) {
  const { t } = useTranslation("company");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Entry>();
  const [rest, setRest] = useState<Finding[]>([]);
  const edits = file.allowed_actions.includes("edit");
  const save = useMutation({
    mutationFn: (entry: Entry) => {
      const touched = Object.fromEntries(Object.entries(entry).filter(([key]) => form.isFieldTouched(key as keyof Entry))) as Partial<Entry>;
      const rate = touched.housing_fund_rate === undefined ? undefined : touched.housing_fund_rate ? `${touched.housing_fund_rate}%` : "";
      const industry = "industry" in touched ? (touched.industry ?? "") : undefined;
      const body = { ...touched, housing_fund_rate: rate, industry, injury_class: touched.injury_class ?? undefined, version: file.version };
      return unwrap<CompanyFile>(client.PATCH("/api/v1/company", { body }));
    },
    onSuccess: (fresh) => {
      message.success(t("saved"));
      queries.setQueryData(["company"], fresh);
    },
    onError: (error) => setRest(applyToForm(form, asProblem(error))),
  });
  const { company, settings } = file;
  return (
    <Panel
      title={t("settings")}
      extra={
        edits && (
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t("save")}
          </Button>
        )
      }
    >
      <Form<Entry>
        form={form}
        layout="vertical"
        disabled={!edits}
        initialValues={{
          ...settings,
          housing_fund_rate: percent(settings.housing_fund_rate),
          address: company.address,
          contact_name: company.contact_name,
          contact_phone: company.contact_phone,
        }}
        onFinish={(entry) => save.mutate(entry)}
      >
        <Fields masked={file.account_masked} />
        {save.isError && <ProblemNote error={save.error} findings={rest} />}
      </Form>
    </Panel>
  );
}

function Fields({ masked }: { masked?: string | null }) {
  const { t, i18n } = useTranslation("company");
  const industries = useQuery({
    queryKey: ["industries"],
    queryFn: ({ signal }) => unwrap<Industry[]>(client.GET("/api/v1/industries", { signal })),
    staleTime: Infinity,
  });
  const options = (industries.data ?? []).map((one) => ({
    value: one.key,
    label: `${one.section} · ${i18n.language === "en" ? one.en : one.zh}`,
  }));
  return (
    <div className="grid-form">
      <Form.Item name="industry" label={t("industry")} extra={t("industry.note")}>
        <Select allowClear showSearch={{ optionFilterProp: "label" }} options={options} loading={industries.isLoading} />
      </Form.Item>
      <Form.Item name="injury_class" label={t("injuryClass")} extra={t("injuryClass.note")}>
        <InputNumber<number> min={1} max={8} precision={0} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="housing_fund_rate" label={t("fundRate")} extra={t("fundRate.note")}>
        <InputNumber<string> stringMode min="0" max="100" precision={2} suffix="%" controls={false} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="pay_day" label={t("payDay")} extra={t("payDay.note")}>
        <InputNumber<number> min={1} max={28} precision={0} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="attendance_required" label={t("attendance")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="bank_name" label={t("bank")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="account" label={t("account")} extra={masked && t("account.now", { account: masked })}>
        <Input maxLength={40} inputMode="numeric" autoComplete="off" />
      </Form.Item>
      <Form.Item name="address" label={t("address")}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="contact_name" label={t("contact")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="contact_phone" label={t("phone")}>
        <Input maxLength={30} />
      </Form.Item>
    </div>
  );
}

function Template({ industry }: { industry: Industry }) {
  const { t, i18n } = useTranslation("company");
  const en = i18n.language === "en";
  return (
    <Panel title={t("template")}>
      <Facts
        items={[
          [t("template.fields"), industry.field.map((one) => (en ? one.en : one.zh) + (one.required ? " *" : "")).join(en ? ", " : "、")],
          [t("template.attendance"), t(`attendance.${industry.attendance}`)],
        ]}
      />
      <h3>{t("template.steps")}</h3>
      <ol>
        {industry.step.map((one) => (
          <li key={one.zh}>{en ? one.en : one.zh}</li>
        ))}
      </ol>
    </Panel>
  );
}
