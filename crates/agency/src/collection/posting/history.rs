//! What one paid month does to a person's history. Pure.

use standard::{Insurance, Money, Month, RegionCode};

use crate::contribution::{Source, Stretch};

/// One month paid, or put right.
#[derive(Clone, Copy, Debug)]
pub struct Paid<'a> {
    /// The insurance.
    pub insurance: Insurance,
    /// The month.
    pub month: Month,
    /// Its base; zero when the month is not owed.
    pub base: Money,
    /// By whom.
    pub employer_name: &'a str,
    /// Where.
    pub region: RegionCode,
    /// Whether it replaces what this employer paid on for the month.
    pub corrects: bool,
}

/// What became of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The month was not covered before.
    New,
    /// This employer's month, as it was or at another base.
    Known,
    /// Somebody else's stretch covers it too: written twice.
    Twice,
    /// The month is gone.
    Removed,
}

/// Puts `paid` into `stretches` (those of one person and insurance that touch the month). A stretch collected at the same
/// base from the same employer is extended; stretches from elsewhere stay as they were written.
pub fn place(stretches: &mut Vec<Stretch>, paid: &Paid<'_>) -> Outcome {
    let own = stretches.iter().position(|stretch| {
        stretch.from <= paid.month
            && paid.month <= stretch.to
            && stretch.origin == paid.region
            && stretch.employer_name == paid.employer_name
    });
    let known = own.is_some();
    if let Some(index) = own {
        if stretches[index].base == paid.base || (!paid.corrects && stretches[index].source != Source::Collected) {
            return Outcome::Known;
        }
        cut(stretches, index, paid.month);
    }
    if paid.base.is_zero() {
        return if known { Outcome::Removed } else { Outcome::Known };
    }
    let twice = stretches
        .iter()
        .any(|stretch| stretch.from <= paid.month && paid.month <= stretch.to);
    add(stretches, paid);
    match (known, twice) {
        (true, _) => Outcome::Known,
        (false, true) => Outcome::Twice,
        (false, false) => Outcome::New,
    }
}

/// Takes one month out of a stretch.
fn cut(stretches: &mut Vec<Stretch>, index: usize, month: Month) {
    let whole = stretches.swap_remove(index);
    if whole.from < month {
        stretches.push(Stretch {
            to: month.plus(-1),
            ..whole.clone()
        });
    }
    if month < whole.to {
        stretches.push(Stretch {
            from: month.plus(1),
            ..whole
        });
    }
}

/// Adds one month, growing the stretches beside it when they are of the same kind.
fn add(stretches: &mut Vec<Stretch>, paid: &Paid<'_>) {
    let alike = |stretch: &Stretch| {
        stretch.source == Source::Collected
            && stretch.base == paid.base
            && stretch.origin == paid.region
            && stretch.employer_name == paid.employer_name
    };
    let mut grown = Stretch {
        insurance: paid.insurance,
        from: paid.month,
        to: paid.month,
        base: paid.base,
        employer_name: paid.employer_name.to_owned(),
        source: Source::Collected,
        origin: paid.region,
    };
    if let Some(index) = stretches.iter().position(|s| alike(s) && s.to.plus(1) == paid.month) {
        grown.from = stretches.swap_remove(index).from;
    }
    if let Some(index) = stretches.iter().position(|s| alike(s) && s.from == paid.month.plus(1)) {
        grown.to = stretches.swap_remove(index).to;
    }
    stretches.push(grown);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    fn stretch(text: &str, base: i64, employer: &str, source: Source) -> Stretch {
        let (from, to) = text.split_once("..").unwrap();
        Stretch {
            insurance: Insurance::Pension,
            from: month(from),
            to: month(to),
            base: Money::from_fen(base),
            employer_name: employer.into(),
            source,
            origin: RegionCode::new(430_100).unwrap(),
        }
    }

    fn shown(stretches: &[Stretch]) -> String {
        let mut all: Vec<String> = stretches
            .iter()
            .map(|s| format!("{}..{}@{}{}", s.from, s.to, s.base.fen(), s.employer_name))
            .collect();
        all.sort();
        all.join(" ")
    }

    #[test]
    fn a_month_extends_begins_replaces_or_doubles() {
        use Source::{Collected, Loaded};
        let check = |before: &[Stretch], at: &str, base: i64, corrects: bool, outcome: Outcome, after: &str| {
            let mut stretches = before.to_vec();
            let paid = Paid {
                insurance: Insurance::Pension,
                month: month(at),
                base: Money::from_fen(base),
                employer_name: "A",
                region: RegionCode::new(430_100).unwrap(),
                corrects,
            };
            assert_eq!((place(&mut stretches, &paid), shown(&stretches).as_str()), (outcome, after), "{at}");
            // Once more changes nothing.
            if outcome != Outcome::Removed {
                assert_eq!(place(&mut stretches, &paid), Outcome::Known);
            }
            assert_eq!(shown(&stretches), after);
        };
        let own = stretch("2026-01..2026-03", 5, "A", Collected);
        check(&[], "2026-04", 5, false, Outcome::New, "2026-04..2026-04@5A");
        check(std::slice::from_ref(&own), "2026-04", 5, false, Outcome::New, "2026-01..2026-04@5A");
        check(
            std::slice::from_ref(&own),
            "2026-04",
            6,
            false,
            Outcome::New,
            "2026-01..2026-03@5A 2026-04..2026-04@6A",
        );
        // A loaded stretch stays as it was written, so that loading its row again finds it.
        let loaded = stretch("2026-01..2026-03", 5, "A", Loaded);
        check(
            std::slice::from_ref(&loaded),
            "2026-04",
            5,
            false,
            Outcome::New,
            "2026-01..2026-03@5A 2026-04..2026-04@5A",
        );
        check(&[loaded], "2026-03", 7, false, Outcome::Known, "2026-01..2026-03@5A");
        // A gap closed joins both sides.
        let later = stretch("2026-05..2026-06", 5, "A", Collected);
        check(&[own.clone(), later], "2026-04", 5, false, Outcome::New, "2026-01..2026-06@5A");
        // A correction cuts the month out.
        check(
            std::slice::from_ref(&own),
            "2026-02",
            6,
            true,
            Outcome::Known,
            "2026-01..2026-01@5A 2026-02..2026-02@6A 2026-03..2026-03@5A",
        );
        check(
            std::slice::from_ref(&own),
            "2026-03",
            0,
            true,
            Outcome::Removed,
            "2026-01..2026-02@5A",
        );
        // Another employer's month beside it is written twice.
        let other = stretch("2026-01..2026-06", 9, "B", Collected);
        check(
            &[other],
            "2026-04",
            5,
            false,
            Outcome::Twice,
            "2026-01..2026-06@9B 2026-04..2026-04@5A",
        );
    }
}
