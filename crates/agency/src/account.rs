//! What a person's history is worth: the personal account and the part of the pooled fund that moves with
//! the person. The rules are in `policy`; here a history of the books becomes its argument.

use policy::account::Stretch;
use policy::transfer::{TransferMoney, transfer_money};
use policy::{RuleBook, Silent};
use standard::{Finding, Money, Month};

/// The two parts of the money behind a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// 个人账户储存额, fen.
    pub personal_fen: i64,
    /// 统筹基金可转移额, fen.
    pub pooled_fen: i64,
}

/// By which law, and as of which month.
#[derive(Clone, Copy)]
pub struct Valuation<'a> {
    /// The law.
    pub law: &'a RuleBook,
    /// The month.
    pub on: Month,
}

impl Valuation<'_> {
    /// 国办发〔2009〕66号第四条. A month written twice counts once, as in the first of its rows.
    pub fn amounts(self, history: &[Stretch]) -> Result<Amounts, Finding> {
        if history.is_empty() {
            return Ok(Amounts::default());
        }
        let money = self.money(&without_overlap(history), Money::ZERO)?;
        Ok(Amounts {
            personal_fen: money.account.fen(),
            pooled_fen: money.pooled.fen(),
        })
    }

    /// The money of 信息表(一) and the yearly account behind it. Refuses a history with a month written twice.
    pub fn money(self, history: &[Stretch], before_1998: Money) -> Result<TransferMoney, Finding> {
        transfer_money(self.law, history, before_1998, self.on, &mut Silent)
    }
}

/// The history with every month at most once.
fn without_overlap(history: &[Stretch]) -> Vec<Stretch> {
    let mut sorted = history.to_vec();
    sorted.sort_by_key(|stretch| (stretch.from, stretch.to));
    let mut apart: Vec<Stretch> = Vec::with_capacity(sorted.len());
    for stretch in sorted {
        let from = apart.last().map_or(stretch.from, |last| stretch.from.max(last.to.next()));
        if from <= stretch.to {
            apart.push(Stretch { from, ..stretch });
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn stretch(from: &str, to: &str, yuan: i64) -> Stretch {
        Stretch {
            from: Month::parse(from).unwrap(),
            to: Month::parse(to).unwrap(),
            base: Money::from_fen(yuan * 100),
        }
    }

    fn november() -> Valuation<'static> {
        Valuation {
            law: RuleBook::embedded(),
            on: Month::parse("2026-11").unwrap(),
        }
    }

    #[test]
    fn this_years_months_are_worth_eight_and_twelve_percent() {
        let check = |history: &[Stretch], personal: i64, pooled: i64| {
            assert_eq!(
                november().amounts(history).unwrap(),
                Amounts {
                    personal_fen: personal,
                    pooled_fen: pooled
                }
            );
        };
        check(&[], 0, 0);
        check(&[stretch("2026-01", "2026-10", 5_000)], 400_000, 600_000);
        // October written twice counts once, at the base of the first row.
        check(
            &[stretch("2026-01", "2026-10", 5_000), stretch("2026-10", "2026-10", 9_000)],
            400_000,
            600_000,
        );
        check(
            &[stretch("2026-01", "2026-09", 5_000), stretch("2026-09", "2026-10", 5_000)],
            400_000,
            600_000,
        );
    }

    #[test]
    fn a_month_written_twice_is_not_money_to_move() {
        let twice = [stretch("2026-01", "2026-10", 5_000), stretch("2026-10", "2026-10", 9_000)];
        assert_eq!(november().money(&twice, Money::ZERO).unwrap_err().rule, "history_overlap");
    }
}
