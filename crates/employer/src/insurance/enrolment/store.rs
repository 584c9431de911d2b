//! Rows of enrolment applications.

use ::store::{Query, Row, Tx, args};
use exchange::message::Reason;
use standard::{Date, Insurance, Month, Refusal, RegionCode, Text, Timestamp};
use uuid::Uuid;

use super::{EnrolmentState, EnrolmentView};
use crate::insurance::transfer::timeline::ReasonView;

/// An application as stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Enrolment {
    pub employer_id: Uuid,
    pub id: Uuid,
    pub number: i64,
    pub employee_id: Uuid,
    pub region: RegionCode,
    pub insurances: Vec<Insurance>,
    pub from_month: Month,
    pub state: EnrolmentState,
    pub round: i64,
    pub person_number: Option<String>,
    pub reasons: Vec<Reason>,
    pub filed_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub filed_by: Uuid,
    pub version: i64,
}

impl Enrolment {
    pub(super) fn view(&self) -> EnrolmentView {
        EnrolmentView {
            id: self.id,
            number: self.number,
            employee_id: self.employee_id,
            region: self.region,
            region_name: self.region.name().to_string(),
            insurances: self.insurances.clone(),
            from_month: self.from_month,
            state: self.state,
            state_name: self.state.zh().to_string(),
            round: self.round,
            person_number: self.person_number.clone(),
            reasons: self.reasons.iter().map(reason).collect(),
            filed_at: self.filed_at,
            decided_at: self.decided_at,
        }
    }
}

fn reason(reason: &Reason) -> ReasonView {
    let remedy = reason
        .remedy_zh
        .as_ref()
        .map(|zh| Text::new(zh.clone(), reason.remedy_en.clone().unwrap_or_default()));
    ReasonView {
        code: reason.code.clone(),
        text: Text::new(reason.text_zh.clone(), reason.text_en.clone()),
        remedy,
    }
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}

fn read(row: &Row) -> Result<Enrolment, Refusal> {
    let unreadable = |_| Refusal::internal("a stored enrolment does not read");
    Ok(Enrolment {
        employer_id: row.get("employer_id")?,
        id: row.get("id")?,
        number: row.get("number")?,
        employee_id: row.get("employee_id")?,
        region: row.get("region")?,
        insurances: serde_json::from_str(&row.get::<String>("insurances")?).map_err(unreadable)?,
        from_month: row.get("from_month")?,
        state: EnrolmentState::parse(&row.get::<String>("state")?).ok_or_else(|| Refusal::internal("an enrolment has an unknown state"))?,
        round: row.get("round")?,
        person_number: row.get("person_number")?,
        reasons: serde_json::from_str(&row.get::<String>("reasons")?).map_err(unreadable)?,
        filed_at: row.get("filed_at")?,
        decided_at: row.get("decided_at")?,
        filed_by: row.get("filed_by")?,
        version: row.get("version")?,
    })
}

pub(super) async fn insert(tx: &mut Tx, e: &Enrolment) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_enrolment (employer_id, id, number, employee_id, region, insurances, from_month, state, round,
             reasons, filed_at, filed_by, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            e.employer_id,
            e.id,
            e.number,
            e.employee_id,
            e.region,
            to_json(&e.insurances)?,
            e.from_month,
            e.state.key(),
            e.round,
            to_json(&e.reasons)?,
            e.filed_at,
            e.filed_by
        ],
    )
    .await?;
    Ok(())
}

/// Stores what may change; the caller holds the lock.
pub(super) async fn update(tx: &mut Tx, e: &Enrolment) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_enrolment SET state = $3, round = $4, person_number = $5, reasons = $6, filed_at = $7, decided_at = $8,
             insurances = $9, from_month = $10, region = $11, version = version + 1 WHERE employer_id = $1 AND id = $2",
        args![
            e.employer_id,
            e.id,
            e.state.key(),
            e.round,
            &e.person_number,
            to_json(&e.reasons)?,
            e.filed_at,
            e.decided_at,
            to_json(&e.insurances)?,
            e.from_month,
            e.region
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn lock(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Enrolment, Refusal> {
    tx.lock(&format!("enrolment:{id}")).await?;
    let row = tx
        .optional(
            "SELECT * FROM employer_enrolment WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(|| Refusal::not_found("enrolment_not_found", "没有找到该参保申请", "no such enrolment"))?;
    read(&row)
}

pub(super) async fn of_employee(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<Enrolment>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_enrolment WHERE employer_id = $1 AND employee_id = $2 ORDER BY number DESC LIMIT 100",
            args![employer_id, employee_id],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Applications the agencies have not answered: (employee, name, region, when filed), earliest first.
pub async fn unanswered(q: &mut impl Query, employer_id: Uuid, limit: i64) -> Result<Vec<(Uuid, String, RegionCode, Timestamp)>, Refusal> {
    let rows = q
        .all(
            "SELECT a.employee_id AS id, e.name AS name, a.region AS region, a.filed_at AS filed_at FROM employer_enrolment a
             JOIN employer_employee e ON e.employer_id = a.employer_id AND e.id = a.employee_id
             WHERE a.employer_id = $1 AND a.state = 'filed' ORDER BY a.filed_at, a.number LIMIT $2",
            args![employer_id, limit],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?, row.get("region")?, row.get("filed_at")?)))
        .collect()
}

/// Employees for whom no application is on its way or in effect: (id, name, hire date), earliest hired first.
pub async fn unfiled(q: &mut impl Query, employer_id: Uuid, limit: i64) -> Result<Vec<(Uuid, String, Date)>, Refusal> {
    let rows = q
        .all(
            "SELECT e.id AS id, e.name AS name, e.hired_on AS hired_on FROM employer_employee e
             WHERE e.employer_id = $1 AND e.state NOT IN ('insured', 'stopped') AND e.left_on IS NULL AND e.merged_into IS NULL AND NOT EXISTS (
                 SELECT 1 FROM employer_enrolment a WHERE a.employer_id = e.employer_id AND a.employee_id = e.id
                     AND a.state IN ('filed', 'effective'))
             ORDER BY e.hired_on, e.number LIMIT $2",
            args![employer_id, limit],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?, row.get("hired_on")?)))
        .collect()
}
