import i18next from "i18next";
import type { Words } from "../api/types";

/** A server text in the language of the screen. */
export function words(text: Words | null | undefined): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  return i18next.language === "en" ? text.en || text.zh : text.zh || text.en;
}

/** A reason kept as one line in both languages, as it also stands in what others verify: the part in the language of the screen. */
export function inPart(line: string | null | undefined): string {
  const [zh = "", en = ""] = (line ?? "").split(" / ");
  return words({ zh, en });
}
