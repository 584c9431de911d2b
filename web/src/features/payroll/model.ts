import type { Finding, Words } from "../../api/types";

export type RunState = "making" | "draft" | "submitted" | "locked" | "discarded";

export interface Totals {
  gross: number;
  employer: number;
  employee: number;
  fund: number;
  tax: number;
  other: number;
  net: number;
}

export interface PayRun {
  id: string;
  month: string;
  seq: number;
  kind: "regular" | "difference";
  state: RunState;
  expected: number;
  done: number;
  people: number;
  totals: Totals;
  blocking: number;
  warnings: number;
  findings: Finding[];
  made_name: string;
  submitted_name?: string | null;
  reviewed_name?: string | null;
  opinion?: string | null;
  created_at: string;
  locked_at?: string | null;
  allowed_actions: string[];
}

export interface PayRunDetail extends PayRun {
  previous: { people: number; totals: Totals };
  changes: { joined: number; gone: number; changed: number };
}

export interface SlipRow {
  number: number;
  employee_id: string;
  name: string;
  department: string;
  region: string;
  gross: number;
  employee: number;
  employer: number;
  fund: number;
  tax: number;
  other: number;
  net: number;
  previous_gross?: number | null;
  previous_net?: number | null;
  findings: Finding[];
}

export type LineGroup = "earning" | "reduction" | "statutory" | "deduction" | "employer" | "note";

export interface SlipLine {
  code: string;
  name: string;
  group: LineGroup;
  amount: number;
  for_month?: string | null;
  basis: string;
}

export interface SlipStep {
  line: string;
  rule: string;
  title: Words;
  figures: string;
  result: string;
  sources: { citation: string; url: string; from: string; confidence: string }[];
}

export interface Payslip {
  run_id: string;
  month: string;
  kind: "regular" | "difference";
  state: RunState;
  law: string;
  number: number;
  employee_id: string;
  name: string;
  department: string;
  region: string;
  gross: number;
  net: number;
  lines: SlipLine[];
  insurances: { insurance: string; base: number; employer: number; employee: number }[];
  findings: Finding[];
  steps: SlipStep[];
  replays: boolean;
}

export interface Component {
  code: string;
  name: string;
  kind: "earning" | "deduction" | "note";
  formula: string;
  tax: "taxed" | "free" | "yearly_bonus";
  counts_to_base: boolean;
  prorated: boolean;
  basis: string;
  active: boolean;
}

export interface Scheme {
  components: Component[];
  proration: "scheduled" | "law_days";
  version: number;
  names: { name: string; meaning: string; function: boolean }[];
  allowed_actions: string[];
}

/** The order of the groups on a payslip. */
export const GROUPS: readonly LineGroup[] = ["earning", "reduction", "statutory", "deduction", "employer", "note"];

/** The lines of a payslip by group, in the order of the sheet; empty groups fall away. */
export function grouped(lines: readonly SlipLine[]): { group: LineGroup; lines: SlipLine[] }[] {
  return GROUPS.map((group) => ({ group, lines: lines.filter((line) => line.group === group) })).filter((one) => one.lines.length > 0);
}

/** The steps behind a line: an insurance's line also shows how its base and the month of entry came about. */
export function stepsOf(slip: Pick<Payslip, "steps">, line: Pick<SlipLine, "code" | "group">): SlipStep[] {
  const own = slip.steps.filter((step) => step.line === line.code);
  const side = line.group === "employer" ? "contribution_employee" : "contribution_employer";
  const shown = own.filter((step) => step.rule !== side);
  return line.code.startsWith("insurance_") ? [...slip.steps.filter((step) => step.line === "insurance"), ...shown] : shown;
}

/** How much more than before; null where there is nothing to compare with. */
export function delta(now: number, before: number | null | undefined): number | null {
  return before === null || before === undefined ? null : now - before;
}

/** The months that may be computed: this one and the eleven before, newest first. */
export function recentMonths(today: Date, count = 12): string[] {
  return Array.from({ length: count }, (_, back) => {
    const month = new Date(Date.UTC(today.getFullYear(), today.getMonth() - back, 1));
    return month.toISOString().slice(0, 7);
  });
}

/** The month most likely wanted next: the last one that is over, unless it has its run already. */
export function nextMonth(runs: readonly Pick<PayRun, "month" | "state">[], today: Date): string {
  const [running = "", over = ""] = recentMonths(today, 2);
  return runs.some((run) => run.month === over && run.state !== "discarded") ? running : over;
}

/** A code for a new component that no other has. */
export function freshCode(components: readonly Component[]): string {
  const taken = new Set(components.map((one) => one.code));
  let n = 1;
  while (taken.has(`item_${n}`)) n += 1;
  return `item_${n}`;
}
