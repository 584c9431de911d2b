import { useTranslation } from "react-i18next";
import type { HistoryStep } from "../../api/types";
import { instant } from "../../shared/dates";
import { regionName } from "../../shared/regions";
import { EmptyState } from "../../shared/states";
import { Reasons } from "../../shared/Timeline";

/** Acts of the machine on behalf of another office are kept under the office's code: show its place. */
function actorName(name: string, machine: string): string {
  const region = /agency:(\d{6})/.exec(name)?.[1];
  if (region) return `${machine} · ${regionName(region)}`;
  return name.includes("employer:") || name === "" ? machine : name;
}

/** Every act on the case, with who, when and the opinion. */
export function History({ rows }: { rows: HistoryStep[] }) {
  const { t, i18n } = useTranslation("review");
  if (rows.length === 0) return <EmptyState />;
  const name = (row: HistoryStep) => (i18n.exists(`review:done.${row.act}`) ? t(`done.${row.act}`) : row.act_name);
  return (
    <ol className="plain lines">
      {rows.map((row, index) => (
        <li key={index} style={{ display: "block" }}>
          <div className="row between">
            <strong>{name(row)}</strong>
            <span className="soft small num">{instant(row.at)}</span>
          </div>
          <div className="soft small">{actorName(row.user_name, t("machine"))}</div>
          {row.opinion && <div>{row.opinion}</div>}
          {row.reasons.length > 0 && <Reasons reasons={row.reasons} />}
        </li>
      ))}
    </ol>
  );
}
