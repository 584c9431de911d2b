import { Button, DatePicker, Form, Input, InputNumber, Select, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { EmployeeFile, IndustryField } from "../../api/types";
import { Facts, Panel, StatusTag } from "../../shared/bits";
import { FileDialog } from "../../shared/FileDialog";
import { words } from "../../shared/words";
import { useFileDone } from "./useFileDone";

type Value = string | number | boolean | Dayjs | null | undefined;

function stored(value: Value): string {
  if (value === null || value === undefined) return "";
  if (dayjs.isDayjs(value)) return value.format("YYYY-MM-DD");
  return String(value);
}

function typed(field: IndustryField, text: string | undefined): Value {
  if (!text) return field.type === "flag" ? false : undefined;
  if (field.type === "date") return dayjs(text);
  if (field.type === "flag") return text === "true";
  return text;
}

/** The fields the unit's industry asks for beyond the common ones. */
export function FileIndustry({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [editing, setEditing] = useState(false);
  const done = useFileDone(file.employee_id);
  const { industry } = file;
  if (!industry) return null;
  const shown = (field: IndustryField) => {
    const value = file.extra[field.key];
    if (!value) return file.extra_missing.includes(field.key) ? <StatusTag tone="warning">{t("extra.missing")}</StatusTag> : "—";
    return field.type === "flag" ? t(`flag.${value}`) : value;
  };
  return (
    <Panel
      title={`${t("extra")} · ${words(industry)}`}
      extra={file.allowed_actions.includes("edit_terms") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
    >
      <Facts items={industry.field.map((field) => [words(field), shown(field)])} />
      {editing && (
        <FileDialog<Record<string, Value>>
          title={t("extra")}
          initial={Object.fromEntries(industry.field.map((field) => [`extra.${field.key}`, typed(field, file.extra[field.key])]))}
          onDone={done}
          onClose={() => setEditing(false)}
          submit={(entry) => {
            const extra = Object.fromEntries(industry.field.map((field) => [field.key, stored(entry[`extra.${field.key}`])]));
            const body = { version: file.version, extra };
            return unwrap(client.PATCH("/api/v1/employees/{id}/terms", { params: { path: { id: file.employee_id } }, body }));
          }}
        >
          {industry.field.map((field) => (
            <Form.Item key={field.key} name={`extra.${field.key}`} label={words(field)} valuePropName={field.type === "flag" ? "checked" : "value"}>
              <Control field={field} />
            </Form.Item>
          ))}
        </FileDialog>
      )}
    </Panel>
  );
}

function Control({ field, ...rest }: { field: IndustryField }) {
  switch (field.type) {
    case "date":
      return <DatePicker style={{ width: "100%" }} {...rest} />;
    case "choice":
      return <Select allowClear options={field.choices?.map((value) => ({ value, label: value }))} {...rest} />;
    case "flag":
      return <Switch {...rest} />;
    case "number":
      return <InputNumber<string> stringMode controls={false} style={{ width: "100%" }} {...rest} />;
    default:
      return <Input maxLength={100} {...rest} />;
  }
}
