//! Entering what an employee claims: 专项附加扣除 and 依法确定的其他扣除. A claim once counted is ended or voided, never rewritten.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Money, Month, Refusal, Timestamp};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::family::{Claim, ClaimKind, MonthClaims};
use super::store as rows;
use super::terms::reason_of;
use crate::employer_of;

const TABLE: &str = "employer_family_claim";
/// 财税〔2017〕39号: 商业健康保险 at most 2400 yuan a year, 200 a month.
const HEALTH_INSURANCE_MOST: Money = Money::from_fen(20_000);
/// Claims an employee may have at once; a bound, not a rule of law.
const CLAIMS_MOST: usize = 40;

/// A claim to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewClaim {
    /// What for.
    pub kind: ClaimKind,
    /// Halves of a child (1 or 2), or the tier of the city of a rented home (1 to 3).
    #[serde(default)]
    pub quantity: Option<i64>,
    /// The agreed share of 赡养老人, or the amount a month of 个人养老金 or 商业健康保险.
    #[serde(default)]
    pub amount_fen: Option<Money>,
    /// First month it counts.
    pub from_month: Month,
    /// Last month it counts.
    #[serde(default)]
    pub to_month: Option<Month>,
    /// About whom or what: the child's name, the address. Kept encrypted.
    #[serde(default)]
    pub subject: Option<String>,
    /// A note.
    #[serde(default)]
    pub note: Option<String>,
}

/// A claim as kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClaimView {
    /// Key.
    pub id: Uuid,
    /// What for.
    pub kind: ClaimKind,
    /// Its word on screen.
    pub kind_name: String,
    /// Halves of a child, or a tier.
    pub quantity: i64,
    /// Share, or amount a month.
    pub amount_fen: Option<Money>,
    /// First month.
    pub from_month: Month,
    /// Last month.
    pub to_month: Option<Month>,
    /// About whom or what.
    pub subject: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// Entered by mistake, since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub voided_at: Option<Timestamp>,
    /// Who entered it.
    pub entered_name: String,
}

/// The claims of an employee, newest first.
pub(crate) async fn list(q: &mut impl Query, db: &Db, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<ClaimView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_family_claim WHERE employer_id = $1 AND employee_id = $2 ORDER BY from_month DESC, id DESC",
            args![employer_id, employee_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (id, kind): (Uuid, String) = (row.get("id")?, row.get("kind")?);
            let kind = ClaimKind::parse(&kind).ok_or_else(|| Refusal::internal("a claim has an unknown kind"))?;
            let sealed: Option<Vec<u8>> = row.get("subject_sealed")?;
            Ok(ClaimView {
                id,
                kind,
                kind_name: kind.zh().to_string(),
                quantity: row.get("quantity")?,
                amount_fen: row.get("amount_fen")?,
                from_month: row.get("from_month")?,
                to_month: row.get("to_month")?,
                subject: sealed
                    .map(|sealed| db.cipher().open_text(TABLE, "subject_sealed", id, &sealed))
                    .transpose()?,
                note: row.get("note")?,
                voided_at: row.get("voided_at")?,
                entered_name: row.get("entered_name")?,
            })
        })
        .collect()
}

/// What the claims of a list come to in a month: (专项附加扣除, 其他扣除).
pub fn total(book: &RuleBook, month: Month, claims: &[ClaimView]) -> Result<(Money, Money), Refusal> {
    let counted: Vec<Claim> = claims.iter().filter(|claim| counts(claim, month)).map(plain).collect();
    let mut law = MonthClaims::new(book, month);
    Ok((law.special_additional(&counted)?, law.other(&counted)?))
}

fn counts(claim: &ClaimView, month: Month) -> bool {
    claim.voided_at.is_none() && claim.from_month <= month && claim.to_month.is_none_or(|to| to >= month)
}

fn plain(claim: &ClaimView) -> Claim {
    Claim {
        kind: claim.kind,
        quantity: claim.quantity,
        amount: claim.amount_fen,
    }
}

/// Enters a claim.
pub async fn add(actor: &Actor, db: &Db, book: &RuleBook, employee_id: Uuid, new: NewClaim) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let subject = reason_of(new.subject.as_deref())?;
    let note = reason_of(new.note.as_deref())?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    rows::get(&mut tx, employer_id, employee_id).await?;
    let present = list(&mut tx, db, employer_id, employee_id).await?;
    let findings = weigh(book, &new, &present)?;
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    let id = Uuid::now_v7();
    let sealed = subject
        .map(|subject| db.cipher().seal_text(TABLE, "subject_sealed", id, &subject))
        .transpose()?;
    tx.execute(
        "INSERT INTO employer_family_claim (employer_id, id, employee_id, kind, quantity, amount_fen, from_month, to_month, subject_sealed,
             note, entered_by, entered_name, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            employer_id,
            id,
            employee_id,
            new.kind.key(),
            new.quantity.unwrap_or(default_quantity(new.kind)),
            new.amount_fen,
            new.from_month,
            new.to_month,
            sealed,
            note,
            actor.user_id,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    let after = json!({ "kind": new.kind, "from": new.from_month, "to": new.to_month, "amount_fen": new.amount_fen });
    audit::record(&mut tx, actor, "employee.claim", "employee", employee_id, None, Some(after)).await?;
    tx.commit().await
}

const fn default_quantity(kind: ClaimKind) -> i64 {
    match kind {
        ClaimKind::Child | ClaimKind::Infant => 2,
        _ => 1,
    }
}

fn weigh(book: &RuleBook, new: &NewClaim, present: &[ClaimView]) -> Result<Vec<Finding>, Refusal> {
    let mut findings = Vec::new();
    let block = |rule: &str, field: &str, zh: &str, en: &str| Finding::blocking(rule, zh, en).field(field);
    if new.to_month.is_some_and(|to| to < new.from_month) {
        findings.push(block(
            "claim_ends_before_start",
            "to_month",
            "截止月份早于起始月份",
            "the last month lies before the first",
        ));
    }
    if present.len() >= CLAIMS_MOST {
        findings.push(block("claims_too_many", "kind", "扣除项目过多", "there are too many claims"));
    }
    let quantity = new.quantity.unwrap_or(default_quantity(new.kind));
    let fits = match new.kind {
        ClaimKind::Child | ClaimKind::Infant => (1..=2).contains(&quantity),
        ClaimKind::Rent => (1..=3).contains(&quantity),
        _ => quantity == 1,
    };
    if !fits {
        findings.push(block(
            "claim_quantity",
            "quantity",
            "分摊比例或城市档次不在范围内",
            "the share or tier is out of range",
        ));
    }
    findings.extend(amount(book, new)?);
    let overlaps = |other: &&ClaimView| {
        other.voided_at.is_none()
            && other.to_month.is_none_or(|to| to >= new.from_month)
            && new.to_month.is_none_or(|to| to >= other.from_month)
    };
    for other in present.iter().filter(overlaps) {
        let home = [ClaimKind::Mortgage, ClaimKind::Rent];
        if other.kind != new.kind && home.contains(&other.kind) && home.contains(&new.kind) {
            findings.push(
                block(
                    "mortgage_and_rent",
                    "kind",
                    "住房贷款利息与住房租金不能同时扣除",
                    "mortgage and rent are not deducted together",
                )
                .remedy("请先终止另一项", "end the other first"),
            );
        }
        let several = matches!(new.kind, ClaimKind::Child | ClaimKind::Infant | ClaimKind::Illness);
        if other.kind == new.kind && !several {
            findings.push(
                block(
                    "claim_twice",
                    "kind",
                    "该项扣除在这些月份已经登记",
                    "this is claimed for those months already",
                )
                .remedy("请先终止原来的登记", "end the earlier claim first"),
            );
        }
    }
    Ok(findings)
}

/// The bounds of what is given as an amount.
fn amount(book: &RuleBook, new: &NewClaim) -> Result<Option<Finding>, Refusal> {
    let needs = matches!(new.kind, ClaimKind::PersonalPension | ClaimKind::HealthInsurance);
    let most = match new.kind {
        ClaimKind::Elder => None,
        ClaimKind::HealthInsurance => Some(HEALTH_INSURANCE_MOST),
        ClaimKind::PersonalPension => Some(pension_most(book, new.from_month)?),
        _ if new.amount_fen.is_some() => {
            return Ok(Some(
                Finding::blocking(
                    "claim_amount_not_meant",
                    "该项扣除按定额计算，不填金额",
                    "this deduction is a fixed amount",
                )
                .field("amount_fen"),
            ));
        }
        _ => None,
    };
    let Some(given) = new.amount_fen else {
        return Ok(
            needs.then(|| Finding::blocking("claim_amount_missing", "请填写每月金额", "give the amount a month").field("amount_fen"))
        );
    };
    if given <= Money::ZERO || most.is_some_and(|most| given > most) {
        let bound = most.map_or(String::new(), |most| format!("，每月最多 {most} 元"));
        return Ok(Some(
            Finding::blocking(
                "claim_amount_out_of_range",
                format!("金额不在范围内{bound}"),
                "the amount is out of range",
            )
            .field("amount_fen")
            .remedy("请核对金额", "check the amount"),
        ));
    }
    if new.kind == ClaimKind::Elder {
        return elder_share(book, new.from_month, given);
    }
    Ok(None)
}

/// 国发〔2023〕13号: 非独生子女每人分摊的额度不能超过每月1500元.
fn elder_share(book: &RuleBook, month: Month, given: Money) -> Result<Option<Finding>, Refusal> {
    let claim = Claim {
        kind: ClaimKind::Elder,
        quantity: 1,
        amount: Some(given),
    };
    let allowed = MonthClaims::new(book, month).special_additional(&[claim])?;
    Ok((allowed < given).then(|| {
        Finding::blocking(
            "claim_amount_out_of_range",
            format!("非独生子女分摊额每月最多 {allowed} 元"),
            format!("the share is at most {allowed} yuan a month"),
        )
        .field("amount_fen")
    }))
}

/// A twelfth of the yearly bound of 个人养老金.
fn pension_most(book: &RuleBook, month: Month) -> Result<Money, Refusal> {
    let Some(series) = &book.nation().tax_personal_pension else {
        return Ok(Money::ZERO);
    };
    let limit = series.at(month)?.value.year_limit;
    Ok(limit.ratio(1, 12, standard::Rounding::HALF_UP_FEN)?)
}

/// Ends a claim with a month, or voids it when it was entered by mistake.
pub async fn end(actor: &Actor, db: &Db, employee_id: Uuid, claim_id: Uuid, to_month: Option<Month>) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let present = list(&mut tx, db, employer_id, employee_id).await?;
    let Some(claim) = present.iter().find(|claim| claim.id == claim_id && claim.voided_at.is_none()) else {
        return Err(Refusal::not_found("claim_not_found", "没有找到该项扣除", "no such claim"));
    };
    match to_month {
        Some(to) if to < claim.from_month || claim.to_month.is_some_and(|end| to > end) => {
            return Err(Refusal::invalid(
                Finding::blocking(
                    "claim_ends_before_start",
                    "终止月份应在扣除期间之内；如登记有误请作废",
                    "the month must lie within the claim; void it if it was a mistake",
                )
                .field("to_month"),
            ));
        }
        Some(to) => {
            let sql = "UPDATE employer_family_claim SET to_month = $3 WHERE employer_id = $1 AND id = $2";
            tx.execute(sql, args![employer_id, claim_id, to]).await?;
        }
        None => {
            let sql = "UPDATE employer_family_claim SET voided_at = $3, voided_name = $4 WHERE employer_id = $1 AND id = $2";
            tx.execute(sql, args![employer_id, claim_id, clock::now(), &actor.name]).await?;
        }
    }
    let after = json!({ "claim": claim_id, "kind": claim.kind, "to": to_month });
    audit::record(&mut tx, actor, "employee.claim_end", "employee", employee_id, None, Some(after)).await?;
    tx.commit().await
}
