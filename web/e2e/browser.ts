import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { expect } from "vitest";

export const PASSWORD = "Shebao-2026";
export const SHOTS = resolve(import.meta.dirname, "../artefacts/screens");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Without the background-networking flags Chromium keeps calling home, which a closed network refuses. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What the console complained about; must stay empty. */
  complaints: string[];
  close: () => Promise<void>;
}

export const WIDTHS = [1440, 390] as const;
export type Width = (typeof WIDTHS)[number];

/** A browser of its own, as one person at one desk or phone has it. */
export async function visit(base: string, width: Width, dark = false): Promise<Visitor> {
  const profile = mkdtempSync(join(tmpdir(), "shebao-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
    baseURL: base,
    viewport: { width, height: width === 390 ? 844 : 900 },
    colorScheme: dark ? "dark" : "light",
    locale: "zh-CN",
    acceptDownloads: true,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.setDefaultTimeout(20_000);
  return {
    page,
    context,
    complaints,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export async function signIn({ page }: Visitor, username: string, password = PASSWORD): Promise<void> {
  await page.goto("/");
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL(/\/(employer|agency|me)\//);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** A picture kept as an artefact, and what every page owes: no sideways scrolling, no serious accessibility fault, a quiet console. */
export async function checkPage({ page, complaints }: Visitor, name: string): Promise<void> {
  await page.waitForTimeout(350); // Let antd's opening animations end: axe reads colours as they are drawn.
  if ((await page.locator("iframe").count()) > 0) await page.waitForTimeout(1500); // The PDF viewer draws a little later.
  mkdirSync(SHOTS, { recursive: true });
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  // Soft: one look tells every fault of a page, and the story goes on.
  expect.soft({ name, overflow: Math.max(0, overflow) }).toEqual({ name, overflow: 0 });
  await page.evaluate(AXE);
  const faults = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: Violation[] }> } }).axe;
    interface Violation {
      id: string;
      impact: string;
      nodes: { target: string[] }[];
    }
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map(
        (one) =>
          `${one.id}: ${one.nodes
            .map((node) => node.target.join(" "))
            .slice(0, 3)
            .join(", ")}`,
      );
  });
  expect.soft({ name, faults }).toEqual({ name, faults: [] });
  expect.soft({ name, complaints }).toEqual({ name, complaints: [] });
}
