import { Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../shared/session";
import { exportAddress, type Filter } from "./logic";

const COLUMNS = [
  "number",
  "name",
  "id_number",
  "sex",
  "birth_date",
  "phone",
  "hired_on",
  "left_on",
  "region",
  "department",
  "position",
  "wage",
  "state",
  "household",
] as const;

/** Chooses what goes into the Excel file. Full numbers need a purpose, which is recorded. */
export function ExportDialog({ filter, onClose }: { filter: Filter; onClose: () => void }) {
  const { t } = useTranslation("employees");
  const me = useMe();
  const [columns, setColumns] = useState<string[]>([...COLUMNS]);
  const [purpose, setPurpose] = useState("");
  const chosen = columns.length === COLUMNS.length ? [] : columns;
  return (
    <Modal
      open
      title={t("export")}
      okText={t("export.download")}
      okButtonProps={{ href: exportAddress(filter, chosen, purpose), disabled: columns.length === 0 }}
      onOk={onClose}
      onCancel={onClose}
    >
      <div className="stack">
        <Checkbox.Group
          value={columns}
          onChange={(keys: string[]) => setColumns(keys)}
          options={COLUMNS.map((key) => ({ value: key as string, label: t(`column.${key}`) }))}
        />
        {me.permissions.includes("reveal_sensitive") && (
          <label>
            {t("export.purpose")}
            <Input value={purpose} maxLength={200} placeholder={t("export.purpose.hint")} onChange={(event) => setPurpose(event.target.value)} />
          </label>
        )}
        <p className="soft small">{t("export.note")}</p>
      </div>
    </Modal>
  );
}
