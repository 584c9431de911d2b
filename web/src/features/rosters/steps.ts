import type { Roster } from "../../api/types";

/** Whether a roster is still being checked, is done, or failed as a whole. */
export function rosterStep(roster: Roster): "running" | "done" | "failed" {
  if (roster.state === "failed" || roster.state === "refused") return "failed";
  if (roster.state === "queued" || roster.state === "running" || roster.done < roster.total) return "running";
  return "done";
}
