//! The deadline board: every statutory clock of the employer in one list, soonest first.

use control::clock;
use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Date, Refusal, RegionCode, Text, calendar};
use store::Db;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bill::store::{self as bills, Bill};
use super::enrolment::{self, last_day_to_enrol};
use super::tasks::{self, TaskKind};
use super::transfer::store as transfers;
use super::transfer::{WAY, rank, timeline};
use crate::employer_of;

/// Most rows of each kind on the board.
const MOST: i64 = 200;

/// Whose clock it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// An agency's leg of a transfer.
    Transfer,
    /// The employer's duty to enrol within thirty days of hiring.
    Enrolment,
    /// The employer's duty to stop a leaver's insurance within fifteen days.
    Stop,
    /// An order to be paid.
    Payment,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeadlineView {
    /// Whose clock.
    pub kind: DeadlineKind,
    /// The transfer or the employee.
    pub object_id: Uuid,
    /// Whom it is about.
    pub name: String,
    /// What is due.
    pub title: Text,
    /// Who must act.
    pub who: Text,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// The day lies in a year whose days off are not announced.
    pub estimated: bool,
    /// Working days left; negative when overdue.
    pub remaining_working_days: i64,
    /// The last day is over.
    pub overdue: bool,
    /// The law that sets the clock.
    pub law: String,
    /// Page that leads there.
    pub link: String,
}

/// Every clock that runs, soonest first.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<DeadlineView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    soonest(actor, db).await
}

/// The clocks of what the actor works on: finance sees those of its bills only.
pub(crate) async fn soonest(actor: &Actor, db: &Db) -> Result<Vec<DeadlineView>, Refusal> {
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let mut board: Vec<DeadlineView> = Vec::new();
    if actor.may(Permission::InsuranceView) {
        people(&mut board, db, employer_id, today).await?;
    }
    if actor.may(Permission::InsuranceView) || actor.may(Permission::BillView) {
        for bill in bills::owed(&mut db.read(), employer_id, MOST).await? {
            board.push(payment_due(&bill, today));
        }
    }
    board.sort_by(|a, b| (a.due_on, &a.name).cmp(&(b.due_on, &b.name)));
    Ok(board)
}

/// The clocks about people: transfers, enrolments, stops.
async fn people(board: &mut Vec<DeadlineView>, db: &Db, employer_id: Uuid, today: Date) -> Result<(), Refusal> {
    let mut q = db.read();
    for t in transfers::due(&mut q, db.cipher(), employer_id, MOST).await? {
        let Some(due_on) = t.due_on else { continue };
        let next = rank(t.step).and_then(|at| WAY.get(at + 1)).copied().unwrap_or(t.step);
        let (from, to) = (t.from_region.name(), t.to_region.name());
        board.push(DeadlineView {
            kind: DeadlineKind::Transfer,
            object_id: t.id,
            name: t.employee_name.clone(),
            title: Text::new(
                format!("{from}→{to}养老保险转移：{}", next.zh()),
                format!("Pension transfer {from} → {to}: {}", next.en()),
            ),
            who: office(timeline::turn_of(&t, next)),
            due_on,
            estimated: t.due_estimated,
            remaining_working_days: calendar::remaining_working_days(today, due_on),
            overdue: due_on < today,
            law: "国办发〔2009〕66号第八条：15个工作日".to_string(),
            link: format!("/employer/transfers/{}", t.id),
        });
    }
    for (id, name, hired_on) in enrolment::unfiled(&mut q, employer_id, MOST).await? {
        let due_on = last_day_to_enrol(hired_on);
        board.push(DeadlineView {
            kind: DeadlineKind::Enrolment,
            object_id: id,
            name,
            title: Text::new("办理社会保险登记", "Enrol in social insurance"),
            who: ours(),
            due_on,
            estimated: false,
            remaining_working_days: calendar::remaining_working_days(today, due_on),
            overdue: due_on < today,
            law: "社会保险法第五十八条：用工之日起30日内".to_string(),
            link: format!("/employer/employees/{id}"),
        });
    }
    for (id, name, region, filed_at) in enrolment::unanswered(&mut q, employer_id, MOST).await? {
        board.push(registration_due(id, name, region, clock::date_of(filed_at), today));
    }
    for (id, name, due_on, region) in tasks::stops_due(&mut q, employer_id, MOST).await? {
        board.push(DeadlineView {
            kind: DeadlineKind::Stop,
            object_id: id,
            name,
            title: Text::new(format!("办理{}停保", region.name()), format!("Stop the insurance in {region}")),
            who: ours(),
            due_on,
            estimated: false,
            remaining_working_days: calendar::remaining_working_days(today, due_on),
            overdue: due_on < today,
            law: TaskKind::Stop.law().to_string(),
            link: "/employer/insurance-tasks".to_string(),
        });
    }
    Ok(())
}

/// Once filed, the clock is the agency's.
fn registration_due(id: Uuid, name: String, region: RegionCode, filed_on: Date, today: Date) -> DeadlineView {
    let due = calendar::add_working_days(filed_on, enrolment::AGENCY_WORKING_DAYS);
    DeadlineView {
        kind: DeadlineKind::Enrolment,
        object_id: id,
        name,
        title: Text::new(
            format!("{}参保登记：经办机构办理中", region.name()),
            format!("Enrolment in {}: with the agency", region.name()),
        ),
        who: office(region),
        due_on: due.date,
        estimated: due.estimated,
        remaining_working_days: calendar::remaining_working_days(today, due.date),
        overdue: due.date < today,
        law: "社会保险经办条例：10个工作日".to_string(),
        link: format!("/employer/employees/{id}"),
    }
}

/// The employer itself.
fn ours() -> Text {
    Text::new("本单位", "your company")
}

fn office(region: RegionCode) -> Text {
    Text::new(timeline::office_of(region).0, format!("the agency of {}", region.name()))
}

fn payment_due(bill: &Bill, today: Date) -> DeadlineView {
    let region = bill.region.name();
    DeadlineView {
        kind: DeadlineKind::Payment,
        object_id: bill.id,
        name: bill.order_number.clone(),
        title: Text::new(
            format!("缴纳{region} {} 社会保险费", bill.month),
            format!("Pay the contributions of {region} for {}", bill.month),
        ),
        who: ours(),
        due_on: bill.due_on,
        estimated: false,
        remaining_working_days: calendar::remaining_working_days(today, bill.due_on),
        overdue: bill.due_on < today,
        law: "社会保险法第六十条、第八十六条：按时足额缴纳，逾期按日加收万分之五滞纳金".to_string(),
        link: format!("/employer/bills/{}", bill.id),
    }
}
