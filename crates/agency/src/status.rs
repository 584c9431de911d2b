//! What an agency answers to “is this person insured with you?”: the hot path of the nationwide query.

use exchange::{AgencyStatus, RelationView, StatusQuestion};
use standard::{Refusal, RegionCode, half_width};
use store::{IdHash, Lookup, Query, Row, args};

use crate::enrolment::PersonId;

static OF_PERSON: Lookup = Lookup::new(
    "SELECT p.person_id, p.region, p.name, r.insurance, r.status, r.months, r.first_month, r.last_month, r.spans, r.arrears_fen
     FROM agency_person p
     LEFT JOIN agency_relation r ON r.person_id = p.person_id AND r.region = p.region
     WHERE p.person_id IN {keys}
     ORDER BY p.region, r.insurance",
    &["person_id"],
);

/// The answer of each of `regions`, in their order, from one indexed select for all of them.
pub async fn answer(q: &mut dyn Query, regions: &[RegionCode], question: &StatusQuestion) -> Result<Vec<AgencyStatus>, Refusal> {
    let id_hash: IdHash = question.id_hash.parse()?;
    // A person has a row in a handful of regions at most: those not asked are passed over below.
    let rows = q.look_up(&OF_PERSON, args![PersonId::of(&id_hash).0]).await?;
    let mut answers: Vec<AgencyStatus> = regions.iter().map(|region| unknown(*region)).collect();
    let asked = folded(&question.name);
    for row in &rows {
        let region: RegionCode = row.get("region")?;
        let Some(answer) = answers.iter_mut().find(|answer| answer.region == region) else {
            continue;
        };
        answer.person_found = true;
        answer.name_matches = folded(&row.get::<String>("name")?) == asked;
        answer.relations.extend(relation(row, region)?);
    }
    for answer in &mut answers {
        answer.relations.sort_by_key(|relation| relation.insurance);
    }
    Ok(answers)
}

fn unknown(region: RegionCode) -> AgencyStatus {
    AgencyStatus {
        region,
        person_found: false,
        name_matches: true,
        relations: Vec::new(),
    }
}

fn relation(row: &Row, region: RegionCode) -> Result<Option<RelationView>, Refusal> {
    let Some(insurance) = row.get("insurance")? else { return Ok(None) };
    let spans: String = row.get("spans")?;
    let arrears: standard::Money = row.get("arrears_fen")?;
    Ok(Some(RelationView {
        region,
        insurance,
        status: row.get("status")?,
        months: row.get("months")?,
        first_month: row.get("first_month")?,
        last_month: row.get("last_month")?,
        spans: spans.parse()?,
        arrears_fen: (!arrears.is_zero()).then_some(arrears),
    }))
}

/// A name as it is compared: width and inner spaces do not tell two persons apart, nor do the many dots
/// written between the parts of a name.
pub fn folded(name: &str) -> String {
    half_width(name)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if matches!(c, '•' | '・' | '.' | '﹒' | '‧' | '∙') {
                '·'
            } else {
                c
            }
        })
        .collect()
}
