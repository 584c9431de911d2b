import { useTranslation } from "react-i18next";
import type { Finding, PlannedChange } from "../../api/types";
import { StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { yuan } from "../../shared/money";
import { regionName } from "../../shared/regions";
import { differing } from "./logic";

export interface Line {
  key: string;
  row?: number;
  change?: PlannedChange | null;
  findings: Finding[];
}

/** Every employee of a change, before and after, with what refuses the row. */
export function PlannedRows({ lines, id }: { lines: Line[]; id: string }) {
  const { t } = useTranslation("employees");
  const numbered = lines.some((line) => line.row !== undefined);
  return (
    <DataTable<Line>
      id={id}
      label={t("bulk.preview")}
      rows={lines}
      rowKey={(line) => line.key}
      columns={[
        ...(numbered ? [{ key: "row", title: t("import.row"), align: "right" as const, render: (line: Line) => line.row }] : []),
        { key: "name", title: t("name"), primary: true, width: 110, render: (line) => line.change?.name || "—" },
        { key: "change", title: t("bulk.change"), render: (line) => <BeforeAfter change={line.change} /> },
        {
          key: "result",
          title: t("bulk.result"),
          render: (line) => {
            if (line.findings.length > 0) return <FindingList findings={line.findings} />;
            return line.change?.changed ? (
              <StatusTag tone="success">{t("bulk.fits")}</StatusTag>
            ) : (
              <StatusTag tone="default">{t("bulk.same")}</StatusTag>
            );
          },
        },
      ]}
    />
  );
}

function BeforeAfter({ change }: { change: PlannedChange | null | undefined }) {
  const { t } = useTranslation("employees");
  if (!change) return "—";
  const keys = differing(change);
  if (keys.length === 0) return <span className="soft">{t("bulk.same")}</span>;
  const shown = (side: PlannedChange["before"], key: (typeof keys)[number]) => {
    if (key === "wage_fen") return yuan(side.wage_fen);
    if (key === "region") return regionName(side.region);
    return side[key] || "—";
  };
  return (
    <ul className="plain">
      {keys.map((key) => (
        <li key={key}>
          <span className="soft">{t(`field.${key}`)} </span>
          <span className="num">{shown(change.before, key)}</span> → <strong className="num">{shown(change.after, key)}</strong>
        </li>
      ))}
    </ul>
  );
}
