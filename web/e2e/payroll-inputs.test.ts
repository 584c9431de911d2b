import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPage, WIDTHS } from "./browser";
import { startServer, type Server } from "./server";
import { as } from "./stories";

let server: Server;
beforeAll(async () => {
  server = await startServer({});
});
afterAll(() => server.stop());

/** A year without runs, so that opening balances can still be entered. */
const YEAR = new Date().getFullYear() + 1;

describe.each(WIDTHS)("what a pay run takes, at %i px", (width) => {
  it("HR enters an opening balance, corrects it, and sees it again", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      const people = (await (await page.request.get("/api/v1/employees?limit=5")).json()) as { items: { name: string }[] };
      const name = people.items[width === 390 ? 1 : 0]?.name ?? "";
      expect(name).not.toBe("");
      await page.goto(`/employer/payroll/inputs?part=openings&year=${YEAR}`);
      await page.getByRole("button", { name: "录入期初" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("combobox").fill(name);
      await page.locator(".ant-select-item-option", { hasText: name }).first().click();
      await page.keyboard.press("Escape");
      await dialog.getByLabel("累计收入").fill("-1");
      await dialog.getByLabel("累计已扣个税").fill("1234.56");
      await dialog.getByRole("button", { name: /保\s*存/ }).click();
      await dialog.getByText("请填金额，最多两位小数").waitFor();
      await dialog.getByLabel("累计收入").fill("60000");
      await dialog.getByRole("button", { name: /保\s*存/ }).click();
      await dialog.waitFor({ state: "hidden" });
      await page.getByText("60,000.00").waitFor();
      await page
        .getByRole("button", { name: /编辑|修改/ })
        .first()
        .click();
      await dialog.getByLabel("累计收入").fill("61000.5");
      await dialog.getByRole("button", { name: /保\s*存/ }).click();
      await dialog.waitFor({ state: "hidden" });
      await page.reload();
      await page.getByText("61,000.50").first().waitFor();
      await page.getByText("1,234.56").first().waitFor();
      await checkPage(hr, "payroll/openings");
    });
  });

  it("HR sets the account of a department, and it stays set", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/payroll/inputs?part=accounts");
      const account = `管理费用-工资-${width}`;
      const field = page.getByLabel(/借方科目$/).first();
      await field.fill(account);
      await page.getByRole("button", { name: /保\s*存/ }).click();
      await page.getByText("已设定").first().waitFor();
      await page.reload();
      await field.waitFor();
      expect(await field.inputValue()).toBe(account);
      await checkPage(hr, "payroll/accounts");
    });
  });
});
