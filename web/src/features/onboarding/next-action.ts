import type { Insurance, Relation, StatusQueryResult } from "../../api/types";

/**
 * Which relation the offered transfer is about. The server decides whether a transfer is needed (finding with action
 * `start_transfer`); this only names the relation it spoke of: the pension elsewhere, an active one before a suspended one.
 */
export function transferSource(result: StatusQueryResult, region: string | undefined): { region: string; insurance: Insurance } | null {
  if (!result.findings.some((finding) => finding.action === "start_transfer")) return null;
  const rank = (one: Relation) => (one.status === "active" ? 0 : 1);
  const elsewhere = result.answer.relations
    .filter((one) => one.insurance === "pension" && one.region !== region && one.status !== "terminated")
    .sort((a, b) => rank(a) - rank(b) || (b.last_month ?? "").localeCompare(a.last_month ?? ""));
  const first = elsewhere[0];
  return first ? { region: first.region, insurance: first.insurance } : null;
}
