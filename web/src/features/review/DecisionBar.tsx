import { Button, Input, Select } from "antd";
import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { CaseDetail } from "../../api/types";
import { ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import { useOpinions, type CaseAct, type Decision } from "./api";

const ORDER: CaseAct[] = ["submit", "pass", "approve", "take", "return", "refuse", "release", "withdraw", "reverse"];
const ONWARD = new Set<CaseAct>(["submit", "pass", "approve", "take"]);

interface Props {
  one: CaseDetail;
  opinion: string;
  onOpinion: (text: string) => void;
  onAct: (act: CaseAct) => void;
  decide: UseMutationResult<unknown, Error, Decision>;
}

/** The opinion and the acts the server allows this person now. */
export function DecisionBar({ one, opinion, onOpinion, onAct, decide }: Props) {
  const { t } = useTranslation("review");
  const allowed = ORDER.filter((act) => one.allowed_actions.includes(act));
  const judges = allowed.some((act) => act === "pass" || act === "approve");
  const opinions = useOpinions(judges);
  // Somebody else was faster, as in another tab: what became of it stands above, why nothing was done stands here.
  const failed = decide.isError && <ProblemNote error={decide.error} />;
  if (allowed.length === 0)
    return (
      <div className="stack tight">
        {failed}
        <span className="soft">{t("decision.none")}</span>
      </div>
    );
  const busy = (act: CaseAct) => decide.isPending && decide.variables.act === act;
  const templates = (opinions.data ?? []).map((one) => ({ value: words(one), label: words(one) }));
  return (
    <div className="stack tight">
      {judges && (
        <>
          <Select<string>
            aria-label={t("opinion.template")}
            placeholder={t("opinion.template")}
            value={null}
            onChange={onOpinion}
            options={templates}
          />
          <Input.TextArea
            aria-label={t("opinion")}
            placeholder={t("opinion")}
            rows={3}
            maxLength={500}
            value={opinion}
            onChange={(event) => onOpinion(event.target.value)}
          />
        </>
      )}
      {allowed.map((act, index) => (
        <Button
          key={act}
          block
          type={index === 0 && ONWARD.has(act) ? "primary" : "default"}
          danger={act === "refuse" || act === "reverse"}
          loading={busy(act)}
          disabled={decide.isPending && !busy(act)}
          onClick={() => onAct(act)}
        >
          {t(`act.${act}`)}
          {index === 0 && ONWARD.has(act) && (
            <span className="small" style={{ opacity: 0.9 }}>
              &nbsp;Ctrl+Enter
            </span>
          )}
        </Button>
      ))}
      {failed}
    </div>
  );
}
