import type { Words } from "../../api/types";

/** One input of a calculation, as the catalogue describes it. */
export interface InputField {
  key: string;
  label: Words;
  kind: "money" | "month" | "date" | "region" | "integer" | "rate" | "choice" | "boolean" | "text";
  required: boolean;
  options?: { value: string; label: Words }[];
  default?: unknown;
  help?: Words | null;
}
export interface Calculation {
  kind: string;
  name: Words;
  description?: Words | null;
  fields: InputField[];
}
export interface Cited {
  place?: string;
  from?: string;
  source: { issuer: string; document: string; article?: string; url?: string; confidence: string };
  note?: string;
}
export interface Step {
  rule: string;
  title: Words;
  figures: string;
  result: string;
  sources: Cited[];
}
export interface CalculationResult {
  lines?: { key: string; label: Words; value?: string; amount_fen?: number }[];
  value?: unknown;
  steps: Step[];
  law?: string;
}
