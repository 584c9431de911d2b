import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { CaseDetail, HistoryStep } from "../../api/types";
import { fakeApi, Refused } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { CasePage } from "./CasePage";
import { groups } from "./groups";

const finding = (rule: string, severity: "blocking" | "warning" = "warning") => ({ rule, severity, message: { zh: `问题 ${rule}`, en: rule } });

function detail(change: Partial<CaseDetail> = {}): CaseDetail {
  return {
    case: {
      id: "c1",
      number: "430100-1",
      business: "enrolment",
      subject: { name: "周子涵", id_masked: "4301**********0011" },
      state: "in_compliance",
      level: 0,
      round: 2,
      findings: [finding("phone_unusual"), finding("relation_active", "blocking")],
      reasons: [],
      owner: "agency:430100",
      due_estimated: false,
      opened_at: "2026-11-20T08:00:00Z",
      updated_at: "2026-11-20T08:00:00Z",
      version: 7,
    },
    business_name: { zh: "参保登记", en: "Enrolment" },
    sections: [
      {
        title: { zh: "人员", en: "Person" },
        fields: [{ key: "phone", label: { zh: "电话", en: "Phone" }, value: "138****0000", before: "139****0000", changed: true }],
      },
    ],
    corrections: [],
    due: { due_on: "2026-12-11", remaining_working_days: 14, overdue: false, estimated: false },
    history: [step("accuracy_checked", 1, [finding("old_fault")]), step("accuracy_checked", 2, [finding("phone_unusual")])],
    allowed_actions: ["pass", "return"],
    ...change,
  };
}
function step(act: HistoryStep["act"], round: number, findings: ReturnType<typeof finding>[]): HistoryStep {
  return {
    seq: round,
    round,
    act,
    act_name: act,
    state: "in_compliance",
    level: 0,
    user_id: "",
    user_name: "",
    role: "",
    reasons: [],
    findings,
    at: "2026-11-20T08:00:00Z",
  };
}

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => api?.restore());

function open(one: CaseDetail, more: Record<string, unknown> = {}) {
  api = fakeApi({
    "GET /api/v1/cases/c1": one,
    "GET /api/v1/cases/c1/documents": [],
    "GET /api/v1/review/reasons": [],
    "GET /api/v1/review/opinions": [],
    ...more,
  });
  return renderPage("/cases/:id", <CasePage />, "/cases/c1");
}
const sent = (path: string) => api?.asked.find((asked) => asked.method === "POST" && asked.path === path);

describe("a case", () => {
  it("keeps accuracy of this round apart from compliance", () => {
    const found = groups(detail());
    expect(found.accuracy.map((one) => one.rule)).toEqual(["phone_unusual"]);
    expect(found.compliance.map((one) => one.rule)).toEqual(["relation_active"]);
  });

  it("offers what the server allows and nothing else", async () => {
    open(detail());
    expect(await screen.findByRole("button", { name: /^审核通过/ })).toBeTruthy();
    expect(screen.getByRole("button", { name: /^退回修改/ })).toBeTruthy();
    for (const name of [/^复核通过/, /^不予受理/, /^业务回退/, /^领取/]) expect(screen.queryByRole("button", { name })).toBeNull();
  });

  it("shows the value before beside what changed", async () => {
    open(detail());
    expect(await screen.findByText("原为 139****0000")).toBeTruthy();
  });

  it("passes with Ctrl+Enter, naming the version seen, and goes back to the queue", async () => {
    open(detail(), { "POST /api/v1/cases/c1/pass": detail() });
    await screen.findByRole("button", { name: /^审核通过/ });
    fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
    expect(await screen.findByText("other page")).toBeTruthy();
    expect(sent("/api/v1/cases/c1/pass")?.body).toEqual({ version: 7 });
    expect(sent("/api/v1/cases/c1/pass")?.headers.get("Idempotency-Key")).toBeTruthy();
  });

  it("says why the server refused a second post to the same person", async () => {
    const refusal = { title: "经办和复核不能为同一人", detail: "not the same person", rule: "same_person", findings: [] };
    open(detail({ allowed_actions: ["approve"] }), { "POST /api/v1/cases/c1/approve": new Refused(409, refusal) });
    fireEvent.click(await screen.findByRole("button", { name: /^复核通过/ }));
    expect(await screen.findByText("经办和复核不能为同一人")).toBeTruthy();
  });

  it("returns with the blocking findings already chosen", async () => {
    open(detail(), { "POST /api/v1/cases/c1/return": detail() });
    fireEvent.click(await screen.findByRole("button", { name: /^退回修改/ }));
    const dialog = await screen.findByRole("dialog");
    await waitFor(() => expect(dialog.querySelectorAll("input[type=checkbox]:checked")).toHaveLength(1));
    fireEvent.click([...dialog.querySelectorAll("button")].find((button) => button.textContent === "退回修改") as HTMLElement);
    await waitFor(() => expect(sent("/api/v1/cases/c1/return")?.body).toEqual({ version: 7, reasons: [{ code: "relation_active" }] }));
  });
});
