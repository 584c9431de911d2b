import type { KnownRelation, TransferSummary } from "../../api/types";

const OVER: readonly TransferSummary["state"][] = ["refused", "withdrawn", "confirmed"];

/** The regions whose pension relation still has to come here and has no transfer under way. */
export function regionsToTransfer(here: string, relations: KnownRelation[], transfers: TransferSummary[]): string[] {
  const open = new Set(transfers.filter((one) => one.insurance === "pension" && !OVER.includes(one.state)).map((one) => one.from_region));
  const held = relations.filter((one) => one.insurance === "pension" && one.region !== here && one.status !== "terminated");
  return [...new Set(held.map((one) => one.region))].filter((region) => !open.has(region));
}
