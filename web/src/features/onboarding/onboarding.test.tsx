import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Advice, StatusReport } from "../../api/types";
import { fakeApi, Refused } from "../../test/fake-api";
import { today } from "../../shared/dates";
import { HR, renderPage } from "../../test/page";
import { OnboardingPage } from "./OnboardingPage";
import { transferSource } from "./next-action";

const ID = "11010519491231002X";
const PAYING: Advice = {
  rule: "pension_active_elsewhere",
  severity: "blocking",
  message: { zh: "该员工在武汉仍有在缴养老保险，请先办理转移手续", en: "Still paying in Wuhan; start a transfer first" },
  action: "start_transfer",
  region: "420100",
  insurance: "pension",
  overridable: true,
};
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
  findings: [PAYING],
  queried_at: "2026-11-21T08:00:00Z",
  elapsed_ms: 120,
};

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => {
  api?.restore();
  vi.useRealTimers();
});

function open() {
  const { router } = renderPage("/onboarding", <OnboardingPage />);
  return { name: screen.getByLabelText("姓名"), id: screen.getByLabelText("证件号码"), router };
}
const hireButton = () => screen.getByRole("button", { name: "办理入职" }) as HTMLButtonElement;
/** Everyone has answered, and nothing is known of the person. */
const NONE = { person_found: false, name_matches: true, relations: [], months_total: {}, unanswered: [], asked_at: "2026-11-21T08:00:00Z" };
const NOBODY: StatusReport = { ...WUHAN, verdict: "direct", from_regions: [], findings: [], answer: NONE };
const stop = (rule: string, zh: string): Advice => ({ rule, severity: "blocking", message: { zh, en: "" }, overridable: false });
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

it("waits for the regions before anyone can be hired", async () => {
  let answer: (report: StatusReport) => void = () => {};
  api = fakeApi({ "POST /api/v1/status-queries": () => new Promise((resolve) => (answer = resolve)) });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  const waiting = (await screen.findByRole("button", { name: "等待核查结果…" })) as HTMLButtonElement;
  expect(waiting.disabled).toBe(true);
  fireEvent.submit(waiting.closest("form") as HTMLFormElement);
  await waitFor(() => expect(queries()).toHaveLength(1));
  expect(waiting.disabled).toBe(true);
  answer(NOBODY);
  await waitFor(() => expect(hireButton().disabled).toBe(false));
  expect(api.asked.some((one) => one.path === "/api/v1/employees")).toBe(false);
});

it("hires without the regions when the platform cannot be reached", async () => {
  api = fakeApi({
    "POST /api/v1/status-queries": new Refused(503, { title: "平台暂不可用", rule: "platform_unavailable" }),
    "POST /api/v1/employees": { employee: { id: "e1" }, findings: [] },
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("平台暂不可用", {}, { timeout: 5000 });
  fireEvent.click(hireButton());
  expect(await screen.findByText("other page")).toBeTruthy();
});

it("says what the hire's answer found, with the next step, instead of a bare success", async () => {
  api = fakeApi({
    "POST /api/v1/status-queries": NOBODY,
    "POST /api/v1/employees": {
      employee: { id: "e1", name: "张三", state: "needs_transfer", state_name: "待转移" },
      findings: WUHAN.findings,
    },
    "POST /api/v1/transfers": { id: "t1" },
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("各地均无此人记录");
  fireEvent.click(hireButton());
  const told = await screen.findByTestId("hired");
  expect(told.textContent).toContain("该员工在武汉仍有在缴养老保险");
  expect(told.textContent).toContain("待转移");
  expect(within(told).getByRole("link", { name: "查看员工档案" }).getAttribute("href")).toBe("/employees/e1");
  fireEvent.click(within(told).getByRole("button", { name: "办理转移" }));
  expect(await screen.findByText("other page")).toBeTruthy();
  expect(api.asked.find((one) => one.path === "/api/v1/transfers")?.body).toMatchObject({ employee_id: "e1", from_region: "420100" });
});

it("keeps the person hired when the transfer then fails, and hires nobody twice", async () => {
  api = fakeApi({
    "POST /api/v1/status-queries": WUHAN,
    "POST /api/v1/employees": { employee: { id: "e1", name: "张三", state: "needs_transfer", state_name: "待转移" }, findings: [] },
    "POST /api/v1/transfers": new Refused(503, { title: "转移暂不能发起", rule: "x" }),
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  const button = await screen.findByRole("button", { name: "办理转移" });
  fireEvent.click(button);
  fireEvent.click(button);
  expect(await screen.findByText("转移暂不能发起")).toBeTruthy();
  expect(api.asked.filter((one) => one.path === "/api/v1/employees")).toHaveLength(1);
});

it("sends one hire for two clicks", async () => {
  api = fakeApi({ "POST /api/v1/status-queries": NOBODY, "POST /api/v1/employees": { employee: { id: "e1" }, findings: [] } });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("各地均无此人记录");
  const button = hireButton();
  fireEvent.click(button);
  fireEvent.click(button);
  await screen.findByText("other page");
  expect(api.asked.filter((one) => one.path === "/api/v1/employees")).toHaveLength(1);
});

it.each([
  ["an ID number under another name", { ...NONE, person_found: true, name_matches: false }, "bad_data", "name_contradicts_record"],
  ["a child", NONE, "direct", "under_working_age"],
] as const)("gives no all-clear to %s", async (_, answer, verdict, rule) => {
  api = fakeApi({ "POST /api/v1/status-queries": { ...NOBODY, verdict, answer, findings: [stop(rule, "不能办理")] } });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("不能办理");
  expect(screen.queryByText(/可以直接在本单位办理参保登记/)).toBeNull();
  expect(screen.queryByText("有此人记录，但没有参保关系")).toBeNull();
});

it("gives no all-clear beside a warning, and gives it when there is none", async () => {
  const old = { ...stop("retirement_likely", "入职时已满 60 周岁"), severity: "warning" as const };
  api = fakeApi({
    "POST /api/v1/status-queries": (asked: { body: unknown }) =>
      (asked.body as { name: string }).name === "张三" ? { ...NOBODY, findings: [old] } : NOBODY,
  });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("入职时已满 60 周岁");
  expect(screen.queryByText(/可以直接/)).toBeNull();
  type(name, "李四");
  expect(await screen.findByText("可以直接在本单位办理参保登记。")).toBeTruthy();
});

it("asks a silent region again by itself until it answers, and names it once", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const silence: Advice = { ...stop("region_unanswered", "西安暂未答复"), severity: "warning", action: "retry", who: "system" };
  const silent = { ...NOBODY, verdict: "unanswered" as const, findings: [silence], answer: { ...NONE, unanswered: ["610100"] } };
  const answers = [silent, silent, NOBODY];
  api = fakeApi({ "POST /api/v1/status-queries": () => answers.shift() ?? NOBODY });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  const box = await screen.findByTestId("unanswered");
  expect(screen.getAllByText(/西安/)).toHaveLength(1);
  expect(box.textContent).toContain("秒后自动再次查询");
  expect(box.textContent).toContain("region_unanswered");
  for (let second = 0; second < 14; second += 1) await act(() => vi.advanceTimersByTimeAsync(1000));
  expect(await screen.findByText("可以直接在本单位办理参保登记。")).toBeTruthy();
  expect(queries()).toHaveLength(3);
  expect(screen.queryByTestId("unanswered")).toBeNull();
});

it("leads to the employee who has the number already, and offers no transfer that would fail", async () => {
  const known = { ...stop("duplicate_in_unit", "本单位已有该证件号码的员工"), action: "open_employee", employee_id: "e7" };
  api = fakeApi({ "POST /api/v1/status-queries": { ...WUHAN, findings: [known, ...WUHAN.findings] } });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  await screen.findByText("本单位已有该证件号码的员工");
  expect(screen.getByRole("link", { name: "打开该员工的档案" }).getAttribute("href")).toBe("/employees/e7");
  expect(screen.queryByRole("button", { name: "办理转移" })).toBeNull();
});

it("names of every finding the rule, the remedy and who must act", async () => {
  const finding = { ...PAYING, who: "hr", remedy: { zh: "先停保再转移", en: "" } };
  api = fakeApi({ "POST /api/v1/status-queries": { ...WUHAN, findings: [finding] } });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  const box = (await screen.findByText("先停保再转移")).closest("li");
  expect(box?.textContent).toContain("由谁办理： 人事");
  expect(box?.textContent).toContain("pension_active_elsewhere");
});

it("gives the 18-digit form of an old number at once, and takes it by a button", async () => {
  api = fakeApi({ "POST /api/v1/status-queries": NOBODY });
  const { name, id } = open();
  type(name, "张三");
  type(id, "110105491231002");
  expect((await screen.findByTestId("old-number")).textContent).toContain(ID);
  fireEvent.click(screen.getByRole("button", { name: "改用 18 位号码" }));
  await waitFor(() => expect((id as HTMLInputElement).value).toBe(ID));
  expect(await screen.findByText("各地均无此人记录")).toBeTruthy();
});

it("weighs the wage against the law while it is typed", async () => {
  const low = { ...stop("wage_below_floor", "低于长沙下限 4308.00 元"), severity: "warning" as const };
  api = fakeApi({ "POST /api/v1/wage-checks": { findings: [low] } });
  open();
  type(screen.getByLabelText("月工资（应发）"), "100");
  expect(await screen.findByText("低于长沙下限 4308.00 元")).toBeTruthy();
  expect(api.asked[0]?.body).toEqual({ region: "430100", on: today(), wage_fen: 10_000 });
});

it("asks before what was typed is lost", async () => {
  api = fakeApi({ "POST /api/v1/status-queries": NOBODY });
  const { name, router } = open();
  const leave = () => {
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(leave()).toBe(false);
  type(name, "张三");
  expect(leave()).toBe(true);
  await act(() => router.navigate("/employees"));
  expect(await screen.findByText("离开后，已填内容不会保留")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "继续填写" }));
  expect((name as HTMLInputElement).value).toBe("张三");
  await act(() => router.navigate("/employees"));
  fireEvent.click(await screen.findByRole("button", { name: "离开" }));
  expect(await screen.findByText("other page")).toBeTruthy();
});

it("tells whoever may not hire before anything is typed", () => {
  renderPage("/onboarding", <OnboardingPage />, "/onboarding", { ...HR, permissions: ["employee_view"] });
  expect(screen.getByText("您没有办理入职的权限")).toBeTruthy();
  expect(screen.queryByLabelText("姓名")).toBeNull();
});

it("says how long a reason must be", async () => {
  api = fakeApi({ "POST /api/v1/status-queries": WUHAN });
  const { name, id } = open();
  type(name, "张三");
  type(id, ID);
  fireEvent.click(await screen.findByRole("button", { name: "仍要直接入职" }));
  type(await screen.findByLabelText("理由"), "四个字呀");
  expect(screen.getByText("至少 5 个字 · 已写 4 / 200")).toBeTruthy();
  expect((screen.getByRole("button", { name: "写明理由并入职" }) as HTMLButtonElement).disabled).toBe(true);
});
