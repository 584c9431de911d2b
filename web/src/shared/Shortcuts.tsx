import { Modal } from "antd";
import { useTranslation } from "react-i18next";

/** The keys a page answers to, shown on "?". */
export function Shortcuts({ open, onClose, keys }: { open: boolean; onClose: () => void; keys: [key: string, meaning: string][] }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("shortcuts")}>
      <table className="plain-table">
        <tbody>
          {keys.map(([key, meaning]) => (
            <tr key={key}>
              <td style={{ width: 140 }}>
                <kbd className="kbd">{key}</kbd>
              </td>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
