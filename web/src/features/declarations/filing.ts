/** The colour of a filing's state; the colour only repeats what the word says. */
export const FILING_TONES: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  draft: "default",
  filed: "processing",
  accepted: "success",
  returned: "warning",
  refused: "error",
};

/** "2026-09" moved by some months. */
export function monthPlus(month: string, by: number): string {
  const [year = 0, index = 1] = month.split("-").map(Number);
  const total = year * 12 + index - 1 + by;
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, "0")}`;
}
