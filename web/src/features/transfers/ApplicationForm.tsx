import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { FormField, Transfer } from "../../api/types";
import { Facts, StatusTag } from "../../shared/bits";
import { ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import type { Editor } from "./editor";

/** The statutory application: what is known and from where, what is missing, and what HR may still change. */
export function ApplicationForm({ transfer, editor }: { transfer: Transfer; editor: Editor }) {
  const { t } = useTranslation("transfers");
  const { fields } = transfer.form;
  const editable = transfer.allowed_actions.includes("edit");
  const missing = editable ? fields.filter((field) => field.missing) : [];
  return (
    <div className="stack">
      {missing.length > 0 && (
        <div className="finding warning" data-testid="missing">
          <div className="what">{t("form.missing", { n: missing.length })}</div>
          <div className="then">{missing.map((field) => words(field.label)).join(t("form.separator"))}</div>
        </div>
      )}
      {editable ? (
        <Fields fields={fields} editor={editor} />
      ) : (
        <details className="stack">
          <summary>{t("form.show")}</summary>
          <Facts items={fields.map((field) => [words(field.label), field.value || "—"])} />
        </details>
      )}
    </div>
  );
}

/** Where a value comes from, in words; nothing when HR typed it or nobody has. */
function useSource(): (field: FormField) => string {
  const { t } = useTranslation("transfers");
  return (field) => (field.source === "none" || field.source === "typed" ? "" : t("form.from", { source: t(`source.${field.source}`) }));
}

function Fields({ fields, editor }: { fields: FormField[]; editor: Editor }) {
  const { t } = useTranslation("transfers");
  const source = useSource();
  return (
    <>
      <Facts
        items={fields
          .filter((field) => !field.editable)
          .map((field) => [
            words(field.label),
            <span key={field.key} title={source(field)}>
              {field.value || (field.missing ? <StatusTag tone="warning">{t("form.fill")}</StatusTag> : "—")}
            </span>,
          ])}
      />
      <Form form={editor.form} layout="vertical" initialValues={editor.stored} onValuesChange={editor.onChange} onFinish={() => void editor.save()}>
        <div className="grid-form">
          {fields
            .filter((field) => field.editable)
            .map((field) => (
              <Form.Item
                key={field.key}
                name={field.key}
                label={words(field.label)}
                required={field.required}
                validateStatus={field.missing ? "warning" : undefined}
                extra={field.missing ? <StatusTag tone="warning">{t("form.fill")}</StatusTag> : source(field) || undefined}
              >
                <Input maxLength={200} />
              </Form.Item>
            ))}
        </div>
        {editor.error !== null && <ProblemNote error={editor.error} findings={editor.rest} />}
        <div className="row">
          <Button htmlType="submit" loading={editor.saving}>
            {t("form.save")}
          </Button>
          <span className="soft small">{editor.dirty ? t("form.dirty") : t("form.note")}</span>
        </div>
      </Form>
    </>
  );
}
