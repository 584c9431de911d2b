import { describe, expect, it } from "vitest";
import { keyOf, keysOf } from "./keys";

describe("keys of differences", () => {
  it("come back as they went, colons and all", () => {
    const rows = [
      { key: "0192-ab", insurance: "pension" },
      { key: "0192-ab:17", insurance: "medical" },
    ];
    expect(keysOf(rows.map(keyOf))).toEqual(rows);
  });
});
