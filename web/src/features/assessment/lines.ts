import { fen } from "../../shared/money";
import type { CounterLine } from "./api";

/** A person as typed: the amounts are text until they are sent. */
export interface Typed {
  key: number;
  id_number: string;
  name: string;
  wage: string;
  hired_on: string;
  insurances: CounterLine["insurances"];
}

export const blank = (key: number): Typed => ({ key, id_number: "", name: "", wage: "", hired_on: "", insurances: [] });

const isBlank = (line: Typed) => !line.id_number.trim() && !line.name.trim() && !line.wage.trim();

/** The lines to send: empty ones are left out; null when an amount does not read. */
export function toSend(lines: Typed[]): CounterLine[] | null {
  const filled = lines.filter((line) => !isBlank(line));
  const sent = filled.map((line) => ({ ...line, wage_fen: fen(line.wage.trim()) }));
  if (sent.some((line) => line.wage_fen === null)) return null;
  return sent.map(({ id_number, name, wage_fen, hired_on, insurances }) => ({
    id_number: id_number.trim(),
    name: name.trim(),
    wage_fen: wage_fen as number,
    insurances,
    hired_on: hired_on.trim() || null,
  }));
}

/** Lines read from a file, to be looked over before they are sent. */
export function fromFile(lines: CounterLine[]): Typed[] {
  return lines.map((line, key) => ({
    key,
    id_number: line.id_number ?? "",
    name: line.name ?? "",
    wage: ((line.wage_fen ?? 0) / 100).toFixed(2),
    hired_on: line.hired_on ?? "",
    insurances: line.insurances ?? [],
  }));
}
