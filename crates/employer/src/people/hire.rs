//! Hiring: the data is weighed, the nation is asked, and the employee is stored once.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::StatusAnswer;
use serde::Serialize;
use standard::{Date, Finding, IdNumber, Refusal, RefusalKind, RegionCode, Timestamp};
use store::{Cipher, Db, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::service::{get, snapshot};
use super::store::{self as rows, Employee};
use super::view::{EmployeeState, EmployeeView, NewEmployee};
use super::{checks, history, namesake, unanswered};
use crate::insurance::preflight::{Advice, Judgment, StatusSource, Subject, Verdict, judge};
use crate::{counter, employer_of};

/// Why the agencies are asked when HR hires; they log it.
pub const PURPOSE_HIRE: &str = "新员工入职参保核查";
/// Longest free text HR may give as a reason.
const REASON_CHARS: usize = 500;

/// A person whose data passed every check.
pub(crate) struct Draft {
    pub name: String,
    pub id_number: IdNumber,
    pub phone: Option<String>,
    pub hired_on: Date,
    pub region: RegionCode,
    pub department: String,
    pub position: String,
    pub wage_fen: Option<standard::Money>,
    pub household_region: Option<RegionCode>,
    pub source: &'static str,
    pub override_reason: Option<String>,
}

/// A new employee and what HR should know about them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hired {
    /// The record.
    pub employee: EmployeeView,
    /// Warnings, and what to do next.
    pub findings: Vec<Advice>,
}

/// Weighs what HR typed. Blocking findings refuse it; the others come back with the draft.
pub(crate) fn weigh(input: NewEmployee, today: Date) -> Result<(Draft, Vec<Finding>), Refusal> {
    let mut findings = Vec::new();
    let mut keep = |outcome: Result<String, Finding>| outcome.map_err(|finding| findings.push(finding)).ok();
    let name = keep(checks::name(&input.name));
    let phone = input
        .phone
        .filter(|phone| !phone.trim().is_empty())
        .and_then(|phone| keep(checks::phone(&phone)));
    let id_number = IdNumber::parse(&input.id_number)
        .map_err(|finding| findings.push(finding.field("id_number")))
        .ok();
    if let Some(id_number) = &id_number {
        findings.extend(checks::hire_date(id_number, input.hired_on, today));
    }
    findings.extend(input.wage_fen.and_then(checks::wage_amount));
    for (field, text) in [("department", &input.department), ("position", &input.position)] {
        findings.extend(checks::label(text).err().map(|finding| finding.field(field)));
    }
    let (Some(name), Some(id_number), false) = (name, id_number, findings.iter().any(Finding::is_blocking)) else {
        return Err(Refusal::invalid_all(findings));
    };
    let draft = Draft {
        name,
        id_number,
        phone,
        hired_on: input.hired_on,
        region: input.region,
        department: input.department.trim().to_string(),
        position: input.position.trim().to_string(),
        wage_fen: input.wage_fen,
        household_region: input.household_region,
        source: "form",
        override_reason: reason(input.override_reason)?,
    };
    Ok((draft, findings))
}

fn reason(typed: Option<String>) -> Result<Option<String>, Refusal> {
    let reason = typed.map(|text| text.trim().to_string()).filter(|text| !text.is_empty());
    match reason {
        Some(text) if text.chars().count() > REASON_CHARS => Err(Refusal::invalid(
            Finding::blocking(
                "reason_too_long",
                format!("理由超过 {REASON_CHARS} 个字"),
                format!("the reason is longer than {REASON_CHARS} characters"),
            )
            .field("override_reason"),
        )),
        reason => Ok(reason),
    }
}

/// Hires: checks, asks nationwide, stores. A platform that does not answer does not stop a hire; the
/// employee then stands as 待查询 and is asked about again.
pub async fn hire(actor: &Actor, db: &Db, source: &dyn StatusSource, input: NewEmployee) -> Result<Hired, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let (draft, weighed) = weigh(input, today)?;
    let mut findings: Vec<Advice> = weighed.into_iter().map(Advice::plain).collect();
    let heard = heard(source, &draft, today, &mut findings).await?;
    // No reason overrules a record under another name: number or name is wrong, and would be in every filing.
    if let Some((judgment, _)) = &heard
        && judgment.verdict == Verdict::BadData
    {
        return Err(Refusal::invalid_all(
            judgment.findings.iter().map(|advice| advice.finding.clone()).collect(),
        ));
    }
    let now = clock::now();
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    refuse_duplicate(&mut tx, employer_id, &draft.id_number).await?;
    findings.extend(namesake::others(&mut tx, employer_id, &draft.id_number, &draft.name).await?);
    let state = heard
        .as_ref()
        .map_or(EmployeeState::Unchecked, |(judgment, _)| state_of(judgment.verdict));
    let number = counter::take(&mut tx, employer_id, "employee", 1).await?;
    // With a region silent the question is not answered yet.
    let checked_at = (state != EmployeeState::Unchecked).then_some(now);
    let employee = build(db.cipher(), employer_id, &draft, number, state, checked_at, now)?;
    rows::insert(&mut tx, &employee).await?;
    if state == EmployeeState::Unchecked {
        unanswered::ask_again(&mut tx, employer_id).await?;
    }
    history::begin(&mut tx, std::slice::from_ref(&employee)).await?;
    if let Some((_, answer)) = &heard {
        rows::put_relations(&mut tx, employer_id, employee.id, &answer.relations, now).await?;
    }
    audit::record(
        &mut tx,
        actor,
        "employee.hire",
        "employee",
        employee.id,
        None,
        Some(snapshot(&employee)),
    )
    .await?;
    tx.commit().await?;
    let view = get(actor, db, employee.id).await?;
    Ok(Hired { employee: view, findings })
}

/// Asks and judges; a source that is down yields a finding, not a refusal.
async fn heard(
    source: &dyn StatusSource,
    draft: &Draft,
    today: Date,
    findings: &mut Vec<Advice>,
) -> Result<Option<(Judgment, StatusAnswer)>, Refusal> {
    match source.status(&draft.id_number, &draft.name, PURPOSE_HIRE).await {
        Ok(answer) => {
            let subject = Subject {
                id_number: draft.id_number,
                household: draft.household_region,
                target: draft.region,
                hired_on: Some(draft.hired_on),
            };
            let judgment = judge(&subject, &answer, today);
            findings.extend(judgment.findings.clone());
            Ok(Some((judgment, answer)))
        }
        Err(refusal) if refusal.kind == RefusalKind::Unavailable => {
            findings.push(Advice::plain(platform_silent()));
            Ok(None)
        }
        Err(refusal) => Err(refusal),
    }
}

/// The platform did not answer: said aloud, never read as "no record".
pub(crate) fn platform_silent() -> Finding {
    Finding::warning(
        "platform_unavailable",
        "全国平台暂未答复，是否有异地参保记录尚不清楚",
        "the national platform has not answered: whether there are records elsewhere is not known",
    )
    .remedy("系统会再次查询；也可稍后重试", "the system asks again; or retry later")
    .action("retry")
    .who("system")
}

/// Where a verdict puts an employee.
pub(crate) fn state_of(verdict: Verdict) -> EmployeeState {
    match verdict {
        Verdict::Direct => EmployeeState::Direct,
        Verdict::NeedsTransfer => EmployeeState::NeedsTransfer,
        Verdict::BadData => EmployeeState::BadData,
        Verdict::Unanswered => EmployeeState::Unchecked,
    }
}

async fn refuse_duplicate(tx: &mut Tx, employer_id: Uuid, number: &IdNumber) -> Result<(), Refusal> {
    let hash = tx.db().cipher().id_hash(number);
    match rows::by_hash(tx, employer_id, &hash).await? {
        None => Ok(()),
        Some(existing) => Err(Refusal::new(RefusalKind::Conflict, duplicate(&existing))),
    }
}

/// The unit already has an employee with this number.
pub(crate) fn duplicate(existing: &Employee) -> Finding {
    Finding::blocking(
        "duplicate_in_unit",
        format!("本单位已有该证件号码的员工：{}（工号 {}）", existing.name, existing.number),
        format!(
            "the unit already has an employee with this ID number: {} (no. {})",
            existing.name, existing.number
        ),
    )
    .field("id_number")
    .remedy(
        "请打开该员工的档案继续办理，不要重复录入",
        "open that employee's record instead of entering it again",
    )
    .action("open_employee")
    .who("hr")
}

/// The same, with the way to the record; of a merged one, to the record that stayed.
pub(crate) fn duplicate_of(existing: &Employee) -> Advice {
    Advice::plain(duplicate(existing)).of_employee(existing.merged_into.unwrap_or(existing.id))
}

/// A row from a draft.
pub(crate) fn build(
    cipher: &Cipher,
    employer_id: Uuid,
    draft: &Draft,
    number: i64,
    state: EmployeeState,
    checked_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Employee, Refusal> {
    let id = Uuid::now_v7();
    Ok(Employee {
        number,
        name: draft.name.clone(),
        id_hash: cipher.id_hash(&draft.id_number),
        id_sealed: rows::seal_id(cipher, id, &draft.id_number)?,
        phone_sealed: draft
            .phone
            .as_deref()
            .map(|phone| rows::seal_phone(cipher, id, phone))
            .transpose()?,
        phone_masked: draft.phone.as_deref().map(checks::mask_phone),
        phone_hash: draft.phone.as_deref().map(|phone| rows::phone_hash(cipher, phone)),
        household_region: draft.household_region,
        hired_on: draft.hired_on,
        region: draft.region,
        department: draft.department.clone(),
        position: draft.position.clone(),
        wage_fen: draft.wage_fen,
        state,
        source: draft.source.to_string(),
        override_reason: draft.override_reason.clone(),
        checked_at,
        ..Employee::blank(employer_id, id, &draft.id_number, now)
    })
}
