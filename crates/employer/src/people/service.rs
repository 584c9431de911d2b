//! Hiring, finding and editing employees. Each write is one transaction with its audit record.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::Serialize;
use serde_json::{Value as Json, json};
use standard::{Date, Finding, IdNumber, Insurance, Refusal, RefusalKind, RegionCode, RelationStatus, Timestamp};
use store::{Cipher, Db, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::checks;
use super::store::{self as rows, Employee, Filter};
use super::view::{EmployeeEdit, EmployeePage, EmployeeState, EmployeeView, NewEmployee, show};
use crate::insurance::preflight::{Advice, Judgment, StatusSource, Subject, Verdict, judge};
use crate::insurance::transfer;
use crate::{counter, employer_of};
use exchange::{RelationView, StatusAnswer};

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
    if input.wage_fen.is_some_and(|wage| wage <= standard::Money::ZERO) {
        findings.push(checks::wage_not_positive());
    }
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
    if let Some((judgment, _)) = &heard
        && judgment.verdict == Verdict::BadData
        && draft.override_reason.is_none()
    {
        return Err(Refusal::invalid_all(
            judgment.findings.iter().map(|advice| advice.finding.clone()).collect(),
        ));
    }
    let now = clock::now();
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    refuse_duplicate(&mut tx, employer_id, &draft.id_number).await?;
    let state = heard
        .as_ref()
        .map_or(EmployeeState::Unchecked, |(judgment, _)| state_of(judgment.verdict));
    let number = counter::take(&mut tx, employer_id, "employee", 1).await?;
    let employee = build(db.cipher(), employer_id, &draft, number, state, heard.is_some().then_some(now), now)?;
    rows::insert(&mut tx, &employee).await?;
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
                id_number: draft.id_number.clone(),
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
        employer_id,
        id,
        number,
        name: draft.name.clone(),
        id_hash: cipher.id_hash(&draft.id_number),
        id_sealed: rows::seal_id(cipher, id, &draft.id_number)?,
        id_masked: draft.id_number.masked(),
        sex: draft.id_number.sex(),
        birth_date: draft.id_number.birth_date(),
        phone_sealed: draft
            .phone
            .as_deref()
            .map(|phone| rows::seal_phone(cipher, id, phone))
            .transpose()?,
        phone_masked: draft.phone.as_deref().map(checks::mask_phone),
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
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

/// What the audit trail keeps of an employee (it encrypts it).
pub(crate) fn snapshot(e: &Employee) -> Json {
    json!({
        "name": e.name, "id_masked": e.id_masked, "phone_masked": e.phone_masked, "hired_on": e.hired_on.to_string(),
        "region": e.region, "department": e.department, "position": e.position, "wage_fen": e.wage_fen,
        "state": e.state, "household_region": e.household_region, "override_reason": e.override_reason,
    })
}

/// Employees by name, number or masked number, newest first.
pub async fn list(
    actor: &Actor,
    db: &Db,
    query: Option<&str>,
    state: Option<EmployeeState>,
    cursor: Option<&str>,
    limit: i64,
) -> Result<EmployeePage, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let limit = limit.clamp(1, 200);
    let mut filter = Filter {
        state,
        below: cursor.map(read_cursor).transpose()?,
        limit: limit + 1,
        ..Filter::default()
    };
    let typed = query.map(standard::half_width).filter(|text| !text.is_empty());
    match typed.as_deref().map(IdNumber::parse) {
        Some(Ok(number)) => filter.id_hash = Some(db.cipher().id_hash(&number)),
        _ => filter.text = typed,
    }
    let (mut employees, total) = rows::list(&mut db.read(), employer_id, &filter).await?;
    let more = employees.len() as i64 > limit;
    employees.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = if more {
        employees.last().map(|e| e.number.to_string())
    } else {
        None
    };
    let items = employees.iter().map(|employee| show(actor, employee)).collect();
    Ok(EmployeePage { items, total, next_cursor })
}

pub(crate) fn read_cursor(cursor: &str) -> Result<i64, Refusal> {
    cursor.parse().map_err(|_| {
        Refusal::invalid(
            Finding::blocking("cursor_unreadable", "翻页标记无法识别", "the cursor cannot be read")
                .field("cursor")
                .remedy("请从第一页重新开始", "start again from the first page"),
        )
    })
}

/// One employee with the relations last heard of.
pub async fn get(actor: &Actor, db: &Db, id: Uuid) -> Result<EmployeeView, Refusal> {
    // Hiring answers with the record, so whoever may hire may see what was stored.
    if !actor.may(Permission::EmployeeEdit) {
        actor.require(Permission::EmployeeView)?;
    }
    let employer_id = employer_of(actor)?;
    show_fresh(actor, db, employer_id, id).await
}

/// Reveals the full ID number of one employee; audited, with the reader's purpose.
pub async fn reveal_id(actor: &Actor, db: &Db, id: Uuid, purpose: &str) -> Result<String, Refusal> {
    actor.require(Permission::RevealSensitive)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let employee = rows::get(&mut tx, employer_id, id).await?;
    audit::access(&mut tx, actor, "employee.reveal_id", "employee", id, purpose).await?;
    tx.commit().await?;
    Ok(employee.id_number(db.cipher())?.reveal().to_string())
}

/// Changes an employee, if nobody else did meanwhile.
pub async fn edit(actor: &Actor, db: &Db, id: Uuid, change: EmployeeEdit) -> Result<EmployeeView, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let mut employee = rows::get(&mut tx, employer_id, id).await?;
    if employee.version != change.version {
        return Err(rows::stale());
    }
    let before = snapshot(&employee);
    let findings = apply(db.cipher(), &mut employee, change)?;
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    employee.updated_at = clock::now();
    rows::update(&mut tx, &employee).await?;
    audit::record(
        &mut tx,
        actor,
        "employee.edit",
        "employee",
        id,
        Some(before),
        Some(snapshot(&employee)),
    )
    .await?;
    tx.commit().await?;
    get(actor, db, id).await
}

/// Applies a change in memory; what is wrong with it comes back and nothing is stored.
fn apply(cipher: &Cipher, employee: &mut Employee, change: EmployeeEdit) -> Result<Vec<Finding>, Refusal> {
    let mut findings = Vec::new();
    if let Some(name) = change.name {
        match checks::name(&name) {
            Ok(name) => {
                // Another name asks the nationwide question anew.
                if name != employee.name && employee.state == EmployeeState::BadData {
                    employee.state = EmployeeState::Unchecked;
                }
                employee.name = name;
            }
            Err(finding) => findings.push(finding),
        }
    }
    if let Some(phone) = change.phone {
        if phone.trim().is_empty() {
            (employee.phone_sealed, employee.phone_masked) = (None, None);
        } else {
            match checks::phone(&phone) {
                Ok(phone) => {
                    employee.phone_sealed = Some(rows::seal_phone(cipher, employee.id, &phone)?);
                    employee.phone_masked = Some(checks::mask_phone(&phone));
                }
                Err(finding) => findings.push(finding),
            }
        }
    }
    if let Some(hired_on) = change.hired_on {
        let number = employee.id_number(cipher)?;
        findings.extend(
            checks::hire_date(&number, hired_on, clock::today())
                .into_iter()
                .filter(Finding::is_blocking),
        );
        employee.hired_on = hired_on;
    }
    if let Some(wage) = change.wage_fen {
        if wage <= standard::Money::ZERO {
            findings.push(checks::wage_not_positive());
        }
        employee.wage_fen = Some(wage);
    }
    for (field, change, place) in [
        ("department", change.department, &mut employee.department),
        ("position", change.position, &mut employee.position),
    ] {
        if let Some(text) = change {
            findings.extend(checks::label(&text).err().map(|finding| finding.field(field)));
            *place = text.trim().to_string();
        }
    }
    employee.region = change.region.unwrap_or(employee.region);
    employee.household_region = change.household_region.or(employee.household_region);
    Ok(findings)
}

/// Asks the nationwide question again for one employee and stores the answer (A24).
pub async fn recheck(actor: &Actor, db: &Db, source: &dyn StatusSource, id: Uuid) -> Result<Hired, Refusal> {
    actor.require(Permission::StatusQuery)?;
    let employer_id = employer_of(actor)?;
    let employee = rows::get(&mut db.read(), employer_id, id).await?;
    let id_number = employee.id_number(db.cipher())?;
    let answer = source.status(&id_number, &employee.name, "参保状态复核").await?;
    let subject = Subject {
        id_number,
        household: employee.household_region,
        target: employee.region,
        hired_on: Some(employee.hired_on),
    };
    let judgment = judge(&subject, &answer, clock::today());
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    store_answer(&mut tx, actor, employer_id, id, judgment.verdict, &answer.relations).await?;
    tx.commit().await?;
    let employee = show_fresh(actor, db, employer_id, id).await?;
    Ok(Hired {
        employee,
        findings: judgment.findings,
    })
}

async fn show_fresh(actor: &Actor, db: &Db, employer_id: Uuid, id: Uuid) -> Result<EmployeeView, Refusal> {
    let mut q = db.read();
    let employee = rows::get(&mut q, employer_id, id).await?;
    let (relations, months) = rows::relations(&mut q, employer_id, id).await?;
    let mut view = show(actor, &employee);
    let elsewhere = relations
        .iter()
        .any(|r| r.insurance == Insurance::Pension && r.region != employee.region && r.status != RelationStatus::Terminated);
    let open = transfer::file::open_of(&mut q, db, employer_id, id).await?;
    view.allowed_actions.retain(|action| action != "start_transfer");
    if elsewhere && open == 0 && actor.may(Permission::InsuranceEdit) {
        view.allowed_actions.push("start_transfer".to_string());
    }
    view.pension_months = (!relations.is_empty()).then_some(months);
    view.relations = relations;
    Ok(view)
}

/// Keeps a fresh nationwide answer. An answer with silent regions keeps what was known of them; a business
/// on its way (transferring, enrolling) keeps its state.
pub(crate) async fn store_answer(
    tx: &mut Tx,
    actor: &Actor,
    employer_id: Uuid,
    id: Uuid,
    verdict: Verdict,
    relations: &[RelationView],
) -> Result<(), Refusal> {
    let now = clock::now();
    let mut employee = rows::get(tx, employer_id, id).await?;
    if verdict != Verdict::Unanswered {
        rows::put_relations(tx, employer_id, id, relations, now).await?;
        employee.checked_at = Some(now);
    }
    let before = employee.state;
    let settled = matches!(
        employee.state,
        EmployeeState::Transferring | EmployeeState::Enrolling | EmployeeState::Insured
    );
    if !settled && verdict != Verdict::Unanswered {
        employee.state = state_of(verdict);
    }
    employee.updated_at = now;
    rows::update(tx, &employee).await?;
    if before != employee.state {
        let (from, to) = (json!({ "state": before }), json!({ "state": employee.state }));
        audit::record(tx, actor, "employee.recheck", "employee", id, Some(from), Some(to)).await?;
    }
    Ok(())
}
