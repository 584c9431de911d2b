//! Leave beside the law, and the months worked before this employer.

use control::identity::Actor;
use control::{audit, clock};
use serde::Deserialize;
use serde_json::json;
use standard::Finding;
use standard::Refusal;
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::settings::begin;
use super::super::worker;
use super::kind::LeaveKind;

/// A grant of leave beside the law, and the months worked elsewhere.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = LeaveGrant)]
pub struct Grant {
    /// Whose.
    pub employee_id: Uuid,
    /// Of which leave.
    pub kind: Option<LeaveKind>,
    /// For which year.
    pub year: Option<i64>,
    /// Minutes, where 480 are a day; negative takes back.
    #[serde(default)]
    pub amount: i64,
    /// 累计工作 before this employer, months.
    pub prior_months: Option<i64>,
    /// Why.
    pub reason: String,
}

/// Grants leave beside the law, or enters service before this employer.
pub async fn grant(actor: &Actor, db: &Db, grant: &Grant) -> Result<(), Refusal> {
    let (mut tx, employer_id) = begin(actor, db).await?;
    let reason = grant.reason.trim();
    let fits = !reason.is_empty()
        && reason.chars().count() <= 200
        && grant.amount.abs() <= 366 * 480
        && grant.prior_months.is_none_or(|months| (0..=720).contains(&months))
        && grant.year.is_none_or(|year| (2000..=2100).contains(&year))
        && grant.kind.is_none_or(LeaveKind::has_balance);
    if !fits {
        return Err(Finding::blocking(
            "leave_grant",
            "请填写原因；额度不超过 366 天，工龄 0–720 个月，仅年休假与调休有额度",
            "give a reason; at most 366 days, 0–720 months; only annual leave and compensatory rest have balances",
        )
        .into());
    }
    let today = clock::today();
    worker::one(&mut tx, employer_id, grant.employee_id, today, today).await?;
    if let Some(months) = grant.prior_months {
        tx.execute(
            "INSERT INTO employer_attendance_service (employer_id, employee_id, prior_months) VALUES ($1, $2, $3)
             ON CONFLICT (employer_id, employee_id) DO UPDATE SET prior_months = excluded.prior_months",
            args![employer_id, grant.employee_id, months],
        )
        .await?;
    }
    if let (Some(kind), true) = (grant.kind, grant.amount != 0) {
        tx.execute(
            "INSERT INTO employer_attendance_grant
                 (employer_id, id, employee_id, leave_kind, year, amount, month, reason, made_by, made_name, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10)",
            args![
                employer_id,
                Uuid::now_v7(),
                grant.employee_id,
                kind.key(),
                grant.year.unwrap_or(i64::from(today.year())),
                grant.amount,
                reason,
                actor.user_id,
                &actor.name,
                clock::now()
            ],
        )
        .await?;
    }
    let after = json!({ "kind": grant.kind, "amount": grant.amount, "prior_months": grant.prior_months, "reason": reason });
    audit::record(&mut tx, actor, "attendance.grant", "employee", grant.employee_id, None, Some(after)).await?;
    tx.commit().await
}
