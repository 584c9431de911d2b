import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import type { CaseDetail, Section } from "../../api/types";
import { Clock, PageHead, Panel, StatusTag } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { useHotkeys } from "../../shared/hooks";
import { PdfPreview } from "../../shared/PdfPreview";
import { Shortcuts } from "../../shared/Shortcuts";
import { EmptyState, QueryView } from "../../shared/states";
import { Reasons } from "../../shared/Timeline";
import { words } from "../../shared/words";
import { useCase, useDecide, type CaseAct, type Decision } from "./api";
import { DecisionBar } from "./DecisionBar";
import { DeclineDialog } from "./DeclineDialog";
import { History } from "./History";
import { Information, Ledger } from "./Information";

export function CasePage() {
  const { id = "" } = useParams();
  const query = useCase(id);
  return <QueryView query={query}>{(one) => <Loaded key={one.id} one={one} />}</QueryView>;
}

function Loaded({ one }: { one: CaseDetail }) {
  const { t } = useTranslation("review");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const decide = useDecide(one.id, one.version);
  const [opinion, setOpinion] = useState("");
  const [declining, setDeclining] = useState<"return" | "refuse" | "reverse" | null>(null);
  const [help, setHelp] = useState(false);
  const run = (decision: Decision) =>
    decide.mutate(decision, {
      onSuccess: () => {
        message.success(t(`act.${decision.act}.done`));
        setDeclining(null);
        if (decision.act !== "take") void navigate("/cases");
      },
    });
  const act = (name: CaseAct) => {
    if (name === "return" || name === "refuse" || name === "reverse") setDeclining(name);
    else run({ act: name, opinion: opinion.trim() || undefined });
  };
  const onward = (["pass", "approve", "take"] as const).find((name) => one.allowed_actions.includes(name));
  useHotkeys({
    "Ctrl+Enter": () => onward && !decide.isPending && act(onward),
    Escape: () => !declining && !help && void navigate("/cases"),
    "?": () => setHelp(true),
  });
  return (
    <div className="stack">
      <PageHead
        title={`${words(one.business_name)}：${one.subject.name}`}
        lead={
          <span className="row">
            <StatusTag tone="processing">{words(one.state_name)}</StatusTag>
            <span className="mono">{one.number}</span>
            {one.due_on && (
              <span className="num">
                {t("due")} {one.due_on}
              </span>
            )}
            <Clock days={one.remaining_working_days} overdue={one.overdue} />
            {one.round && one.round > 1 ? <span>{t("round", { n: one.round })}</span> : null}
          </span>
        }
        back={{ to: "/cases", label: t("queue") }}
      />
      {one.reasons.length > 0 && (
        <Panel title={t("reasons")}>
          <Reasons reasons={one.reasons} />
        </Panel>
      )}
      <div className="grid-side wide-left">
        <div className="stack">
          <Findings one={one} />
          {one.sections.map((section, index) => (
            <SectionPanel key={index} section={section} />
          ))}
          {one.information && <Information information={one.information} />}
          {one.ledger && one.ledger.length > 0 && <Ledger entries={one.ledger} />}
          {one.documents.map((document) => (
            <Panel key={document.id} title={words(document.title)}>
              <PdfPreview url={document.url} name={words(document.title)} />
            </Panel>
          ))}
        </div>
        <div className="stack sticky">
          <Panel title={t("decision")} id="decision">
            <DecisionBar one={one} opinion={opinion} onOpinion={setOpinion} onAct={act} decide={decide} />
          </Panel>
          <Panel title={t("history")}>
            <History rows={one.history} />
          </Panel>
        </div>
      </div>
      <DeclineDialog act={declining} onCancel={() => setDeclining(null)} onConfirm={run} decide={decide} findings={[...one.accuracy, ...one.compliance]} />
      <Shortcuts
        open={help}
        onClose={() => setHelp(false)}
        keys={[
          ["Ctrl+Enter", t("keys.pass")],
          ["Esc", t("keys.back")],
          ["?", t("keys.help")],
        ]}
      />
    </div>
  );
}

/** Two groups, as the work is split: what the machine checked in the data, and what the clerk must judge. */
function Findings({ one }: { one: CaseDetail }) {
  const { t } = useTranslation("review");
  return (
    <div className="grid2">
      {(["accuracy", "compliance"] as const).map((group) => (
        <Panel key={group} title={t(group)}>
          {one[group].length === 0 ? <span style={{ color: "var(--ant-color-success)" }}>✓ {t(`${group}.none`)}</span> : <FindingList findings={one[group]} showRule />}
        </Panel>
      ))}
    </div>
  );
}

function SectionPanel({ section }: { section: Section }) {
  const { t } = useTranslation("review");
  if (section.fields.length === 0) return <EmptyState />;
  return (
    <Panel title={words(section.title)}>
      <dl className="facts">
        {section.fields.map((field) => (
          <div key={field.key} id={`field-${field.key}`}>
            <dt>
              {words(field.label)} {field.changed && <StatusTag tone="warning">{t("changed")}</StatusTag>}
            </dt>
            <dd>
              {field.value || "—"}
              {field.changed && field.before && <div className="soft small">{t("before", { value: field.before })}</div>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
