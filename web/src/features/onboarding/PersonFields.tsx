import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { readId, type IdReading } from "../../shared/id-number";

/** Name and number; what the number says by itself shows as soon as it is whole. */
export function PersonFields({ reading }: { reading: IdReading }) {
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
        {reading.state !== "good" && reading.modern && <OldNumber modern={reading.modern} />}
      </div>
    </>
  );
}

/** The 18-digit form of an old number, and the button that takes it. */
function OldNumber({ modern }: { modern: string }) {
  const { t } = useTranslation("onboarding");
  const form = Form.useFormInstance();
  return (
    <div className="row" data-testid="old-number">
      <span>
        <span className="soft">{t("id.old")} </span>
        <strong className="mono">{modern}</strong>
        <span className="soft"> {t("id.old.check")}</span>
      </span>
      <Button size="small" onClick={() => form.setFields([{ name: "id_number", value: modern, errors: [], touched: true }])}>
        {t("id.old.use")}
      </Button>
    </div>
  );
}
