import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { pref, setPref } from "../prefs";

type Keys = Record<string, string>;
const common = import.meta.glob<Keys>("./*.json", { eager: true, import: "default" });
const features = import.meta.glob<Keys>(["../../features/*/*.json", "!../../features/{law,calculations}/*.json"], { eager: true, import: "default" });

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** language → namespace (feature folder) → keys. */
export function resources(): Record<Language, Record<string, Keys>> {
  const all: Record<Language, Record<string, Keys>> = { "zh-CN": {}, en: {} };
  for (const [path, keys] of Object.entries({ ...common, ...features })) {
    const parts = path.split("/");
    const language = (parts.at(-1) ?? "").replace(".json", "") as Language;
    const namespace = path.startsWith("./") ? "common" : (parts.at(-2) ?? "");
    all[language][namespace] = keys;
  }
  return all;
}

export function startI18n(): void {
  const stored = pref("language");
  const lng: Language = stored === "en" ? "en" : "zh-CN";
  void i18next.use(initReactI18next).init({
    resources: resources(),
    lng,
    fallbackLng: "zh-CN",
    defaultNS: "common",
    fallbackNS: "common",
    keySeparator: false,
    interpolation: { escapeValue: false }, // React escapes.
    initAsync: false,
  });
  document.documentElement.lang = lng;
}

export function setLanguage(language: Language): void {
  setPref("language", language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

/** Adds the texts of a page that has many and is seldom opened, when the page is loaded. */
export function addTexts(namespace: string, texts: Record<Language, Keys>): void {
  for (const language of LANGUAGES) i18next.addResourceBundle(language, namespace, texts[language], true, true);
}
