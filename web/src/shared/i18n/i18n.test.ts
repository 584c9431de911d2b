import { describe, expect, it } from "vitest";
import type { Language } from ".";
import en from "./texts-en";
import zh from "./texts-zh";

const SOURCES = import.meta.glob<string>("../../**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });
// The pages' own texts as well, those loaded later included.
const FILES = import.meta.glob<Record<string, string>>("../../features/*/*.json", { eager: true, import: "default" });
const all: Record<Language, Record<string, Record<string, string>>> = { "zh-CN": { ...zh }, en: { ...en } };
for (const [path, keys] of Object.entries(FILES)) {
  const [namespace, file] = path.split("/").slice(-2) as [string, string];
  all[file.replace(".json", "") as Language][namespace] = keys;
}

describe("languages", () => {
  for (const namespace of Object.keys(all["zh-CN"])) {
    it(`${namespace} has the same keys in Chinese and English`, () => {
      expect(Object.keys(all.en[namespace] ?? {}).sort()).toEqual(Object.keys(all["zh-CN"][namespace] ?? {}).sort());
    });
    it(`${namespace} has the same blanks to fill in both`, () => {
      const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
      for (const [key, zh] of Object.entries(all["zh-CN"][namespace] ?? {})) {
        expect([key, blanks(all.en[namespace]?.[key] ?? "")]).toEqual([key, blanks(zh)]);
      }
    });
    it(`${namespace} is written in its own language`, () => {
      // The button that leads to the other language is named in that language.
      const foreign = Object.entries(all.en[namespace] ?? {}).filter(([key, text]) => key !== "language" && /[\u4e00-\u9fff]/.test(text));
      expect(foreign).toEqual([]);
    });
  }

  it("every key a page names exists", () => {
    const missing: string[] = [];
    for (const [path, source] of Object.entries(SOURCES)) {
      if (path.includes(".test.") || path.includes("/test/")) continue;
      const namespace = /useTranslation\("(\w+)"\)/.exec(source)?.[1] ?? "common";
      for (const match of source.matchAll(/\bt\(\s*"([\w.]+)"/g)) {
        const key = match[1] as string;
        if (!(key in (all["zh-CN"][namespace] ?? {})) && !(key in (all["zh-CN"].common ?? {}))) missing.push(`${path}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
