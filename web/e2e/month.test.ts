import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { checkPage, signIn, visit, WIDTHS, type Visitor } from "./browser";
import { amount, attendance, fen, lastMonth, punches, total, until, type Sides } from "./month";
import { ask, startServer, type Server } from "./server";
import { as, decide, openCase } from "./stories";

const MONTH = lastMonth();
const EMPLOYER = "长沙星河制造有限公司";
const OFFICES = { 长沙: "cs", 成都: "cd", 西安: "xa" } as const;
type City = keyof typeof OFFICES;
const CITIES = Object.keys(OFFICES) as City[];

let server: Server;
beforeAll(async () => {
  // Two of the last three months are closed; this story closes the third.
  server = await startServer({}, ["--months", "2"]);
});
afterAll(() => server.stop());

/** Two people look at a page: on the desk and on the phone. */
async function atBothWidths(username: string, act: (visitor: Visitor) => Promise<void>): Promise<void> {
  for (const width of WIDTHS) await as(server.base, width, username, act);
}

describe("one month, closed in the browser", () => {
  /** Who signs in on the phone, who stays away for a day, and the day. */
  const who = { phone: "", away: "", day: "" };
  let lines = 0;
  let run = "";
  const pay: Sides = { employer: 0, employee: 0 };
  const slip = { gross: 0, net: 0, insured: 0 };
  const filed = new Map<City, Sides>();

  it("the employee clocks in on the phone", async () => {
    await as(server.base, 390, "employee", async (me) => {
      const { page } = me;
      await page.waitForURL(/\/me\/today$/);
      who.phone = (await page.getByRole("heading", { level: 1 }).innerText()).split("，")[0] ?? "";
      await page.getByRole("button", { name: "上班打卡" }).click();
      await page.getByRole("button", { name: "再次打卡" }).waitFor();
      expect(await page.getByRole("status").first().innerText()).toMatch(/已打卡\s*\d{2}:\d{2}/);
      await checkPage(me, "month/me-today");
    });
  });

  it("HR reads in the clock's file, once", async () => {
    await as(server.base, 1440, "hr_manager", async (hr) => {
      const { page } = hr;
      const grid = await attendance(page, MONTH);
      who.away = grid.items.find((row) => row.name !== who.phone)?.name ?? "";
      who.day = grid.days.filter((day) => day.kind === "workday").at(-2)?.date ?? "";
      expect(grid.items.map((row) => row.name)).toContain(who.phone);
      const file = punches(grid, { forgets: who.phone, away: who.away, day: who.day });
      lines = file.lines;
      const upload = { name: `考勤机-${MONTH}.csv`, mimeType: "text/csv", buffer: Buffer.from(file.csv) };
      await page.goto("/employer/attendance/import");
      await page.locator('input[type="file"]').setInputFiles(upload);
      await page.getByText(`新增 ${lines} 次打卡，0 次已有，0 行未采用`).waitFor();
      await page.locator('input[type="file"]').setInputFiles(upload);
      await page.getByText(`新增 0 次打卡，${lines} 次已有，0 行未采用`).waitFor();
      await checkPage(hr, "month/attendance-import");
      await page.goto(`/employer/attendance?month=${MONTH}`);
      await page.getByRole("button", { name: new RegExp(`^${who.away} ${who.day} 旷工`) }).waitFor();
      await page.getByRole("button", { name: new RegExp(`^${who.phone} ${who.day} 缺`) }).waitFor();
      await checkPage(hr, "month/attendance");
    });
  });

  it("the employee asks for the missing punch on the phone", async () => {
    await as(server.base, 390, "employee", async (me) => {
      const { page } = me;
      await page.goto(`/me/attendance?month=${MONTH}`);
      await page.getByRole("button", { name: new RegExp(`^${who.day} 缺`) }).click();
      await checkPage(me, "month/me-attendance");
      await page.getByRole("button", { name: "申请补卡" }).click();
      await page.getByLabel("开始时间").fill("18:00");
      await page.getByLabel("事由").fill("下班时忘记打卡");
      await page.getByRole("button", { name: "提交", exact: true }).click();
      await page.getByText("待审批").waitFor();
      await checkPage(me, "month/me-request");
    });
  });

  it("HR approves it, sees the anomalies first, and closes attendance", async () => {
    await as(server.base, 1440, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/attendance/closing");
      const requests = page.getByRole("link", { name: "请假与加班审批" });
      await requests.waitFor();
      await checkPage(hr, "month/closing-anomalies");
      await requests.click();
      await page.getByRole("heading", { level: 1, name: "请假与加班审批" }).waitFor();
      const asked = page.getByRole("row", { name: new RegExp(who.phone) });
      await asked.waitFor();
      await checkPage(hr, "month/requests");
      await asked.getByRole("button", { name: "批准" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "批准" }).click();
      await page.getByText("没有申请").waitFor();
      await page.goto("/employer/attendance/closing");
      await page.getByText("旷工").first().waitFor();
      const anomalies = page.locator("section.panel", { has: page.getByRole("heading", { name: "异常" }) });
      expect(await anomalies.innerText()).toContain(who.away);
      expect(await anomalies.innerText()).not.toContain(who.phone);
      expect(await page.getByRole("button", { name: "关账", exact: true }).isDisabled()).toBe(true);
      for (const reason of await anomalies.getByRole("textbox").all()) await reason.fill("已与部门核对，当天无假");
      await page.getByRole("button", { name: "关账", exact: true }).click();
      await page.getByRole("button", { name: "重新打开" }).waitFor();
      await checkPage(hr, "month/closing");
    });
  });

  it("HR enters a bonus for the month", async () => {
    await as(server.base, 1440, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/payroll/inputs");
      await page.getByText("本月没有录入").waitFor();
      await page.getByLabel("选择员工").fill(who.phone);
      await page.locator(".ant-select-item-option", { hasText: who.phone }).click();
      await page.keyboard.press("Escape");
      await page.getByLabel("项目").click();
      await page
        .locator(".ant-select-item-option", { hasText: /^奖金$/ })
        .first()
        .click();
      await page.getByLabel("金额（元）").fill("500");
      await page.getByLabel("说明").fill("国庆加班慰问");
      await page.getByRole("button", { name: "录入 1 人" }).click();
      const row = page.getByRole("row", { name: new RegExp(who.phone) });
      await row.waitFor();
      expect(await row.innerText()).toMatch(/奖金\s+500\.00/);
      await checkPage(hr, "month/payroll-inputs");
    });
  });

  it("HR computes the pay and hands it over; nobody reviews their own", async () => {
    await as(server.base, 1440, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/payroll");
      await page.getByText(MONTH).first().waitFor(); // The page proposes the last month that is over and not paid yet.
      await page.getByRole("button", { name: /计算$/ }).click();
      await page.waitForURL(/\/employer\/payroll\/[0-9a-f-]+$/);
      run = page.url().split("/").at(-1) ?? "";
      await page.getByRole("button", { name: "提交复核" }).waitFor({ timeout: 60_000 });
      pay.employee = await amount(page, "社保个人");
      pay.employer = await amount(page, "社保单位");
      expect(pay.employee).toBeGreaterThan(0);
      await checkPage(hr, "month/payroll-run");
      await page.getByLabel("姓名或工号").fill(who.away);
      await page.getByRole("button", { name: who.away, exact: true }).click();
      // A day of absence without leave is paid less.
      await page.getByRole("heading", { name: "缺勤减项" }).waitFor();
      await checkPage(hr, "month/payslip-drawer");
      await page.goto(`/employer/payroll/${run}`);
      await page.getByRole("button", { name: "提交复核" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "提交复核" }).click();
      await page.getByText("待复核").first().waitFor();
      expect(await page.getByRole("button", { name: "通过并锁定" }).count()).toBe(0);
    });
    await atBothWidths("employee", async ({ page }) => {
      await page.goto("/me/payslips");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByRole("listitem").first().waitFor();
      expect(await page.getByText(MONTH).count()).toBe(0);
    });
  });

  it("the reviewer sees the same figures and locks the run", async () => {
    await as(server.base, 1440, "payroll", async (reviewer) => {
      const { page } = reviewer;
      await page.goto("/employer/payroll");
      await page.getByRole("link", { name: `${MONTH} 工资` }).click();
      await page.getByRole("button", { name: "通过并锁定" }).waitFor();
      expect(await amount(page, "社保个人")).toBe(pay.employee);
      expect(await amount(page, "社保单位")).toBe(pay.employer);
      await checkPage(reviewer, "month/payroll-review");
      await page.getByRole("button", { name: "通过并锁定" }).click();
      await page.getByRole("dialog").getByLabel("意见").fill("与考勤核对一致");
      await page.getByRole("dialog").getByRole("button", { name: "通过并锁定" }).click();
      await page.getByText("已锁定").first().waitFor();
    });
  });

  it.each(WIDTHS)("the employee reads the payslip, which explains itself, at %i px", async (width) => {
    await as(server.base, width, "employee", async (me) => {
      const { page } = me;
      await page.goto("/me/payslips");
      const link = page.getByRole("link", { name: new RegExp(MONTH) });
      const net = fen(await link.innerText());
      await checkPage(me, "month/me-payslips");
      await link.click();
      await page.getByRole("heading", { level: 1, name: new RegExp(`${who.phone} ${MONTH} 工资条`) }).waitFor();
      slip.gross = await amount(page, "应发");
      slip.net = await amount(page, "实发");
      expect(slip.net).toBe(net);
      expect(await page.getByRole("button", { name: /奖金/ }).innerText()).toContain("500.00");
      const section = (title: string) => page.locator("section", { has: page.getByRole("heading", { name: title }) }).getByRole("button");
      const sum = async (title: string, line = /./) => {
        const texts = await section(title).allInnerTexts();
        return texts.filter((text) => line.test(text)).reduce((all, text) => all + fen(text), 0);
      };
      expect(slip.gross - (await sum("代扣社保、公积金和个税")) - (await sum("其他扣款"))).toBe(slip.net);
      slip.insured = await sum("代扣社保、公积金和个税", /保险/);
      expect(slip.insured).toBeGreaterThan(0);
      const pension = section("代扣社保、公积金和个税").filter({ hasText: "养老" });
      await pension.click();
      await page
        .getByText(/第[一二三四五六七八九十百]+条|〔\d{4}〕/)
        .first()
        .waitFor();
      await checkPage(me, "month/me-payslip");
    });
  });

  it("HR previews and files each city's declaration; together they are what payroll deducted", async () => {
    await as(server.base, 1440, "hr_manager", async (hr) => {
      const { page } = hr;
      for (const city of CITIES) {
        await page.goto("/employer/insurance-month");
        // The page opens on the last month declared; the next one is what is to be done.
        if (filed.size === 0) await page.getByRole("button", { name: "下个月" }).click();
        const card = page.locator("section.panel", { has: page.getByRole("heading", { name: city, exact: true }) });
        if (filed.size === 0) await checkPage(hr, "month/board-open");
        await card.getByRole("button", { name: "生成申报" }).click();
        await page.waitForURL(/\/employer\/declarations\/[0-9a-f-]+$/);
        await page.getByRole("heading", { level: 1, name: `${city} ${MONTH} 缴费工资申报` }).waitFor();
        await page.getByRole("button", { name: "申报", exact: true }).waitFor();
        filed.set(city, { employer: await amount(page, "单位"), employee: await amount(page, "个人") });
        await checkPage(hr, `month/declaration-${OFFICES[city]}`);
        await page.getByRole("button", { name: "申报", exact: true }).click();
        await page.getByRole("tooltip").getByRole("button", { name: "申报", exact: true }).click();
        await page.getByText("办理中").first().waitFor();
      }
      const sum = (side: keyof Sides) => [...filed.values()].reduce((all, one) => all + one[side], 0);
      expect({ employer: sum("employer"), employee: sum("employee") }).toEqual(pay);
    });
  });

  it.each(CITIES)("the agency of %s checks and assesses it, by two people", async (city) => {
    await as(server.base, 1440, `${OFFICES[city]}_clerk`, async (clerk) => {
      const { page } = clerk;
      await openCase(clerk, EMPLOYER);
      await page.getByText("人员明细").first().waitFor();
      expect(await amount(page, "单位应缴（元）")).toBe(filed.get(city)?.employer);
      expect(await amount(page, "个人应缴（元）")).toBe(filed.get(city)?.employee);
      if (city === "长沙") await checkPage(clerk, "month/case");
      await decide(clerk, "审核通过");
    });
    await as(server.base, 1440, `${OFFICES[city]}_reviewer`, async (reviewer) => {
      await openCase(reviewer, EMPLOYER);
      if (city === "长沙") await checkPage(reviewer, "month/case-review");
      await decide(reviewer, "复核通过");
    });
  });

  it("the bills that arrive are what was declared, and the employee's line is what the payslip says", async () => {
    await as(server.base, 1440, "finance", async (finance) => {
      const { page } = finance;
      await page.goto(`/employer/bills?month=${MONTH}`);
      await until(page, "three bills", async () => (await page.getByText("待缴费").count()) === CITIES.length);
      for (const city of CITIES) {
        const row = page.getByRole("row", { name: new RegExp(city) });
        const sides = filed.get(city) ?? { employer: 0, employee: 0 };
        expect(await row.innerText()).toContain((total(sides) / 100).toLocaleString("en", { minimumFractionDigits: 2 }));
      }
      await checkPage(finance, "month/bills");
    });
    await as(server.base, 1440, "hr_manager", async (hr) => {
      const { page } = hr;
      await openBill(page, MONTH, "长沙");
      const line = page.getByRole("row", { name: new RegExp(who.phone) });
      await line.waitFor();
      const employee = [...(await line.innerText()).matchAll(/\+\s*([\d,]+\.\d{2})/g)].reduce((all, match) => all + fen(match[1] ?? ""), 0);
      expect(employee).toBe(slip.insured);
      await checkPage(hr, "month/bill");
    });
  });

  /** Pays a bill through the gateway's page in a tab of its own, as its link opens it; the receipt arrives by itself. */
  async function payOnline(finance: Visitor, due: number, shot: string): Promise<void> {
    const { page } = finance;
    await page.getByRole("button", { name: "在线缴费" }).click();
    const go = page.getByRole("link", { name: /前往缴费/ });
    await go.waitFor();
    expect(fen(await go.innerText())).toBe(due);
    const [gateway] = await Promise.all([page.context().waitForEvent("page"), go.click()]);
    await gateway.waitForLoadState();
    expect(fen(await gateway.locator(".sum").innerText())).toBe(due);
    await checkPage({ ...finance, page: gateway }, `month/gateway${shot}`);
    await gateway.getByRole("button", { name: /支付/ }).click();
    await gateway.getByText("支付成功").waitFor();
    await checkPage({ ...finance, page: gateway }, `month/gateway-paid${shot}`);
    await gateway.close();
    await page.getByText("缴费回执").first().waitFor({ timeout: 60_000 });
    await page.getByText("已缴费").first().waitFor();
    expect(await amount(page, "未缴")).toBe(0);
    await checkPage(finance, `month/bill-paid${shot}`);
  }

  async function openBill(page: Page, month: string, city: string): Promise<void> {
    await page.goto(`/employer/bills?month=${month}`);
    await page.getByText(city).first().waitFor();
    const holder = page.getByRole("row").or(page.getByRole("listitem"));
    await holder.filter({ hasText: city }).getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: `${city} ${month} 征集单` }).waitFor();
  }

  it.each(CITIES)("finance pays the bill of %s on the gateway's page, and the receipt comes back", async (city) => {
    const phone = city === "西安";
    await as(server.base, phone ? 390 : 1440, "finance", async (finance) => {
      await openBill(finance.page, MONTH, city);
      await payOnline(finance, total(filed.get(city) ?? { employer: 0, employee: 0 }), city === "成都" ? "-cd" : "");
    });
  });

  it("three columns agree to the fen, and nothing is unexplained", async () => {
    await atBothWidths("hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/reconcile");
      const summary = page.getByText(/待处理差异 \d+ 条，原因不明 \d+ 条/);
      await summary.waitFor();
      expect(await summary.innerText()).toContain("待处理差异 0 条，原因不明 0 条");
      const figures = page.locator("section.panel").filter({ has: summary });
      for (const column of ["政策应缴", "征集单", "工资", "已缴"]) {
        const shown = await figures.getByText(column, { exact: true }).locator("xpath=following-sibling::strong").innerText();
        expect([column, fen(shown)]).toEqual([column, total(pay)]);
      }
      await page.getByRole("switch").click();
      await page.getByText(who.phone).first().waitFor();
      await checkPage(hr, "month/reconcile");
      await page.goto(`/employer/insurance-month?month=${MONTH}`);
      const steps = page.locator("li[data-state=done]").filter({ hasText: /申报|核定|缴费|回执|对账/ });
      await expect.poll(() => steps.count(), { timeout: 20_000 }).toBe(5 * CITIES.length);
      await checkPage(hr, "month/board-done");
    });
    const told = JSON.parse(await ask(server, "reconcile", "--month", MONTH, "--json")) as Record<string, unknown>;
    expect(told).toMatchObject({ month: MONTH, policy_fen: total(pay), billed_fen: total(pay), deducted_fen: total(pay), paid_fen: total(pay) });
    expect(told).toMatchObject({ differences: [], unexplained: 0 });
  });

  it("the bill left over from the month before is paid with its late fee, and that month closes too", async () => {
    const before = lastMonthOf(MONTH);
    await as(server.base, 1440, "hr_manager", async (hr) => {
      await hr.page.goto(`/employer/reconcile?month=${before}`);
      await hr.page.getByText("未缴费", { exact: true }).first().waitFor();
      expect(await hr.page.getByText(/待处理差异/).innerText()).toContain("原因不明 0 条");
      await checkPage(hr, "month/reconcile-unpaid");
    });
    await as(server.base, 1440, "finance", async (finance) => {
      const { page } = finance;
      await openBill(page, before, "西安");
      await until(page, "the late fee of the agency's notice", async () => (await amount(page, "滞纳金")) > 0);
      const [owed, fee] = [await amount(page, "未缴"), await amount(page, "滞纳金")];
      await payOnline(finance, owed + fee, "-late");
    });
    await as(server.base, 1440, "hr_manager", async (hr) => {
      await hr.page.goto(`/employer/reconcile?month=${before}`);
      await until(hr.page, "nothing open", async () => (await hr.page.getByText("待处理差异 0 条，原因不明 0 条").count()) === 1);
    });
  });

  it("the agency's desk shows what came in", async () => {
    const visitor = await visit(server.base, 1440);
    try {
      await signIn(visitor, "cs_clerk");
      await visitor.page.goto("/agency/collection");
      await visitor.page.getByText(EMPLOYER).first().waitFor();
      await checkPage(visitor, "month/agency-collection");
    } finally {
      await visitor.close();
    }
  });
});

function lastMonthOf(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
}
