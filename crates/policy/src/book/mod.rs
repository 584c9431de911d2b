//! The rule book: every dated value of the nation and of each region, loaded from `law/`.

pub(crate) mod fields;
pub mod load;
pub(crate) mod rules;
mod series;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use standard::Finding;

pub use rules::{InsuranceRules, Rules};
pub use series::{NationLaw, RegionLaw};

use crate::Place;
use crate::timeline::{Series, law_not_encoded};

/// All law that is encoded.
#[derive(Debug, Default)]
pub struct RuleBook {
    nation: NationLaw,
    regions: BTreeMap<Place, RegionLaw>,
    warnings: Vec<Finding>,
    version: String,
    files: Vec<(String, String)>,
}

static EMBEDDED: LazyLock<RuleBook> =
    LazyLock::new(|| RuleBook::parse(load::FILES.iter().copied()).expect("the embedded law is checked by a test before it is built in"));

impl RuleBook {
    /// The law carried inside the program, loaded at first use.
    pub fn embedded() -> &'static RuleBook {
        &EMBEDDED
    }

    /// National law.
    pub fn nation(&self) -> &NationLaw {
        &self.nation
    }

    /// The law of a region; refused as `law_not_encoded` where there is none.
    pub fn region(&self, place: Place) -> Result<&RegionLaw, Finding> {
        self.regions.get(&place).ok_or_else(|| {
            law_not_encoded(
                &format!("{place} 没有已收录的地方规定"),
                &format!("No regional law is encoded for {place}"),
            )
        })
    }

    /// The regions with law of their own, in order of code.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.regions.keys().copied()
    }

    /// Oddities that do not stop the load: limits that contradict the average they are said to come from.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// A digest of every file, short: written beside results so that they can be replayed with the law they used.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The files the book was read from, by name: kept beside results, so that [`RuleBook::parse`] gives the law of that day again.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Every series of a place in order of topic.
    pub fn series(&self, place: Place) -> Vec<&dyn Series> {
        let mut all = if place.is_nation() {
            self.nation.all()
        } else {
            self.regions.get(&place).map(RegionLaw::all).unwrap_or_default()
        };
        all.sort_by(|left, right| left.key().cmp(right.key()));
        all
    }
}
