import { useTranslation } from "react-i18next";
import type { TransferSummary } from "../../api/types";
import { StatusTag } from "../../shared/bits";

export const STATES = ["draft", "signed", "filed", "returned", "refused", "completed", "confirmed", "withdrawn"] as const;
const TONES: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  draft: "warning",
  signed: "warning",
  filed: "processing",
  returned: "error",
  refused: "error",
  completed: "success",
  confirmed: "success",
};

export function TransferState({ transfer }: { transfer: TransferSummary }) {
  const { t, i18n } = useTranslation("transfers");
  // With the agencies, the step says more than the state.
  const step = transfer.state === "filed" ? (i18n.language === "en" ? t(`step.${transfer.step}`) : transfer.step_name) : "";
  return <StatusTag tone={TONES[transfer.state] ?? "processing"}>{step || t(`state.${transfer.state}`)}</StatusTag>;
}
