/** 离职原因, in the agency's order. */
export const REASONS = ["resigned", "dismissed", "contract_ended", "retired", "died", "moved", "other"] as const;

export const STOP_TONES: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  draft: "default",
  filed: "processing",
  accepted: "success",
  returned: "warning",
  refused: "error",
  open: "default",
  stopped: "success",
};
