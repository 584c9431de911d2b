//! The accounts of a region's books: five funds, each with what it has, what it is owed, and what it owes.

use serde::{Deserialize, Serialize};
use standard::{Insurance, Text};
use uuid::Uuid;

/// What an account holds money for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 基金存款, the fund's deposit: what the region has.
    Bank,
    /// 统筹基金, the pooled fund: what the region holds for all.
    Pooled,
    /// 个人账户, a person's own account: what the region holds for one.
    Personal,
    /// 待分配转移资金, money received for a transfer and not yet posted to a person.
    Clearing,
    /// 应收社会保险费 of one employer: what open collection orders ask for.
    Receivable,
    /// 已核定待入账: the counterpart of what is receivable, until the money comes and goes to pool and persons.
    Assessed,
    /// 暂收款 of one employer (nil: of nobody known): money received and not yet posted to an order. It stands in the
    /// pension fund's books whichever funds it will belong to, see [`SUSPENSE_FUND`].
    Suspense,
    /// 滞纳金收入 of the fund.
    LateFee,
    /// 应退待冲: the counterpart of what is to be refunded, until the money leaves pool and persons.
    RefundAssessed,
    /// 应退社会保险费 of one employer: what approved refunds promise.
    RefundPayable,
}

/// One collection account (归集户) receives the payments for all five funds before they are told apart; what is not yet
/// matched is kept in the pension fund's books, and a matching journal hands each fund its part through its deposit.
pub const SUSPENSE_FUND: Insurance = Insurance::Pension;

impl AccountKind {
    const ALL: [AccountKind; 10] = [
        Self::Bank,
        Self::Pooled,
        Self::Personal,
        Self::Clearing,
        Self::Receivable,
        Self::Assessed,
        Self::Suspense,
        Self::LateFee,
        Self::RefundAssessed,
        Self::RefundPayable,
    ];

    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            AccountKind::Bank => "bank",
            AccountKind::Pooled => "pooled",
            AccountKind::Personal => "personal",
            AccountKind::Clearing => "clearing",
            AccountKind::Receivable => "receivable",
            AccountKind::Assessed => "assessed",
            AccountKind::Suspense => "suspense",
            AccountKind::LateFee => "late_fee",
            AccountKind::RefundAssessed => "refund_assessed",
            AccountKind::RefundPayable => "refund_payable",
        }
    }

    /// The kind of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The name on screens.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            AccountKind::Bank => ("基金存款", "fund deposit"),
            AccountKind::Pooled => ("统筹基金", "pooled fund"),
            AccountKind::Personal => ("个人账户", "personal account"),
            AccountKind::Clearing => ("待分配转移资金", "transfer money not yet posted"),
            AccountKind::Receivable => ("应收社会保险费", "contributions receivable"),
            AccountKind::Assessed => ("已核定待入账", "assessed, not yet received"),
            AccountKind::Suspense => ("暂收款", "suspense"),
            AccountKind::LateFee => ("滞纳金收入", "late fee income"),
            AccountKind::RefundAssessed => ("应退待冲", "refunds approved, not yet paid"),
            AccountKind::RefundPayable => ("应退社会保险费", "refunds payable"),
        };
        Text::new(zh, en)
    }

    /// Whether a debit (a positive entry) makes the balance larger: what the region has or is to get. Every other
    /// account is what it owes or has earned.
    pub(super) fn grows_by_debit(self) -> bool {
        matches!(self, AccountKind::Bank | AccountKind::Receivable | AccountKind::RefundAssessed)
    }
}

/// One account of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// The insurance whose fund it belongs to; funds are never mixed.
    pub insurance: Insurance,
    /// What it holds money for.
    pub kind: AccountKind,
    /// The person of a personal account, the employer of one kept by employer; nil otherwise.
    pub person_id: Uuid,
}

impl Account {
    /// A fund account.
    pub fn fund(insurance: Insurance, kind: AccountKind) -> Self {
        Self {
            insurance,
            kind,
            person_id: Uuid::nil(),
        }
    }

    /// The personal account of `person_id`.
    pub fn personal(insurance: Insurance, person_id: Uuid) -> Self {
        Self {
            insurance,
            kind: AccountKind::Personal,
            person_id,
        }
    }

    /// An account kept by employer.
    pub fn of_employer(insurance: Insurance, kind: AccountKind, employer_id: Uuid) -> Self {
        Self {
            insurance,
            kind,
            person_id: employer_id,
        }
    }

    /// The 暂收款 of an employer; of nobody known with the nil id.
    pub fn suspense(employer_id: Uuid) -> Self {
        Self::of_employer(SUSPENSE_FUND, AccountKind::Suspense, employer_id)
    }
}

#[cfg(test)]
mod tests {
    use super::AccountKind;

    #[test]
    fn every_kind_has_one_stored_name() {
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::parse(kind.key()), Some(kind));
        }
    }
}
