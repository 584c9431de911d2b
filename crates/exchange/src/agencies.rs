//! The agencies of the twelve pilot regions. Names, phones, addresses and accounts are made up: no real office has them.

use std::sync::LazyLock;

use crate::message::AgencyParty;

static PILOT: LazyLock<Vec<AgencyParty>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/agencies.json")).expect("the embedded file is read by a test"));

/// What a new agency calls itself and the platform's contact book starts with, until they are edited.
pub fn pilot_agencies() -> &'static [AgencyParty] {
    &PILOT
}

#[cfg(test)]
mod tests {
    use super::*;
    use standard::RegionCode;

    #[test]
    fn there_is_one_for_each_pilot_region() {
        let regions: Vec<RegionCode> = pilot_agencies().iter().map(|agency| agency.region).collect();
        assert_eq!(regions, RegionCode::pilot());
        assert!(pilot_agencies().iter().all(|agency| agency.name.starts_with(agency.region.name())));
    }
}
