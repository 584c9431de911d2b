import { describe, expect, it } from "vitest";
import { requestOf, type Draft } from "./MyRequestsPage";

const draft: Draft = {
  kind: "leave",
  leaveKind: "annual",
  rest: false,
  unit: "day",
  from: "2026-09-14",
  to: "2026-09-15",
  half: "second_half",
  fromClock: "22:00",
  toClock: "02:00",
  nextDay: true,
  reason: " 回家 ",
};

describe("a request", () => {
  it("says days, a half or hours", () => {
    expect(requestOf(draft)).toEqual({
      kind: "leave",
      leave_kind: "annual",
      rest: false,
      from_on: "2026-09-14",
      to_on: "2026-09-15",
      reason: "回家",
    });
    expect(requestOf({ ...draft, unit: "half" })).toMatchObject({ from_on: "2026-09-14", first_part: "second_half" });
    expect(requestOf({ ...draft, unit: "hour" })).toMatchObject({ from_minute: 1320, to_minute: 1560 });
    expect(requestOf({ ...draft, kind: "overtime", rest: true })).toMatchObject({ kind: "overtime", rest: true, to_minute: 1560 });
    expect(requestOf({ ...draft, kind: "punch" })).toEqual({ kind: "punch", rest: false, from_on: "2026-09-14", from_minute: 1320, reason: "回家" });
  });
  it("is not sent while something is missing", () => {
    expect(requestOf({ ...draft, reason: " " })).toBeNull();
    expect(requestOf({ ...draft, to: "2026-09-13" })).toBeNull();
    expect(requestOf({ ...draft, unit: "hour", nextDay: false })).toBeNull();
    expect(requestOf({ ...draft, kind: "punch", fromClock: "" })).toBeNull();
  });
});
