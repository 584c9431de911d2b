import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { Problem } from "../../api/problem";
import type { CaseDetail, TransferBooks as Books } from "../../api/types";
import { Facts, Money, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { yuan } from "../../shared/money";
import { Reasons } from "../../shared/Timeline";
import { words } from "../../shared/words";

/** The books of the case's transfer; null for cases of other businesses and while nothing is booked yet. */
export function useBooks(one: CaseDetail) {
  const id = one.case.id;
  return useQuery({
    queryKey: ["case", id, "transfer"],
    enabled: one.case.business.startsWith("transfer"),
    queryFn: async ({ signal }) => {
      try {
        return await unwrap<Books>(client.GET("/api/v1/cases/{id}/transfer", { params: { path: { id } }, signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** Why the other office would not go on: shown above everything, because it is what the next step depends on. */
export function Declined({ books }: { books: Books }) {
  const { t } = useTranslation("review");
  if (!books.declined) return null;
  const { region_name, returned, reasons } = books.declined;
  return (
    <Panel title={t(returned ? "declined.returned" : "declined.refused", { region: region_name })}>
      <Reasons reasons={reasons} />
    </Panel>
  );
}

/** The relation that would move, 信息表 and what moved in the ledger. */
export function TransferBooks({ books }: { books: Books }) {
  return (
    <>
      {books.standing && <Standing standing={books.standing} />}
      {books.information && <Information information={books.information} draft={books.draft} />}
      {books.ledger.length > 0 && <Ledger entries={books.ledger} />}
    </>
  );
}

/** What the books here say of the relation, beside what was applied for. */
function Standing({ standing }: { standing: NonNullable<Books["standing"]> }) {
  const { t } = useTranslation("review");
  const { t: common } = useTranslation();
  const tone = standing.status === "active" || standing.arrears_fen > 0 || standing.duplicates > 0 || standing.temporary ? "error" : "success";
  return (
    <Panel title={t("standing")}>
      <Facts
        items={[
          [
            t("standing.status"),
            <StatusTag key="s" tone={tone}>
              {common(`relation.${standing.status}`)}
            </StatusTag>,
          ],
          [t("months"), standing.months],
          [t("months.span"), standing.first_month ? `${standing.first_month} – ${standing.last_month}` : "—"],
          [t("standing.employer"), standing.employer_name],
          [t("standing.arrears"), <Money key="a" fen={standing.arrears_fen} />],
          [t("standing.duplicates"), standing.duplicates],
          [t("standing.account"), t(standing.temporary ? "standing.temporary" : "standing.general")],
        ]}
      />
    </Panel>
  );
}

/** 信息表（一）and（二）: the sums ①–⑥ and one row a year. */
function Information({ information, draft }: { information: NonNullable<Books["information"]>; draft: boolean }) {
  const { t } = useTranslation("review");
  const noted = information.years.some((row) => row.note);
  return (
    <Panel title={t(draft ? "information.draft" : "information")} flush>
      {draft && (
        <p className="soft" style={{ padding: "12px 16px 0" }}>
          {t("information.draft.note")}
        </p>
      )}
      <table className="plain-table">
        <tbody>
          {information.lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">{words(line.label)}</th>
              <td className="r">
                <Money fen={line.amount_fen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t("years")}>
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t("year")}</th>
              <th>{t("months.span")}</th>
              <th className="r">{t("months")}</th>
              <th className="r">{t("base")}</th>
              <th className="r">{t("credited")}</th>
              <th className="r">{t("interest")}</th>
              <th className="r">{t("balance")}</th>
              {noted && <th>{t("note")}</th>}
            </tr>
          </thead>
          <tbody>
            {information.years.map((row) => (
              <tr key={`${row.year}-${row.from}`}>
                <td>{row.year}</td>
                <td className="nowrap">
                  {row.from} – {row.to}
                </td>
                <td className="r">{row.months}</td>
                <td className="r">{yuan(row.base_fen)}</td>
                <td className="r">{yuan(row.credited_fen)}</td>
                <td className="r">{yuan(row.interest_fen)}</td>
                <td className="r">{yuan(row.balance_fen)}</td>
                {noted && <td>{row.note}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** What the transfer moved in the ledger; each journal sums to zero. */
function Ledger({ entries }: { entries: Books["ledger"] }) {
  const { t } = useTranslation("review");
  return (
    <Panel title={t("ledger")} flush>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t("ledger")}>
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t("at")}</th>
              <th>{t("ledger.kind")}</th>
              <th>{t("ledger.account")}</th>
              <th className="r">{t("ledger.amount")}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, index) => (
              <tr key={index}>
                <td className="nowrap">{instant(entry.at)}</td>
                <td className="nowrap">{t(`ledger.${entry.kind}`)}</td>
                <td>{words(entry.account)}</td>
                <td className="r">{yuan(entry.amount_fen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
