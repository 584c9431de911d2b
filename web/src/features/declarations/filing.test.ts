import { describe, expect, it } from "vitest";
import { monthPlus } from "./filing";

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
