import type { BillView } from "../../api/types";

export const BILL_TONES: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  arriving: "default",
  open: "warning",
  part_paid: "warning",
  paid: "success",
  refund: "processing",
  refunded: "success",
  cancelled: "default",
};

/** On how many bills money is owed. */
export function owedIn(bills: Pick<BillView, "state">[]): number {
  return bills.filter((bill) => bill.state === "open" || bill.state === "part_paid").length;
}
