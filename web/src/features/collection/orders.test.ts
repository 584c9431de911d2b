import { describe, expect, it } from "vitest";
import { lineTone, stateTone, STATES } from "./orders";
import en from "./en.json";
import zh from "./zh-CN.json";

describe("states of orders and lines", () => {
  it("alarms only what needs a person", () => {
    expect(STATES.map(stateTone)).toEqual(["processing", "warning", "error", "success", "default"]);
    expect(["paid", "part_paid", "late_fee", "suspense", "repeated", "refused", "sent"].map(lineTone)).toEqual([
      "success",
      "processing",
      "success",
      "warning",
      "default",
      "error",
      "default",
    ]);
  });

  it("names every state in both languages", () => {
    for (const words of [zh, en] as Record<string, string>[]) {
      for (const state of STATES) expect(words[`state.${state}`]).toBeTruthy();
    }
  });
});
