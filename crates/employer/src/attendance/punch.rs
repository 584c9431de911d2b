//! Recording punches: at the web clock, by file, by correction. The same minute of the same person is one punch.

use std::collections::HashSet;

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::Deserialize;
use serde_json::json;
use standard::{Date, Finding, Month, Refusal, Timestamp};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::time::{DAY, date_of, midnight, minute_of};
use super::{months, worker};
use crate::employer_of;

/// Longest reason, in characters.
const REASON_MAX: usize = 200;
/// Days whose punches are compared at once.
const DAYS_AT_ONCE: i64 = 4;

/// A punch to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punch {
    /// Whose.
    pub employee_id: Uuid,
    /// The minute.
    pub minute: i64,
    /// The machine, as its file names it.
    pub device: String,
}

/// How many were new, and how many were there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// New.
    pub taken: i64,
    /// There already, or twice in the batch.
    pub repeated: i64,
}

/// Records many punches. What is there already is left as it is, so doing it again changes nothing.
/// The caller holds the lock `attendance:<employer>` and has seen that the months are open.
pub async fn add_many(tx: &mut Tx, employer_id: Uuid, punches: &[Punch], source: &str, import: Option<Uuid>) -> Result<Stored, Refusal> {
    let Some((low, high)) = punches
        .iter()
        .map(|punch| punch.minute)
        .fold(None, |ends: Option<(i64, i64)>, minute| {
            Some(ends.map_or((minute, minute), |(low, high)| (low.min(minute), high.max(minute))))
        })
    else {
        return Ok(Stored::default());
    };
    let mut known = present(tx, employer_id, date_of(low), date_of(high)).await?;
    let mut stored = Stored::default();
    let at = clock::now();
    let mut sink = tx
        .bulk(
            "employer_attendance_punch",
            &[
                "employer_id",
                "day",
                "employee_id",
                "minute",
                "source",
                "device",
                "import_id",
                "voided",
                "recorded_at",
            ],
        )
        .await?;
    for punch in punches {
        if !known.insert((punch.employee_id, punch.minute)) {
            stored.repeated += 1;
            continue;
        }
        stored.taken += 1;
        sink.push(args![
            employer_id,
            date_of(punch.minute),
            punch.employee_id,
            punch.minute,
            source,
            &punch.device,
            import,
            false,
            at
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(stored)
}

async fn present(tx: &mut Tx, employer_id: Uuid, from: Date, to: Date) -> Result<HashSet<(Uuid, i64)>, Refusal> {
    let mut known = HashSet::new();
    let mut day = from;
    while day <= to {
        let last = day.saturating_add(jiff::Span::new().days(DAYS_AT_ONCE - 1)).min(to);
        let rows = tx
            .all(
                "SELECT employee_id, minute FROM employer_attendance_punch WHERE employer_id = $1 AND day BETWEEN $2 AND $3",
                args![employer_id, day, last],
            )
            .await?;
        for row in &rows {
            known.insert((row.get("employee_id")?, row.get("minute")?));
        }
        let Ok(next) = last.tomorrow() else { break };
        day = next;
    }
    Ok(known)
}

/// Records one punch at the web clock, by the server's time. Within the same minute it is the same punch.
pub async fn clock_in(tx: &mut Tx, employer_id: Uuid, employee_id: Uuid, now: Timestamp) -> Result<i64, Refusal> {
    let minute = minute_of(now);
    let day = date_of(minute);
    tx.lock(&format!("attendance:{employer_id}")).await?;
    months::require_open(tx, employer_id, Month::of(day), Month::of(day)).await?;
    let worker = worker::one(tx, employer_id, employee_id, day, day).await?;
    if !worker.is_employed(day) {
        return Err(
            Refusal::forbidden("clock_not_employed", "您今天不在在职期间，不能打卡", "you are not employed today")
                .remedy("如有疑问，请联系人事部门", "ask the personnel department"),
        );
    }
    put(tx, employer_id, employee_id, minute, "web").await?;
    Ok(minute)
}

async fn put(tx: &mut Tx, employer_id: Uuid, employee_id: Uuid, minute: i64, source: &str) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_attendance_punch (employer_id, day, employee_id, minute, source, device, import_id, voided, recorded_at)
         VALUES ($1, $2, $3, $4, $5, '', NULL, $6, $7)
         ON CONFLICT (employer_id, day, employee_id, minute) DO UPDATE SET voided = excluded.voided",
        args![employer_id, date_of(minute), employee_id, minute, source, false, clock::now()],
    )
    .await?;
    Ok(())
}

/// A correction by hand.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = PunchCorrection)]
pub struct Correction {
    /// Whose.
    pub employee_id: Uuid,
    /// The day by the calendar.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// The time, `08:30`.
    pub clock: String,
    /// Voids the punch instead of adding it.
    #[serde(default)]
    pub void: bool,
    /// Why.
    pub reason: String,
}

/// Adds or voids a punch by hand, with its reason.
pub async fn correct(actor: &Actor, db: &Db, correction: &Correction) -> Result<(), Refusal> {
    actor.require(Permission::AttendanceEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("attendance:{employer_id}")).await?;
    correct_in(actor, &mut tx, employer_id, correction, None).await?;
    tx.commit().await
}

/// The same within a transaction that holds the lock.
pub(super) async fn correct_in(
    actor: &Actor,
    tx: &mut Tx,
    employer_id: Uuid,
    correction: &Correction,
    request: Option<Uuid>,
) -> Result<(), Refusal> {
    let reason = correction.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        let finding = Finding::blocking(
            "reason_missing",
            "请填写更正原因，不超过 200 字",
            "give a reason of at most 200 characters",
        );
        return Err(finding.field("reason").into());
    }
    let of_day = read_clock(&correction.clock)
        .ok_or_else(|| Finding::blocking("clock_unreadable", "请按 08:30 的格式填写时间", "write the time like 08:30").field("clock"))?;
    months::require_open(tx, employer_id, Month::of(correction.day), Month::of(correction.day)).await?;
    worker::one(tx, employer_id, correction.employee_id, correction.day, correction.day).await?;
    let minute = midnight(correction.day) + of_day;
    if minute > minute_of(clock::now()) {
        return Err(
            Finding::blocking("punch_in_future", "不能补登尚未到来的时间", "the time has not come yet")
                .field("clock")
                .into(),
        );
    }
    if correction.void {
        let changed = tx
            .execute(
                "UPDATE employer_attendance_punch SET voided = $5
                 WHERE employer_id = $1 AND day = $2 AND employee_id = $3 AND minute = $4 AND voided = $6",
                args![employer_id, correction.day, correction.employee_id, minute, true, false],
            )
            .await?;
        if changed == 0 {
            return Err(Refusal::not_found("punch_not_found", "没有这一次打卡", "there is no such punch"));
        }
    } else {
        put(tx, employer_id, correction.employee_id, minute, "correction").await?;
    }
    let act = if correction.void { "void" } else { "add" };
    let id = Uuid::now_v7();
    tx.execute(
        "INSERT INTO employer_attendance_correction
             (employer_id, id, employee_id, day, minute, act, reason, request_id, made_by, made_name, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            employer_id,
            id,
            correction.employee_id,
            correction.day,
            minute,
            act,
            reason,
            request,
            actor.user_id,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    let after = json!({ "act": act, "day": correction.day, "clock": correction.clock, "reason": reason });
    audit::record(
        tx,
        actor,
        "attendance.correct",
        "employee",
        correction.employee_id,
        None,
        Some(after),
    )
    .await
}

/// Minutes of the day of `8:30`, `08:30` or `08:30:15`.
pub(super) fn read_clock(text: &str) -> Option<i64> {
    let mut parts = text.trim().split([':', '：']);
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next().unwrap_or("0");
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || !(digits(hour) && minute.len() == 2 && digits(minute) && digits(second)) {
        return None;
    }
    let (hour, minute, second): (i64, i64, i64) = (hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?);
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then_some(hour * 60 + minute).filter(|minutes| *minutes < DAY)
}
