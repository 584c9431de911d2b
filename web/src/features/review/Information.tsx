import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { Problem } from "../../api/problem";
import type { CaseDetail, TransferBooks as Books } from "../../api/types";
import { Money, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { yuan } from "../../shared/money";
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

/** 信息表 and what moved in the ledger. */
export function TransferBooks({ books }: { books: Books }) {
  return (
    <>
      {books.information && <Information information={books.information} />}
      {books.ledger.length > 0 && <Ledger entries={books.ledger} />}
    </>
  );
}

/** 信息表（一）and（二）: the sums ①–⑥ and one row a year. */
function Information({ information }: { information: NonNullable<Books["information"]> }) {
  const { t } = useTranslation("review");
  return (
    <Panel title={t("information")} flush>
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
