import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPage, WIDTHS } from "./browser";
import { startServer, type Server } from "./server";
import { as } from "./stories";

let server: Server;
beforeAll(async () => {
  server = await startServer({});
});
afterAll(() => server.stop());

interface Calculation {
  name: string;
  zh: string;
}

/** What has an amount in no law file yet says so instead of giving one. */
const WITHOUT_LAW = ["law_not_encoded"];

describe.each(WIDTHS)("calculators at %i px", (width) => {
  it("each one reckons its example and explains it", async () => {
    await as(server.base, width, "hr_manager", async (hr) => {
      const { page } = hr;
      const answer = await page.request.get("/api/v1/calculations");
      const kinds = (await answer.json()) as Calculation[];
      expect(kinds.length).toBeGreaterThan(20);
      const silent: string[] = [];
      for (const kind of kinds) {
        await page.goto(`/employer/calculations?kind=${kind.name}`);
        await page.getByRole("heading", { level: 2, name: kind.zh }).waitFor();
        const said = page.waitForResponse((response) => response.url().endsWith(`/api/v1/calculations/${kind.name}`));
        await page.getByRole("button", { name: "计算", exact: true }).click();
        const response = await said;
        if (!response.ok()) {
          const problem = (await response.json()) as { rule?: string };
          if (!WITHOUT_LAW.includes(problem.rule ?? "")) silent.push(`${kind.name}: ${response.status()} ${problem.rule}`);
          continue;
        }
        const result = await page.getByTestId("calculation-result").innerText();
        const steps = await page.locator("ol.lines > li").count();
        if (result.trim() === "" || steps === 0) silent.push(`${kind.name}: ${steps} steps, ${result}`);
        if (width === 390) await checkPage(hr, `calculators/${kind.name}`);
      }
      expect(silent).toEqual([]);
      if (width === 1440) await checkPage(hr, "calculators/last");
    });
  });
});

describe("calculators on an employee's phone", () => {
  it("tell what the pension will be", async () => {
    await as(server.base, 390, "employee", async (me) => {
      const { page } = me;
      await page.waitForURL(/\/me\/today$/);
      await page.getByRole("link", { name: /养老金/ }).click();
      await page.goto("/me/calculations?kind=pension");
      await page.getByRole("button", { name: "计算", exact: true }).click();
      expect(await page.getByTestId("calculation-result").innerText()).toMatch(/\d\.\d{2}/);
      await checkPage(me, "calculators/me-pension");
    });
  });
});
