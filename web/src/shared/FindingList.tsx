import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Finding } from "../api/types";
import { words } from "./words";

const ORDER = { blocking: 0, warning: 1, info: 2 } as const;

export function bySeverity<F extends Finding>(findings: F[]): F[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

export type FindingActions = Record<string, { label: ReactNode; onClick: () => void; loading?: boolean }>;

interface Props<F extends Finding> {
  findings: F[];
  /** The button of a finding's next action; only the first finding that names it shows it. */
  actions?: FindingActions;
  /** The page a finding leads to. */
  link?: (finding: F) => { to: string; label: ReactNode } | undefined;
  /** The rule's stable name, by which it is found in the documentation. */
  showRule?: boolean;
}

/** Findings with their remedy, who must act and the rule; the worst first. */
export function FindingList<F extends Finding>({ findings, actions = {}, link, showRule = true }: Props<F>) {
  const offered = new Set<string>();
  return (
    <ul className="findings plain">
      {bySeverity(findings).map((finding, index) => {
        const name = finding.action ?? "";
        const action = offered.has(name) ? undefined : actions[name];
        if (action) offered.add(name);
        const leads = link?.(finding);
        return (
          <li key={`${finding.rule}-${index}`} className={`finding ${finding.severity}`} data-rule={finding.rule}>
            <FindingText finding={finding} showRule={showRule} />
            {(action || leads) && (
              <div className="do row">
                {action && (
                  <Button type="primary" onClick={action.onClick} loading={action.loading}>
                    {action.label}
                  </Button>
                )}
                {leads && <Link to={leads.to}>{leads.label}</Link>}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What is the matter, what to do, who does it, and by which rule. */
export function FindingText({ finding, showRule = true }: { finding: Finding; showRule?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="what">
        <span className="visually-hidden">{t(`severity.${finding.severity}`)}：</span>
        {words(finding.message)}
      </div>
      {finding.remedy && <div className="then">{words(finding.remedy)}</div>}
      {(finding.who || showRule) && (
        <div className="rule">
          {finding.who && (
            <span>
              {t("who")} {t(`who.${finding.who}`, { defaultValue: finding.who })}
            </span>
          )}
          {finding.who && showRule && " · "}
          {showRule && <span className="mono">{finding.rule}</span>}
        </div>
      )}
    </>
  );
}
