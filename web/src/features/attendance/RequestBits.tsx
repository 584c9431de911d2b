import { useTranslation } from "react-i18next";
import { StatusTag } from "../../shared/bits";
import type { Request } from "./api";
import { DAY, clock, hours, leaveDays } from "./time";

const TONE = { submitted: "processing", approved: "success", refused: "error", withdrawn: "default", revoked: "warning" } as const;

export function RequestState({ request }: { request: Request }) {
  const { t } = useTranslation("attendance");
  return (
    <span>
      <StatusTag tone={TONE[request.state]}>{t(`request.${request.state}`)}</StatusTag>
      {request.opinion && <div className="soft small">{request.opinion}</div>}
    </span>
  );
}

/** The days, with halves or times. */
export function When({ request }: { request: Request }) {
  const { t } = useTranslation("attendance");
  const half = (part: string) => (part === "whole" ? "" : ` ${t(`half.${part}`)}`);
  if (request.from_minute !== null && request.from_minute !== undefined) {
    const end = request.to_minute ?? request.from_minute;
    const times =
      request.kind === "punch" ? clock(request.from_minute) : `${clock(request.from_minute)}–${end > DAY ? t("nextDay") : ""}${clock(end)}`;
    return <span className="num">{`${request.from_on} ${times}`}</span>;
  }
  if (request.from_on === request.to_on) return <span className="num">{`${request.from_on}${half(request.first_part)}`}</span>;
  return <span className="num">{`${request.from_on}${half(request.first_part)} – ${request.to_on}${half(request.last_part)}`}</span>;
}

export function amountWords(t: (key: string, values?: Record<string, unknown>) => string, request: Request): string {
  if (request.kind === "punch") return "—";
  if (request.kind === "overtime") return t("hours", { n: hours(request.amount) });
  return t("leaveDays", { n: leaveDays(request.amount) });
}
