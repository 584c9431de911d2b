import type { CaseDetail, Finding } from "../../api/types";

/**
 * The findings of a case, apart: those of the machine's accuracy check (kept in the history of this round), and the rest, which
 * compliance must judge.
 */
export function groups(one: Pick<CaseDetail, "case" | "history">): { accuracy: Finding[]; compliance: Finding[] } {
  const checked = one.history.findLast((step) => step.act === "accuracy_checked" && step.round === one.case.round);
  const accuracy = checked?.findings ?? [];
  const known = new Set(accuracy.map((finding) => `${finding.rule}/${finding.field ?? ""}`));
  return { accuracy, compliance: one.case.findings.filter((finding) => !known.has(`${finding.rule}/${finding.field ?? ""}`)) };
}
