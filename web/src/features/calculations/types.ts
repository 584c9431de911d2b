import type { Text } from "../../api/types";
import type { LawSource } from "../../shared/Source";

/** One input of a calculation, as the catalogue describes it; `kind` may be `choice:a|b`. */
export interface InputField {
  name: string;
  kind: string;
  required: boolean;
  zh: string;
}
export interface Calculation {
  name: string;
  zh: string;
  en: string;
  fields: InputField[];
  /** Inputs that work, as JSON: what the form starts from. */
  example: string;
}
export interface Step {
  rule: string;
  title: Text;
  figures: string;
  result: string;
  sources: { place: unknown; from: string; source: LawSource; note: string }[];
}
export interface CalculationResult {
  result: unknown;
  explanation: Step[];
  law: string;
}

/** The kinds a choice offers. */
export function choices(kind: string): string[] {
  return kind.startsWith("choice:") ? kind.slice("choice:".length).split("|") : [];
}

export type Inputs = Record<string, unknown>;

/** The inputs of the example, or none when it cannot be read. */
export function exampleOf(calculation: Calculation): Inputs {
  try {
    return JSON.parse(calculation.example) as Inputs;
  } catch {
    return {};
  }
}

/** What the form holds as the server takes it: what was left empty is left out, in rows as well. */
export function toInputs(values: Inputs): Inputs {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return Object.fromEntries(kept.map(([key, value]) => [key, Array.isArray(value) ? value.map((row) => toInputs(row as Inputs)) : value]));
}
