/** The colour of a filing's state; the colour only repeats what the word says. */
export const FILING_TONES: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  draft: "default",
  filed: "processing",
  accepted: "success",
  returned: "warning",
  refused: "error",
};
