import { useTranslation } from "react-i18next";
import type { TransferSummary } from "../../api/types";
import { StatusTag } from "../../shared/bits";
import { words } from "../../shared/words";

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
  const fallback = i18n.exists(`transfers:state.${transfer.state}`) ? t(`state.${transfer.state}`) : transfer.state;
  return <StatusTag tone={TONES[transfer.state] ?? "processing"}>{words(transfer.step_label) || fallback}</StatusTag>;
}
