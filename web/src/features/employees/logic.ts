import type { Department, PlannedChange } from "../../api/types";

/** What distinguishes a list of employees; kept in the address and in saved views. */
export const FILTERS = ["query", "state", "presence", "department", "region", "hired_month"] as const;
export type FilterKey = (typeof FILTERS)[number];
export type Filter = Record<FilterKey, string>;

/** A saved view's content: what the page understands of it, and nothing else. */
export function viewContent(content: unknown): { filter: Partial<Filter>; hidden: string } {
  const stored = typeof content === "object" && content !== null ? (content as Record<string, unknown>) : {};
  const filter: Partial<Filter> = {};
  for (const key of FILTERS) {
    const value = stored[key];
    filter[key] = typeof value === "string" ? value : "";
  }
  return { filter, hidden: typeof stored.hidden === "string" ? stored.hidden : "" };
}

/** The filters that are set, as the query of a request. */
export function asked(filter: Filter): Partial<Filter> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "")) as Partial<Filter>;
}

/** The address of the Excel file with the same filters. A purpose opens the masked numbers. */
export function exportAddress(filter: Filter, columns: readonly string[], purpose: string): string {
  const query = new URLSearchParams(asked(filter));
  if (columns.length > 0) query.set("columns", columns.join(","));
  if (purpose.trim()) query.set("purpose", purpose.trim());
  const text = query.toString();
  return `/api/v1/employees.xlsx${text ? `?${text}` : ""}`;
}

export interface DepartmentNode {
  value: string;
  title: string;
  people: number;
  children: DepartmentNode[];
}

/** Departments named by paths, as a tree; a level nobody named is shown as well. */
export function departmentTree(departments: readonly Department[]): DepartmentNode[] {
  const roots: DepartmentNode[] = [];
  const known = new Map<string, DepartmentNode>();
  const node = (path: string): DepartmentNode => {
    const found = known.get(path);
    if (found) return found;
    const cut = path.lastIndexOf("/");
    const made: DepartmentNode = { value: path, title: path.slice(cut + 1), people: 0, children: [] };
    known.set(path, made);
    (cut < 0 ? roots : node(path.slice(0, cut)).children).push(made);
    return made;
  };
  for (const one of departments) node(one.path).people = one.people;
  return roots;
}

/** Fields of a planned change that differ. */
export function differing(row: PlannedChange): ("department" | "position" | "region" | "wage_fen")[] {
  const keys = ["department", "position", "region", "wage_fen"] as const;
  return keys.filter((key) => row.before[key] !== row.after[key]);
}

/** "5" or "5%" as the rate the server reads, "0.05"; null when it is no percentage of at most two decimals. */
export function percentRate(text: string): string | null {
  const match = /^(-?)(\d{1,2})(?:\.(\d{1,2}))?\s*%?$/.exec(text.trim());
  if (!match) return null;
  const ppm = Number(match[2]) * 10_000 + Number((match[3] ?? "").padEnd(2, "0")) * 100;
  return `${match[1]}0.${ppm.toString().padStart(6, "0")}`;
}
