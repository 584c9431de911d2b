import { useTranslation } from "react-i18next";
import type { Employee } from "../../api/types";
import { StatusTag } from "../../shared/bits";

const TONES: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  direct: "processing",
  needs_transfer: "warning",
  bad_data: "error",
  transferring: "processing",
  enrolling: "processing",
  insured: "success",
  stopped: "default",
};

/** Where an employee stands with social insurance. */
export function EmployeeState({ employee }: { employee: Employee }) {
  const { t, i18n } = useTranslation("employees");
  const key = `state.${employee.state}`;
  return <StatusTag tone={TONES[employee.state] ?? "default"}>{i18n.exists(`employees:${key}`) ? t(key) : employee.state_name}</StatusTag>;
}
