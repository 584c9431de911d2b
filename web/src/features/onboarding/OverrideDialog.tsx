import { Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const LEAST = 5;
const MOST = 200;

/** The reason for hiring in spite of a finding that may be overruled. */
export function OverrideDialog({ open, onCancel, onConfirm }: { open: boolean; onCancel: () => void; onConfirm: (reason: string) => void }) {
  const { t } = useTranslation("onboarding");
  const [reason, setReason] = useState("");
  const written = [...reason.trim()].length;
  return (
    <Modal
      open={open}
      title={t("override")}
      onCancel={onCancel}
      okText={t("override.ok")}
      okButtonProps={{ disabled: written < LEAST }}
      onOk={() => onConfirm(reason.trim())}
      destroyOnHidden
    >
      <p className="soft" style={{ marginBottom: 8 }}>
        {t("override.note")}
      </p>
      <Input.TextArea
        aria-label={t("override.reason")}
        aria-describedby="override-least"
        rows={3}
        maxLength={MOST}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <p id="override-least" className="soft small" style={{ margin: "4px 0 12px" }}>
        {t("override.least", { n: written })}
      </p>
    </Modal>
  );
}
