import { describe, expect, it } from "vitest";
import { asked, departmentTree, differing, exportAddress, percentRate, viewContent, type Filter } from "./logic";

const none: Filter = { query: "", state: "", presence: "", department: "", region: "", hired_month: "" };

describe("lists of employees", () => {
  it("asks for what is set only", () => {
    expect(asked({ ...none, presence: "left", region: "430100" })).toEqual({ presence: "left", region: "430100" });
  });

  it("takes from a saved view what it knows", () => {
    const view = viewContent({ presence: "left", region: 7, unknown: "x", hidden: "position" });
    expect(view.filter.presence).toBe("left");
    expect(view.filter.region).toBe("");
    expect(view.filter).not.toHaveProperty("unknown");
    expect(view.hidden).toBe("position");
    expect(viewContent(null).filter.query).toBe("");
  });

  it("exports with the filters, the columns and a purpose", () => {
    expect(exportAddress(none, [], " ")).toBe("/api/v1/employees.xlsx");
    const address = new URL(exportAddress({ ...none, department: "制造部/一车间" }, ["name", "wage"], "报送"), "http://x");
    expect(address.searchParams.get("department")).toBe("制造部/一车间");
    expect(address.searchParams.get("columns")).toBe("name,wage");
    expect(address.searchParams.get("purpose")).toBe("报送");
  });
});

describe("departments", () => {
  it("makes a tree of paths", () => {
    const tree = departmentTree([
      { path: "制造部/一车间", people: 3 },
      { path: "制造部", people: 1 },
      { path: "财务部", people: 2 },
    ]);
    expect(tree.map((one) => one.title)).toEqual(["制造部", "财务部"]);
    expect(tree[0]?.children[0]).toMatchObject({ title: "一车间", value: "制造部/一车间", people: 3 });
    expect(tree[0]?.people).toBe(1);
  });
});

describe("changes of many", () => {
  it("names what differs", () => {
    const before = { department: "a", position: "p", region: "430100", wage_fen: 1 };
    const row = { employee_id: "1", number: 1, name: "n", before, after: { ...before, wage_fen: 2 }, changed: true, findings: [] };
    expect(differing(row)).toEqual(["wage_fen"]);
    expect(differing({ ...row, after: before })).toEqual([]);
  });

  it("reads percentages without floats", () => {
    expect(percentRate("5")).toBe("0.050000");
    expect(percentRate("12.5%")).toBe("0.125000");
    expect(percentRate("-3.25")).toBe("-0.032500");
    expect(percentRate("x")).toBeNull();
    expect(percentRate("5.123")).toBeNull();
  });
});
