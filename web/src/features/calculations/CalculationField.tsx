import { DatePicker, Form, Input, InputNumber, Select, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { regionOptions } from "../../shared/regions";
import { useLabels } from "./labels";
import { RowsField } from "./RowsField";
import { choices, type InputField, type Inputs } from "./types";

const INSURANCES = ["pension", "medical", "unemployment", "injury", "maternity"] as const;

/** One input, drawn after its kind. */
export function CalculationField({ field, example }: { field: InputField; example: unknown }) {
  const { t } = useTranslation("calculations");
  const labels = useLabels();
  const label = labels.field(field);
  if (field.kind === "list") return <RowsField field={field} label={label} example={Array.isArray(example) ? ((example[0] ?? {}) as Inputs) : {}} />;
  const flag = field.kind === "flag";
  return (
    <Form.Item
      name={field.name}
      label={label}
      valuePropName={flag ? "checked" : "value"}
      {...dated(field.kind)}
      rules={[{ required: field.required && !flag, message: t("missing") }]}
      initialValue={flag ? false : undefined}
    >
      <Control kind={field.kind} />
    </Form.Item>
  );
}

/** Dates live in the form as the text the server takes. */
export function dated(kind: string) {
  if (kind !== "date" && kind !== "month") return {};
  const format = kind === "month" ? "YYYY-MM" : "YYYY-MM-DD";
  return {
    getValueProps: (value?: string) => ({ value: value ? dayjs(value) : null }),
    getValueFromEvent: (value: Dayjs | null) => value?.format(format),
  };
}

/** The control of a kind; passes on what the form gives it. */
export function Control({ kind, ...given }: { kind: string }): ReactElement {
  const { t } = useTranslation("calculations");
  const labels = useLabels();
  if (kind.startsWith("choice:"))
    return <Select {...given} allowClear options={choices(kind).map((value) => ({ value, label: labels.word(value) }))} />;
  switch (kind) {
    case "money":
      return <InputNumber<string> {...given} stringMode precision={2} controls={false} style={{ width: "100%" }} suffix={t("unit.yuan")} />;
    case "integer":
      return <InputNumber {...given} precision={0} style={{ width: "100%" }} />;
    case "month":
      return <DatePicker {...given} picker="month" style={{ width: "100%" }} />;
    case "date":
      return <DatePicker {...given} style={{ width: "100%" }} />;
    case "region":
      return <Select {...given} allowClear options={regionOptions()} showSearch={{ optionFilterProp: "label" }} />;
    case "insurance":
      return <Select {...given} options={INSURANCES.map((value) => ({ value, label: t(`insurance.${value}`) }))} />;
    case "flag":
      return <Switch {...given} />;
    default:
      return <Input {...given} maxLength={60} />;
  }
}
