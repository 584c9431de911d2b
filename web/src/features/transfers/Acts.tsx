import { App, Button } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { asProblem } from "../../api/problem";
import type { Finding, Transfer } from "../../api/types";
import { Facts } from "../../shared/bits";
import { regionName } from "../../shared/regions";
import { ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import { readTransfer, transferKey, useTransferAct, type Act } from "./api";
import { changesOf } from "./changes";
import type { Editor } from "./editor";

const ORDER: Act[] = ["sign", "file", "confirm", "restart", "withdraw"];

/** The acts the server allows now; the first is the next step. */
export function Acts({ transfer, editor }: { transfer: Transfer; editor: Editor }) {
  const { t } = useTranslation("transfers");
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const act = useTransferAct();
  // State follows a render later; a second click comes sooner.
  const busy = useRef(false);
  const allowed = ORDER.filter((one) => transfer.allowed_actions.includes(one));
  if (allowed.length === 0) return null;

  /** The page was behind: it shows what is true now and says what that is. */
  const catchUp = async () => {
    const now = await queries.fetchQuery({ queryKey: transferKey(transfer.id), queryFn: () => readTransfer(transfer.id), staleTime: 0 });
    const { state, fields } = changesOf(transfer, now);
    if (state) void message.info(t("changed.state", { state: t(`state.${state}`) }));
    if (fields.length > 0) void message.info(t("changed.fields", { fields: fields.join(t("form.separator")) }));
  };
  const run = async (one: Act, seen: Transfer) => {
    try {
      const after = await act.mutateAsync({ act: one, transfer: seen });
      void message.success(t(`act.${one}.done`));
      if (one === "restart") void navigate(`/transfers/${after.id}`);
    } catch (error) {
      if (asProblem(error).status === 409) await catchUp().catch(() => undefined);
    }
  };
  /** What stands in the fields is what is signed: it is saved first, and a refused save signs nothing. */
  const present = async () => (editor.dirty ? editor.save() : transfer);
  const ask = async (one: Act) => {
    if (one === "restart") return run(one, transfer);
    const seen = one === "withdraw" || one === "confirm" ? transfer : await present();
    if (!seen) return;
    const missing = one === "sign" || one === "file" ? seen.form.findings : [];
    if (one === "sign" && missing.length === 0) return run(one, seen);
    if (missing.some((finding) => finding.severity === "blocking")) {
      return void modal.warning({ title: t("missing.title"), content: <Missing findings={missing} />, okText: t("missing.back") });
    }
    // Only what is still signed can be filed: a save just now has taken the signature back.
    if (!seen.allowed_actions.includes(one)) return void message.warning(t("act.sign.again"));
    const confirmed = await modal.confirm({
      title: t(`act.${one}.ask`),
      width: 520,
      content: (
        <div className="stack">
          {one === "file" && <Summary transfer={seen} />}
          {one !== "sign" && <p>{t(`act.${one}.note`, { office: regionName(seen.to_region) })}</p>}
          {missing.length > 0 && <Missing findings={missing} />}
        </div>
      ),
      okText: missing.length > 0 ? t(`act.${one}.without`) : t(`act.${one}`),
      cancelText: missing.length > 0 ? t("missing.back") : t("cancel"),
    });
    if (confirmed) await run(one, seen);
  };
  const once = async (one: Act) => {
    if (busy.current) return;
    busy.current = true;
    try {
      await ask(one);
    } finally {
      busy.current = false;
    }
  };
  const running = act.variables?.act;
  return (
    <div className="panel panel-body">
      <div className="row between">
        <div>
          <strong>{t("next")}</strong> <span className="soft">{t(`act.${allowed[0]}.hint`)}</span>
        </div>
        <div className="row">
          {allowed.map((one, index) => (
            <Button
              key={one}
              type={index === 0 && one !== "withdraw" ? "primary" : "default"}
              danger={one === "withdraw"}
              loading={act.isPending && running === one}
              disabled={(act.isPending && running !== one) || editor.saving}
              onClick={() => void once(one)}
            >
              {one === "sign" && editor.dirty ? t("act.sign.save") : t(`act.${one}`)}
            </Button>
          ))}
        </div>
      </div>
      {act.isError && (
        <div style={{ marginTop: 10 }}>
          <ProblemNote error={act.error} />
        </div>
      )}
    </div>
  );
}

/** What goes out, to be read before it does. */
function Summary({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation("transfers");
  const items: [ReactNode, ReactNode][] = [
    [t("employee"), `${transfer.employee_name} ${transfer.id_masked}`],
    [t("insurance"), t(`insurance.${transfer.insurance}`)],
    [t("way"), `${regionName(transfer.from_region)} → ${regionName(transfer.to_region)}`],
    [t("months"), transfer.months],
  ];
  return <Facts items={items} />;
}

/** Statutory fields that are empty, each with what that means. */
function Missing({ findings }: { findings: Finding[] }) {
  return (
    <div className="findings" data-testid="missing-dialog">
      {findings.map((finding) => (
        <div key={`${finding.rule}-${finding.field}`} className={`finding ${finding.severity === "blocking" ? "blocking" : "warning"}`}>
          <div className="what">{words(finding.message)}</div>
          {finding.remedy && <div className="then">{words(finding.remedy)}</div>}
        </div>
      ))}
    </div>
  );
}
