import { describe, expect, it } from "vitest";
import { monthPlus } from "../../shared/dates";
import { clock, days, hours, leadingBlanks, leaveDays, minuteOf } from "./time";

describe("minutes", () => {
  it("are shown and read as times of the day", () => {
    expect([clock(540), clock(0), clock(1439), clock(1800)]).toEqual(["09:00", "00:00", "23:59", "06:00"]);
    expect([minuteOf("9:00"), minuteOf(" 23:59 "), minuteOf("24:00"), minuteOf("9:7"), minuteOf("x")]).toEqual([540, 1439, null, null, null]);
  });
  it("are shown as hours and days without dust", () => {
    expect([hours(480), hours(510), hours(10), hours(0), hours(-30)]).toEqual(["8", "8.5", "0.17", "0", "-0.5"]);
    expect([leaveDays(2400), leaveDays(720), leaveDays(50)]).toEqual(["5", "1.5", "0.1"]);
    expect([days(2200), days(2150), days(33)]).toEqual(["22", "21.5", "0.33"]);
  });
});

describe("months", () => {
  it("move over the year's end", () => {
    expect([monthPlus("2026-01", -1), monthPlus("2026-12", 1), monthPlus("2026-09", 0)]).toEqual(["2025-12", "2027-01", "2026-09"]);
  });
  it("begin on their weekday", () => {
    // 1 September 2026 is a Tuesday, 1 June 2026 a Monday, 1 November 2026 a Sunday.
    expect([leadingBlanks("2026-09"), leadingBlanks("2026-06"), leadingBlanks("2026-11")]).toEqual([1, 0, 6]);
  });
});
