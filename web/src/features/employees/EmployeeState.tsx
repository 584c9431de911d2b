import { useTranslation } from "react-i18next";
import type { EmployeeSummary } from "../../api/types";
import { StatusTag } from "../../shared/bits";

const TONES: Record<string, "success" | "processing" | "warning" | "default"> = {
  enrolled: "success",
  transferring: "processing",
  pending: "warning",
};

/** Where an employee stands: with the employer, and with the insurance. */
export function EmployeeState({ employee }: { employee: EmployeeSummary }) {
  const { t, i18n } = useTranslation("employees");
  const label = (key: string) => (i18n.exists(`employees:state.${key}`) ? t(`state.${key}`) : key);
  return (
    <span className="row" style={{ gap: 4, display: "inline-flex" }}>
      <StatusTag tone={employee.state === "active" ? "success" : "default"}>{label(employee.state)}</StatusTag>
      {employee.insurance_state && <StatusTag tone={TONES[employee.insurance_state] ?? "default"}>{label(employee.insurance_state)}</StatusTag>}
    </span>
  );
}
