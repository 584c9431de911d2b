//! Finding and editing employees. Each write is one transaction with its audit record.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde_json::{Value as Json, json};
use standard::{Date, Finding, IdNumber, Insurance, Month, Refusal, RegionCode, RelationStatus};
use store::{Cipher, Db, Tx};
use uuid::Uuid;

use super::checks;
use super::history::{self, Entered, Place};
use super::list::{self, Filter, Presence};
use super::store::{self as rows, Employee};
use super::view::{EmployeeEdit, EmployeePage, EmployeeState, EmployeeView, show};
use crate::employer_of;
use crate::insurance::transfer;

pub use super::hire::{Hired, PURPOSE_HIRE, hire};
pub use super::recheck::recheck;

/// What a list of employees is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Part of a name or department, a 工号, or a whole ID number.
    pub query: Option<String>,
    /// Where they stand with insurance.
    pub state: Option<EmployeeState>,
    /// `employed`, `left` or nothing for both.
    pub presence: Option<String>,
    /// This department and those below it.
    pub department: Option<String>,
    /// 参保城市.
    pub region: Option<RegionCode>,
    /// Hired in this month.
    pub hired_month: Option<Month>,
}

impl Wanted {
    /// The filter the store understands.
    pub fn filter(&self, db: &Db, today: Date) -> Result<Filter, Refusal> {
        let mut filter = Filter {
            state: self.state,
            presence: match self.presence.as_deref() {
                None | Some("") => None,
                Some("employed") => Some(Presence::Employed(today)),
                Some("left") => Some(Presence::Left(today)),
                Some(_) => {
                    return Err(Refusal::invalid(
                        Finding::blocking("unknown_presence", "在职状态应为 employed 或 left", "it is employed or left").field("presence"),
                    ));
                }
            },
            department: self.department.clone().filter(|path| !path.is_empty()),
            region: self.region,
            hired_from: self.hired_month.map(Month::first_day),
            hired_to: self.hired_month.map(Month::last_day),
            ..Filter::default()
        };
        let typed = self.query.as_deref().map(standard::half_width).filter(|text| !text.is_empty());
        match typed.as_deref().map(IdNumber::parse) {
            Some(Ok(number)) => filter.id_hash = Some(db.cipher().id_hash(&number)),
            _ => filter.text = typed,
        }
        Ok(filter)
    }
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
    let wanted = Wanted {
        query: query.map(String::from),
        state,
        ..Wanted::default()
    };
    list_wanted(actor, db, &wanted, cursor, limit).await
}

/// Employees as wanted, newest first.
pub async fn list_wanted(actor: &Actor, db: &Db, wanted: &Wanted, cursor: Option<&str>, limit: i64) -> Result<EmployeePage, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let limit = limit.clamp(1, 200);
    let filter = Filter {
        below: cursor.map(read_cursor).transpose()?,
        limit: limit + 1,
        ..wanted.filter(db, clock::today())?
    };
    let (mut employees, total) = list::list(&mut db.read(), employer_id, &filter).await?;
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

/// One employee as stored now, with relations and what the reader may do.
pub(super) async fn show_fresh(actor: &Actor, db: &Db, employer_id: Uuid, id: Uuid) -> Result<EmployeeView, Refusal> {
    let mut q = db.read();
    let employee = rows::get(&mut q, employer_id, id).await?;
    let (relations, months) = rows::relations(&mut q, employer_id, id).await?;
    let mut view = show(actor, &employee);
    // One transfer for each region that holds a relation: those on their way are not offered again, the others are.
    let open = transfer::file::open_relations(&mut q, db, employer_id, id).await?;
    let elsewhere = relations.iter().any(|r| {
        r.insurance == Insurance::Pension
            && r.region != employee.region
            && r.status != RelationStatus::Terminated
            && !open.contains(&(r.region, r.insurance))
    });
    view.allowed_actions.retain(|action| action != "start_transfer");
    if elsewhere && actor.may(Permission::InsuranceEdit) {
        view.allowed_actions.push("start_transfer".to_string());
    }
    view.pension_months = (!relations.is_empty()).then_some(months);
    view.relations = relations;
    Ok(view)
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
    if employee.merged_into.is_some() {
        return Err(super::duplicate::merged_record());
    }
    let before = snapshot(&employee);
    let former = employee.clone();
    let findings = apply(db.cipher(), &mut employee, change)?;
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    employee.updated_at = clock::now();
    rows::update(&mut tx, &employee).await?;
    if former.state != employee.state && employee.state == EmployeeState::Unchecked {
        super::unanswered::ask_again(&mut tx, employer_id).await?;
    }
    remember(&mut tx, actor, &former, &employee).await?;
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

/// An edit of wage or place on the form holds from today on, or from the day of hire when that lies ahead.
async fn remember(tx: &mut Tx, actor: &Actor, former: &Employee, now: &Employee) -> Result<(), Refusal> {
    let from = clock::today().max(now.hired_on);
    let entered = Entered::of(actor, None);
    if let Some(wage) = now.wage_fen.filter(|wage| former.wage_fen != Some(*wage)) {
        history::add_wage(tx, now.employer_id, now.id, from, Some(wage), entered).await?;
    }
    let place = |e: &Employee| Place {
        from,
        department: e.department.clone(),
        position: e.position.clone(),
        region: e.region,
    };
    if place(former) != place(now) {
        history::add_position(tx, now.employer_id, now.id, &place(now), entered).await?;
        super::department::ensure(tx, now.employer_id, &now.department).await?;
    }
    Ok(())
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
                    employee.phone_hash = Some(rows::phone_hash(cipher, &phone));
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
        findings.extend(checks::wage_amount(wage));
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

/// What the audit trail keeps of an employee (it encrypts it).
pub(crate) fn snapshot(e: &Employee) -> Json {
    json!({
        "name": e.name, "id_masked": e.id_masked, "phone_masked": e.phone_masked, "hired_on": e.hired_on.to_string(),
        "region": e.region, "department": e.department, "position": e.position, "wage_fen": e.wage_fen,
        "state": e.state, "household_region": e.household_region, "override_reason": e.override_reason,
    })
}
