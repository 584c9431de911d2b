import { describe, expect, it } from "vitest";
import { monthPlus } from "./dates";
import { newestMonth } from "./month";

const seen = (month: string, declarations: number, bills: number) => ({ month, declarations, bills, owed: 0 });

describe("the month a page opens on", () => {
  it("is the newest of which there is what the page shows", () => {
    const months = [seen("2026-11", 2, 0), seen("2026-10", 3, 3), seen("2026-09", 3, 3)];
    expect(newestMonth(months, "declarations", "2026-12-03")).toBe("2026-11");
    expect(newestMonth(months, "bills", "2026-12-03")).toBe("2026-10");
  });
  it("is this month where there is nothing yet", () => {
    expect(newestMonth([], "bills", "2026-12-03")).toBe("2026-12");
    expect(newestMonth([seen("2026-11", 1, 0)], "bills", "2026-12-03")).toBe("2026-12");
  });
});

describe("monthPlus", () => {
  it.each([
    ["2026-09", 0, "2026-09"],
    ["2026-09", 4, "2027-01"],
    ["2026-01", -1, "2025-12"],
    ["2026-12", 1, "2027-01"],
  ])("%s by %i is %s", (month, by, expected) => {
    expect(monthPlus(month, by)).toBe(expected);
  });
});
