import type { EmployerHome } from "../../api/types";

export interface Task {
  key: string;
  to: string;
  count: number;
}

/** What waits for HR, most pressing first, each leading to the list that shows it. */
export function tasksOf(home: EmployerHome): Task[] {
  const transfers = (state: string) => home.transfers.find((one) => one.state === state)?.count ?? 0;
  const employees = (state: string) => home.employees.find((one) => one.state === state)?.count ?? 0;
  const all: Task[] = [
    ...["returned", "completed", "signed", "draft"].map((state) => ({
      key: `transfer.${state}`,
      to: `/transfers?state=${state}`,
      count: transfers(state),
    })),
    ...["bad_data", "needs_transfer", "unchecked", "direct"].map((state) => ({
      key: `employee.${state}`,
      to: `/employees?state=${state}`,
      count: employees(state),
    })),
    { key: "rosters", to: "/rosters", count: home.rosters_checking },
    { key: "requests", to: "/attendance/requests?state=submitted", count: home.month.requests },
    { key: "runs_to_submit", to: "/payroll", count: home.month.runs_to_submit },
    { key: "runs_to_review", to: "/payroll", count: home.month.runs_to_review },
    { key: "declarations", to: "/insurance-month", count: home.month.declarations },
    { key: "insurance_tasks", to: "/insurance-tasks", count: home.month.insurance_tasks },
    { key: "bills_owed", to: "/bills", count: home.month.bills_owed },
  ];
  return all.filter((task) => task.count > 0);
}
