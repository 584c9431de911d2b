import type { Advice, Insurance, StatusReport } from "../../api/types";

/** The relation the offered transfer is about: the one the server's own finding names. */
export function transferSource(report: { findings: Advice[] }): { region: string; insurance: Insurance } | null {
  const advice = report.findings.find((finding) => finding.action === "start_transfer" && finding.region);
  return advice?.region ? { region: advice.region, insurance: advice.insurance ?? "pension" } : null;
}

/** A region or the platform has not answered yet. */
export function isSilence(finding: Advice): boolean {
  return finding.action === "retry";
}

/** The record of the employee a finding names. */
export function openEmployee(finding: Advice, label: string): { to: string; label: string } | undefined {
  return finding.employee_id ? { to: `/employees/${finding.employee_id}`, label } : undefined;
}

/** Nothing stands in the way: all regions have answered, the name is right, and no finding asks for a look. */
export function isClear(report: StatusReport): boolean {
  return report.verdict === "direct" && report.findings.every((finding) => finding.severity === "info");
}

/** Whether a transfer helps: not where a finding stops the hire for good, such as a person who is an employee already. */
export function transferHelps(report: StatusReport): boolean {
  return report.findings.every((finding) => finding.severity !== "blocking" || finding.overridable);
}
