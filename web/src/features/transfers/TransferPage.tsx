import { Modal } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker, useParams } from "react-router";
import type { Contact, TransferDocument, Transfer } from "../../api/types";
import { Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { PdfPreview } from "../../shared/PdfPreview";
import { regionName } from "../../shared/regions";
import { EmptyState, QueryView } from "../../shared/states";
import { Reasons, Timeline } from "../../shared/Timeline";
import { inPart, words } from "../../shared/words";
import { Acts } from "./Acts";
import { useTransfer } from "./api";
import { ApplicationForm } from "./ApplicationForm";
import { useEditor } from "./editor";
import { TransferState } from "./TransferState";

export function TransferPage() {
  const { id = "" } = useParams();
  const query = useTransfer(id);
  return <QueryView query={query}>{(transfer) => <Loaded key={transfer.id} transfer={transfer} />}</QueryView>;
}

function Loaded({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation("transfers");
  const editor = useEditor(transfer);
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
      <Leaving unsaved={editor.dirty} />
      <Acts transfer={transfer} editor={editor} />
      {reasons.length > 0 && (
        <Panel title={t("reasons")}>
          <Reasons reasons={reasons} />
        </Panel>
      )}
      <div className={`grid-side${transfer.allowed_actions.includes("edit") ? "" : " side-first"}`}>
        <div className="stack">
          <Panel title={t("form")} id="application">
            <ApplicationForm key={transfer.id} transfer={transfer} editor={editor} />
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

/** Whoever leaves with something typed and not saved is asked first, by the page or by the browser. */
function Leaving({ unsaved }: { unsaved: boolean }) {
  const { t } = useTranslation("transfers");
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
  return (
    <Modal
      open={blocker.state === "blocked"}
      title={t("leave.title")}
      okText={t("leave.ok")}
      okButtonProps={{ danger: true }}
      cancelText={t("leave.stay")}
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      {t("leave.note")}
    </Modal>
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
            <div className="soft small num">
              {instant(one.signed_at)}
              {one.version ? ` · ${t("documents.version", { n: one.version, round: one.round })}` : ""}
            </div>
            {one.revoked_at && (
              <div className="small">
                <StatusTag tone="error">{t("documents.void")}</StatusTag> <span className="soft">{inPart(one.revoked_reason)}</span>
              </div>
            )}
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
