//! 缴费记录: what a person paid, as stretches of months at one base and one employer, and what follows
//! from them: which months are covered, and which were written twice.

mod store;

use standard::sm::sm3;
use standard::{Insurance, Money, Month, MonthSet, RegionCode};

pub(crate) use store::stretch as read_stretch;
pub use store::{COLUMNS, bulk_args, history, insert};

/// Where a stretch came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Loaded from an older system.
    Loaded,
    /// Received with a transfer.
    Transferred,
    /// Paid by an employer on a collection order of this region.
    Collected,
}

impl Source {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Source::Loaded => "loaded",
            Source::Transferred => "transferred",
            Source::Collected => "collected",
        }
    }

    /// The source of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Loaded, Self::Transferred, Self::Collected]
            .into_iter()
            .find(|source| source.key() == key)
    }
}

/// A stretch of months paid at one base with one employer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The insurance paid.
    pub insurance: Insurance,
    /// First month.
    pub from: Month,
    /// Last month, counted.
    pub to: Month,
    /// Monthly contribution base (月缴费基数), fen.
    pub base: Money,
    /// The employer (单位名称).
    pub employer_name: String,
    /// Where the record came from.
    pub source: Source,
    /// The region it was paid in; another than the holder's for a transferred stretch.
    pub origin: RegionCode,
}

impl Stretch {
    /// What tells this stretch from any other of the person and insurance; the same content is the same
    /// stretch, wherever the record came from.
    pub fn key(&self) -> i64 {
        stretch_key(self.from, self.to, self.base, &self.employer_name, self.origin)
    }

    /// How many months.
    pub fn months(&self) -> i64 {
        i64::from(self.from.until(self.to)) + 1
    }
}

/// See [`Stretch::key`].
pub fn stretch_key(from: Month, to: Month, base: Money, employer_name: &str, origin: RegionCode) -> i64 {
    let text = format!(
        "{}|{}|{}|{}|{}",
        from.yyyymm(),
        to.yyyymm(),
        base.fen(),
        origin.number(),
        employer_name
    );
    let digest = sm3(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first) & i64::MAX
}

/// The months covered by stretches, and how many of them were written more than once.
pub fn coverage(stretches: impl IntoIterator<Item = (Month, Month)>) -> (MonthSet, i64) {
    let mut covered = MonthSet::new();
    let mut written = 0;
    for (from, to) in stretches {
        written += i64::from(from.until(to)) + 1;
        covered.insert(from, to);
    }
    let duplicates = written - covered.len();
    (covered, duplicates)
}

#[cfg(test)]
mod tests {
    use super::coverage;
    use standard::Month;

    #[test]
    fn months_written_twice_are_counted_once_and_reported() {
        let month = |text: &str| Month::parse(text).expect("a month");
        let check = |spans: &[(&str, &str)], months: i64, duplicates: i64| {
            let (covered, twice) = coverage(spans.iter().map(|(from, to)| (month(from), month(to))));
            assert_eq!((covered.len(), twice), (months, duplicates), "{spans:?}");
        };
        check(&[], 0, 0);
        check(&[("2022-03", "2025-04")], 38, 0);
        check(&[("2022-03", "2022-12"), ("2023-01", "2025-04")], 38, 0);
        check(&[("2022-03", "2022-12"), ("2022-12", "2025-04")], 38, 1);
        check(&[("2022-03", "2022-12"), ("2022-03", "2022-12")], 10, 10);
    }
}
