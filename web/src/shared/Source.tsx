import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { StatusTag } from "./bits";

export interface LawSource {
  issuer: string;
  document: string;
  article?: string | null;
  url?: string | null;
  confidence: string;
}

/** Where a value comes from; a value no public source confirms says so. */
export function SourceLine({ source }: { source: LawSource }) {
  const title = [source.document, source.article].filter(Boolean).join(" ");
  return (
    <span className="row" style={{ gap: 6, display: "inline-flex" }}>
      <span>
        {source.issuer}
        {source.issuer && title ? "，" : ""}
        {source.url ? (
          <a className="inline" href={source.url} target="_blank" rel="noopener noreferrer">
            {title || source.url}
          </a>
        ) : (
          title
        )}
      </span>
      <Confidence confidence={source.confidence} />
    </span>
  );
}

export function Confidence({ confidence }: { confidence: string }) {
  const { t, i18n } = useTranslation();
  const key = confidence === "unverified" ? "unverified" : `confidence.${confidence}`;
  if (!i18n.exists(`common:${key}`)) return null; // An official value needs no mark.
  return (
    <Tooltip title={t(`${key}.note`)}>
      <span tabIndex={0}>
        <StatusTag tone={confidence === "medium" ? "default" : "warning"}>{t(key)}</StatusTag>
      </span>
    </Tooltip>
  );
}
