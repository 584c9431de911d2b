//! Proving the books: what must hold at every step, asked of the stored rows.

use standard::{Finding, Refusal, RegionCode};
use store::{Query, args};

/// Checks a region's books and names what does not hold: `books_unbalanced` (a journal or the region does
/// not sum to zero), `balance_differs_from_entries`, `reserved_differs_from_entries`, `account_overdrawn`
/// (less than nothing, or more reserved than there is).
pub async fn verify(q: &mut dyn Query, region: RegionCode) -> Result<Vec<Finding>, Refusal> {
    let mut findings = Vec::new();
    for (rule, zh, en, sql) in CHECKS {
        let broken = q.all(sql, args![region]).await?.len();
        if broken > 0 {
            findings.push(Finding::blocking(*rule, format!("{zh}：{broken} 处"), format!("{en}: {broken}")));
        }
    }
    Ok(findings)
}

const CHECKS: &[(&str, &str, &str, &str)] = &[
    (
        "books_unbalanced",
        "借贷不平的凭证",
        "journals whose entries do not sum to zero",
        "SELECT journal_id FROM agency_entry WHERE region = $1 GROUP BY journal_id, insurance HAVING SUM(amount_fen) <> 0",
    ),
    (
        "books_unbalanced",
        "资产与负债不等的险种",
        "insurances whose assets differ from what is owed",
        "SELECT insurance FROM agency_account WHERE region = $1 GROUP BY insurance
         HAVING SUM(CASE WHEN kind IN ('bank', 'receivable', 'refund_assessed') THEN balance_fen ELSE -balance_fen END) <> 0",
    ),
    (
        "balance_differs_from_entries",
        "余额与分录不符的账户",
        "accounts whose balance differs from their entries",
        "SELECT a.person_id FROM agency_account a
         LEFT JOIN (SELECT e.region, e.insurance, e.kind, e.person_id,
                           SUM(CASE WHEN e.kind IN ('bank', 'receivable', 'refund_assessed') THEN e.amount_fen ELSE -e.amount_fen END) AS change_fen
                    FROM agency_entry e
                    JOIN agency_journal j ON j.region = e.region AND j.journal_id = e.journal_id
                    WHERE e.region = $1 AND j.kind IN ('post', 'settle')
                    GROUP BY e.region, e.insurance, e.kind, e.person_id) s
           ON s.region = a.region AND s.insurance = a.insurance AND s.kind = a.kind AND s.person_id = a.person_id
         WHERE a.region = $1 AND a.balance_fen <> COALESCE(s.change_fen, 0)",
    ),
    (
        "reserved_differs_from_entries",
        "预留额与未结预留不符的账户",
        "accounts whose reserved amount differs from the open reservations",
        "SELECT a.person_id FROM agency_account a
         LEFT JOIN (SELECT e.region, e.insurance, e.kind, e.person_id,
                           SUM(CASE WHEN e.kind IN ('bank', 'receivable', 'refund_assessed') AND e.amount_fen < 0 THEN -e.amount_fen
                                    WHEN e.kind NOT IN ('bank', 'receivable', 'refund_assessed') AND e.amount_fen > 0 THEN e.amount_fen ELSE 0 END) AS reserved_fen
                    FROM agency_entry e
                    JOIN agency_journal j ON j.region = e.region AND j.journal_id = e.journal_id
                    WHERE e.region = $1 AND j.kind = 'reserve'
                      AND NOT EXISTS (SELECT 1 FROM agency_journal x WHERE x.region = j.region AND x.reservation_id = j.journal_id)
                    GROUP BY e.region, e.insurance, e.kind, e.person_id) s
           ON s.region = a.region AND s.insurance = a.insurance AND s.kind = a.kind AND s.person_id = a.person_id
         WHERE a.region = $1 AND a.reserved_fen <> COALESCE(s.reserved_fen, 0)",
    ),
    (
        "account_overdrawn",
        "余额为负或预留超过余额的账户",
        "accounts below zero or with more reserved than there is",
        "SELECT person_id FROM agency_account
         WHERE region = $1 AND (balance_fen < 0 OR reserved_fen < 0 OR reserved_fen > balance_fen)",
    ),
];
