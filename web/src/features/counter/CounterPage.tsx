import { App, AutoComplete, Button, Checkbox, DatePicker, Form, Input, InputNumber, Modal } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import { applyToForm, asProblem } from "../../api/problem";
import type { components } from "../../api/schema";
import type { CaseDetail, Finding, Insurance } from "../../api/types";
import { Facts, PageHead, Panel } from "../../shared/bits";
import { today } from "../../shared/dates";
import { FindingList } from "../../shared/FindingList";
import { useDebounced } from "../../shared/hooks";
import { readId } from "../../shared/id-number";
import { fen, yuan } from "../../shared/money";
import { regionOptions } from "../../shared/regions";
import { ProblemNote } from "../../shared/states";

const INSURANCES: Insurance[] = ["pension", "medical", "unemployment", "injury", "maternity"];

/** A mobile number, or a fixed line with its area code. */
const PHONE = /^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/;
const SOCIAL_CARD = /^[A-Za-z0-9]\d{8}$/;

interface Entry {
  name?: string;
  id_number?: string;
  phone?: string;
  social_card?: string;
  household_region?: string;
  employer_name?: string;
  credit_code?: string;
  start_month?: Dayjs;
  base?: string;
  insurances?: Insurance[];
}

type Application = components["schemas"]["CounterForm"];

function toApplication(entry: Entry): Application {
  const read = readId(entry.id_number ?? "", true);
  return {
    name: (entry.name ?? "").trim(),
    id_number: read.state === "good" ? read.facts.value : (entry.id_number ?? "").trim(),
    phone: entry.phone?.trim() || null,
    social_card: entry.social_card?.trim() || null,
    household_region: entry.household_region?.trim() || null,
    employer_name: (entry.employer_name ?? "").trim(),
    credit_code: entry.credit_code?.trim() || null,
    start_month: entry.start_month?.format("YYYY-MM") ?? "",
    base_fen: entry.base ? (fen(String(entry.base)) ?? 0) : 0,
    insurances: entry.insurances ?? [],
    employed_on: null,
  };
}

/** The counter: a clerk enters an enrolment, sees findings while typing and the whole application before submitting. */
export function CounterPage() {
  const { t } = useTranslation("counter");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [form] = Form.useForm<Entry>();
  const [preview, setPreview] = useState<Application | null>(null);
  const [rest, setRest] = useState<Finding[]>([]);
  const values = Form.useWatch([], form) as Entry | undefined;
  const settled = useDebounced(values, 400);
  const read = readId(values?.id_number ?? "");
  const check = useQuery({
    queryKey: ["enrolment-check", settled],
    enabled: Boolean(settled?.name && settled.id_number && readId(settled.id_number).state === "good"),
    queryFn: ({ signal }) => unwrap<Finding[]>(client.POST("/api/v1/agency/enrolments/check", { body: toApplication(settled ?? {}), signal })),
    gcTime: 60_000,
    retry: false,
  });
  const submit = useMutation({
    mutationFn: async (application: Application) => {
      const draft = await unwrap<CaseDetail>(client.POST("/api/v1/agency/enrolments", { body: application }));
      const { id, version } = draft.case;
      return unwrap<CaseDetail>(client.POST("/api/v1/cases/{id}/submit", { params: { path: { id } }, body: { version } }));
    },
    onSuccess: ({ case: one }) => {
      message.success(t("done", { number: one.number }));
      void navigate(`/cases/${one.id}`);
    },
    onError: (error) => {
      setPreview(null);
      setRest(applyToForm(form, asProblem(error)));
    },
  });
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="grid-side">
        <Panel>
          <Form<Entry>
            form={form}
            layout="vertical"
            autoComplete="off"
            initialValues={{ insurances: INSURANCES, start_month: dayjs(today()) }}
            onFinish={(entry) => setPreview(toApplication(entry))}
          >
            <div className="grid-form">
              <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, min: 2, message: t("missing") }]}>
                <Input maxLength={50} autoFocus />
              </Form.Item>
              <Form.Item
                name="id_number"
                label={t("idNumber")}
                required
                validateTrigger="onBlur"
                help={
                  read.state === "bad"
                    ? t(`id.bad.${read.reason}`)
                    : read.state === "good"
                      ? `${read.facts.birthDate} · ${t(`sex.${read.facts.sex}`)}`
                      : undefined
                }
                validateStatus={read.state === "bad" ? "error" : undefined}
                rules={[
                  {
                    validator: (_, value: string | undefined) =>
                      readId(value ?? "", true).state === "good" ? Promise.resolve() : Promise.reject(new Error(t("id.bad.length"))),
                  },
                ]}
              >
                <Input maxLength={40} className="mono" spellCheck={false} />
              </Form.Item>
              <Form.Item name="phone" label={t("phone")} rules={[{ pattern: PHONE, message: t("phone.bad") }]} validateTrigger="onBlur">
                <Input maxLength={20} inputMode="tel" />
              </Form.Item>
              <Form.Item
                name="social_card"
                label={t("socialCard")}
                rules={[{ pattern: SOCIAL_CARD, message: t("socialCard.bad") }]}
                validateTrigger="onBlur"
              >
                <Input maxLength={9} className="mono" spellCheck={false} />
              </Form.Item>
              <Form.Item name="household_region" label={t("household")} extra={t("household.why")}>
                <AutoComplete
                  maxLength={30}
                  placeholder={t("household.example")}
                  options={regionOptions().map(({ label }) => ({ value: label }))}
                  showSearch={{ filterOption: (typed, option) => (option?.value ?? "").includes(typed) }}
                />
              </Form.Item>
              <Form.Item name="employer_name" label={t("employer")} rules={[{ required: true, whitespace: true, message: t("missing") }]}>
                <Input maxLength={100} />
              </Form.Item>
              <Form.Item name="credit_code" label={t("creditCode")} rules={[{ required: true, whitespace: true, message: t("missing") }]}>
                <Input maxLength={18} className="mono" />
              </Form.Item>
              <Form.Item name="start_month" label={t("startMonth")} rules={[{ required: true, message: t("missing") }]}>
                <DatePicker picker="month" style={{ width: "100%" }} />
              </Form.Item>
              <Form.Item name="base" label={t("base")} rules={[{ required: true, message: t("missing") }]}>
                <InputNumber<string>
                  stringMode
                  min="0"
                  max="10000000"
                  precision={2}
                  controls={false}
                  style={{ width: "100%" }}
                  suffix={t("unit.yuan")}
                />
              </Form.Item>
            </div>
            <Form.Item
              name="insurances"
              label={t("insurances")}
              rules={[{ validator: (_, chosen?: Insurance[]) => (chosen?.length ? Promise.resolve() : Promise.reject(new Error(t("missing")))) }]}
            >
              <Checkbox.Group options={INSURANCES.map((value) => ({ value, label: t(`insurance.${value}`) }))} />
            </Form.Item>
            {submit.isError && <ProblemNote error={submit.error} findings={rest.length > 0 ? rest : undefined} />}
            <Button type="primary" htmlType="submit">
              {t("preview")}
            </Button>
          </Form>
        </Panel>
        <Panel title={t("findings")}>
          <div aria-live="polite" data-testid="live-findings">
            {check.data ? (
              <div className="stack tight">
                {check.data.every((finding) => finding.severity === "info") && (
                  <span style={{ color: "var(--ant-color-success)" }}>✓ {t("findings.none")}</span>
                )}
                <FindingList findings={check.data} showRule />
              </div>
            ) : check.isError ? (
              <ProblemNote error={check.error} />
            ) : (
              <span className="soft">{t("findings.waiting")}</span>
            )}
          </div>
        </Panel>
      </div>
      <Modal
        open={preview !== null}
        title={t("preview.title")}
        onCancel={() => setPreview(null)}
        cancelText={t("preview.edit")}
        okText={t("submit")}
        okButtonProps={{ loading: submit.isPending }}
        onOk={() => preview && submit.mutate(preview)}
      >
        {preview && <Preview application={preview} />}
      </Modal>
    </>
  );
}

function Preview({ application }: { application: Application }) {
  const { t } = useTranslation("counter");
  return (
    <Facts
      items={[
        [t("name"), application.name],
        [
          t("idNumber"),
          <span key="i" className="mono">
            {application.id_number}
          </span>,
        ],
        [t("phone"), application.phone ?? "—"],
        [t("socialCard"), application.social_card ?? "—"],
        [t("household"), application.household_region ?? "—"],
        [t("employer"), application.employer_name],
        [t("creditCode"), application.credit_code ?? "—"],
        [t("startMonth"), application.start_month],
        [t("base"), yuan(application.base_fen)],
        [t("insurances"), application.insurances.map((one) => t(`insurance.${one}`)).join(" ")],
      ]}
    />
  );
}
