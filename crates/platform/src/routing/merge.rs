//! Puts the agencies' answers together; a month paid in two regions is counted once.

use std::collections::BTreeMap;

use exchange::{AgencyStatus, StatusAnswer};
use standard::{Insurance, MonthSet, RegionCode, Timestamp};

pub(super) fn merge(mut answers: Vec<AgencyStatus>, unanswered: Vec<RegionCode>, asked_at: Timestamp) -> StatusAnswer {
    answers.retain(|status| status.person_found);
    let person_found = !answers.is_empty();
    let name_matches = answers.iter().all(|status| status.name_matches);
    let mut relations: Vec<_> = answers.into_iter().flat_map(|status| status.relations).collect();
    relations.sort_by_key(|relation| (relation.region, relation.insurance));

    let mut months: BTreeMap<Insurance, MonthSet> = BTreeMap::new();
    for relation in &relations {
        let paid = months.entry(relation.insurance).or_default();
        *paid = paid.union(&relation.spans);
    }
    let months_total = months.into_iter().map(|(insurance, paid)| (insurance, paid.len())).collect();
    StatusAnswer {
        person_found,
        name_matches,
        relations,
        months_total,
        unanswered,
        asked_at,
    }
}
