import { useTranslation } from "react-i18next";
import type { Reason, TimelineEntry } from "../api/types";
import { Clock } from "./bits";
import { instant } from "./dates";
import { words } from "./words";

const MARK = { done: "✓", stopped: "!", current: "", waiting: "" } as const;

/** The steps of a transfer: what happened, where, when, by whom, and how long the office still has. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const { t, i18n } = useTranslation();
  // The server labels steps in Chinese, the language of the forms; English is ours.
  const label = (entry: TimelineEntry) => (i18n.language === "en" && i18n.exists(`step.${entry.step}`) ? t(`step.${entry.step}`) : entry.label);
  return (
    <ol className="steps plain" aria-live="polite">
      {entries.map((entry, index) => (
        <li
          key={`${entry.step}-${index}`}
          className={`step ${entry.state}`}
          data-step={entry.step}
          data-state={entry.state}
          aria-current={entry.state === "current" ? "step" : undefined}
        >
          <span className="dot" aria-hidden="true">
            {MARK[entry.state]}
          </span>
          <div className="row">
            <span className="title">{label(entry)}</span>
            {entry.state === "current" && <Clock days={entry.remaining_working_days} overdue={entry.overdue} estimated={entry.deadline_estimated} />}
          </div>
          <div className="meta">
            {entry.at && <time className="num">{instant(entry.at)}</time>}
            {entry.office && (
              <span>{[entry.office, entry.actor, entry.state === "current" ? entry.office_phone : ""].filter(Boolean).join(" · ")}</span>
            )}
            {entry.state === "current" && entry.deadline && (
              <span className="num">
                {t("due")} {entry.deadline}
              </span>
            )}
          </div>
          {entry.reasons.length > 0 && <Reasons reasons={entry.reasons} />}
        </li>
      ))}
    </ol>
  );
}

/** Why an office returned or refused, and what to do about it. */
export function Reasons({ reasons }: { reasons: Reason[] }) {
  const { t } = useTranslation();
  return (
    <ul className="findings plain" style={{ marginTop: 8 }}>
      {reasons.map((reason, index) => (
        <li key={`${reason.code}-${index}`} className="finding blocking">
          <div className="what">{words(reason.text)}</div>
          {reason.remedy && (
            <div className="then">
              {t("remedy")}：{words(reason.remedy)}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
