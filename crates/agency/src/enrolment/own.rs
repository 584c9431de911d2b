//! What an agency's own books say about an enrolment: at its check, as it is typed, and before every decision.

use ::store::{Cipher, Query};
use exchange::message::EnrolmentApplication;
use policy::RuleBook;
use policy::contribution::base;
use policy::trace::Silent;
use standard::{Finding, IdNumber, Insurance, Money, Refusal, RegionCode, RelationStatus};

use super::{Person, PersonId, account, find_person, relations};
use crate::employers;
use crate::status::folded;

/// The person as the region knows it, and what speaks against enrolling it.
pub(super) struct Known {
    pub id: PersonId,
    pub person: Option<Person>,
    pub findings: Vec<Finding>,
}

/// Finds `identity_mismatch` and `insured_here`, one for each insurance.
pub(super) async fn person(
    q: &mut dyn Query,
    cipher: &Cipher,
    region: RegionCode,
    id_number: &IdNumber,
    name: &str,
    insurances: &[Insurance],
) -> Result<Known, Refusal> {
    let id = PersonId::of(&cipher.id_hash(id_number));
    let person = find_person(q, id, region).await?;
    let mut findings = Vec::new();
    if let Some(known) = &person {
        if folded(&known.name) != folded(name) {
            let (zh, en) = ("姓名与本地参保记录不一致", "The name differs from the record of this region");
            findings.push(Finding::blocking("identity_mismatch", zh, en).field("person.name"));
        }
        for relation in relations(q, id, region).await? {
            if relation.status == RelationStatus::Active && insurances.contains(&relation.insurance) {
                findings.push(insured_here(relation.insurance));
            }
        }
    }
    Ok(Known { id, person, findings })
}

/// What the books and the law say about the rest of the application: the employer's name, the account opened, the base used.
pub(super) async fn application(
    q: &mut dyn Query,
    book: &RuleBook,
    application: &EnrolmentApplication,
    known: &Known,
) -> Result<Vec<Finding>, Refusal> {
    let mut found: Vec<Finding> = unit_name(q, application).await?.into_iter().collect();
    let opening = account::opening(q, book, application, known.id, known.person.as_ref()).await?;
    found.extend(opening.finding);
    found.extend(base_used(book, application));
    Ok(found)
}

/// The name must be the one registered under the credit code. An employer that files by itself under its own identifier says
/// its own name, and the register follows it; at the counter anyone may have mistyped it.
async fn unit_name(q: &mut dyn Query, application: &EnrolmentApplication) -> Result<Option<Finding>, Refusal> {
    let party = &application.employer;
    let registered = employers::names_of(q, application.region, party.credit_code.as_str()).await?;
    if registered.is_empty() || registered.iter().any(|(_, name)| folded(name) == folded(&party.name)) {
        return Ok(None);
    }
    let own = registered.iter().find(|(id, _)| *id == party.id);
    let name = own.or(registered.first()).map_or("", |(_, name)| name.as_str());
    let (zh, en) = (
        format!("单位名称与该统一社会信用代码登记的名称“{name}”不一致"),
        format!("The employer's name differs from “{name}”, registered under this credit code"),
    );
    let finding = if own.is_some() {
        Finding::warning("unit_name_mismatch", zh, en).remedy(
            "由单位自行申报：核准后登记名称随之更新，请核对是否已办理名称变更",
            "The employer filed this itself: the register follows on approval; check that it has changed its name",
        )
    } else {
        Finding::blocking("unit_name_mismatch", zh, en).remedy(
            "核对单位名称和统一社会信用代码后更正；名称确已变更的，由单位先申报变更",
            "Correct the name or the code; where the name has changed, the employer reports that first",
        )
    };
    Ok(Some(finding.field("employer.name")))
}

/// One finding for each limit of the first month that moves the declared wage, with what is used instead.
fn base_used(book: &RuleBook, application: &EnrolmentApplication) -> Vec<Finding> {
    let (wage, month, region) = (application.base_fen, application.start_month, application.region);
    let rules = match book.at(region, month) {
        Ok(rules) => rules,
        // Nothing is assessed by it yet; whoever decides should know.
        Err(finding) => {
            return vec![
                Finding {
                    severity: standard::Severity::Warning,
                    ..finding
                }
                .field("start_month"),
            ];
        }
    };
    let mut moved: Vec<(Money, Vec<Insurance>)> = Vec::new();
    for insurance in &application.insurances {
        let Ok(limits) = rules.limits(*insurance) else { continue };
        let used = base(&limits, wage, &mut Silent);
        if used == wage {
            continue;
        }
        match moved.iter_mut().find(|(limit, _)| *limit == used) {
            Some((_, insurances)) => insurances.push(*insurance),
            None => moved.push((used, vec![*insurance])),
        }
    }
    moved
        .into_iter()
        .map(|(used, insurances)| {
            let zh: Vec<&str> = insurances.iter().map(|one| one.zh()).collect();
            let en: Vec<&str> = insurances.iter().map(|one| one.name()).collect();
            let (zh, en, place) = (zh.join("、"), en.join(", "), region.name());
            let (wage, limit) = (wage.to_yuan(), used.to_yuan());
            let finding = if used > application.base_fen {
                Finding::warning(
                    "wage_below_floor",
                    format!("申报工资 {wage} 元低于{place} {month} {zh}保险缴费基数下限 {limit} 元，按 {limit} 元核定"),
                    format!("The wage of {wage} is below the floor of {limit} yuan in {month} ({en}); {limit} is used"),
                )
            } else {
                Finding::info(
                    "wage_above_ceiling",
                    format!("申报工资 {wage} 元高于{place} {month} {zh}保险缴费基数上限 {limit} 元，按 {limit} 元核定"),
                    format!("The wage of {wage} is above the ceiling of {limit} yuan in {month} ({en}); {limit} is used"),
                )
            };
            finding
                .field("base_fen")
                .remedy("请核对申报工资；无误可继续办理", "Check the wage; go on if it is right")
        })
        .collect()
}

fn insured_here(insurance: Insurance) -> Finding {
    Finding::blocking(
        "insured_here",
        format!("该人员在本地已正常参加{}保险", insurance.zh()),
        format!("The person is insured here already ({})", insurance.name()),
    )
    .field("insurances")
    .remedy("请原单位先办理停保", "Have the former employer stop the insurance first")
}
