import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Employee } from "../../api/types";
import { fakeApi } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { EmployeeActs } from "./EmployeeActs";

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => api?.restore());

const EMPLOYEE = {
  id: "e1",
  name: "张三",
  version: 1,
  hired_on: "2026-11-02",
  region: "430100",
  department: "",
  position: "",
  allowed_actions: ["enrol", "edit"],
} as unknown as Employee;

it("leads from a missing wage to its field", async () => {
  api = fakeApi({});
  renderPage("/", <EmployeeActs employee={EMPLOYEE} />);
  fireEvent.click(screen.getByRole("button", { name: "办理参保登记" }));
  await screen.findByText("员工档案没有月工资，无法申报缴费基数");
  fireEvent.click(screen.getByRole("button", { name: "填写月工资" }));
  const wage = await screen.findByLabelText("月工资（元）");
  await waitFor(() => expect(document.activeElement).toBe(wage));
});
