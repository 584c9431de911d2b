import type { Insurance, StatusReport } from "../../api/types";

/** The relation the offered transfer is about: the one the server's own finding names. */
export function transferSource(report: StatusReport): { region: string; insurance: Insurance } | null {
  const advice = report.findings.find((finding) => finding.action === "start_transfer" && finding.region);
  return advice?.region ? { region: advice.region, insurance: advice.insurance ?? "pension" } : null;
}
