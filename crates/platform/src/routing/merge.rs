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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use exchange::RelationView;
    use proptest::prelude::*;
    use standard::{Month, RelationStatus};

    use super::*;

    /// Relations of the pilot regions: (region's index, insurance's index, first month, length in months).
    type Row = (usize, usize, i32, i32);

    fn relation(&(region, insurance, first, length): &Row) -> RelationView {
        let from = Month::new(2020, 1).unwrap().plus(first);
        let spans = MonthSet::of(from, from.plus(length));
        RelationView {
            region: RegionCode::pilot()[region],
            insurance: Insurance::ALL[insurance],
            status: RelationStatus::Active,
            months: spans.len(),
            first_month: spans.first(),
            last_month: spans.last(),
            spans,
            arrears_fen: None,
        }
    }

    proptest! {
        #[test]
        fn each_month_counts_once_wherever_it_was_paid(rows in prop::collection::vec((0..12_usize, 0..5_usize, 0..60_i32, 0..24_i32), 0..20)) {
            let status = |row: &Row| AgencyStatus {
                region: RegionCode::pilot()[row.0],
                person_found: true,
                name_matches: true,
                relations: vec![relation(row)],
            };
            let merged = merge(rows.iter().map(status).collect(), vec![], Timestamp::UNIX_EPOCH);
            prop_assert_eq!(merged.relations.len(), rows.len());
            for insurance in 0..5 {
                let of = rows.iter().filter(|row| row.1 == insurance);
                let months: BTreeSet<i32> = of.flat_map(|row| row.2..=row.2 + row.3).collect();
                let expected = i64::try_from(months.len()).unwrap();
                prop_assert_eq!(merged.months_total.get(&Insurance::ALL[insurance]).copied().unwrap_or(0), expected);
            }
        }
    }

    /// (what agencies say of found and matching, what the nation says)
    #[test]
    fn a_name_is_contradicted_by_a_record_only() {
        type Said = (bool, bool);
        let cases: [(&[Said], Said); 5] = [
            (&[], (false, true)),
            (&[(true, true)], (true, true)),
            (&[(true, false), (true, true)], (true, false)),
            (&[(false, false)], (false, true)),
            (&[(false, false), (true, true)], (true, true)),
        ];
        for (said, expected) in cases {
            let status = |&(person_found, name_matches): &Said| AgencyStatus {
                region: RegionCode::pilot()[0],
                person_found,
                name_matches,
                relations: vec![],
            };
            let merged = merge(said.iter().map(status).collect(), vec![], Timestamp::UNIX_EPOCH);
            assert_eq!((merged.person_found, merged.name_matches), expected, "{said:?}");
        }
    }
}
