import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../api/types";
import { words } from "./words";

const ORDER = { blocking: 0, warning: 1, info: 2 } as const;

export function bySeverity(findings: Finding[]): Finding[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

interface Props {
  findings: Finding[];
  /** The button of a finding's next action; only the first finding that names it shows it. */
  actions?: Record<string, { label: ReactNode; onClick: () => void; loading?: boolean }>;
  showRule?: boolean;
}

/** Findings with their remedy; the worst first. */
export function FindingList({ findings, actions = {}, showRule = false }: Props) {
  const { t } = useTranslation();
  const offered = new Set<string>();
  return (
    <ul className="findings plain">
      {bySeverity(findings).map((finding, index) => {
        const name = finding.action ?? "";
        const action = offered.has(name) ? undefined : actions[name];
        if (action) offered.add(name);
        return (
          <li key={`${finding.rule}-${index}`} className={`finding ${finding.severity}`} data-rule={finding.rule}>
            <div className="what">
              <span className="visually-hidden">{t(`severity.${finding.severity}`)}：</span>
              {words(finding.message)}
            </div>
            {finding.remedy && <div className="then">{words(finding.remedy)}</div>}
            {showRule && <div className="rule mono">{finding.rule}</div>}
            {action && (
              <div className="do">
                <Button type="primary" onClick={action.onClick} loading={action.loading}>
                  {action.label}
                </Button>
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
