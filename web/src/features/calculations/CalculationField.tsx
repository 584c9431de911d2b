import { DatePicker, Form, Input, InputNumber, Select, Switch } from "antd";
import dayjs, { isDayjs } from "dayjs";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fen, yuan } from "../../shared/money";
import { regionOptions } from "../../shared/regions";
import { words } from "../../shared/words";
import type { InputField } from "./types";

/** One input, drawn after its kind. */
export function CalculationField({ field }: { field: InputField }) {
  const { t } = useTranslation("calculations");
  return (
    <Form.Item
      name={field.key}
      label={words(field.label)}
      extra={words(field.help) || undefined}
      valuePropName={field.kind === "boolean" ? "checked" : "value"}
      getValueProps={(value: unknown) => ({ [field.kind === "boolean" ? "checked" : "value"]: shown(field, value) })}
      rules={[{ required: field.required && field.kind !== "boolean", message: t("missing") }]}
    >
      {control(field, t("unit.yuan"))}
    </Form.Item>
  );
}

function shown(field: InputField, value: unknown): unknown {
  if ((field.kind === "date" || field.kind === "month") && typeof value === "string") return value ? dayjs(value) : null;
  // A default amount comes as fen; what is typed is text in yuan.
  if (field.kind === "money" && typeof value === "number") return yuan(value).replace(/,/g, "");
  return value;
}

function control(field: InputField, yuanLabel: string): ReactElement {
  switch (field.kind) {
    case "money":
      return <InputNumber<string> stringMode precision={2} controls={false} style={{ width: "100%" }} suffix={yuanLabel} />;
    case "integer":
      return <InputNumber precision={0} style={{ width: "100%" }} />;
    case "month":
      return <DatePicker picker="month" style={{ width: "100%" }} />;
    case "date":
      return <DatePicker style={{ width: "100%" }} />;
    case "region":
      return <Select options={regionOptions()} showSearch={{ optionFilterProp: "label" }} />;
    case "choice":
      return <Select options={(field.options ?? []).map((one) => ({ value: one.value, label: words(one.label) }))} />;
    case "boolean":
      return <Switch />;
    case "rate":
    case "text":
      return <Input maxLength={60} />;
  }
}

/** What the form holds as the server takes it: fen, "2025-06", "2025-06-01". */
export function toBody(fields: InputField[], values: Record<string, unknown>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.key];
    if (value === undefined || value === null || value === "") continue;
    if (isDayjs(value)) body[field.key] = value.format(field.kind === "month" ? "YYYY-MM" : "YYYY-MM-DD");
    else if (field.kind === "money") body[field.key] = typeof value === "number" ? value : fen(String(value));
    else body[field.key] = value;
  }
  return body;
}
