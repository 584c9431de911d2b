//! Decisions on differences: added, never changed. A decision counts as long as the figures it was made on stand.

use std::collections::BTreeMap;

use ::store::{Db, Query, args};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Money, Month, Refusal, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Difference, Reconciliation, reconcile};
use crate::employer_of;

/// Most differences decided at once.
const AT_ONCE_MAX: usize = 5_000;
/// Longest note.
const NOTE_CHARS: usize = 300;

/// Which difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
pub struct DifferenceKey {
    /// The difference's `key`.
    pub key: String,
    /// Its `insurance`.
    pub insurance: String,
}

/// What HR decides.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Decide {
    /// Which differences; the same reason is written to each.
    pub items: Vec<DifferenceKey>,
    /// `accepted`: it stays so; `corrected`: it was put right elsewhere (declaration, payroll, adjustment); `reopened`: decided anew.
    pub decision: String,
    /// Why.
    pub note: String,
}

/// One decision as kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DecisionView {
    /// The difference's key.
    pub key: String,
    /// Its insurance.
    pub insurance: String,
    /// Its reason then.
    pub reason: String,
    /// `accepted`, `corrected` or `reopened`.
    pub decision: String,
    /// Why.
    pub note: String,
    /// By law then.
    pub policy_fen: Money,
    /// Billed then.
    pub billed_fen: Money,
    /// Booked then.
    pub deducted_fen: Money,
    /// By whom.
    pub decided_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub decided_at: Timestamp,
}

struct Kept {
    view: DecisionView,
    seq: i64,
}

async fn kept(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<Vec<Kept>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_difference WHERE employer_id = $1 AND month = $2 ORDER BY person, insurance, seq",
            args![employer_id, month],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Kept {
                seq: row.get("seq")?,
                view: DecisionView {
                    key: row.get("person")?,
                    insurance: row.get("insurance")?,
                    reason: row.get("reason")?,
                    decision: row.get("decision")?,
                    note: row.get("note")?,
                    policy_fen: row.get("policy_fen")?,
                    billed_fen: row.get("billed_fen")?,
                    deducted_fen: row.get("deducted_fen")?,
                    decided_by: row.get("decided_name")?,
                    decided_at: row.get("decided_at")?,
                },
            })
        })
        .collect()
}

/// Writes the decisions that still count beside the differences.
pub(super) async fn apply(q: &mut impl Query, employer_id: Uuid, month: Month, differences: &mut [Difference]) -> Result<(), Refusal> {
    let last: BTreeMap<(String, String), DecisionView> = kept(q, employer_id, month)
        .await?
        .into_iter()
        .map(|one| ((one.view.key.clone(), one.view.insurance.clone()), one.view))
        .collect();
    if last.is_empty() {
        return Ok(());
    }
    for one in differences {
        let Some(known) = last.get(&(one.key.clone(), one.insurance.clone())) else {
            continue;
        };
        let stands = (known.policy_fen, known.billed_fen, known.deducted_fen) == (one.policy_fen, one.billed_fen, one.deducted_fen);
        if stands && known.decision != "reopened" {
            one.decision = Some(known.decision.clone());
            one.note = Some(known.note.clone());
            one.decided_by = Some(known.decided_by.clone());
            one.decided_at = Some(known.decided_at);
        }
    }
    Ok(())
}

fn checked(input: &Decide) -> Result<String, Refusal> {
    let note = input.note.trim();
    let refuse = |rule: &str, field: &str, zh: &str, en: &str| Err(Refusal::invalid(Finding::blocking(rule, zh, en).field(field)));
    if !["accepted", "corrected", "reopened"].contains(&input.decision.as_str()) {
        return refuse(
            "decision_unknown",
            "decision",
            "请选择接受、已更正或重新处理",
            "choose accepted, corrected or reopened",
        );
    }
    if note.is_empty() || note.chars().count() > NOTE_CHARS {
        return refuse(
            "decision_note",
            "note",
            "请填写处理说明（不超过 300 字）",
            "say why, in at most 300 characters",
        );
    }
    if input.items.is_empty() || input.items.len() > AT_ONCE_MAX {
        return refuse("decision_items", "items", "请选择 1 至 5000 条差异", "choose 1 to 5000 differences");
    }
    Ok(note.to_string())
}

/// Decides differences. One that is gone meanwhile refuses all; deciding the same again adds nothing.
pub async fn decide(actor: &Actor, db: &Db, book: &RuleBook, month: Month, input: Decide) -> Result<Reconciliation, Refusal> {
    actor.require(Permission::ReconcileDecide)?;
    let employer_id = employer_of(actor)?;
    let note = checked(&input)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("reconcile:{employer_id}:{month}")).await?;
    let now = reconcile(&mut tx, book, employer_id, month).await?;
    let by_key: BTreeMap<(&str, &str), &Difference> = now
        .differences
        .iter()
        .map(|one| ((one.key.as_str(), one.insurance.as_str()), one))
        .collect();
    let mut last: BTreeMap<(String, String), i64> = BTreeMap::new();
    for one in kept(&mut tx, employer_id, month).await? {
        last.insert((one.view.key, one.view.insurance), one.seq);
    }
    let mut rows = Vec::new();
    for item in input.items.iter().cloned().collect::<std::collections::BTreeSet<_>>() {
        let difference = by_key.get(&(item.key.as_str(), item.insurance.as_str())).ok_or_else(gone)?;
        let same = difference.decision.as_deref() == Some(input.decision.as_str()) && difference.note.as_deref() == Some(note.as_str());
        if !same {
            let seq = last.get(&(item.key.clone(), item.insurance.clone())).copied().unwrap_or(0) + 1;
            rows.push((*difference, seq));
        }
    }
    insert(&mut tx, actor, employer_id, month, &input.decision, &note, &rows).await?;
    if !rows.is_empty() {
        let after = json!({ "month": month, "decision": input.decision, "note": note, "items": rows.len() });
        audit::record(&mut tx, actor, "reconcile.decide", "month", month, None, Some(after)).await?;
    }
    let decided = reconcile(&mut tx, book, employer_id, month).await?;
    tx.commit().await?;
    Ok(decided)
}

fn gone() -> Refusal {
    Refusal::conflict(
        "difference_gone",
        "所选差异已不存在或已变化",
        "a chosen difference is gone or has changed",
    )
    .remedy("请刷新后重新选择", "reload and choose again")
}

async fn insert(
    tx: &mut ::store::Tx,
    actor: &Actor,
    employer_id: Uuid,
    month: Month,
    decision: &str,
    note: &str,
    rows: &[(&Difference, i64)],
) -> Result<(), Refusal> {
    let columns = [
        "employer_id",
        "month",
        "person",
        "insurance",
        "seq",
        "reason",
        "policy_fen",
        "billed_fen",
        "deducted_fen",
        "decision",
        "note",
        "decided_by",
        "decided_name",
        "decided_at",
    ];
    let at = clock::now();
    let mut sink = tx.bulk("employer_difference", &columns).await?;
    for (one, seq) in rows {
        sink.push(args![
            employer_id,
            month,
            &one.key,
            &one.insurance,
            *seq,
            one.reason.key(),
            one.policy_fen,
            one.billed_fen,
            one.deducted_fen,
            decision,
            note,
            actor.user_id,
            &actor.name,
            at
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(())
}

/// Every decision of a month, in order.
pub async fn trace(actor: &Actor, db: &Db, month: Month) -> Result<Vec<DecisionView>, Refusal> {
    actor.require(Permission::BillView)?;
    let all = kept(&mut db.read(), employer_of(actor)?, month).await?;
    Ok(all.into_iter().map(|one| one.view).collect())
}
