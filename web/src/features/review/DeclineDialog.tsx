import { Checkbox, Input, Modal } from "antd";
import type { UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Finding, ReasonTemplate } from "../../api/types";
import { ProblemNote, QueryView } from "../../shared/states";
import { words } from "../../shared/words";
import { useReasons, type Decision } from "./api";

type Decline = "return" | "refuse" | "reverse";

interface Props {
  act: Decline | null;
  findings: Finding[];
  onCancel: () => void;
  onConfirm: (decision: Decision) => void;
  decide: UseMutationResult<unknown, Error, Decision>;
}

/** Returning lists every fault at once, each a coded reason with its remedy, and the clerk's own words beside it. */
export function DeclineDialog({ act, ...rest }: Props) {
  if (!act) return null;
  return <Dialog key={act} act={act} {...rest} />;
}

function Dialog({ act, findings, onCancel, onConfirm, decide }: Props & { act: Decline }) {
  const { t } = useTranslation("review");
  const catalogue = useReasons(act !== "reverse");
  const [chosen, setChosen] = useState<string[]>(findings.filter((one) => one.severity === "blocking").map((one) => one.rule));
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [why, setWhy] = useState("");
  const found = findings.filter((one, index) => findings.findIndex((other) => other.rule === one.rule) === index);
  const ready = act === "reverse" ? why.trim().length > 0 : chosen.length > 0 && (!chosen.includes("other") || Boolean(texts.other?.trim()));
  const confirm = () =>
    onConfirm({
      act,
      opinion: why.trim() || undefined,
      reasons: act === "reverse" ? undefined : chosen.map((code) => ({ code, text: texts[code]?.trim() || undefined })),
    });
  const toggle = (code: string, on: boolean) => setChosen(on ? [...chosen, code] : chosen.filter((one) => one !== code));
  const line = (code: string, label: string, remedy: string) => (
    <li key={code}>
      <Checkbox checked={chosen.includes(code)} onChange={(event) => toggle(code, event.target.checked)}>
        {label}
      </Checkbox>
      {chosen.includes(code) && (
        <div style={{ paddingLeft: 24 }} className="stack tight">
          <span className="soft small">
            {t("remedy")}：{remedy}
          </span>
          <Input
            size="small"
            maxLength={500}
            aria-label={`${label} ${t("decline.detail")}`}
            placeholder={t("decline.detail")}
            value={texts[code] ?? ""}
            onChange={(event) => setTexts({ ...texts, [code]: event.target.value })}
          />
        </div>
      )}
    </li>
  );
  const offered = (items: ReasonTemplate[]) => items.filter((one) => (act === "refuse" ? one.refusal || one.code === "other" : !one.refusal));
  return (
    <Modal
      open
      title={t(`decline.${act}`)}
      onCancel={onCancel}
      okText={t(`act.${act}`)}
      okButtonProps={{ danger: act !== "return", disabled: !ready, loading: decide.isPending }}
      onOk={confirm}
      width={620}
      styles={{ body: { maxHeight: "62vh", overflowY: "auto" } }}
    >
      <div className="stack">
        <p className="soft">{t(`decline.${act}.note`)}</p>
        {act === "reverse" ? (
          <Input.TextArea
            aria-label={t("decline.why")}
            placeholder={t("decline.why")}
            rows={3}
            maxLength={500}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        ) : (
          <QueryView query={catalogue}>
            {(items) => (
              <ul className="plain stack tight">
                {found.map((one) => line(one.rule, words(one.message), words(one.remedy)))}
                {offered(items)
                  .filter((one) => !found.some((other) => other.rule === one.code))
                  .map((one) => line(one.code, words(one), words({ zh: one.remedy_zh, en: one.remedy_en })))}
              </ul>
            )}
          </QueryView>
        )}
        {decide.isError && <ProblemNote error={decide.error} />}
      </div>
    </Modal>
  );
}
