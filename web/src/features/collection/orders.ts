import type { components } from "../../api/schema";

export type OrderRow = components["schemas"]["OrderRow"];
export type OrderDetail = components["schemas"]["OrderDetail"];
export type PaymentView = components["schemas"]["OrderPayment"];
export type OrderPersonRow = components["schemas"]["OrderPersonRow"];
export type SuspenseRow = components["schemas"]["SuspenseRow"];
export type ArrearsRow = components["schemas"]["ArrearsRow"];
export type BankFile = components["schemas"]["BankFile"];
export type BankFileDetail = components["schemas"]["BankFileDetail"];
export type BankLine = components["schemas"]["BankLine"];
export type RefundRow = components["schemas"]["RefundRow"];
export type DayComparison = components["schemas"]["DayComparison"];

export const STATES = ["open", "part_paid", "overdue", "paid", "cancelled"] as const;
export const KINDS = ["regular", "back", "refund", "undeclared"] as const;

type Tone = "success" | "processing" | "warning" | "error" | "default";

/** The colour that repeats what the word of a state says. */
export function stateTone(state: string): Tone {
  if (state === "paid") return "success";
  if (state === "overdue") return "error";
  if (state === "part_paid") return "warning";
  return state === "cancelled" ? "default" : "processing";
}

/** The colour of a line of a bank file. */
export function lineTone(outcome: string): Tone {
  if (outcome === "refused") return "error";
  if (outcome === "suspense") return "warning";
  if (outcome === "paid" || outcome === "late_fee") return "success";
  return outcome === "part_paid" ? "processing" : "default";
}
