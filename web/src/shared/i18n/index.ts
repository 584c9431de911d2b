import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { pref, setPref } from "../prefs";
import type { Keys } from "./texts";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

// A page loads the language it speaks; the other one comes when it is asked for.
const LOADERS: Record<Language, () => Promise<{ default: Record<string, Keys> }>> = {
  "zh-CN": () => import("./texts-zh"),
  en: () => import("./texts-en"),
};

export async function startI18n(): Promise<void> {
  const lng: Language = pref("language") === "en" ? "en" : "zh-CN";
  const texts = (await LOADERS[lng]()).default;
  void i18next.use(initReactI18next).init({
    resources: { [lng]: texts },
    partialBundledLanguages: true,
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

export async function setLanguage(language: Language): Promise<void> {
  const texts = (await LOADERS[language]()).default;
  for (const [namespace, keys] of Object.entries(texts)) i18next.addResourceBundle(language, namespace, keys);
  setPref("language", language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** Adds the texts of a page that has many and is seldom opened, when the page is loaded. */
export function addTexts(namespace: string, texts: Record<Language, Keys>): void {
  for (const language of LANGUAGES) i18next.addResourceBundle(language, namespace, texts[language], true, true);
}
