//! 补缴/退费申报: made of a recalculation, region by region, filed as a reviewed business of the agency.

use ::store::{Db, Query, Row, Tx, args, outbox};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::Message;
use exchange::message::{AdjustmentApplication, AdjustmentLine, AdjustmentReason, MONTH_LINES_MAX, Reason};
use serde::Serialize;
use serde_json::json;
use standard::{Insurance, Money, Month, Organisation, Refusal, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RetroState, store};
use crate::insurance::filing::{FilingState, from_json, not_with_us, number, reasons_view, refuse_empty, to_json};
use crate::insurance::transfer::file::employer_party;
use crate::insurance::transfer::timeline::ReasonView;
use crate::people::company;
use crate::people::month::id_numbers;
use crate::{counter, employer_of};

/// Longest note to the reviewer.
const NOTE_CHARS: usize = 300;

/// An application.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdjustmentView {
    /// Key.
    pub id: Uuid,
    /// 申请编号.
    pub number: i64,
    /// The recalculation it comes from.
    pub retro_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// Part number from 1.
    pub part: i64,
    /// Of so many.
    pub parts: i64,
    /// Why.
    pub reason: AdjustmentReason,
    /// In words, for the reviewer.
    pub note: String,
    /// Where it stands.
    pub state: FilingState,
    /// The state's word on screen.
    pub state_name: String,
    /// 0 until filed; one more each time it is filed.
    pub round: i64,
    /// How many lines.
    pub lines: i64,
    /// How many the agency refused.
    pub refused: i64,
    /// Expected to pay; absent for whoever sees no amounts.
    pub back_fen: Option<Money>,
    /// Expected back.
    pub refund_fen: Option<Money>,
    /// Decided by the agency: to pay.
    pub granted_back_fen: Option<Money>,
    /// Decided by the agency: back.
    pub granted_refund_fen: Option<Money>,
    /// 经办机构 that answered.
    pub office: String,
    /// Why it was returned or refused as a whole.
    pub reasons: Vec<ReasonView>,
    /// When it was filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filed_at: Option<Timestamp>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// What the reader may do: `file`.
    pub allowed_actions: Vec<String>,
}

/// One line of an application.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdjustmentLineView {
    /// Number within the application.
    pub line: i64,
    /// 费款所属期.
    pub month: Month,
    /// Who.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// The insurance.
    pub insurance: Insurance,
    /// Employer's side; negative is to get back.
    pub employer_fen: Money,
    /// Employee's side.
    pub employee_fen: Money,
    /// `draft`, `filed`, `accepted` or `refused`.
    pub state: String,
    /// Why it was refused.
    pub reasons: Vec<ReasonView>,
}

/// An application as stored.
#[derive(Debug, Clone)]
pub(super) struct Adjustment {
    pub id: Uuid,
    pub number: i64,
    pub retro_id: Uuid,
    pub region: RegionCode,
    pub part: i64,
    pub parts: i64,
    pub reason: AdjustmentReason,
    pub note: String,
    pub state: FilingState,
    pub round: i64,
    pub lines: i64,
    pub refused: i64,
    pub back: Money,
    pub refund: Money,
    pub granted: Option<(Money, Money)>,
    pub office: String,
    pub reasons: Vec<Reason>,
    pub created_at: Timestamp,
    pub filed_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Adjustment, Refusal> {
    let reason: String = row.get("reason")?;
    let (back, refund): (Option<Money>, Option<Money>) = (row.get("granted_back_fen")?, row.get("granted_refund_fen")?);
    Ok(Adjustment {
        id: row.get("id")?,
        number: row.get("number")?,
        retro_id: row.get("retro_id")?,
        region: row.get("region")?,
        part: row.get("part")?,
        parts: row.get("parts")?,
        reason: from_json(&reason)?,
        note: row.get("note")?,
        state: FilingState::stored(&row.get::<String>("state")?)?,
        round: row.get("round")?,
        lines: row.get("lines")?,
        refused: row.get("refused")?,
        back: row.get("back_fen")?,
        refund: row.get("refund_fen")?,
        granted: back.zip(refund),
        office: row.get("office")?,
        reasons: from_json(&row.get::<String>("reasons")?)?,
        created_at: row.get("created_at")?,
        filed_at: row.get("filed_at")?,
        decided_at: row.get("decided_at")?,
    })
}

impl Adjustment {
    fn view(self, actor: &Actor) -> AdjustmentView {
        let amounts = actor.require(Permission::ContributionView).is_ok();
        let may = self.state.is_with_us() && actor.require(Permission::InsuranceFile).is_ok();
        AdjustmentView {
            id: self.id,
            number: self.number,
            retro_id: self.retro_id,
            region: self.region,
            region_name: self.region.name().to_string(),
            part: self.part,
            parts: self.parts,
            reason: self.reason,
            note: self.note,
            state: self.state,
            state_name: self.state.zh().to_string(),
            round: self.round,
            lines: self.lines,
            refused: self.refused,
            back_fen: amounts.then_some(self.back),
            refund_fen: amounts.then_some(self.refund),
            granted_back_fen: self.granted.map(|(back, _)| back).filter(|_| amounts),
            granted_refund_fen: self.granted.map(|(_, refund)| refund).filter(|_| amounts),
            office: self.office,
            reasons: reasons_view(&self.reasons),
            filed_at: self.filed_at,
            decided_at: self.decided_at,
            allowed_actions: may.then(|| "file".to_string()).into_iter().collect(),
        }
    }
}

/// Stores an application as it is now, new or not.
pub(super) async fn put(tx: &mut Tx, employer_id: Uuid, a: &Adjustment) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_adjustment (employer_id, id, number, retro_id, region, part, parts, reason, note, state, round, lines, refused,
             back_fen, refund_fen, granted_back_fen, granted_refund_fen, office, reasons, created_at, filed_at, decided_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, 1)
         ON CONFLICT (employer_id, id) DO UPDATE SET state = excluded.state, round = excluded.round, refused = excluded.refused,
             granted_back_fen = excluded.granted_back_fen, granted_refund_fen = excluded.granted_refund_fen, office = excluded.office,
             reasons = excluded.reasons, filed_at = excluded.filed_at, decided_at = excluded.decided_at,
             version = employer_adjustment.version + 1",
        args![
            employer_id,
            a.id,
            a.number,
            a.retro_id,
            a.region,
            a.part,
            a.parts,
            to_json(&a.reason)?,
            &a.note,
            a.state.key(),
            a.round,
            a.lines,
            a.refused,
            a.back,
            a.refund,
            a.granted.map(|(back, _)| back),
            a.granted.map(|(_, refund)| refund),
            &a.office,
            to_json(&a.reasons)?,
            a.created_at,
            a.filed_at,
            a.decided_at
        ],
    )
    .await?;
    Ok(())
}

fn not_found() -> Refusal {
    Refusal::not_found("adjustment_not_found", "没有找到该补缴/退费申报", "no such adjustment")
}

pub(super) async fn lock(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Adjustment, Refusal> {
    tx.lock(&format!("adjustment:{id}")).await?;
    let row = tx
        .optional(
            "SELECT * FROM employer_adjustment WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(not_found)?;
    read(&row)
}

/// Applications made of a recalculation.
pub(super) async fn of_retro(q: &mut impl Query, employer_id: Uuid, retro_id: Uuid, actor: &Actor) -> Result<Vec<AdjustmentView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_adjustment WHERE employer_id = $1 AND retro_id = $2 ORDER BY number",
            args![employer_id, retro_id],
        )
        .await?;
    rows.iter().map(|row| Ok(read(row)?.view(actor))).collect()
}

/// The lines of an application, a page after a line.
pub async fn lines(actor: &Actor, db: &Db, id: Uuid, after: i64, limit: i64) -> Result<Vec<AdjustmentLineView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    actor.require(Permission::ContributionView)?;
    let rows = db
        .read()
        .all(
            "SELECT l.*, e.name AS name FROM employer_adjustment_line l
             JOIN employer_employee e ON e.employer_id = l.employer_id AND e.id = l.employee_id
             WHERE l.employer_id = $1 AND l.adjustment_id = $2 AND l.line > $3 ORDER BY l.line LIMIT $4",
            args![employer_of(actor)?, id, after, limit.clamp(1, 500)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(AdjustmentLineView {
                line: row.get("line")?,
                month: row.get("month")?,
                employee_id: row.get("employee_id")?,
                name: row.get("name")?,
                insurance: row.get("insurance")?,
                employer_fen: row.get("employer_fen")?,
                employee_fen: row.get("employee_fen")?,
                state: row.get("state")?,
                reasons: reasons_view(&from_json::<Vec<Reason>>(&row.get::<String>("reasons")?)?),
            })
        })
        .collect()
}

/// Makes the applications of a finished recalculation: one a region, in parts. Again: those made before are the answer.
pub async fn propose(actor: &Actor, db: &Db, retro_id: Uuid, note: &str) -> Result<Vec<AdjustmentView>, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let retro = store::lock(&mut tx, employer_id, retro_id).await?;
    let known = of_retro(&mut tx, employer_id, retro_id, actor).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    if retro.state != RetroState::Done {
        return Err(
            Refusal::conflict("retro_not_done", "重算尚未完成，不能生成申报", "the recalculation is not done")
                .remedy("请等待重算完成", "wait until it is done"),
        );
    }
    refuse_empty(retro.lines as usize)?;
    let note: String = match note.trim() {
        "" => format!("{} 至 {} 政策追溯调整", retro.from_month, retro.to_month),
        typed => typed.chars().take(NOTE_CHARS).collect(),
    };
    let all = store::lines(&mut tx, employer_id, retro_id, 0, i64::MAX).await?;
    for region_lines in all.chunk_by(|one, next| one.region == next.region) {
        let parts = region_lines.chunks(MONTH_LINES_MAX);
        let count = parts.len() as i64;
        for (part, lines) in (1i64..).zip(parts) {
            make(&mut tx, employer_id, retro_id, &note, (part, count), lines).await?;
        }
    }
    let after = json!({ "lines": all.len() });
    audit::record(&mut tx, actor, "adjustment.propose", "retro", retro_id, None, Some(after)).await?;
    let made = of_retro(&mut tx, employer_id, retro_id, actor).await?;
    tx.commit().await?;
    Ok(made)
}

async fn make(
    tx: &mut Tx,
    employer_id: Uuid,
    retro_id: Uuid,
    note: &str,
    (part, parts): (i64, i64),
    lines: &[store::Line],
) -> Result<(), Refusal> {
    let Some(first) = lines.first() else { return Ok(()) };
    let mut adjustment = Adjustment {
        id: Uuid::now_v7(),
        number: counter::take(tx, employer_id, "adjustment", 1).await?,
        retro_id,
        region: first.region,
        part,
        parts,
        reason: AdjustmentReason::LawChanged,
        note: note.to_string(),
        state: FilingState::Draft,
        round: 0,
        lines: lines.len() as i64,
        refused: 0,
        back: Money::ZERO,
        refund: Money::ZERO,
        granted: None,
        office: String::new(),
        reasons: Vec::new(),
        created_at: clock::now(),
        filed_at: None,
        decided_at: None,
    };
    let columns = [
        "employer_id",
        "adjustment_id",
        "line",
        "month",
        "employee_id",
        "insurance",
        "wage_fen",
        "employer_fen",
        "employee_fen",
        "state",
        "reasons",
    ];
    let mut rows = Vec::with_capacity(lines.len());
    for (line, one) in (1i64..).zip(lines) {
        let (employer, employee) = one.difference()?;
        let both = employer.try_add(employee)?;
        match both.is_negative() {
            true => adjustment.refund = adjustment.refund.try_sub(both)?,
            false => adjustment.back = adjustment.back.try_add(both)?,
        }
        rows.push(args![
            employer_id,
            adjustment.id,
            line,
            one.month,
            one.employee_id,
            one.insurance,
            one.wage,
            employer,
            employee,
            "draft",
            "[]"
        ]);
    }
    put(tx, employer_id, &adjustment).await?;
    let mut sink = tx.bulk("employer_adjustment_line", &columns).await?;
    for row in rows {
        sink.push(row).await?;
    }
    sink.finish().await?;
    Ok(())
}

/// Files an application. What is filed is not filed again; what was returned is filed as the next round.
pub async fn file(actor: &Actor, db: &Db, id: Uuid) -> Result<AdjustmentView, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let mut adjustment = lock(&mut tx, employer_id, id).await?;
    if matches!(adjustment.state, FilingState::Filed | FilingState::Accepted) {
        return Ok(adjustment.view(actor));
    }
    if !adjustment.state.is_with_us() {
        return Err(not_with_us(adjustment.state));
    }
    let lines = sent_lines(db, &mut tx, employer_id, id).await?;
    refuse_empty(lines.len())?;
    let now = clock::now();
    adjustment.round += 1;
    adjustment.state = FilingState::Filed;
    adjustment.reasons.clear();
    (adjustment.filed_at, adjustment.decided_at) = (Some(now), None);
    let people = lines.len();
    let message = Message::AdjustmentApplication(AdjustmentApplication {
        adjustment_id: id,
        round: number(adjustment.round)?,
        employer: employer_party(&company::get(&mut tx, employer_id).await?),
        region: adjustment.region,
        reason: adjustment.reason,
        note: adjustment.note.clone(),
        lines,
        filed_on: clock::date_of(now),
    });
    let to = Organisation::Agency(adjustment.region);
    outbox::post(&mut tx, &actor.organisation, &to, message.kind(), &message.body_json().to_string()).await?;
    put(&mut tx, employer_id, &adjustment).await?;
    tx.execute(
        "UPDATE employer_adjustment_line SET state = 'filed' WHERE employer_id = $1 AND adjustment_id = $2 AND state = 'draft'",
        args![employer_id, id],
    )
    .await?;
    let after = json!({ "round": adjustment.round, "lines": people });
    audit::record(&mut tx, actor, "adjustment.file", "adjustment", id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(adjustment.view(actor))
}

async fn sent_lines(db: &Db, tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<Vec<AdjustmentLine>, Refusal> {
    let rows = tx
        .all(
            "SELECT l.*, e.name AS name FROM employer_adjustment_line l
             JOIN employer_employee e ON e.employer_id = l.employer_id AND e.id = l.employee_id
             WHERE l.employer_id = $1 AND l.adjustment_id = $2 ORDER BY l.line",
            args![employer_id, id],
        )
        .await?;
    let people: Vec<Uuid> = rows.iter().map(|row| row.get("employee_id")).collect::<Result<_, _>>()?;
    let numbers = id_numbers(db, tx, employer_id, &people).await?;
    rows.iter()
        .map(|row| {
            let employee: Uuid = row.get("employee_id")?;
            Ok(AdjustmentLine {
                line: number(row.get("line")?)?,
                id_number: numbers
                    .get(&employee)
                    .copied()
                    .ok_or_else(|| Refusal::internal("an employee without an ID number"))?,
                name: row.get("name")?,
                month: row.get("month")?,
                insurance: row.get("insurance")?,
                wage_fen: row.get("wage_fen")?,
                employer_fen: row.get("employer_fen")?,
                employee_fen: row.get("employee_fen")?,
            })
        })
        .collect()
}

/// Applications of all recalculations, newest first.
pub async fn list(actor: &Actor, db: &Db) -> Result<Vec<AdjustmentView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let rows = db
        .read()
        .all(
            "SELECT * FROM employer_adjustment WHERE employer_id = $1 ORDER BY number DESC LIMIT 200",
            args![employer_of(actor)?],
        )
        .await?;
    rows.iter().map(|row| Ok(read(row)?.view(actor))).collect()
}
