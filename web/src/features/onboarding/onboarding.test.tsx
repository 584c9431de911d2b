import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { StatusReport } from "../../api/types";
import { fakeApi, Refused } from "../../test/fake-api";
import { today } from "../../shared/dates";
import { renderPage } from "../../test/page";
import { OnboardingPage } from "./OnboardingPage";
import { transferSource } from "./next-action";

const ID = "11010519491231002X";
const WUHAN: StatusReport = {
  identity: { birth_date: "1949-12-31", sex: "female", sex_name: "女", age: 76, region_name: "北京市朝阳区" },
  verdict: "needs_transfer",
  from_regions: ["420100"],
  answer: {
    person_found: true,
    name_matches: true,
    relations: [
      { region: "420100", insurance: "pension", status: "active", months: 38, last_month: "2026-10" },
      { region: "420100", insurance: "medical", status: "suspended", months: 30, last_month: "2026-01" },
    ],
    months_total: { pension: 38 },
    unanswered: ["610100"],
    asked_at: "2026-11-21T08:00:00Z",
  },
  findings: [
    {
      rule: "pension_active_elsewhere",
      severity: "blocking",
      message: { zh: "该员工在武汉仍有在缴养老保险，请先办理转移手续", en: "Still paying in Wuhan; start a transfer first" },
      action: "start_transfer",
      region: "420100",
      insurance: "pension",
      overridable: true,
    },
  ],
  queried_at: "2026-11-21T08:00:00Z",
  elapsed_ms: 120,
};

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => api?.restore());

function open() {
  renderPage("/onboarding", <OnboardingPage />);
  return { name: screen.getByLabelText("姓名"), id: screen.getByLabelText("证件号码") };
}
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const queries = () => api?.asked.filter((one) => one.path.endsWith("/status-queries")) ?? [];

it("starts the query at the 18th valid character without a click, and shows who still pays where", async () => {
  api = fakeApi({ "POST /api/v1/status-queries": WUHAN });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID.slice(0, 17));
  expect(screen.queryByText("1949-12-31")).toBeNull();
  type(id, ID);
  expect(await screen.findByText("1949-12-31")).toBeTruthy();
  expect(await screen.findByText("该员工在武汉仍有在缴养老保险，请先办理转移手续")).toBeTruthy();
  expect(screen.getAllByRole("button", { name: "办理转移" })).toHaveLength(1);
  expect(screen.getByText("2026-10")).toBeTruthy();
  expect(screen.getByTestId("unanswered").textContent).toContain("西安");
  expect(queries()).toHaveLength(1);
  expect(queries()[0]?.body).toEqual({ name: "张三", id_number: ID, region: "430100", hired_on: today() });
  expect(queries()[0]?.headers.get("X-Requested-With")).toBe("shebao");
});

it("does not ask about a number whose check digit is wrong", async () => {
  api = fakeApi({ "POST /api/v1/status-queries": WUHAN });
  const { name, id } = open();
  type(name, "张三");
  type(id, "110105194912310021");
  expect(await screen.findByText(/校验位不对/)).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(queries()).toHaveLength(0);
});

it("drops the answer to a question that has changed", async () => {
  const late: ((value: unknown) => void)[] = [];
  api = fakeApi({
    "POST /api/v1/status-queries": (asked: { body: unknown }) =>
      (asked.body as { name: string }).name === "张三"
        ? new Promise((resolve) => late.push(resolve))
        : { ...WUHAN, findings: [], answer: { ...WUHAN.answer, relations: [], unanswered: [] } },
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await waitFor(() => expect(queries()).toHaveLength(1));
  type(name, "李四");
  await waitFor(() => expect(queries()).toHaveLength(2));
  expect(queries()[0]?.aborted()).toBe(true);
  late[0]?.(WUHAN);
  expect(await screen.findByText("有此人记录，但没有参保关系")).toBeTruthy();
  expect(screen.queryByText(/该员工在武汉/)).toBeNull();
});

it("never shows an outage as “no record”", async () => {
  api = fakeApi({
    "POST /api/v1/status-queries": new Refused(503, { title: "平台暂不可用", detail: "the platform is unavailable", rule: "platform_unavailable" }),
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  expect(await screen.findByText("平台暂不可用", {}, { timeout: 5000 })).toBeTruthy();
  expect(screen.getByText(/不能据此认为没有参保记录/)).toBeTruthy();
  expect(screen.queryByText("各地均无此人记录")).toBeNull();
});

it("hires and starts the transfer with one click", async () => {
  api = fakeApi({
    "POST /api/v1/status-queries": WUHAN,
    "POST /api/v1/employees": { employee: { id: "e1" }, findings: [] },
    "POST /api/v1/transfers": { id: "t1" },
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  fireEvent.click(await screen.findByRole("button", { name: "办理转移" }));
  expect(await screen.findByText("other page")).toBeTruthy();
  const sent = api.asked.find((one) => one.path === "/api/v1/transfers");
  expect(sent?.body).toEqual({ employee_id: "e1", from_region: "420100", insurance: "pension" });
});

it("puts the server's findings under the fields they name", async () => {
  api = fakeApi({
    "POST /api/v1/status-queries": { ...WUHAN, findings: [], answer: { ...WUHAN.answer, relations: [], unanswered: [] } },
    "POST /api/v1/employees": new Refused(422, {
      title: "不能登记",
      rule: "hired_before_birth",
      findings: [{ rule: "hired_before_birth", severity: "blocking", field: "hired_on", message: { zh: "入职日期早于出生日期", en: "" } }],
    }),
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("有此人记录，但没有参保关系");
  fireEvent.click(screen.getByRole("button", { name: "办理入职" }));
  const message = await screen.findByText("入职日期早于出生日期");
  expect(message.closest(".ant-form-item")?.textContent).toContain("入职日期");
});

it("transfers the relation the server names, and none of its own choosing", () => {
  expect(transferSource(WUHAN)).toEqual({ region: "420100", insurance: "pension" });
  expect(transferSource({ ...WUHAN, findings: [] })).toBeNull();
});

it("offers no way around a finding that cannot be overruled", async () => {
  const firm = { ...WUHAN, findings: WUHAN.findings.map((finding) => ({ ...finding, overridable: false })) };
  api = fakeApi({ "POST /api/v1/status-queries": firm });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("该员工在武汉仍有在缴养老保险，请先办理转移手续");
  expect(screen.queryByText("仍要直接入职")).toBeNull();
  expect((screen.getByRole("button", { name: "办理入职" }) as HTMLButtonElement).disabled).toBe(true);
});
