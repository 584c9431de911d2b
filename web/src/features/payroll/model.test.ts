import { describe, expect, it } from "vitest";
import { delta, freshCode, grouped, nextMonth, recentMonths, stepsOf, type SlipLine, type SlipStep } from "./model";

const line = (code: string, group: SlipLine["group"]): SlipLine => ({ code, name: code, group, amount: 1, basis: "" });
const step = (line: string, rule: string): SlipStep => ({ line, rule, title: "", figures: "", result: "", sources: [] });

describe("a payslip's lines", () => {
  it("stand in the order of the sheet, without empty groups", () => {
    const lines = [line("tax", "statutory"), line("base", "earning"), line("insurance_pension", "employer"), line("bonus", "earning")];
    expect(grouped(lines).map((one) => [one.group, one.lines.length])).toEqual([
      ["earning", 2],
      ["statutory", 1],
      ["employer", 1],
    ]);
  });

  it("show the steps of their own side, and the base of an insurance", () => {
    const steps = [
      step("insurance", "base_wage"),
      step("insurance_pension", "contribution_base"),
      step("insurance_pension", "contribution_employer"),
      step("insurance_pension", "contribution_employee"),
      step("tax", "tax_withholding"),
    ];
    const rules = (code: string, group: SlipLine["group"]) => stepsOf({ steps }, { code, group }).map((one) => one.rule);
    expect(rules("insurance_pension", "statutory")).toEqual(["base_wage", "contribution_base", "contribution_employee"]);
    expect(rules("insurance_pension", "employer")).toEqual(["base_wage", "contribution_base", "contribution_employer"]);
    expect(rules("tax", "statutory")).toEqual(["tax_withholding"]);
  });
});

describe("figures beside last month's", () => {
  it("have no difference without a last month", () => {
    expect(delta(5, null)).toBeNull();
    expect(delta(5, undefined)).toBeNull();
    expect(delta(5, 7)).toBe(-2);
  });
});

describe("months to compute", () => {
  it("begin with this one and cross the year", () => {
    expect(recentMonths(new Date(2026, 0, 31), 3)).toEqual(["2026-01", "2025-12", "2025-11"]);
  });
});

describe("a new component", () => {
  it("takes a free code", () => {
    const component = {
      name: "",
      kind: "earning",
      formula: "录入",
      tax: "taxed",
      counts_to_base: true,
      prorated: false,
      basis: "",
      active: true,
    } as const;
    expect(freshCode([])).toBe("item_1");
    expect(freshCode([{ ...component, code: "item_1" }])).toBe("item_2");
  });
});

describe("the month proposed for a run", () => {
  const now = new Date(2026, 10, 22);
  const run = (month: string, state: "locked" | "discarded" = "locked") => ({ month, state });

  it("is the last one that is over, until it has its run", () => {
    expect(nextMonth([run("2026-09")], now)).toBe("2026-10");
    expect(nextMonth([run("2026-10", "discarded"), run("2026-09")], now)).toBe("2026-10");
    expect(nextMonth([run("2026-10"), run("2026-09")], now)).toBe("2026-11");
  });
});
