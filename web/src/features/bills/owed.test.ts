import { describe, expect, it } from "vitest";
import { owedIn } from "./owed";

describe("owedIn", () => {
  it("counts what is open in whole or in part, nothing else", () => {
    const states = ["arriving", "open", "part_paid", "paid", "refund", "refunded"] as const;
    expect(owedIn(states.map((state) => ({ state })))).toBe(2);
    expect(owedIn([])).toBe(0);
  });
});
