import { App, Button, DatePicker, Form, Input, InputNumber, Modal, Select } from "antd";
import { useMutation } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { applyToForm, asProblem } from "../../api/problem";
import type { Finding, NewEmployee, StatusReport } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { today } from "../../shared/dates";
import { useDebounced } from "../../shared/hooks";
import { readId, type IdReading } from "../../shared/id-number";
import { fen } from "../../shared/money";
import { regionOptions } from "../../shared/regions";
import { ProblemNote } from "../../shared/states";
import { hire, startTransfer, useEmployerRegion, useStatusQuery, type Question } from "./api";
import { StatusPanel } from "./StatusPanel";
import { transferSource } from "./next-action";

interface Entry {
  name?: string;
  id_number?: string;
  phone?: string;
  hired_on?: Dayjs;
  region?: string;
  department?: string;
  position?: string;
  wage?: string;
}

/** The text of the name and number settles this long before the query starts; short enough to feel immediate. */
const SETTLE_MS = 250;

function toEmployee(entry: Entry, overrideReason?: string): NewEmployee {
  return {
    name: (entry.name ?? "").trim(),
    id_number: readIdValue(entry.id_number),
    phone: entry.phone?.trim() || undefined,
    hired_on: entry.hired_on?.format("YYYY-MM-DD") ?? "",
    region: entry.region ?? "",
    department: entry.department?.trim() || undefined,
    position: entry.position?.trim() || undefined,
    wage_fen: entry.wage ? (fen(String(entry.wage)) ?? undefined) : undefined,
    override_reason: overrideReason,
  };
}

function readIdValue(text: string | undefined): string {
  const reading = readId(text ?? "", true);
  return reading.state === "good" ? reading.facts.value : (text ?? "").trim();
}

export function OnboardingPage() {
  const { t } = useTranslation("onboarding");
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Entry>();
  const [overriding, setOverriding] = useState(false);
  const [rest, setRest] = useState<Finding[] | null>(null);
  const home = useEmployerRegion();
  useEffect(() => {
    // The company's own city, once known, unless HR already chose one.
    if (home && form.getFieldValue("region") === undefined) form.setFieldValue("region", home);
  }, [home, form]);
  const name = (Form.useWatch("name", form) ?? "").trim();
  const idText = Form.useWatch("id_number", form) ?? "";
  const region = Form.useWatch("region", form);
  const hiredOn = Form.useWatch("hired_on", form)?.format("YYYY-MM-DD");
  const reading = readId(idText);
  const idNumber = reading.state === "good" ? reading.facts.value : "";
  const wanted = useMemo<Question | null>(
    () => (idNumber && name.length >= 2 ? { name, idNumber, region, hiredOn } : null),
    [name, idNumber, region, hiredOn],
  );
  const settled = useDebounced(wanted, SETTLE_MS);
  const question = wanted === null ? null : settled;
  const query = useStatusQuery(question);
  const blocking = query.data?.findings.some((finding) => finding.severity === "blocking") ?? false;
  const overridable = query.data?.findings.every((finding) => finding.severity !== "blocking" || finding.overridable) ?? false;

  const finish = useMutation({
    mutationFn: async ({ entry, reason, transfer }: { entry: Entry; reason?: string; transfer?: StatusReport }) => {
      const { employee } = await hire(toEmployee(entry, reason));
      const source = transfer && transferSource(transfer);
      if (!source) return `/employees/${employee.id}`;
      const started = await startTransfer(employee.id, source.region, source.insurance);
      return `/transfers/${started.id}`;
    },
    onSuccess: (path, { transfer }) => {
      message.success(transfer ? t("done.transfer") : t("done.hire"));
      void navigate(path);
    },
    onError: (error) => setRest(applyToForm(form, asProblem(error))),
  });

  const submit = async (options: { reason?: string; transfer?: StatusReport }) => {
    setRest(null);
    try {
      const entry = await form.validateFields();
      finish.mutate({ entry, ...options });
    } catch {
      message.warning(t("fillFirst"));
    }
  };

  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <Form<Entry>
        form={form}
        layout="vertical"
        initialValues={{ region: home, hired_on: dayjs(today()) }}
        onFinish={() => void submit({})}
        autoComplete="off"
      >
        <div className="onboarding">
          <div className="onboarding-person">
            <Panel title={t("person")}>
              <PersonFields reading={reading} />
            </Panel>
          </div>
          <div className="onboarding-status">
            <StatusPanel
              asked={question !== null}
              query={query}
              hint={idNumber && name.length < 2 ? t("query.needName") : t("query.hint")}
              onTransfer={() => void submit({ transfer: query.data })}
              transferring={finish.isPending}
            />
          </div>
          <div className="onboarding-hire">
            <Panel title={t("hire")}>
              <HireFields />
              <div className="stack tight">
                {rest !== null && finish.isError && <ProblemNote error={finish.error} findings={rest} />}
                <div className="row">
                  <Button type={blocking ? "default" : "primary"} htmlType="submit" loading={finish.isPending} disabled={blocking}>
                    {t("submit")}
                  </Button>
                  {blocking && overridable && (
                    <Button type="link" onClick={() => setOverriding(true)}>
                      {t("override")}
                    </Button>
                  )}
                </div>
                {blocking && <span className="soft small">{overridable ? t("blocked") : t("blocked.firm")}</span>}
              </div>
            </Panel>
          </div>
        </div>
      </Form>
      <OverrideDialog
        open={overriding}
        onCancel={() => setOverriding(false)}
        onConfirm={(reason) => {
          setOverriding(false);
          void submit({ reason });
        }}
      />
    </>
  );
}

function PersonFields({ reading }: { reading: IdReading }) {
  const { t } = useTranslation("onboarding");
  const bad = reading.state === "bad" ? reading.reason : null;
  return (
    <>
      <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, min: 2, message: t("name.missing") }]}>
        <Input maxLength={50} autoFocus />
      </Form.Item>
      <Form.Item
        name="id_number"
        label={t("idNumber")}
        validateTrigger="onBlur"
        validateStatus={bad ? "error" : undefined}
        help={bad ? t(`id.bad.${bad}`) : undefined}
        rules={[
          {
            validator: (_, value: string | undefined) => {
              const read = readId(value ?? "", true);
              if (read.state === "good") return Promise.resolve();
              return Promise.reject(new Error(read.state === "bad" ? t(`id.bad.${read.reason}`) : t("idNumber.missing")));
            },
          },
        ]}
        required
        style={{ marginBottom: 8 }}
      >
        <Input maxLength={40} className="mono" inputMode="text" spellCheck={false} placeholder={t("idNumber.hint")} />
      </Form.Item>
      <div className="row" style={{ minHeight: 24, gap: "4px 20px" }} aria-live="polite" data-testid="identity">
        {reading.state === "good" && (
          <>
            <span>
              <span className="soft">{t("birthDate")} </span>
              <span className="num">{reading.facts.birthDate}</span>
            </span>
            <span>
              <span className="soft">{t("sex")} </span>
              {t(`sex.${reading.facts.sex}`)}
            </span>
          </>
        )}
      </div>
    </>
  );
}

function HireFields() {
  const { t } = useTranslation("onboarding");
  return (
    <div className="grid-form">
      <Form.Item name="hired_on" label={t("hiredOn")} rules={[{ required: true, message: t("hiredOn.missing") }]}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="region" label={t("city")} rules={[{ required: true, message: t("city.missing") }]}>
        <Select options={regionOptions()} showSearch={{ optionFilterProp: "label" }} />
      </Form.Item>
      <Form.Item name="phone" label={t("phone")} rules={[{ pattern: /^1\d{10}$/, message: t("phone.bad") }]} validateTrigger="onBlur">
        <Input maxLength={11} inputMode="numeric" />
      </Form.Item>
      <Form.Item name="wage" label={t("wage")} extra={t("wage.note")}>
        <InputNumber<string> stringMode min="0" precision={2} style={{ width: "100%" }} suffix={t("unit.yuan")} controls={false} />
      </Form.Item>
      <Form.Item name="department" label={t("department")}>
        <Input maxLength={50} />
      </Form.Item>
      <Form.Item name="position" label={t("position")}>
        <Input maxLength={50} />
      </Form.Item>
    </div>
  );
}

function OverrideDialog({ open, onCancel, onConfirm }: { open: boolean; onCancel: () => void; onConfirm: (reason: string) => void }) {
  const { t } = useTranslation("onboarding");
  const [reason, setReason] = useState("");
  return (
    <Modal
      open={open}
      title={t("override")}
      onCancel={onCancel}
      okText={t("override.ok")}
      okButtonProps={{ disabled: reason.trim().length < 5 }}
      onOk={() => onConfirm(reason.trim())}
      destroyOnHidden
    >
      <p className="soft" style={{ marginBottom: 8 }}>
        {t("override.note")}
      </p>
      <Input.TextArea
        aria-label={t("override.reason")}
        rows={3}
        maxLength={200}
        showCount
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Modal>
  );
}
