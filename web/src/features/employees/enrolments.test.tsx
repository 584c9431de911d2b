import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Employee, Enrolment, KnownRelation, TransferSummary } from "../../api/types";
import { fakeApi } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { EmployeeActs } from "./EmployeeActs";
import { regionsToTransfer } from "./offers";
import { Enrolments } from "./Enrolments";

const relation = (region: string, status: KnownRelation["status"] = "suspended") =>
  ({ region, insurance: "pension", status, months: 20 }) as KnownRelation;
const employee = {
  id: "e1",
  name: "冯晚晴",
  id_masked: "4301**********0011",
  hired_on: "2026-11-02",
  region: "430100",
  wage_fen: 850_000,
  relations: [relation("420100"), relation("440100")],
  allowed_actions: ["enrol", "start_transfer"],
} as unknown as Employee;
const filed = {
  id: "r1",
  number: 12,
  employee_id: "e1",
  region: "430100",
  insurances: ["pension", "medical", "unemployment", "injury", "maternity"],
  from_month: "2026-11",
  state: "filed",
  reasons: [],
  filed_at: "2026-11-20T08:00:00Z",
} as unknown as Enrolment;

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => api?.restore());
const posted = (path: string) => api?.asked.filter((one) => one.method === "POST" && one.path === path) ?? [];

it("shows what will be filed, and files exactly that once", async () => {
  api = fakeApi({ "GET /api/v1/transfers": { items: [] }, "POST /api/v1/employees/e1/enrolment": filed });
  renderPage("/", <EmployeeActs employee={employee} />);
  fireEvent.click(await screen.findByRole("button", { name: "办理参保登记" }));
  const dialog = await screen.findByRole("dialog");
  for (const word of ["长沙星河制造有限公司", "冯晚晴", "长沙", "2026-11", "8,500.00", "五险"]) expect(dialog.textContent).toContain(word);
  expect(posted("/api/v1/employees/e1/enrolment")).toEqual([]);
  const button = screen.getByRole("button", { name: "提交参保登记" });
  fireEvent.click(button);
  fireEvent.click(button);
  await screen.findByText("参保登记已提交，第 12 号");
  expect(posted("/api/v1/employees/e1/enrolment").map((one) => one.body)).toEqual([{ insurances: filed.insurances, start_month: "2026-11" }]);
});

it("does not file without a wage, and says what to do", async () => {
  api = fakeApi({ "GET /api/v1/transfers": { items: [] } });
  renderPage("/", <EmployeeActs employee={{ ...employee, wage_fen: null }} />);
  fireEvent.click(await screen.findByRole("button", { name: "办理参保登记" }));
  await screen.findByText("请先在员工档案中填写月工资。");
  expect((screen.getByRole("button", { name: "提交参保登记" }) as HTMLButtonElement).disabled).toBe(true);
});

it("shows what was filed with number and state", async () => {
  api = fakeApi({ "GET /api/v1/employees/e1/enrolments": [filed] });
  renderPage("/", <Enrolments employeeId="e1" />);
  const line = await screen.findByRole("listitem");
  for (const word of ["第 12 号", "长沙", "自 2026-11 起", "办理中"]) expect(line.textContent).toContain(word);
});

it("offers a transfer for each region that has none under way", async () => {
  const under = (from_region: string, state: TransferSummary["state"]) => ({ from_region, state, insurance: "pension" }) as TransferSummary;
  const { relations } = employee;
  expect(regionsToTransfer("430100", relations, [])).toEqual(["420100", "440100"]);
  expect(regionsToTransfer("430100", relations, [under("420100", "filed")])).toEqual(["440100"]);
  expect(regionsToTransfer("430100", relations, [under("420100", "withdrawn"), under("440100", "draft")])).toEqual(["420100"]);
  expect(regionsToTransfer("430100", [relation("430100"), relation("420100", "terminated")], [])).toEqual([]);
  api = fakeApi({
    "GET /api/v1/transfers": { items: [under("420100", "filed")] },
    "POST /api/v1/employees/e1/status": { findings: [] },
    "POST /api/v1/transfers": { id: "t2" },
  });
  renderPage("/", <EmployeeActs employee={employee} />);
  const button = await screen.findByRole("button", { name: "办理转移" });
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() =>
    expect(posted("/api/v1/transfers").map((one) => one.body)).toEqual([{ employee_id: "e1", from_region: "440100", insurance: "pension" }]),
  );
  expect(posted("/api/v1/employees/e1/status").length).toBe(1);
});
