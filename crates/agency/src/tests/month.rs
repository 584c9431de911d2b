//! What the stories of a month share: an insured employer, what it declares, and what it is told.

use control::clock;
use control::identity::Role;
use control::review::{self, Decision};
use exchange::Message;
use exchange::message::{CollectionOrder, Declaration, DeclarationLine, FilingOutcome};
use policy::contribution::{Case as PolicyCase, contributions};
use policy::{RuleBook, Silent};
use standard::{Date, IdNumber, Insurance, Money, Month, Organisation, RelationStatus};
use store::{Query, args};
use uuid::Uuid;

use super::house::{CHANGSHA, House, region};
use crate::assessment::Insurances;
use crate::employers::{self, Stretch};
use crate::enrolment::{self, NewPerson, Relation};

pub(super) const NAMES: [&str; 4] = ["王一", "王二", "王三", "王四"];

pub(super) fn id(order: u16) -> IdNumber {
    IdNumber::compose(region(430_102), Date::constant(1990, 6, 2), order).unwrap()
}

pub(super) fn this_month() -> Month {
    Month::of(clock::today())
}

/// Puts people onto the books and the roll of the house's employer, as enrolments in effect would.
pub(super) async fn insure(house: &House, since: Month, wage: i64, count: u16) -> Vec<IdNumber> {
    let mut tx = house.db.begin().await.unwrap();
    let unit = employers::register(&mut tx, region(CHANGSHA), &house.employer_party())
        .await
        .unwrap();
    let ids: Vec<IdNumber> = (1..=count).map(id).collect();
    for (n, id_number) in ids.iter().enumerate() {
        let new = NewPerson {
            region: region(CHANGSHA),
            id_number: *id_number,
            name: NAMES[n % NAMES.len()].into(),
            phone: None,
            household_region: None,
        };
        let person = enrolment::insert_person(&mut tx, house.db.cipher(), &new).await.unwrap();
        for insurance in Insurance::ALL {
            let relation = Relation::new(person, region(CHANGSHA), insurance, RelationStatus::Active, &unit.name);
            enrolment::save_relation(&mut tx, &relation).await.unwrap();
        }
        let joins = Stretch {
            employer_id: unit.employer_id,
            person_id: person,
            since,
            until: None,
            insurances: Insurances::ALL,
            wage: Money::from_fen(wage),
            hired_on: None,
        };
        employers::join(&mut tx, region(CHANGSHA), &joins).await.unwrap();
    }
    tx.commit().await.unwrap();
    ids
}

pub(super) fn line(number: u32, id_number: IdNumber, name: &str, wage: i64) -> DeclarationLine {
    DeclarationLine {
        line: number,
        id_number,
        name: name.into(),
        insurances: Insurance::ALL.to_vec(),
        wage_fen: Money::from_fen(wage),
        hired_on: None,
    }
}

pub(super) fn declare(house: &House, month: Month, lines: Vec<DeclarationLine>) -> Declaration {
    Declaration {
        declaration_id: Uuid::now_v7(),
        round: 1,
        part: 1,
        parts: 1,
        employer: house.employer_party(),
        region: region(CHANGSHA),
        month,
        industry_class: Some(3),
        lines,
        expected_fen: Money::ZERO,
        filed_on: clock::today(),
    }
}

/// What one person costs by the explained rules: employer, employee.
pub(super) fn by_law(month: Month, wage: i64, insurances: &[Insurance]) -> (Money, Money) {
    let rules = RuleBook::embedded().at(region(CHANGSHA), month).unwrap();
    let case = PolicyCase {
        wage: Money::from_fen(wage),
        hired_on: None,
        industry_class: Some(3),
    };
    let all = contributions(&rules, &case, &mut Silent).unwrap();
    let sum = |side: fn(&policy::contribution::Contribution) -> Option<Money>| {
        Money::sum(insurances.iter().filter_map(|insurance| side(all.of(*insurance)))).unwrap()
    };
    (sum(|one| one.employer), sum(|one| one.employee))
}

pub(super) fn rules_of(findings: &[standard::Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

pub(super) fn orders(house: &House) -> Vec<&CollectionOrder> {
    house
        .told
        .iter()
        .filter_map(|message| match message {
            Message::CollectionOrder(order) => Some(order),
            _ => None,
        })
        .collect()
}

pub(super) fn declared(house: &House) -> Vec<(FilingOutcome, Vec<u32>)> {
    house
        .told
        .iter()
        .filter_map(|message| match message {
            Message::DeclarationResult(told) => Some((told.outcome, told.refused.iter().map(|line| line.line).collect())),
            _ => None,
        })
        .collect()
}

pub(super) async fn roll(house: &House, month: Month) -> Vec<Stretch> {
    employers::roll_of(&mut house.db.read(), region(CHANGSHA), house.employer, month)
        .await
        .unwrap()
}

pub(super) async fn states(house: &House) -> Vec<String> {
    let sql = "SELECT state FROM agency_declaration WHERE region = $1 ORDER BY declaration_id";
    let rows = house.db.read().all(sql, args![region(CHANGSHA)]).await.unwrap();
    rows.iter().map(|row| row.get("state").unwrap()).collect()
}

/// Undoes the newest case of a business, by someone who had no part in it.
pub(super) async fn reverse(house: &mut House, business: &str) -> Result<(), standard::Refusal> {
    let owner = Organisation::Agency(region(CHANGSHA));
    let sql = "SELECT id FROM control_case WHERE owner = $1 AND business = $2 AND state = 'effective' ORDER BY id DESC";
    let found = house.db.read().all(sql, args![owner, business]).await?;
    let actor = house.staff(CHANGSHA, Role::AgencySupervisor);
    let mut tx = house.db.begin().await?;
    let case = review::find(&mut tx, &owner, found[0].get("id")?).await?;
    let decision = Decision {
        opinion: Some("单位申报有误".into()),
        ..Decision::on(&case)
    };
    review::reverse(&actor, &mut tx, &house.registry, case.id, &decision).await?;
    tx.commit().await?;
    house.sound().await;
    house.post().await;
    Ok(())
}
