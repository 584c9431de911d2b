//! What loaded history adds to the books.

use policy::account::Stretch;
use standard::{Finding, Insurance, Money};

use crate::account::{Amounts, Valuation};

/// The money behind the pension stretches; other insurances open no account.
pub fn amounts(stretches: impl IntoIterator<Item = (Insurance, Stretch)>, at: Valuation<'_>) -> Result<Amounts, Finding> {
    let pension: Vec<Stretch> = stretches
        .into_iter()
        .filter(|(insurance, _)| *insurance == Insurance::Pension)
        .map(|(_, stretch)| stretch)
        .collect();
    at.amounts(&pension)
}

/// What `after` has over `before`, never less than nothing: a load adds, it never takes.
pub fn added(before: Amounts, after: Amounts) -> (Money, Money) {
    let difference = |before: i64, after: i64| Money::from_fen((after - before).max(0));
    (
        difference(before.personal_fen, after.personal_fen),
        difference(before.pooled_fen, after.pooled_fen),
    )
}
