import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CaseDocument } from "../../api/types";
import { Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { PdfPreview } from "../../shared/PdfPreview";
import { EmptyState, QueryView } from "../../shared/states";
import { words } from "../../shared/words";
import { useDocuments } from "./api";

/** The papers of a case, one at a time in the preview. */
export function Documents({ caseId }: { caseId: string }) {
  const { t } = useTranslation("review");
  const query = useDocuments(caseId);
  return (
    <Panel title={t("documents")}>
      <QueryView query={query}>
        {(documents) => (documents.length === 0 ? <EmptyState title={t("documents.none")} /> : <Papers caseId={caseId} documents={documents} />)}
      </QueryView>
    </Panel>
  );
}

function Papers({ caseId, documents }: { caseId: string; documents: CaseDocument[] }) {
  const { t } = useTranslation("review");
  const [chosen, setChosen] = useState("");
  const shown = documents.find((one) => one.id === chosen) ?? documents.find((one) => !one.revoked_reason) ?? documents[0];
  if (!shown) return null;
  return (
    <div className="stack tight">
      {documents.length > 1 && (
        <div className="scroll-x">
          <Segmented
            aria-label={t("documents")}
            value={shown.id}
            onChange={setChosen}
            options={documents.map((one) => ({
              value: one.id,
              label: one.revoked_reason ? `${words(one.title)}（${t("documents.void")}）` : words(one.title),
            }))}
          />
        </div>
      )}
      <div className="row soft small">
        <span>{words(shown.title)}</span>
        {shown.revoked_reason && (
          <StatusTag tone="error">
            {t("documents.void")}：{shown.revoked_reason}
          </StatusTag>
        )}
        <span>{shown.office_name}</span>
        <span className="num">{instant(shown.signed_at)}</span>
        <a href={`/verify/${shown.code}`} target="_blank" rel="noopener">
          {t("documents.verify")}
        </a>
      </div>
      <PdfPreview key={shown.id} url={`/api/v1/cases/${caseId}/documents/${shown.id}`} name={words(shown.title)} />
    </div>
  );
}
