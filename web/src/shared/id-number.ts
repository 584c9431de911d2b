const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

export interface IdFacts {
  value: string;
  birthDate: string;
  sex: "male" | "female";
}
export type IdReading =
  { state: "partial" } | { state: "bad"; reason: "characters" | "date" | "check" | "old15" | "length" } | { state: "good"; facts: IdFacts };

/** Full-width digits to half-width, spaces away, x to X: what people paste. */
export function normaliseId(text: string): string {
  return text
    .replace(/[\uFF10-\uFF19\uFF38\uFF58]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000-]/g, "")
    .toUpperCase();
}

/**
 * Reads an ID number of GB 11643-1999 as it is typed. This only saves a round trip and shows birth date and sex at once;
 * the server checks again and decides.
 */
export function readId(text: string, finished = false): IdReading {
  const value = normaliseId(text);
  if (!/^\d{0,17}[\dX]?$/.test(value) && value.length <= 18) return { state: "bad", reason: "characters" };
  if (value.length > 18) return { state: "bad", reason: "length" };
  if (value.length < 18) {
    if (!finished || value.length === 0) return { state: "partial" };
    return { state: "bad", reason: value.length === 15 ? "old15" : "length" };
  }
  if (!/^\d{17}[\dX]$/.test(value)) return { state: "bad", reason: "characters" };
  const [year, month, day] = [value.slice(6, 10), value.slice(10, 12), value.slice(12, 14)];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!real || Number(year) < 1900 || date.getTime() > Date.now()) return { state: "bad", reason: "date" };
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(value[i]), 0);
  if (CHECKS[sum % 11] !== value[17]) return { state: "bad", reason: "check" };
  return {
    state: "good",
    facts: { value, birthDate: `${year}-${month}-${day}`, sex: Number(value[16]) % 2 === 1 ? "male" : "female" },
  };
}
