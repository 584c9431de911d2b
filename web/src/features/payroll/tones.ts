import type { RunState } from "./model";

/** The colour of a run's state; the word says the same. */
export const RUN_TONES = {
  making: "processing",
  draft: "warning",
  submitted: "processing",
  locked: "success",
  discarded: "default",
} as const satisfies Record<RunState, string>;
