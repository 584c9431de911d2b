import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import { Control, dated } from "./CalculationField";
import { useLabels } from "./labels";
import type { InputField, Inputs } from "./types";

/** The kind of a row's cell, told by the example: the catalogue describes lists only by it. */
function kindOf(key: string, value: unknown): string {
  if (typeof value === "boolean") return "flag";
  if (typeof value === "number") return "integer";
  const text = String(value);
  if (key === "region") return "region";
  if (key === "ratio") return "rate";
  if (/^\d{4}-\d{2}$/.test(text)) return "month";
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return "date";
  return /^-?\d+\.\d{2}$/.test(text) ? "money" : "text";
}

/** A list of rows, each with the cells the example has. */
export function RowsField({ field, label, example }: { field: InputField; label: string; example: Inputs }) {
  const { t } = useTranslation("calculations");
  const labels = useLabels();
  const cells = Object.entries(example).map(([key, value]) => ({ key, kind: kindOf(key, value) }));
  return (
    <div style={{ gridColumn: "1 / -1" }}>
      <Form.List name={field.name}>
        {(rows, { add, remove }) => (
          <fieldset style={{ border: "none", padding: 0, margin: "0 0 12px" }}>
            <legend style={{ fontSize: 14, padding: 0, marginBottom: 6 }}>{label}</legend>
            {rows.map((row, index) => (
              <div className="row" key={row.key} style={{ alignItems: "flex-end", flexWrap: "wrap", marginBottom: 4 }}>
                {cells.map((cell) => (
                  <Form.Item
                    key={cell.key}
                    name={[row.name, cell.key]}
                    label={labels.name(cell.key)}
                    style={{ flex: "1 1 140px", marginBottom: 8 }}
                    {...dated(cell.kind)}
                  >
                    <Control kind={cell.kind} />
                  </Form.Item>
                ))}
                <Button
                  icon={<DeleteOutlined />}
                  aria-label={t("row.remove", { n: index + 1 })}
                  onClick={() => remove(row.name)}
                  style={{ marginBottom: 8 }}
                />
              </div>
            ))}
            <Button size="small" icon={<PlusOutlined />} onClick={() => add({ ...example })}>
              {t("row.add")}
            </Button>
          </fieldset>
        )}
      </Form.List>
    </div>
  );
}
