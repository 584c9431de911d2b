import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPage, WIDTHS, type Width } from "./browser";
import { idNumber, relationsCsv } from "./people";
import { startServer, type Server } from "./server";
import { as } from "./stories";
import { workbook } from "./xlsx";

function people(width: Width) {
  const serial = width === 1440 ? 501 : 601;
  const suffix = width === 1440 ? "一" : "二";
  return {
    fresh: { name: `方晴${suffix}`, id: idNumber("1998-09-03", serial) },
    moving: { name: `邱泽${suffix}`, id: idNumber("1991-12-25", serial + 1) },
    wrong: {
      name: `任可${suffix}`,
      id: `${idNumber("1995-05-05", serial + 2).slice(0, 17)}${idNumber("1995-05-05", serial + 2).endsWith("1") ? "2" : "1"}`,
    },
  };
}

let server: Server;
beforeAll(async () => {
  const rows = WIDTHS.map((width) => {
    const { moving } = people(width);
    return { ...moving, insurance: "养老", status: "暂停参保", from: "2020-01", to: "2023-06", base: "7200", employer: "武汉云帆科技有限公司" };
  });
  server = await startServer({ "420100": relationsCsv(rows) });
});
afterAll(() => server.stop());

describe.each(WIDTHS)("a roster of new hires at %i px", (width) => {
  const { fresh, moving, wrong } = people(width);

  it("is checked row by row, and its result is acted on", async () => {
    // Any column order, and a column of the company's own.
    const file = join(server.data, `roster-${width}.xlsx`);
    const row = (one: { name: string; id: string }, phone: string) => [
      "A-01",
      one.name,
      one.id,
      phone,
      "2026-11-20",
      "长沙",
      "制造部",
      "装配工",
      "6800",
    ];
    writeFileSync(
      file,
      workbook([
        ["工号", "姓名", "证件号码", "手机号码", "入职日期", "参保城市", "部门", "岗位", "月工资"],
        row(fresh, "13900000001"),
        row(moving, "13900000002"),
        row(wrong, "13900000003"),
      ]),
    );
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/rosters");
      await page.getByRole("heading", { level: 1, name: "批量入职" }).waitFor();
      await page.waitForTimeout(300);
      await checkPage(hr, "rosters");
      await page.locator('input[type="file"]').setInputFiles(file);
      await page.waitForURL(/\/employer\/rosters\/[0-9a-f-]+$/);
      await page.getByText("已检查全部 3 行。").waitFor({ timeout: 45_000 });
      await page.getByText(moving.name).first().waitFor();
      const text = await page.locator("main").innerText();
      for (const word of ["可直接参保 1", "需办理转移 1", "数据有误 1", "武汉", "校验"]) expect(text).toContain(word);
      await checkPage(hr, "roster-result");
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载结果" }).click()]);
      expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
      await page.getByRole("button", { name: /选择可办理的 2 项/ }).click();
      await page.getByRole("button", { name: "发起转移（1）" }).click();
      await page.getByText("已为 1 人发起转移").waitFor();
      // Who is not counted by the button is not hired by it; the transfer leaves its trace.
      await page.getByRole("link", { name: "转移待填表" }).waitFor();
      await page.getByRole("button", { name: "全部登记入职（1）" }).click();
      await page
        .locator(".ant-popconfirm")
        .getByRole("button", { name: /确\s*定|OK/ })
        .click();
      await page.getByText("已登记 1 人入职").waitFor();
      await page.goto("/employer/transfers");
      await page.getByRole("link", { name: moving.name }).waitFor();
      await checkPage(hr, "transfers");
      await page.goto("/employer/employees");
      await page.getByRole("link", { name: fresh.name }).waitFor();
      await checkPage(hr, "employees");
    });
  });

  it("is refused as a whole when it is no roster", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto("/employer/rosters");
      await page.locator('input[type="file"]').setInputFiles({ name: "空.xlsx", mimeType: "application/octet-stream", buffer: Buffer.alloc(0) });
      await page.getByRole("alert").waitFor();
      hr.complaints.length = 0; // Chromium itself reports the refused request.
      await checkPage(hr, "roster-refused");
    });
  });
});
