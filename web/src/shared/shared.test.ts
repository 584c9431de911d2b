import { describe, expect, it } from "vitest";
import { instant, yearsAndMonths } from "./dates";
import { normaliseId, readId } from "./id-number";
import { portalPath } from "./links";
import { fen, yuan } from "./money";
import { landing } from "./session";

describe("money", () => {
  it.each([
    [0, "0.00"],
    [5, "0.05"],
    [100, "1.00"],
    [123456789, "1,234,567.89"],
    [-1250, "-12.50"],
    [null, "—"],
  ])("%s fen is shown as %s", (value, text) => expect(yuan(value)).toBe(text));

  it.each([
    ["12", 1200],
    ["12.5", 1250],
    ["1,234.56", 123456],
    ["0.07", 7],
    ["-3.10", -310],
    ["1.005", null],
    ["1e3", null],
    ["", null],
    ["八百", null],
  ])("%s typed is %s fen", (text, value) => expect(fen(text)).toBe(value));
});

describe("ID number", () => {
  // Made-up numbers with valid check digits.
  const GOOD = "11010519491231002X";
  it("reads birth date and sex from the 18th character on", () => {
    expect(readId(GOOD)).toEqual({ state: "good", facts: { value: GOOD, birthDate: "1949-12-31", sex: "female" } });
    expect(readId("440524188001010014").state).toBe("bad"); // born 1880
    expect(readId(GOOD.slice(0, 17))).toEqual({ state: "partial" });
  });
  it("takes what people paste", () => {
    expect(normaliseId(" １１０１０５ 19491231 002ｘ ")).toBe(GOOD);
    expect(readId("110105 19491231 002x").state).toBe("good");
  });
  it.each([
    ["110105194912310021", "check"],
    ["110105194913310021", "date"],
    ["110105194902300021", "date"],
    ["11010519491231002A", "characters"],
    ["1101051949123100211", "length"],
  ])("%s is wrong for its %s", (text, reason) => expect(readId(text)).toEqual({ state: "bad", reason }));
  it("calls the old 15-digit form an error only once typing has ended, and gives its 18-digit form at once", () => {
    const modern = "11010519491231002X";
    expect(readId("110105491231002")).toEqual({ state: "partial", modern });
    expect(readId("110105491231002", true)).toEqual({ state: "bad", reason: "old15", modern });
  });

  it("takes the first 15 of 18 digits for no old number", () => {
    expect(readId("430102200503151")).toEqual({ state: "partial" });
    expect(readId("430102199003151")).toEqual({ state: "partial" });
  });
});

describe("dates", () => {
  it("shows an instant in the time of China", () => {
    expect(instant("2026-11-21T16:30:05Z")).toBe("2026-11-22 00:30");
    expect(instant("2026-11-21T16:30:05Z", true)).toBe("2026-11-22 00:30:05");
    expect(instant(null)).toBe("—");
  });
  it("splits months into years and months", () => expect(yearsAndMonths(38)).toEqual({ years: 3, months: 2 }));
});

describe("links", () => {
  it("drops the portal from a server's link", () => {
    expect(portalPath("/employer/transfers/1")).toBe("/transfers/1");
    expect(portalPath("/employer")).toBe("/");
    expect(portalPath("/employers/1")).toBe("/employers/1");
  });
  it("goes back only to a page of the same portal", () => {
    expect(landing("employer", "/employer/transfers/1?x=2")).toBe("/employer/transfers/1?x=2");
    expect(landing("employer", "/agency/cases")).toBe("/employer/");
    expect(landing("employer", "//evil.example/employer/")).toBe("/employer/");
    expect(landing("employer", "/employer/\\evil")).toBe("/employer/");
    expect(landing("agency", null)).toBe("/agency/");
  });
});
