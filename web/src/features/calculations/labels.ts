import { useTranslation } from "react-i18next";
import type { InputField } from "./types";

/** Names of inputs and results. The server labels inputs in Chinese; everything else is named here, or shown as it is. */
export function useLabels() {
  const { t, i18n } = useTranslation("calculations");
  const known = (key: string) => i18n.exists(`calculations:${key}`);
  return {
    field: (field: InputField) => (i18n.language === "en" && known(`name.${field.name}`) ? t(`name.${field.name}`) : field.zh),
    name: (key: string) => (known(`name.${key}`) ? t(`name.${key}`) : known(key) ? t(key) : key.replaceAll("_", " ")),
    /** A dotted name such as `maternity.employer`, each part by its label; anything else as it is. */
    path: (value: string) =>
      /^[a-z_.]+$/.test(value)
        ? value
            .split(".")
            .map((part) => (known(`name.${part}`) ? t(`name.${part}`) : part))
            .join(" · ")
        : value,
    word: (value: string) => (known(`word.${value}`) ? t(`word.${value}`) : value),
  };
}
