//! A request: leave, overtime or a missing punch. It takes effect when another person approves it.

use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Refusal, Timestamp};
use store::{Query, Row, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::day::Part;
use super::kind::LeaveKind;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 请假.
    Leave(LeaveKind),
    /// 加班; `rest` for compensation by rest.
    Overtime {
        /// Compensated by rest instead of pay.
        rest: bool,
    },
    /// 补卡.
    Punch,
}

impl Kind {
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Kind::Leave(kind) => ("leave", kind.key()),
            Kind::Overtime { rest } => ("overtime", if rest { "rest" } else { "pay" }),
            Kind::Punch => ("punch", ""),
        }
    }

    fn of(kind: &str, detail: &str) -> Option<Kind> {
        match kind {
            "leave" => LeaveKind::parse(detail).map(Kind::Leave),
            "overtime" => Some(Kind::Overtime { rest: detail == "rest" }),
            "punch" => Some(Kind::Punch),
            _ => None,
        }
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Kind::Leave(kind) => kind.zh(),
            Kind::Overtime { rest: false } => "加班",
            Kind::Overtime { rest: true } => "加班（调休）",
            Kind::Punch => "补卡",
        }
    }

    /// The English name.
    pub fn en(self) -> &'static str {
        match self {
            Kind::Leave(kind) => kind.en(),
            Kind::Overtime { rest: false } => "overtime",
            Kind::Overtime { rest: true } => "overtime for rest",
            Kind::Punch => "missing punch",
        }
    }
}

/// How much of the first or last day of a leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LeaveHalf)]
pub enum Half {
    /// All of it.
    #[default]
    Whole,
    /// 上半天.
    FirstHalf,
    /// 下半天.
    SecondHalf,
}

impl Half {
    /// The part of the day.
    pub fn part(self) -> Part {
        match self {
            Half::Whole => Part::Whole,
            Half::FirstHalf => Part::FirstHalf,
            Half::SecondHalf => Part::SecondHalf,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Half::Whole => "whole",
            Half::FirstHalf => "first_half",
            Half::SecondHalf => "second_half",
        }
    }

    fn parse(key: &str) -> Half {
        match key {
            "first_half" => Half::FirstHalf,
            "second_half" => Half::SecondHalf,
            _ => Half::Whole,
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceRequestState)]
pub enum State {
    /// 待审批.
    Submitted,
    /// 已批准.
    Approved,
    /// 已驳回.
    Refused,
    /// 已撤回 by whoever made it.
    Withdrawn,
    /// 已撤销 after approval.
    Revoked,
}

impl State {
    /// The stable name.
    pub fn key(self) -> &'static str {
        match self {
            State::Submitted => "submitted",
            State::Approved => "approved",
            State::Refused => "refused",
            State::Withdrawn => "withdrawn",
            State::Revoked => "revoked",
        }
    }

    /// The state of a stable name.
    pub fn parse(key: &str) -> Option<State> {
        [State::Submitted, State::Approved, State::Refused, State::Withdrawn, State::Revoked]
            .into_iter()
            .find(|state| state.key() == key)
    }
}

/// A request as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Key.
    pub id: Uuid,
    /// 申请编号.
    pub number: i64,
    /// Whose.
    pub employee_id: Uuid,
    /// What.
    pub kind: Kind,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub to_on: Date,
    /// How much of the first day.
    pub first_part: Half,
    /// How much of the last day.
    pub last_part: Half,
    /// Minutes of the first day from and to, where hours are asked for; of a punch both are its minute.
    pub minutes: Option<(i64, i64)>,
    /// How much: minutes, where 480 are a day.
    pub amount: i64,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// The user who made it.
    pub made_by: Uuid,
    /// That user's name.
    pub made_name: String,
    /// When.
    pub made_at: Timestamp,
    /// The user who decided.
    pub decided_by: Option<Uuid>,
    /// That user's name.
    pub decided_name: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What was said.
    pub opinion: String,
    /// Counts changes.
    pub version: i64,
}

impl Request {
    /// Reads a row.
    pub fn read(row: &Row) -> Result<Request, Refusal> {
        let word = |column: &str| row.get::<String>(column);
        let from: Option<i64> = row.get("from_minute")?;
        let to: Option<i64> = row.get("to_minute")?;
        Ok(Request {
            id: row.get("id")?,
            number: row.get("number")?,
            employee_id: row.get("employee_id")?,
            kind: Kind::of(&word("kind")?, &word("detail")?).ok_or_else(|| Refusal::internal("a request has an unknown kind"))?,
            from_on: row.get("from_on")?,
            to_on: row.get("to_on")?,
            first_part: Half::parse(&word("first_part")?),
            last_part: Half::parse(&word("last_part")?),
            minutes: from.zip(to),
            amount: row.get("amount")?,
            reason: row.get("reason")?,
            state: State::parse(&word("state")?).ok_or_else(|| Refusal::internal("a request has an unknown state"))?,
            made_by: row.get("made_by")?,
            made_name: row.get("made_name")?,
            made_at: row.get("made_at")?,
            decided_by: row.get("decided_by")?,
            decided_name: row.get("decided_name")?,
            decided_at: row.get("decided_at")?,
            opinion: row.get("opinion")?,
            version: row.get("version")?,
        })
    }

    /// Writes a new request.
    pub(in super::super) async fn insert(&self, tx: &mut Tx, employer_id: Uuid) -> Result<(), Refusal> {
        let (kind, detail) = self.kind.columns();
        tx.execute(
            "INSERT INTO employer_attendance_request (employer_id, id, number, employee_id, kind, detail, from_on, to_on, first_part,
                 last_part, from_minute, to_minute, amount, reason, state, made_by, made_name, made_at, decided_by, decided_name,
                 decided_at, opinion, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
            args![
                employer_id,
                self.id,
                self.number,
                self.employee_id,
                kind,
                detail,
                self.from_on,
                self.to_on,
                self.first_part.key(),
                self.last_part.key(),
                self.minutes.map(|minutes| minutes.0),
                self.minutes.map(|minutes| minutes.1),
                self.amount,
                &self.reason,
                self.state.key(),
                self.made_by,
                &self.made_name,
                self.made_at,
                self.decided_by,
                &self.decided_name,
                self.decided_at,
                &self.opinion,
                self.version
            ],
        )
        .await?;
        Ok(())
    }

    /// Moves a request on, if nobody did meanwhile.
    pub(in super::super) async fn update(&self, tx: &mut Tx, employer_id: Uuid) -> Result<(), Refusal> {
        let changed = tx
            .execute(
                "UPDATE employer_attendance_request SET state = $4, amount = $5, decided_by = $6, decided_name = $7, decided_at = $8,
                     opinion = $9, version = version + 1
                 WHERE employer_id = $1 AND id = $2 AND version = $3",
                args![
                    employer_id,
                    self.id,
                    self.version,
                    self.state.key(),
                    self.amount,
                    self.decided_by,
                    &self.decided_name,
                    self.decided_at,
                    &self.opinion
                ],
            )
            .await?;
        if changed == 0 {
            return Err(crate::people::store::stale());
        }
        Ok(())
    }
}

/// One request of the employer.
pub async fn get(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Request, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_attendance_request WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(|| Refusal::not_found("request_not_found", "没有找到该申请", "no such request"))?;
    Request::read(&row)
}

/// Requests of one employee that may touch a stretch of days and still stand.
pub async fn standing(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid, from: Date, to: Date) -> Result<Vec<Request>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_attendance_request
             WHERE employer_id = $1 AND employee_id = $2 AND from_on <= $4 AND to_on >= $3 AND state IN ($5, $6) ORDER BY number",
            args![employer_id, employee_id, from, to, State::Submitted.key(), State::Approved.key()],
        )
        .await?;
    rows.iter().map(Request::read).collect()
}

/// Unreadable or unusable fields of a new request.
pub fn wrong(rule: &str, field: &str, zh: &str, en: &str) -> Finding {
    Finding::blocking(rule, zh, en).field(field)
}
