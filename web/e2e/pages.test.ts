import { afterAll, beforeAll, describe, it } from "vitest";
import { checkPage, signIn, visit, WIDTHS } from "./browser";
import { startServer, type Server } from "./server";

const EMPLOYER = [
  "",
  "onboarding",
  "rosters",
  "employees",
  "transfers",
  "deadlines",
  "calculations",
  "law",
  "contacts",
  "verify",
  "notices",
  "no-such-page",
];
const AGENCY = ["", "cases", "enrolments/new", "persons", "calculations", "law", "verify"];

let server: Server;
beforeAll(async () => {
  server = await startServer({});
});
afterAll(() => server.stop());

/** Every page, as it opens, in light and dark, in both languages: no fault a reader, a keyboard or a phone would meet. */
describe.each(WIDTHS)("every page at %i px", (width) => {
  for (const [dark, language] of [
    [false, "zh-CN"],
    [true, "en"],
  ] as const) {
    const look = `${dark ? "dark" : "light"}-${language}`;
    it.each([
      ["employer", "hr_manager", EMPLOYER],
      ["agency", "cs_clerk", AGENCY],
    ] as const)(`%s, ${look}`, async (portal, username, pages) => {
      const visitor = await visit(server.base, width, dark);
      try {
        await signIn(visitor, username);
        await visitor.page.evaluate((value) => localStorage.setItem("shebao.language", value), language);
        for (const path of pages) {
          await visitor.page.goto(`/${portal}/${path}`);
          await visitor.page.getByRole("heading", { level: 1 }).waitFor();
          await visitor.page.waitForLoadState("networkidle");
          await checkPage(visitor, `pages/${portal}-${path.replaceAll("/", "-") || "home"}-${look}`);
        }
      } finally {
        await visitor.close();
      }
    });
    it(`public pages, ${look}`, async () => {
      const visitor = await visit(server.base, width, dark);
      try {
        await visitor.page.goto("/");
        await visitor.page.evaluate((value) => localStorage.setItem("shebao.language", value), language);
        for (const path of ["", "me/", "verify/"]) {
          await visitor.page.goto(`/${path}`);
          await visitor.page.getByRole("heading", { level: 1 }).waitFor();
          await checkPage(visitor, `pages/public-${path.replace("/", "") || "login"}-${look}`);
        }
      } finally {
        await visitor.close();
      }
    });
  }
});
