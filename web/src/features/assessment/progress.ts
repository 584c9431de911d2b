import type { Run } from "./api";

/** How far a run came, whole percent: never 100 before it ended. */
export function percent(run: Pick<Run, "state" | "people" | "total_people">): number {
  if (run.state === "done") return 100;
  if (run.total_people <= 0) return 0;
  return Math.min(99, Math.floor((run.people / run.total_people) * 100));
}
