import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { FormField, Transfer } from "../../api/types";
import { fakeApi, Refused, type Asked } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { TransferPage } from "./TransferPage";

const field = (key: string, label: string, value: string, change: Partial<FormField> = {}): FormField => ({
  key,
  label,
  value,
  required: true,
  missing: value === "",
  editable: false,
  source: "employee",
  ...change,
});

function transfer(change: Partial<Transfer> = {}): Transfer {
  return {
    id: "t1",
    number: 1,
    employee_id: "e1",
    employee_name: "周子涵",
    id_masked: "4301**********0011",
    insurance: "pension",
    from_region: "420100",
    to_region: "430100",
    months: 38,
    state: "draft",
    state_name: "草稿",
    step: "submitted",
    step_name: "草稿",
    round: 1,
    due_estimated: false,
    overdue: false,
    version: 3,
    from_region_name: "武汉",
    to_region_name: "长沙",
    created_at: "2026-11-20T08:00:00Z",
    updated_at: "2026-11-20T08:00:00Z",
    allowed_actions: ["edit", "sign", "withdraw"],
    form: {
      fields: [field("name", "姓名", "周子涵"), field("former_person_number", "原个人编号", "", { editable: true, source: "none" })],
      findings: [],
    },
    timeline: [],
    documents: [],
    contacts: [{ region: "420100", name: "武汉市社会保险经办机构", phone: "027-12333", address: "示范路 2 号", postcode: "430000" }],
    ...change,
  };
}

// The preview asks for the PDF itself; happy-dom has no object addresses.
beforeEach(() => {
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});
let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => api?.restore());

function open(one: Transfer, more: Record<string, unknown> = {}) {
  api = fakeApi({ "GET /api/v1/transfers/t1": one, "GET /api/v1/transfers/t1/application.pdf": {}, ...more });
  renderPage("/transfers/:id", <TransferPage />, "/transfers/t1");
}
const sent = (path: string): Asked | undefined => api?.asked.find((asked) => asked.method !== "GET" && asked.path.endsWith(path));

it("marks what the statutory form still lacks, and saves what HR fills in", async () => {
  open(transfer(), { "PUT /api/v1/transfers/t1/form": transfer() });
  expect((await screen.findByTestId("missing")).textContent).toContain("原个人编号");
  fireEvent.change(screen.getByLabelText("原个人编号"), { target: { value: "4201001234" } });
  fireEvent.click(screen.getByRole("button", { name: "保存" }));
  await waitFor(() => expect(sent("/form")?.body).toEqual({ version: 3, fields: { former_person_number: "4201001234" } }));
});

it("offers signing only while the server allows it", async () => {
  open(transfer({ state: "filed", allowed_actions: [], step_name: "转移申请已提交" }));
  await screen.findByText("申请表内容");
  for (const name of ["签名", "提交申请", "撤回", "确认并更新员工信息"]) expect(screen.queryByRole("button", { name })).toBeNull();
});

it("files only after asking", async () => {
  open(transfer({ state: "signed", allowed_actions: ["edit", "file", "withdraw"] }), {
    "POST /api/v1/transfers/t1/file": transfer({ state: "filed" }),
  });
  fireEvent.click(await screen.findByRole("button", { name: "提交申请" }));
  const dialog = await screen.findByRole("dialog");
  expect(sent("/file")).toBeUndefined();
  fireEvent.click(within(dialog).getByRole("button", { name: "提交申请" }));
  await waitFor(() => expect(sent("/file")).toBeTruthy());
});

it("shows why the present application came back, with what to do, and not the reasons of an older round", async () => {
  const stopped = (round: number, text: string) => ({
    round,
    step: "returned",
    label: "已退回",
    state: "stopped" as const,
    office: "武汉市社会保险经办机构",
    office_phone: "",
    actor: "王*",
    deadline_estimated: false,
    overdue: false,
    reasons: [{ code: "x", text: { zh: text, en: text }, remedy: { zh: `处理${text}`, en: "" } }],
  });
  open(transfer({ state: "returned", round: 2, timeline: [stopped(1, "旧原因"), stopped(2, "未停保")] }));
  const panel = (await screen.findByText("退回原因与处理办法")).closest("section") as HTMLElement;
  expect(panel.textContent).toContain("未停保");
  expect(panel.textContent).toContain("处理未停保");
  expect(panel.textContent).not.toContain("旧原因");
});

it("counts down the office's working days and marks an overdue one", async () => {
  const at = (state: "done" | "current", step: string, days?: number) => ({
    round: 1,
    step,
    label: step,
    state,
    office: "武汉",
    office_phone: "027-12333",
    actor: "",
    deadline: days === undefined ? null : "2026-12-08",
    deadline_estimated: false,
    remaining_working_days: days,
    overdue: days !== undefined && days < 0,
    reasons: [],
  });
  open(transfer({ state: "filed", allowed_actions: [], timeline: [at("done", "submitted"), at("current", "old_reviewed", -2)] }));
  const clock = await screen.findByText("已逾期 2 个工作日");
  expect(clock.className).toContain("over");
});

it("says so when the server refuses the signature", async () => {
  const refusal = { title: "申请表内容有变，请重新核对", detail: "the form changed", rule: "stale", findings: [] };
  open(transfer(), { "POST /api/v1/transfers/t1/sign": new Refused(409, refusal) });
  fireEvent.click(await screen.findByRole("button", { name: "签名" }));
  expect(await screen.findByText("申请表内容有变，请重新核对")).toBeTruthy();
});
