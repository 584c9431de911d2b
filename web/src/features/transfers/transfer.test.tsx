import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Finding, FormField, Transfer } from "../../api/types";
import { fakeApi, Refused, type Asked } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { TransferPage } from "./TransferPage";

const field = (key: string, label: string, value: string, change: Partial<FormField> = {}): FormField => ({
  key,
  label: { zh: label, en: key },
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

it("says so when the server refuses the signature, and what changed meanwhile", async () => {
  const refusal = { title: "申请表内容有变，请重新核对", detail: "the form changed", rule: "stale", findings: [] };
  let now = transfer();
  open(now, {
    "GET /api/v1/transfers/t1": () => now,
    "POST /api/v1/transfers/t1/sign": () => {
      now = transfer({ state: "filed", allowed_actions: [] });
      return new Refused(409, refusal);
    },
  });
  fireEvent.click(await screen.findByRole("button", { name: "签名" }));
  expect(await screen.findByText("页面已更新：现在是“办理中”")).toBeTruthy();
});

const filled = [field("name", "姓名", "周子涵"), field("former_person_number", "原个人编号", "4201001234", { editable: true, source: "typed" })];
const gap: Finding = {
  rule: "form_field_missing",
  severity: "warning",
  field: "former_person_number",
  message: { zh: "申请表必填项“原个人编号”尚未填写", en: "" },
  remedy: { zh: "不知道可留空，由原参保地经办机构按证件号码核对", en: "" },
};
const posted = (end: string) => api?.asked.filter((asked) => asked.method !== "GET" && asked.path.endsWith(end)) ?? [];

it("saves what stands in the fields before it signs, and signs that version", async () => {
  const saved = transfer({ version: 4, form: { fields: filled, findings: [] } });
  open(transfer({ form: { fields: transfer().form.fields, findings: [gap] } }), {
    "PUT /api/v1/transfers/t1/form": saved,
    "POST /api/v1/transfers/t1/sign": transfer({ state: "signed", version: 5 }),
  });
  fireEvent.change(await screen.findByLabelText("原个人编号"), { target: { value: "4201001234" } });
  fireEvent.click(screen.getByRole("button", { name: "保存并签名" }));
  await waitFor(() => expect(posted("/sign").map((asked) => asked.body)).toEqual([{ version: 4 }]));
  expect(posted("/form").map((asked) => asked.body)).toEqual([{ version: 3, fields: { former_person_number: "4201001234" } }]);
});

it("does not sign when saving was refused", async () => {
  const finding = { ...gap, rule: "form_field_format", severity: "blocking", message: { zh: "编号不对", en: "" } };
  open(transfer(), { "PUT /api/v1/transfers/t1/form": new Refused(422, { title: "编号不对", rule: "form_field_format", findings: [finding] }) });
  fireEvent.change(await screen.findByLabelText("原个人编号"), { target: { value: "?" } });
  fireEvent.click(screen.getByRole("button", { name: "保存并签名" }));
  expect(await screen.findByText(/编号不对/)).toBeTruthy();
  expect(posted("/sign")).toEqual([]);
});

it("signs once, however often the button is pressed", async () => {
  open(transfer({ form: { fields: filled, findings: [] } }), { "POST /api/v1/transfers/t1/sign": transfer({ state: "signed", version: 4 }) });
  const button = await screen.findByRole("button", { name: "签名" });
  fireEvent.click(button);
  fireEvent.click(button);
  await screen.findByText("已签名");
  expect(posted("/sign").length).toBe(1);
});

it.each([
  ["draft", "sign", "签名", "不填，仍签名"],
  ["signed", "file", "提交申请", "不填，仍提交申请"],
] as const)("in %s lists the statutory field that is empty and goes on only without it", async (state, act, button, without) => {
  open(transfer({ state, allowed_actions: ["edit", act], form: { fields: transfer().form.fields, findings: [gap] } }), {
    [`POST /api/v1/transfers/t1/${act}`]: transfer({ state: "filed" }),
  });
  fireEvent.click(await screen.findByRole("button", { name: button }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("原个人编号");
  expect(dialog.textContent).toContain("由原参保地经办机构按证件号码核对");
  expect(posted(`/${act}`)).toEqual([]);
  fireEvent.click(within(dialog).getByRole("button", { name: without }));
  await waitFor(() => expect(posted(`/${act}`).length).toBe(1));
});

it("offers no way round a field without which no agency can decide", async () => {
  const blocking: Finding = {
    ...gap,
    severity: "blocking",
    field: "former_agency_name",
    message: { zh: "申请表必填项“原社保机构名称”尚未填写", en: "" },
  };
  open(transfer({ form: { fields: transfer().form.fields, findings: [blocking] } }));
  fireEvent.click(await screen.findByRole("button", { name: "签名" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("原社保机构名称");
  expect(
    within(dialog)
      .getAllByRole("button")
      .map((one) => one.textContent),
  ).toEqual(["返回补填"]);
});

it("starts again after a withdrawal", async () => {
  open(transfer({ state: "withdrawn", allowed_actions: ["restart"] }), {
    "POST /api/v1/transfers": transfer({ id: "t2" }),
    "GET /api/v1/transfers/t2": transfer({ id: "t2" }),
    "GET /api/v1/transfers/t2/application.pdf": {},
  });
  fireEvent.click(await screen.findByRole("button", { name: "重新发起" }));
  await waitFor(() => expect(posted("/transfers")[0]?.body).toEqual({ employee_id: "e1", from_region: "420100", insurance: "pension" }));
  await screen.findByRole("button", { name: "签名" });
});

it("names the signatures of an application and which of them is void", async () => {
  const paper = {
    kind: "transfer_application",
    title: { zh: "申请表", en: "" },
    digest: "",
    signer_name: "李经理",
    signed_at: "2026-11-20T08:00:00Z",
    openable: true,
  };
  open(
    transfer({
      documents: [
        {
          ...paper,
          id: "d1",
          verify_code: "A",
          version: 1,
          round: 1,
          revoked_at: "2026-11-20T09:00:00Z",
          revoked_reason: "已重新签署 / Signed again",
          current: false,
        },
        { ...paper, id: "d2", verify_code: "B", version: 2, round: 1, current: true },
      ],
    }),
  );
  const panel = (await screen.findByText("文书")).closest("section") as HTMLElement;
  const [first, second] = within(panel).getAllByRole("listitem");
  expect(first?.textContent).toContain("第 1 次签署");
  expect(first?.textContent).toContain("已作废 已重新签署");
  expect(first?.textContent).not.toContain("Signed again");
  expect(second?.textContent).toContain("第 2 次签署");
  expect(second?.textContent).not.toContain("已作废");
});

it("asks before it lets go of what is typed and not saved", async () => {
  open(transfer());
  fireEvent.change(await screen.findByLabelText("原个人编号"), { target: { value: "42" } });
  fireEvent.click(screen.getByRole("link", { name: /转移接续/ }));
  expect(await screen.findByText("离开后，刚才填写的内容会丢失。")).toBeTruthy();
  expect(screen.queryByText("other page")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "不保存，离开" }));
  await screen.findByText("other page");
});
