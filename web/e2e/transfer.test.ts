import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPage, signIn, visit, WIDTHS, type Width } from "./browser";
import { idNumber, relationsCsv, type Stretch } from "./people";
import { startServer, type Server } from "./server";
import { as, decide, openCase, typePerson } from "./stories";

/** Per width its own people, so that the stories do not meet. */
function people(width: Width) {
  const serial = width === 1440 ? 301 : 401;
  return {
    moving: { name: width === 1440 ? "程远航" : "白若溪", id: idNumber("1990-06-18", serial) },
    paying: { name: width === 1440 ? "许安澜" : "龚小满", id: idNumber("1993-02-11", serial + 1) },
  };
}

const paid = (id: string, name: string, status: string, insurance: string): Stretch => ({
  id,
  name,
  insurance,
  status,
  from: "2022-03",
  to: status === "正常参保" ? "2026-10" : "2025-04",
  base: "6500",
  employer: "武汉云帆科技有限公司",
});

let server: Server;
beforeAll(async () => {
  const rows = WIDTHS.flatMap((width) => {
    const { moving, paying } = people(width);
    return [
      paid(moving.id, moving.name, "暂停参保", "养老"),
      paid(moving.id, moving.name, "暂停参保", "医疗"),
      paid(paying.id, paying.name, "正常参保", "养老"),
    ];
  });
  server = await startServer({ "420100": relationsCsv(rows) });
});
afterAll(() => server.stop());

describe.each(WIDTHS)("one hire, followed through at %i px", (width) => {
  const { moving, paying } = people(width);
  let transfer = "";
  let code = "";
  let pdf: Buffer = Buffer.alloc(0);

  it("HR types a number and sees at once that the person still pays in Wuhan", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      await checkPage(hr, "employer-home");
      const started = Date.now();
      await typePerson(hr.page, paying.name, paying.id);
      await hr.page.getByText("该员工在武汉仍有在缴养老保险，请先办理转移手续").waitFor();
      // Typing itself included; the answer is there within a second on an idle machine, this one may be shared.
      expect(Date.now() - started).toBeLessThan(10_000);
      const identity = await hr.page.getByTestId("identity").innerText();
      expect(identity).toContain("1993-02-11");
      expect(identity).toMatch(/[男女]/);
      const panel = hr.page.getByTestId("status-panel");
      await panel.getByText("正常参保").first().waitFor();
      expect(await panel.innerText()).toContain("2026-10");
      expect(await panel.innerText()).toContain("56");
      expect(await hr.page.getByRole("button", { name: "办理转移" }).count()).toBe(1);
      await checkPage(hr, "onboarding-active");
    });
  });

  it("HR starts the transfer with one button, previews, signs and files the application", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await typePerson(page, moving.name, moving.id);
      await page.getByLabel("手机号码").fill("13800001234");
      await page.getByLabel("月工资（应发）").fill("8500");
      await page.getByRole("button", { name: "办理转移" }).click();
      await page.waitForURL(/\/employer\/transfers\/[0-9a-f-]+$/);
      transfer = page.url().split("/").at(-1) ?? "";
      await page.getByText("申请表内容").waitFor();
      expect(await page.getByTestId("missing").innerText()).toContain("原个人编号");
      const draft = await page.request.get(`/api/v1/transfers/${transfer}/application.pdf`);
      expect((await draft.body()).subarray(0, 5).toString()).toBe("%PDF-");
      await page
        .getByRole("button", { name: "下载 PDF" })
        .or(page.getByRole("link", { name: "下载 PDF" }))
        .first()
        .waitFor();
      await checkPage(hr, "transfer-draft");
      // Typed and not saved: one click saves it and signs what stands there.
      await page.getByLabel("原个人编号").fill("4201000301");
      await page.getByRole("button", { name: "保存并签名" }).click();
      await page.getByRole("button", { name: "提交申请" }).waitFor();
      const signed = await (await page.request.get(`/api/v1/transfers/${transfer}`)).json();
      expect(signed.form.fields.find((field: { key: string }) => field.key === "former_person_number").value).toBe("4201000301");
      await page.getByRole("button", { name: "提交申请" }).click();
      const dialog = page.getByRole("dialog");
      expect(await dialog.innerText()).toContain("武汉 → 长沙");
      await checkPage(hr, "transfer-file-dialog");
      await dialog.getByRole("button", { name: "提交申请" }).click();
      await page.locator('[data-step="submitted"][data-state="done"]').waitFor();
      await page.waitForTimeout(400);
      await checkPage(hr, "transfer-filed");
    });
  });

  it("Changsha passes and a second person reviews; the first is not offered the review", async () => {
    const hr = await visit(server.base, width);
    await signIn(hr, "hr_manager");
    const heard = hr.page.evaluate(
      () =>
        new Promise<string>((done) => {
          new EventSource("/api/v1/changes").addEventListener("changed", (event) => done(event.type));
        }),
    );
    await as(server.base, width, "cs_clerk", async (clerk) => {
      await checkPage(clerk, "agency-home");
      await openCase(clerk, moving.name);
      await checkPage(clerk, "case-compliance");
      await decide(clerk, "审核通过");
      await checkPage(clerk, "queue");
      await clerk.page.goto("/agency/cases?box=done");
      await clerk.page.getByRole("link", { name: moving.name }).first().click();
      await clerk.page.getByText("办理记录").waitFor();
      expect(await clerk.page.getByRole("button", { name: /^复核通过/ }).count()).toBe(0);
    });
    await as(server.base, width, "cs_reviewer", async (reviewer) => {
      await openCase(reviewer, moving.name);
      await decide(reviewer, "复核通过");
    });
    // The contact letter is news for the employer, and its page hears of it without asking.
    expect(await heard).toBe("changed");
    await hr.close();
  });

  it("Wuhan checks, computes the information form from its ledger, and sends form and money", async () => {
    await as(server.base, width, "wh_clerk", async (clerk) => {
      await openCase(clerk, moving.name);
      await checkPage(clerk, "case-old-region");
      await decide(clerk, "审核通过");
    });
    await as(server.base, width, "wh_reviewer", async (reviewer) => {
      await openCase(reviewer, moving.name);
      await decide(reviewer, "复核通过");
    });
  });

  it("Changsha posts history and money and closes", async () => {
    await as(server.base, width, "cs_clerk", async (clerk) => {
      await openCase(clerk, moving.name);
      await clerk.page.getByRole("heading", { name: "关系转移接续信息表" }).waitFor();
      await checkPage(clerk, "case-posting");
      await decide(clerk, "审核通过");
    });
  });

  it("HR watches every step, confirms once, and the employee is updated", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto(`/employer/transfers/${transfer}`);
      await page.getByRole("button", { name: "确认并更新员工信息" }).waitFor({ timeout: 45_000 });
      const steps = await page.locator('.step[data-state="done"] .title').allInnerTexts();
      for (const step of ["转移申请已提交", "原参保地已审核", "资金已到账", "转移已完成"]) expect(steps).toContain(step);
      await checkPage(hr, "transfer-completed");
      await page.getByRole("button", { name: "确认并更新员工信息" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "确认并更新员工信息" }).click();
      await page.getByText("已确认，员工信息已更新").waitFor();
      const link = page.getByRole("link", { name: "核验" }).first();
      code = (await link.getAttribute("href"))?.split("/").at(-1) ?? "";
      expect(code).not.toBe("");
      const answer = await page.request.get(`/api/v1/transfers/${transfer}/application.pdf`);
      pdf = await answer.body();
      await page.goto("/employer/notices");
      await page.getByText(moving.name).first().waitFor();
      await checkPage(hr, "notices");
    });
  });

  it("anyone verifies the signed application; one changed byte fails", async () => {
    const visitor = await visit(server.base, width);
    try {
      const { page } = visitor;
      await page.goto(`/verify/${code}`);
      await page.getByText("这份文书已登记，签名有效").waitFor();
      const choose = page.locator('input[type="file"]');
      await choose.setInputFiles({ name: "application.pdf", mimeType: "application/pdf", buffer: pdf });
      await page.getByText("文件与签署时完全一致").waitFor();
      await checkPage(visitor, "verify-valid");
      const changed = Buffer.from(pdf);
      const at = Math.floor(changed.length / 2);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await choose.setInputFiles({ name: "application.pdf", mimeType: "application/pdf", buffer: changed });
      await page.getByText("文件已被改动，或不是这份文书").waitFor();
      await checkPage(visitor, "verify-altered");
    } finally {
      await visitor.close();
    }
  });

  it("an application for someone still paying comes back with the reason and what to do", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await typePerson(page, paying.name, paying.id);
      await page.getByRole("button", { name: "办理转移" }).click();
      await page.waitForURL(/\/employer\/transfers\/[0-9a-f-]+$/);
      transfer = page.url().split("/").at(-1) ?? "";
      await page.getByRole("button", { name: "签名", exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("由原参保地经办机构按证件号码核对").waitFor();
      await checkPage(hr, "transfer-sign-without");
      await dialog.getByRole("button", { name: "不填，仍签名" }).click();
      await page.getByRole("button", { name: "提交申请" }).click();
      await page.getByRole("button", { name: "不填，仍提交申请" }).click();
      await page.locator('[data-step="submitted"][data-state="done"]').waitFor();
    });
    await as(server.base, width, "cs_clerk", async (clerk) => {
      await openCase(clerk, paying.name);
      const { page } = clerk;
      const give = page.getByRole("button", { name: /^退回修改/ });
      const take = page.getByRole("button", { name: /^领取/ });
      await give.or(take).first().waitFor();
      if ((await give.count()) === 0) await take.click();
      await give.click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("checkbox", { name: "原参保地仍在正常缴费，未停保" }).check();
      await checkPage(clerk, "case-return-dialog");
      await dialog.getByRole("button", { name: "退回修改" }).click();
      await page.waitForURL(/\/agency\/cases$/);
    });
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      await page.goto(`/employer/transfers/${transfer}`);
      await page.getByRole("heading", { name: "退回原因与处理办法" }).waitFor({ timeout: 45_000 });
      await page.getByText("原参保地仍在正常缴费，未停保").first().waitFor();
      await page
        .getByText(/请原单位先办理停保/)
        .first()
        .waitFor();
      await checkPage(hr, "transfer-returned");
    });
  });
});
