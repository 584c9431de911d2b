import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPage, WIDTHS, type Width } from "./browser";
import { idNumber, relationsCsv } from "./people";
import { startServer, type Server } from "./server";
import { as, typePerson } from "./stories";

function people(width: Width) {
  const serial = width === 1440 ? 701 : 801;
  return {
    moving: { name: width === 1440 ? "沈知行" : "陆以安", id: idNumber("1991-04-08", serial) },
    second: idNumber("1991-04-08", serial + 2),
    unknown: { name: "柳青山", id: idNumber("1996-07-15", serial + 4) },
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

describe.each(WIDTHS)("what HR is told while hiring at %i px", (width) => {
  const { moving, second, unknown } = people(width);

  it("hires someone who needs a transfer, and hears so", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await typePerson(page, moving.name, moving.id);
      await page.getByText("暂停缴费的养老保险关系").waitFor();
      await page.getByLabel("月工资（应发）").fill("100");
      await page.locator('[data-rule="wage_below_floor"]').waitFor();
      await checkPage(hr, "onboarding-wage");
      await page.getByRole("button", { name: "办理入职" }).click();
      const told = page.getByTestId("hired");
      await told.getByRole("button", { name: "办理转移" }).waitFor();
      expect(await told.innerText()).toContain("待转移");
      await checkPage(hr, "onboarding-hired");
      await told.getByRole("link", { name: "查看员工档案" }).click();
      await page.getByRole("heading", { level: 1, name: moving.name }).waitFor();
    });
  });

  it("sees the same person under another number, and the way to the record", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await typePerson(page, moving.name, second);
      await page.locator('[data-rule="same_person_other_number"]').waitFor();
      expect(await page.getByTestId("status-panel").innerText()).not.toContain("可以直接");
      await checkPage(hr, "onboarding-namesake");
      // Leaving asks first.
      await page.getByRole("link", { name: "打开该员工的档案" }).click();
      await page.getByText("离开后，已填内容不会保留").waitFor();
      await checkPage(hr, "onboarding-leave");
      await page.getByRole("button", { name: "离开", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: moving.name }).waitFor();
    });
  });

  it("gives no all-clear to a number under another name", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await typePerson(page, "陈国弱", moving.id);
      await page.locator('[data-rule="name_contradicts_record"]').waitFor();
      expect(await page.getByTestId("status-panel").innerText()).not.toContain("可以直接");
      expect(await page.getByRole("button", { name: "办理入职" }).isDisabled()).toBe(true);
      await checkPage(hr, "onboarding-mismatch");
    });
  });

  it("asks a silent region again, and takes an old number in its 18-digit form", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      let silent = 2;
      await page.route("**/api/v1/status-queries", async (route) => {
        const answer = await route.fetch();
        const report = (await answer.json()) as { verdict: string; findings: unknown[]; answer: { unanswered: string[] } };
        if (silent > 0) {
          silent -= 1;
          report.verdict = "unanswered";
          report.answer.unanswered = ["610100"];
          report.findings = [
            {
              rule: "region_unanswered",
              severity: "warning",
              action: "retry",
              who: "system",
              overridable: false,
              message: { zh: "西安暂未答复", en: "" },
            },
          ];
        }
        await route.fulfill({ response: answer, json: report });
      });
      await page.goto("/employer/onboarding");
      await page.getByLabel("姓名").fill(unknown.name);
      const old = `${unknown.id.slice(0, 6)}${unknown.id.slice(8, 17)}`;
      await page.getByLabel("证件号码").fill(old);
      await page.getByTestId("old-number").getByText(unknown.id).waitFor();
      await checkPage(hr, "onboarding-old-number");
      await page.getByRole("button", { name: "改用 18 位号码" }).click();
      await page.getByText("秒后自动再次查询").waitFor();
      await checkPage(hr, "onboarding-silent");
      await page.getByText("可以直接在本单位办理参保登记。").waitFor({ timeout: 30_000 });
    });
  });

  it("tells a clerk at once that she may not hire", async () => {
    await as(server.base, width, "hr_clerk", async (clerk) => {
      await clerk.page.goto("/employer/onboarding");
      await clerk.page.getByText("您没有办理入职的权限").waitFor();
      await checkPage(clerk, "onboarding-denied");
    });
  });
});
