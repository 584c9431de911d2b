import { describe, expect, it } from "vitest";
import { blank, fromFile, toSend } from "./lines";
import { percent } from "./progress";

describe("a run's progress", () => {
  it("shows a hundred only when it is done", () => {
    expect(percent({ state: "sending", people: 10, total_people: 10 })).toBe(99);
    expect(percent({ state: "done", people: 0, total_people: 0 })).toBe(100);
    expect(percent({ state: "running", people: 1, total_people: 3 })).toBe(33);
    expect(percent({ state: "running", people: 0, total_people: 0 })).toBe(0);
  });
});

describe("lines typed at the counter", () => {
  const typed = { ...blank(1), id_number: " 430102199006020019 ", name: "王一", wage: "8,000.5" };
  it("are sent in fen, without the empty ones", () => {
    expect(toSend([typed, blank(2)])).toEqual([{ id_number: "430102199006020019", name: "王一", wage_fen: 800_050, insurances: [], hired_on: null }]);
  });
  it("are not sent while an amount does not read", () => {
    expect(toSend([{ ...typed, wage: "八千" }])).toBeNull();
  });
  it("come back from a file as they went", () => {
    const sent = toSend([typed]);
    expect(toSend(fromFile(sent ?? []))).toEqual(sent);
  });
});
