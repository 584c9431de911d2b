import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type { Contact, TransferDocument, Transfer } from "../../api/types";
import { Money, PageHead, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { PdfPreview } from "../../shared/PdfPreview";
import { regionName } from "../../shared/regions";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { Reasons, Timeline } from "../../shared/Timeline";
import { words } from "../../shared/words";
import { useTransfer, useTransferAct, type Act } from "./api";
import { ApplicationForm } from "./ApplicationForm";
import { TransferState } from "./TransferState";

export function TransferPage() {
  const { id = "" } = useParams();
  const query = useTransfer(id);
  return <QueryView query={query}>{(transfer) => <Loaded transfer={transfer} />}</QueryView>;
}

function Loaded({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation("transfers");
  // Why it stands still now: the last return or refusal; the timeline keeps the ones before.
  const stopped =
    transfer.state === "returned" || transfer.state === "refused" ? transfer.timeline.findLast((entry) => entry.state === "stopped") : undefined;
  const reasons = stopped?.reasons ?? [];
  return (
    <div className="stack">
      <PageHead
        title={t("one.title", { name: transfer.employee_name, from: regionName(transfer.from_region), to: regionName(transfer.to_region) })}
        lead={
          <span className="row">
            <TransferState transfer={transfer} />
            <span>{t(`insurance.${transfer.insurance}`)}</span>
            <span className="mono">{transfer.id_masked}</span>
            {transfer.amount_fen ? (
              <span>
                {t("amount")} <Money fen={transfer.amount_fen} />
              </span>
            ) : null}
          </span>
        }
        back={{ to: "/transfers", label: t("title") }}
      />
      <Acts transfer={transfer} />
      {reasons.length > 0 && (
        <Panel title={t("reasons")}>
          <Reasons reasons={reasons} />
        </Panel>
      )}
      <div className={`grid-side${transfer.allowed_actions.includes("edit") ? "" : " side-first"}`}>
        <div className="stack">
          <Panel title={t("form")} id="application">
            <ApplicationForm transfer={transfer} />
          </Panel>
          <Panel title={t("pdf")}>
            <PdfPreview url={`/api/v1/transfers/${transfer.id}/application.pdf`} name={t("pdf")} version={String(transfer.version)} />
          </Panel>
        </div>
        <div className="stack">
          <Panel title={t("timeline")}>
            {transfer.timeline.length > 0 ? <Timeline entries={transfer.timeline} /> : <EmptyState title={t("timeline.none")} />}
          </Panel>
          <Panel title={t("documents")}>
            <Documents transferId={transfer.id} documents={transfer.documents} />
          </Panel>
          <Panel title={t("contacts")}>
            <Contacts contacts={transfer.contacts} />
          </Panel>
        </div>
      </div>
    </div>
  );
}

const ORDER: Act[] = ["sign", "file", "confirm", "withdraw"];

/** The acts the server allows now; the first is the next step. */
function Acts({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation("transfers");
  const { modal, message } = App.useApp();
  const act = useTransferAct(transfer.id, transfer.version);
  const allowed = ORDER.filter((one) => transfer.allowed_actions.includes(one));
  if (allowed.length === 0) return null;
  const run = (one: Act) =>
    act.mutate(one, {
      onSuccess: () => void message.success(t(`act.${one}.done`)),
    });
  const ask = (one: Act) => {
    if (one === "sign") return run(one);
    modal.confirm({
      title: t(`act.${one}.ask`),
      content: t(`act.${one}.note`, { office: regionName(transfer.to_region) }),
      okText: t(`act.${one}`),
      cancelText: t("cancel"),
      onOk: () => run(one),
    });
  };
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
              loading={act.isPending && act.variables === one}
              disabled={act.isPending && act.variables !== one}
              onClick={() => ask(one)}
            >
              {t(`act.${one}`)}
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

function Documents({ transferId, documents }: { transferId: string; documents: TransferDocument[] }) {
  const { t } = useTranslation("transfers");
  if (documents.length === 0) return <EmptyState title={t("documents.none")} />;
  return (
    <ul className="plain lines">
      {documents.map((one) => (
        <li key={one.id}>
          <div style={{ minWidth: 0 }}>
            {one.openable ? (
              <a href={`/api/v1/transfers/${transferId}/documents/${one.id}`} target="_blank" rel="noopener">
                {words(one.title)}
              </a>
            ) : (
              <span title={t("documents.closed")}>{words(one.title)}</span>
            )}
            <div className="soft small num">{instant(one.signed_at)}</div>
          </div>
          <a className="small nowrap" href={`/verify/${one.verify_code}`} target="_blank" rel="noopener">
            {t("documents.verify")}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Contacts({ contacts }: { contacts: Contact[] }) {
  const { t } = useTranslation("transfers");
  return (
    <div className="stack">
      {contacts.map((one) => (
        <div key={one.region}>
          <strong>{one.name}</strong>
          {one.phone && (
            <div>
              <span className="soft">{t("contact.phone")} </span>
              <a className="num" href={`tel:${one.phone}`}>
                {one.phone}
              </a>
            </div>
          )}
          {one.address && (
            <div>
              <span className="soft">{t("contact.address")} </span>
              {one.address}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}
