import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { checkPage, signIn, visit, WIDTHS, type Width } from "./browser";
import { startServer, type Server } from "./server";

/** A page, or the page of the first thing a list holds: where it is, the list, the rows in the answer, their key. */
type Place = string | { page: (id: string) => string; list: string; rows?: string; key?: string };

const EMPLOYER: Place[] = [
  "",
  "onboarding",
  "rosters",
  "employees",
  "employees/duplicates",
  { page: (id) => `employees/${id}`, list: "/employees", rows: "items" },
  "company",
  "payroll",
  "payroll/components",
  "payroll/inputs",
  { page: (id) => `payroll/${id}`, list: "/payroll/runs" },
  "attendance",
  "attendance/requests",
  "attendance/closing",
  "attendance/import",
  "attendance/settings",
  "transfers",
  { page: (id) => `transfers/${id}`, list: "/transfers", rows: "items" },
  "insurance-month",
  { page: (id) => `declarations/${id}`, list: "/declarations" },
  "insurance-tasks",
  "bills",
  { page: (id) => `bills/${id}`, list: "/bills" },
  "reconcile",
  "bases",
  "retro",
  "deadlines",
  "calculations",
  "law",
  "contacts",
  "verify",
  "notices",
  "no-such-page",
];
const AGENCY: Place[] = [
  "",
  "cases",
  { page: (id) => `cases/${id}`, list: "/cases?box=all", rows: "items" },
  "enrolments/new",
  "persons",
  "units",
  { page: (id) => `units/${id}`, list: "/agency/units", rows: "items", key: "employer_id" },
  "assessment",
  "collection",
  { page: (id) => `collection/orders/${id}`, list: "/collection/orders", rows: "items", key: "order_id" },
  "calculations",
  "law",
  "verify",
];
const ME: Place[] = [
  "today",
  "attendance",
  "requests",
  "payslips",
  { page: (id) => `payslips/${id}`, list: "/me/payslips", key: "run_id" },
  "notices",
  "calculations",
];

/** The address of a place, under the portal. */
async function addressOf(page: Page, place: Place): Promise<string> {
  if (typeof place === "string") return place;
  const answer = await page.request.get(`/api/v1${place.list}`);
  const body = (await answer.json()) as Record<string, unknown>;
  const rows = (place.rows ? body[place.rows] : body) as Record<string, unknown>[];
  const id = rows[0]?.[place.key ?? "id"];
  if (typeof id !== "string") throw new Error(`${place.list} names nothing to open: ${JSON.stringify(body).slice(0, 300)}`);
  return place.page(id);
}

type Look = readonly [dark: boolean, language: string];
const PLAIN: Look = [false, "zh-CN"];
const LOOKS: Record<Width, Look[]> = { 1440: [PLAIN], 390: [PLAIN, [true, "en"]] };

let server: Server;
beforeAll(async () => {
  server = await startServer({});
});
afterAll(() => server.stop());

/** Every page, as it opens: no fault a reader, a keyboard or a phone would meet. Dark and in English, whose words are longer, on the phone,
 * where either is tightest. */
describe.each(WIDTHS)("every page at %i px", (width) => {
  for (const [dark, language] of LOOKS[width]) {
    const look = `${dark ? "dark" : "light"}-${language}`;
    it.each([
      ["employer", "hr_manager", EMPLOYER],
      ["agency", "cs_clerk", AGENCY],
      ["me", "employee", ME],
    ] as const)(`%s, ${look}`, async (portal, username, pages) => {
      const visitor = await visit(server.base, width, dark);
      try {
        await signIn(visitor, username);
        await visitor.page.evaluate((value) => localStorage.setItem("shebao.language", value), language);
        for (const place of pages) {
          const name = typeof place === "string" ? place : place.page("one");
          await visitor.page.goto(`/${portal}/${await addressOf(visitor.page, place)}`);
          await visitor.page.getByRole("heading", { level: 1 }).waitFor();
          await visitor.page.waitForLoadState("networkidle");
          await checkPage(visitor, `pages/${portal}-${name.replaceAll("/", "-") || "home"}-${look}`);
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
