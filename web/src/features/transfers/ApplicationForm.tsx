import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { applyToForm, asProblem } from "../../api/problem";
import type { Finding, FormField, Transfer } from "../../api/types";
import { Facts, StatusTag } from "../../shared/bits";
import { ProblemNote } from "../../shared/states";
import { useSaveForm } from "./api";

/** The statutory application: what is known and from where, what is missing, and what HR may still change. */
export function ApplicationForm({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation("transfers");
  const { fields } = transfer.form;
  const editable = transfer.allowed_actions.includes("edit");
  const missing = editable ? fields.filter((field) => field.missing) : [];
  return (
    <div className="stack">
      {missing.length > 0 && (
        <div className="finding warning" data-testid="missing">
          <div className="what">{t("form.missing", { n: missing.length })}</div>
          <div className="then">{missing.map((field) => field.label).join(t("form.separator"))}</div>
        </div>
      )}
      {editable ? <Editor transfer={transfer} fields={fields} /> : <Facts items={fields.map((field) => [field.label, field.value || "—"])} />}
    </div>
  );
}

/** Where a value comes from, in words; nothing when HR typed it or nobody has. */
function useSource(): (field: FormField) => string {
  const { t } = useTranslation("transfers");
  return (field) => (field.source === "none" || field.source === "typed" ? "" : t("form.from", { source: t(`source.${field.source}`) }));
}

function Editor({ transfer, fields }: { transfer: Transfer; fields: FormField[] }) {
  const { t } = useTranslation("transfers");
  const { message } = App.useApp();
  const source = useSource();
  const [form] = Form.useForm<Record<string, string>>();
  const [rest, setRest] = useState<Finding[]>([]);
  const save = useSaveForm(transfer.id, transfer.version);
  const open = fields.filter((field) => field.editable);
  const initial = Object.fromEntries(open.map((field) => [field.key, field.value]));
  const submit = (values: Record<string, string>) =>
    save.mutate(values, {
      onSuccess: () => void message.success(t("form.saved")),
      onError: (error) => setRest(applyToForm(form, asProblem(error))),
    });
  return (
    <>
      <Facts
        items={fields
          .filter((field) => !field.editable)
          .map((field) => [
            field.label,
            <span key={field.key} title={source(field)}>
              {field.value || (field.missing ? <StatusTag tone="warning">{t("form.fill")}</StatusTag> : "—")}
            </span>,
          ])}
      />
      <Form form={form} layout="vertical" initialValues={initial} onFinish={submit} key={JSON.stringify(initial)}>
        <div className="grid-form">
          {open.map((field) => (
            <Form.Item
              key={field.key}
              name={field.key}
              label={field.label}
              required={field.required}
              validateStatus={field.missing ? "warning" : undefined}
              extra={field.missing ? <StatusTag tone="warning">{t("form.fill")}</StatusTag> : source(field) || undefined}
            >
              <Input maxLength={200} />
            </Form.Item>
          ))}
        </div>
        {save.isError && <ProblemNote error={save.error} findings={rest} />}
        <div className="row">
          <Button htmlType="submit" loading={save.isPending}>
            {t("form.save")}
          </Button>
          <span className="soft small">{t("form.note")}</span>
        </div>
      </Form>
    </>
  );
}
