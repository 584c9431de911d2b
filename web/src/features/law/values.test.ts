import { expect, it } from "vitest";
import { percent, shown } from "./values";

it.each([
  ["0.16", "16%"],
  ["0.08", "8%"],
  ["0.0016", "0.16%"],
  ["0.0005", "0.05%"],
  ["0.005", "0.5%"],
  ["1.10", "110%"],
  ["3.00", "300%"],
  ["half", "half"],
])("%s is %s", (text, out) => expect(percent(text)).toBe(out));

it("writes each value as people do", () => {
  expect(shown("pension.limits", "ceiling", "21540")).toBe("21,540");
  expect(shown("pension.employer", "rate", "0.16")).toBe("16%");
  expect(shown("retirement.male", "original_age", "60")).toBe("60");
  expect(shown("contribution.average_ratio", "floor", "0.6")).toBe("60%");
});
