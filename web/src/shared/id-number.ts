const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

export interface IdFacts {
  value: string;
  birthDate: string;
  sex: "male" | "female";
}
export type IdReading =
  /** `modern`: the 18-digit form of what may be an old 15-digit number. */
  | { state: "partial"; modern?: string }
  | { state: "bad"; reason: "characters" | "date" | "check" | "old15" | "length"; modern?: string }
  | { state: "good"; facts: IdFacts };

/** Full-width digits to half-width, spaces away, x to X: what people paste. */
export function normaliseId(text: string): string {
  return text
    .replace(/[\uFF10-\uFF19\uFF38\uFF58]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000-]/g, "")
    .toUpperCase();
}

/** Someone born before would be past any working age; the first 15 of 18 digits of people born since 2001 read like such dates. */
const OLDEST_AT_WORK = 1930;

function isBirthDate(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return real && Number(year) >= 1900 && date.getTime() <= Date.now();
}

function checkCharacter(value: string): string | undefined {
  return CHECKS[WEIGHTS.reduce((total, weight, i) => total + weight * Number(value[i]), 0) % 11];
}

/** The 18-digit form of a 15-digit number, as the server's rule makes it: the century before the year, a check character at the end. */
export function modernForm(value: string): string | undefined {
  if (!/^\d{15}$/.test(value)) return undefined;
  const front = `${value.slice(0, 6)}19${value.slice(6)}`;
  if (!isBirthDate(front.slice(6, 10), front.slice(10, 12), front.slice(12, 14))) return undefined;
  return `${front}${checkCharacter(front)}`;
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
    const modern = modernForm(value);
    // While more digits may follow, only a birth date that fits someone at work speaks for an old number.
    if (!finished && modern && Number(modern.slice(6, 10)) < OLDEST_AT_WORK) return { state: "partial" };
    if (!finished || value.length === 0) return modern ? { state: "partial", modern } : { state: "partial" };
    if (value.length === 15) return modern ? { state: "bad", reason: "old15", modern } : { state: "bad", reason: "old15" };
    return { state: "bad", reason: "length" };
  }
  if (!/^\d{17}[\dX]$/.test(value)) return { state: "bad", reason: "characters" };
  const [year, month, day] = [value.slice(6, 10), value.slice(10, 12), value.slice(12, 14)];
  if (!isBirthDate(year, month, day)) return { state: "bad", reason: "date" };
  if (checkCharacter(value) !== value[17]) return { state: "bad", reason: "check" };
  return {
    state: "good",
    facts: { value, birthDate: `${year}-${month}-${day}`, sex: Number(value[16]) % 2 === 1 ? "male" : "female" },
  };
}
