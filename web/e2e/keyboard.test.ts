import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { checkPage, PASSWORD, visit } from "./browser";
import { idNumber, relationsCsv } from "./people";
import { startServer, type Server } from "./server";

const person = { name: "严知秋", id: idNumber("1992-04-09", 701) };

let server: Server;
beforeAll(async () => {
  const row = { ...person, insurance: "养老", status: "暂停参保", from: "2021-01", to: "2024-12", base: "6000", employer: "武汉云帆科技有限公司" };
  server = await startServer({ "420100": relationsCsv([row]) });
});
afterAll(() => server.stop());

/** Presses Tab until the focused thing has this name; what has the focus must be visible. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const one = document.activeElement as HTMLElement | null;
      if (!one || one === document.body) return { name: "", seen: true };
      const label = one.id ? (document.querySelector(`label[for="${one.id}"]`)?.textContent ?? "") : "";
      const box = one.getBoundingClientRect();
      return { name: one.getAttribute("aria-label") ?? (label || (one.textContent ?? "")), seen: box.width > 0 && box.height > 0 };
    });
    expect(focused.seen).toBe(true);
    if (name.test(focused.name.trim())) return;
  }
  throw new Error(`no ${name} within ${most} tabs`);
}

async function signInByKeyboard(page: Page, username: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("用户名").waitFor();
  await page.keyboard.type(username); // The first field has the focus.
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/(employer|agency)\//);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

it("HR hires, signs and files without a mouse", async () => {
  const visitor = await visit(server.base, 1440);
  const { page } = visitor;
  try {
    await signInByKeyboard(page, "hr_manager");
    await page.goto("/employer/onboarding");
    await page.getByLabel("姓名").waitFor();
    await page.getByLabel("姓名").focus();
    await page.keyboard.type(person.name);
    await tabTo(page, /证件号码/);
    await page.keyboard.type(person.id);
    await page.getByRole("button", { name: "办理转移" }).waitFor();
    await tabTo(page, /^办理转移$/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/employer\/transfers\//);
    await page.getByRole("heading", { level: 1 }).filter({ hasText: person.name }).waitFor();
    // A new page starts at its heading.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    // The former person number is not known: both dialogs say what that means and go on without it.
    for (const [act, without] of [
      ["签名", "不填，仍签名"],
      ["提交申请", "不填，仍提交申请"],
    ] as const) {
      await page.getByRole("button", { name: act, exact: true }).waitFor();
      await tabTo(page, new RegExp(`^${act}$`));
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      await tabTo(page, new RegExp(`^${without}$`));
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "hidden" });
    }
    await page.locator('[data-step="submitted"][data-state="done"]').waitFor();
    await page.waitForTimeout(300);
    await checkPage(visitor, "keyboard-filed");
  } finally {
    await visitor.close();
  }
});

it("a clerk finds, opens and passes the case without a mouse", async () => {
  const visitor = await visit(server.base, 1440);
  const { page } = visitor;
  try {
    await signInByKeyboard(page, "cs_clerk");
    await page.goto(`/agency/cases?query=${encodeURIComponent(person.name)}`);
    const row = page.getByRole("link", { name: person.name });
    await expect
      .poll(async () => (await row.count()) > 0 || (await page.reload(), await page.waitForTimeout(700), (await row.count()) > 0), {
        timeout: 45_000,
        interval: 500,
      })
      .toBe(true);
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("上下移动").waitFor();
    await checkPage(visitor, "keyboard-help");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1 }).filter({ hasText: person.name }).waitFor();
    if ((await page.getByRole("button", { name: /^审核通过/ }).count()) === 0) {
      await page.keyboard.press("Control+Enter"); // Takes it first.
      await page.getByRole("button", { name: /^审核通过/ }).waitFor();
    }
    await page.keyboard.press("Control+Enter");
    await page.getByText("审核已通过").waitFor();
    await page.waitForURL(/\/agency\/cases$/);
  } finally {
    await visitor.close();
  }
});
