const SHANGHAI = "Asia/Shanghai";

const formatter = new Intl.DateTimeFormat("sv-SE", {
  timeZone: SHANGHAI,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** An instant as the office clock in China shows it: "2026-11-21 17:30". */
export function instant(value: string | null | undefined, seconds = false): string {
  if (!value) return "—";
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  const text = formatter.format(date);
  return seconds ? text : text.slice(0, 16);
}

/** Today in China. */
export function today(): string {
  return formatter.format(new Date()).slice(0, 10);
}

/** "38" → "3 年 2 个月" parts. */
export function yearsAndMonths(months: number): { years: number; months: number } {
  return { years: Math.floor(months / 12), months: months % 12 };
}

/** "2026-09" moved by months. */
export function monthPlus(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const index = year * 12 + (number - 1) + by;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
}
