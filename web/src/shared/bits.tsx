import { EyeOutlined } from "@ant-design/icons";
import { Button, Skeleton, Tag, Tooltip } from "antd";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Insurance, RelationStatus } from "../api/types";
import { yuan } from "./money";

/** Title of a page; takes the focus when the page opens, so that a keyboard or screen-reader user starts there. */
export function PageHead({
  title,
  lead,
  back,
  actions,
}: {
  title: ReactNode;
  lead?: ReactNode;
  back?: { to: string; label: string };
  actions?: ReactNode;
}) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const text = typeof title === "string" ? title : "";
  useEffect(() => {
    if (text) document.title = `${text} · ${t("product")}`;
  }, [text, t]);
  useEffect(() => {
    scrollTo(0, 0);
    // A page whose first field takes the focus keeps it there.
    const active = document.activeElement;
    if (active?.matches("main input, main textarea")) return;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page-head">
      <div style={{ minWidth: 0 }}>
        {back && (
          <Link className="page-back" to={back.to}>
            ← {back.label}
          </Link>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <div className="lead">{lead}</div>}
      </div>
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}

export function Panel({
  title,
  extra,
  flush,
  children,
  id,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  flush?: boolean;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className="panel" id={id}>
      {title && (
        <div className="panel-head">
          <h2>{title}</h2>
          {extra}
        </div>
      )}
      <div className={flush ? "panel-body flush" : "panel-body"}>{children}</div>
    </section>
  );
}

export function Facts({ items }: { items: [label: ReactNode, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([label, value], index) => (
        <div key={index}>
          <dt>{label}</dt>
          <dd>{value ?? "—"}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Money({ fen }: { fen: number | null | undefined }) {
  return <span className="money">{yuan(fen)}</span>;
}

type Tone = "success" | "processing" | "warning" | "error" | "default";
/** A state as a small coloured word; the colour only repeats what the word says. */
export function StatusTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Tag className="status-tag" color={tone === "default" ? undefined : tone} variant="outlined">
      {children}
    </Tag>
  );
}

const RELATION_TONE: Record<RelationStatus, Tone> = { active: "success", suspended: "warning", terminated: "default" };
export function RelationTag({ status }: { status: RelationStatus }) {
  const { t } = useTranslation();
  return <StatusTag tone={RELATION_TONE[status]}>{t(`relation.${status}`)}</StatusTag>;
}

export function InsuranceName({ insurance }: { insurance: Insurance }) {
  const { t } = useTranslation();
  return <>{t(`insurance.${insurance}`)}</>;
}

/** The insurances of a line; all five in one word, so that a table of people stays narrow. */
export function InsuranceNames({ insurances }: { insurances: readonly Insurance[] }) {
  const { t } = useTranslation();
  return <>{insurances.length === 5 ? t("insurance.all") : insurances.map((one) => t(`insurance.${one}`)).join(" · ")}</>;
}

/** Working days left, as a countdown. The server counts; nothing is computed here. */
export function Clock({ days, overdue, estimated }: { days: number | null | undefined; overdue?: boolean; estimated?: boolean }) {
  const { t } = useTranslation();
  if (days === null || days === undefined) return null;
  const over = overdue || days < 0;
  const label = over ? t("workingDays.over", { n: Math.abs(days) }) : days === 0 ? t("workingDays.today") : t("workingDays.left", { n: days });
  const clock = (
    <span className={`clock${over ? " over" : days <= 3 ? " soon" : ""}`}>
      {label}
      {estimated ? " *" : ""}
    </span>
  );
  return estimated ? <Tooltip title={t("workingDays.estimated")}>{clock}</Tooltip> : clock;
}

/** A masked identifier; the full one comes from the server on request, which records who asked. */
export function MaskedText({ masked, full, onReveal, loading }: { masked: string; full?: string; onReveal?: () => void; loading?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="row" style={{ gap: 2, display: "inline-flex" }}>
      <span className="mono">{full ?? masked}</span>
      {onReveal && !full && (
        <Tooltip title={t("reveal.note")}>
          <Button type="text" size="small" icon={<EyeOutlined />} aria-label={t("reveal")} loading={loading} onClick={onReveal} />
        </Tooltip>
      )}
    </span>
  );
}

export function TileSkeleton({ n }: { n: number }) {
  return (
    <div className="tiles">
      {Array.from({ length: n }, (_, i) => (
        <div className="tile" key={i}>
          <Skeleton active title={false} paragraph={{ rows: 2 }} />
        </div>
      ))}
    </div>
  );
}
