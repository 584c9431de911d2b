import type { FormInstance } from "antd";
import type { Finding } from "./types";
import { words } from "../shared/words";

interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  rule?: string;
  findings?: Finding[];
}

/** A refusal of the server (problem+json), or a request that never arrived (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly rule: string;
  readonly findings: Finding[];

  constructor(body: ProblemBody, status: number) {
    super(words({ zh: body.title ?? "", en: body.detail ?? "" }));
    this.name = "Problem";
    this.status = status;
    this.rule = body.rule ?? "";
    this.findings = body.findings ?? [];
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({ rule: "unreachable" }, 0);
}

/** Puts each finding that names one of the form's fields under that field; returns those that name none. */
export function applyToForm(form: FormInstance, problem: Problem): Finding[] {
  const known = new Set(Object.keys(form.getFieldsValue(true)));
  for (const field of form.getFieldsError()) known.add(String(field.name[0]));
  const anchored = problem.findings.filter((finding) => finding.field && known.has(finding.field));
  const byField = new Map<string, string[]>();
  for (const finding of anchored) {
    const text = [words(finding.message), words(finding.remedy)].filter(Boolean).join(" ");
    byField.set(finding.field as string, [...(byField.get(finding.field as string) ?? []), text]);
  }
  form.setFields([...byField].map(([name, errors]) => ({ name, errors })));
  const first = anchored[0]?.field;
  if (first) form.scrollToField(first, { focus: true });
  return problem.findings.filter((finding) => !anchored.includes(finding));
}
