import { describe, expect, it } from "vitest";
import { percent } from "./percent";

describe("percent", () => {
  it("writes rates without floats", () => {
    expect(percent("0.08")).toBe("8");
    expect(percent("0.125")).toBe("12.5");
    expect(percent("0.05")).toBe("5");
    expect(percent("1")).toBe("100");
    expect(percent(null)).toBeUndefined();
    expect(percent("x")).toBeUndefined();
  });
});
