/** Minutes as the server counts them: of a day (540 is 09:00, beyond 1440 the day after), and of work (480 is a day of leave). */

export const DAY = 1440;
export const DAY_OF_LEAVE = 480;

/** 540 → "09:00"; the part beyond midnight is dropped: say "next day" beside it. */
export function clock(minute: number): string {
  const rest = ((minute % DAY) + DAY) % DAY;
  return `${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}`;
}

/** "9:00" → 540; null when it is no time. */
export function minuteOf(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim());
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/** Minutes as hours with at most two decimals: 510 → "8.5". */
export function hours(minutes: number): string {
  const hundredths = Math.round((minutes * 100) / 60);
  const text = (Math.abs(hundredths) / 100).toFixed(2).replace(/\.?0+$/, "");
  return hundredths < 0 ? `-${text}` : text;
}

/** Minutes of leave as days: 720 → "1.5". */
export function leaveDays(minutes: number): string {
  const hundredths = Math.trunc((minutes * 100) / DAY_OF_LEAVE);
  const text = (Math.abs(hundredths) / 100).toFixed(2).replace(/\.?0+$/, "");
  return hundredths < 0 ? `-${text}` : text;
}

/** Hundredths of a day: 2150 → "21.5". */
export function days(hundredths: number): string {
  return (hundredths / 100).toFixed(2).replace(/\.?0+$/, "");
}

/** The days of a month before its first, so that a calendar begins on Monday. */
export function leadingBlanks(month: string): number {
  const weekday = new Date(`${month}-01T00:00:00Z`).getUTCDay();
  return (weekday + 6) % 7;
}
