import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import type { CaseDetail } from "../../api/types";
import { Clock, PageHead, Panel, StatusTag } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { useHotkeys } from "../../shared/hooks";
import { Shortcuts } from "../../shared/Shortcuts";
import { QueryView } from "../../shared/states";
import { Reasons } from "../../shared/Timeline";
import { words } from "../../shared/words";
import { useCase, useDecide, useRecheck, type CaseAct, type Decision } from "./api";
import { DecisionBar } from "./DecisionBar";
import { DeclineDialog } from "./DeclineDialog";
import { Documents } from "./Documents";
import { groups } from "./groups";
import { History } from "./History";
import { CaseLines, hasLines } from "./Lines";
import { Declined, TransferBooks, useBooks } from "./Information";
import { SectionPanel } from "./SectionPanel";

export function CasePage() {
  const { id = "" } = useParams();
  const query = useCase(id);
  return <QueryView query={query}>{(one) => <Loaded key={one.case.id} one={one} />}</QueryView>;
}

const ONWARD = ["pass", "approve", "submit", "take"] as const;

function Loaded({ one }: { one: CaseDetail }) {
  const { t } = useTranslation("review");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const decide = useDecide(one.case.id, one.case.version);
  const books = useBooks(one).data;
  // The information form is shown as a table; its lines in the form's preview would only repeat it.
  const sections = books?.information ? one.sections.filter((section) => !section.title.zh.startsWith("信息表")) : one.sections;
  const [opinion, setOpinion] = useState("");
  const [declining, setDeclining] = useState<"return" | "refuse" | "reverse" | null>(null);
  const [help, setHelp] = useState(false);
  const run = (decision: Decision) =>
    decide.mutate(decision, {
      onSuccess: () => {
        message.success(t(`act.${decision.act}.done`));
        setDeclining(null);
        if (decision.act !== "take" && decision.act !== "release") void navigate("/cases");
      },
    });
  const act = (name: CaseAct) => {
    if (name === "return" || name === "refuse" || name === "reverse") setDeclining(name);
    else run({ act: name, opinion: opinion.trim() || undefined });
  };
  const onward = ONWARD.find((name) => one.allowed_actions.includes(name));
  useHotkeys({
    "Ctrl+Enter": () => onward && !decide.isPending && act(onward),
    Escape: () => !declining && !help && void navigate("/cases"),
    "?": () => setHelp(true),
  });
  return (
    <div className="stack">
      <PageHead
        title={`${words(one.business_name)}：${one.case.subject.name}`}
        lead={<Lead one={one} />}
        back={{ to: "/cases", label: t("queue") }}
      />
      {one.case.reasons.length > 0 && (
        <Panel title={t("reasons")}>
          <Reasons reasons={one.case.reasons} />
        </Panel>
      )}
      {books && <Declined books={books} />}
      <div className="grid-side wide-left">
        <div className="stack">
          <Findings one={one} />
          {one.corrections.length > 0 && <SectionPanel section={{ title: t("corrections"), fields: one.corrections }} />}
          {/* What this office decides on stands before the papers it came with. */}
          {books?.standing && <TransferBooks books={books} />}
          {sections.map((section, index) => (
            <SectionPanel key={index} section={section} />
          ))}
          {hasLines(one.case.business) && <CaseLines id={one.case.id} business={one.case.business} version={one.case.version} />}
          {books && !books.standing && <TransferBooks books={books} />}
          <Documents caseId={one.case.id} />
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
      <DeclineDialog act={declining} onCancel={() => setDeclining(null)} onConfirm={run} decide={decide} findings={one.case.findings} />
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

function Lead({ one }: { one: CaseDetail }) {
  const { t } = useTranslation("review");
  return (
    <span className="row">
      <StatusTag tone="processing">{t(`caseState.${one.case.state}`)}</StatusTag>
      <span className="mono">{one.case.number}</span>
      {one.due && (
        <>
          <span className="num">
            {t("due")} {one.due.due_on}
          </span>
          <Clock days={one.due.remaining_working_days} overdue={one.due.overdue} estimated={one.due.estimated} />
        </>
      )}
      {one.case.round > 1 && <span>{t("round", { n: one.case.round })}</span>}
    </span>
  );
}

/** Two groups, as the work is split: what the machine checked in the data, and what the clerk must judge. */
function Findings({ one }: { one: CaseDetail }) {
  const { t } = useTranslation("review");
  const found = groups(one);
  const recheck = useRecheck(one.case.id);
  const actions = { recheck: { label: t("recheck"), onClick: () => recheck.mutate(), loading: recheck.isPending } };
  return (
    <div className="grid2">
      {(["accuracy", "compliance"] as const).map((group) => (
        <Panel key={group} title={t(group)}>
          {found[group].length === 0 ? (
            <span style={{ color: "var(--ant-color-success)" }}>✓ {t(`${group}.none`)}</span>
          ) : (
            <FindingList findings={found[group]} showRule actions={actions} />
          )}
        </Panel>
      ))}
    </div>
  );
}
