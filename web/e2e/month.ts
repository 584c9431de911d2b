import { expect } from "vitest";
import type { Page } from "playwright-core";

/** The month before this one in China: it is over, so it can be closed. */
export function lastMonth(): string {
  const now = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
  const [year = 0, month = 1] = now.split("-").map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, "0")}`;
}

/** "¥12,345.67" on screen → fen, without a float. */
export function fen(text: string): number {
  const match = /(-?)¥?\s*([\d,]+)\.(\d{2})/.exec(text);
  if (!match) throw new Error(`no amount in “${text}”`);
  const value = Number((match[2] ?? "").replaceAll(",", "")) * 100 + Number(match[3]);
  return match[1] ? -value : value;
}

export interface GridRow {
  number: number;
  name: string;
  cells: { state: string }[];
}

export interface Grid {
  days: { date: string; kind: string }[];
  items: GridRow[];
}

/** Everybody's month, as the attendance page has it. */
export async function attendance(page: Page, month: string): Promise<Grid> {
  const answer = await page.request.get(`/api/v1/attendance?month=${month}&limit=100`);
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Grid;
}

/** What the clock at the gate wrote: everybody in and out on every working day, but for those who forget or stay away. */
export function punches(grid: Grid, but: { forgets: string; away: string; day: string }): { csv: string; lines: number } {
  const lines = grid.items.flatMap((row) =>
    grid.days.flatMap((day, at) => {
      if (day.kind !== "workday" || row.cells[at]?.state === "not_employed") return [];
      if (day.date === but.day && row.name === but.away) return [];
      const evening = day.date === but.day && row.name === but.forgets ? [] : ["18:02"];
      return ["08:52", ...evening].map((clock) => `${row.number},${row.name},${day.date} ${clock},1号机`);
    }),
  );
  return { csv: `${["工号,姓名,打卡日期时间,机器号", ...lines].join("\n")}\n`, lines: lines.length };
}

/** The amount beside a label, in whichever way the page sets facts: a tile, or a term with its value. */
export async function amount(page: Page, label: string): Promise<number> {
  const tile = page.locator(".tile", { has: page.getByText(label, { exact: true }) }).locator("strong");
  const fact = page.locator("dl.facts > div", { has: page.locator("dt", { hasText: new RegExp(`^${label}`) }) }).locator("dd");
  return fen(await tile.or(fact).first().innerText());
}

export interface Sides {
  employer: number;
  employee: number;
}

export const total = (sides: Sides): number => sides.employer + sides.employee;

/** Waits while messages travel between the organisations, asking the page anew. */
export async function until(page: Page, what: string, there: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        if (await there()) return true;
        await page.reload();
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("networkidle");
        return there();
      },
      { timeout: 60_000, interval: 700, message: what },
    )
    .toBe(true);
}
