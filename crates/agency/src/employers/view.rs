//! The register as an agency's people read it: the employers, one employer's roll, and the months it declared.

use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Insurance, Money, Month, Refusal, RegionCode};
use store::{Db, Query, Row, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Unit, unit};
use crate::assessment::Insurances;
use crate::desk;

/// An employer in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitSummary {
    /// Key.
    pub employer_id: Uuid,
    /// 单位编号.
    pub number: String,
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 工伤行业类别.
    pub injury_class: Option<i32>,
    /// 联系人.
    pub contact: String,
    /// Whether it files electronically.
    pub online: bool,
    /// People on its roll now.
    pub people: i64,
    /// The last month it was assessed for.
    pub last_month: Option<Month>,
}

/// A page of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitPage {
    /// The employers, by number.
    pub items: Vec<UnitSummary>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// One month of an employer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitMonth {
    /// 费款所属期.
    pub month: Month,
    /// Assessed from: `declared` or `last_month`.
    pub basis: String,
    /// `pending`, `assessed`, `returned`, `refused`, `withdrawn`, `superseded` or `reversed`.
    pub state: String,
    /// Part of a declaration filed in several, from 1.
    pub part: i64,
    /// People assessed.
    pub people: i64,
    /// Lines refused.
    pub refused: i64,
    /// 单位应缴, fen.
    pub employer_fen: Money,
    /// 个人应缴, fen.
    pub employee_fen: Money,
    /// The case, when it was declared.
    pub case_id: Option<Uuid>,
    /// The order it came to.
    pub order_id: Option<Uuid>,
}

/// One employer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitDetail {
    /// As in the list.
    pub unit: UnitSummary,
    /// Its months, newest first.
    pub months: Vec<UnitMonth>,
}

/// A person on an employer's roll.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RollEntry {
    /// The person.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// 个人编号.
    pub person_number: String,
    /// First month.
    pub since: Month,
    /// Last month, counted.
    pub until: Option<Month>,
    /// The insurances paid.
    pub insurances: Vec<Insurance>,
    /// The wage last declared, fen.
    pub wage_fen: Money,
}

/// A page of a roll.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RollPage {
    /// The people, by 个人编号.
    pub items: Vec<RollEntry>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

const SUMMARY: &str = "SELECT u.employer_id, u.number, u.name, u.credit_code, u.injury_class, u.contact, u.online,
        (SELECT COUNT(*) FROM agency_roll r WHERE r.region = u.region AND r.employer_id = u.employer_id AND r.until_month IS NULL) AS people,
        (SELECT MAX(d.month) FROM agency_declaration d
          WHERE d.region = u.region AND d.employer_id = u.employer_id AND d.state = 'assessed') AS last_month
     FROM agency_unit u";

fn summary(row: &Row) -> Result<UnitSummary, Refusal> {
    Ok(UnitSummary {
        employer_id: row.get("employer_id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        credit_code: row.get("credit_code")?,
        injury_class: row.get("injury_class")?,
        contact: row.get("contact")?,
        online: row.get("online")?,
        people: row.get("people")?,
        last_month: row.get("last_month")?,
    })
}

/// The register of the actor's region, by number; `query` is part of the name, the number or the credit code.
pub async fn list(actor: &Actor, db: &Db, query: Option<&str>, cursor: Option<&str>, limit: i64) -> Result<UnitPage, Refusal> {
    actor.require(Permission::CaseView)?;
    let region = desk::region_of(actor)?;
    let (wanted, like) = wanted(query);
    let sql = format!(
        "{SUMMARY} WHERE u.region = $1 AND u.number > $2 AND ($3 = '' OR u.number = $3 OR u.credit_code = $3 OR u.name LIKE $4)
         ORDER BY u.number LIMIT $5"
    );
    let limit = limit.clamp(1, 200);
    let rows = db
        .read()
        .all(&sql, args![region, cursor.unwrap_or_default(), wanted, like, limit + 1])
        .await?;
    let mut items = rows.iter().map(summary).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| last.number.clone());
    Ok(UnitPage { items, next_cursor })
}

/// One employer of the actor's region with its months.
pub async fn one(actor: &Actor, db: &Db, employer_id: Uuid) -> Result<UnitDetail, Refusal> {
    actor.require(Permission::CaseView)?;
    let region = desk::region_of(actor)?;
    let mut q = db.read();
    let row = q
        .optional(
            &format!("{SUMMARY} WHERE u.region = $1 AND u.employer_id = $2"),
            args![region, employer_id],
        )
        .await?
        .ok_or_else(unknown)?;
    let months = q
        .all(
            "SELECT month, basis, state, part, people, refused, employer_fen, employee_fen, case_id, order_id
             FROM agency_declaration WHERE region = $1 AND employer_id = $2 ORDER BY month DESC, part, updated_at DESC LIMIT 240",
            args![region, employer_id],
        )
        .await?
        .iter()
        .map(month)
        .collect::<Result<_, _>>()?;
    Ok(UnitDetail {
        unit: summary(&row)?,
        months,
    })
}

fn month(row: &Row) -> Result<UnitMonth, Refusal> {
    Ok(UnitMonth {
        month: row.get("month")?,
        basis: row.get("basis")?,
        state: row.get("state")?,
        part: row.get("part")?,
        people: row.get("people")?,
        refused: row.get("refused")?,
        employer_fen: row.get("employer_fen")?,
        employee_fen: row.get("employee_fen")?,
        case_id: row.get("case_id")?,
        order_id: row.get("order_id")?,
    })
}

/// The roll of an employer of the actor's region, stretches that ended too, by 个人编号; `query` is part of a name, or a
/// 个人编号. No ID number: what is looked for stands in the address.
pub async fn roll(
    actor: &Actor,
    db: &Db,
    employer_id: Uuid,
    query: Option<&str>,
    cursor: Option<&str>,
    limit: i64,
) -> Result<RollPage, Refusal> {
    actor.require(Permission::CaseView)?;
    let region: RegionCode = desk::region_of(actor)?;
    let mut q = db.read();
    let _: Unit = unit::find(&mut q, region, employer_id).await?.ok_or_else(unknown)?;
    let limit = limit.clamp(1, 200);
    // A cursor names a person and a month: one person may have several stretches.
    let (number, since) = cursor.and_then(|cursor| cursor.split_once('.')).unwrap_or(("", "0"));
    let since: i64 = since.parse().unwrap_or(0);
    let (wanted, like) = wanted(query);
    let rows = q
        .all(
            "SELECT r.person_id, p.name, p.person_number, r.since_month, r.until_month, r.insurances, r.wage_fen
             FROM agency_roll r JOIN agency_person p ON p.person_id = r.person_id AND p.region = r.region
             WHERE r.region = $1 AND r.employer_id = $2 AND (p.person_number > $3 OR (p.person_number = $3 AND r.since_month > $4))
               AND ($5 = '' OR p.person_number = $5 OR p.name LIKE $6)
             ORDER BY p.person_number, r.since_month LIMIT $7",
            args![region, employer_id, number, since, wanted, like, limit + 1],
        )
        .await?;
    let mut items = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next_cursor = items
        .last()
        .filter(|_| more)
        .map(|last| format!("{}.{}", last.person_number, last.since.yyyymm()));
    Ok(RollPage { items, next_cursor })
}

/// What is looked for, and as the pattern of a name; the marks of patterns are no part of names.
fn wanted(query: Option<&str>) -> (String, String) {
    let wanted: String = query.unwrap_or_default().trim().chars().take(60).collect();
    let plain = wanted.replace(['%', '_'], "");
    let like = if plain.is_empty() { plain } else { format!("%{plain}%") };
    (wanted, like)
}

fn entry(row: &Row) -> Result<RollEntry, Refusal> {
    Ok(RollEntry {
        person_id: row.get("person_id")?,
        name: row.get("name")?,
        person_number: row.get("person_number")?,
        since: row.get("since_month")?,
        until: row.get("until_month")?,
        insurances: Insurances(row.get::<u8>("insurances")?).list(),
        wage_fen: row.get("wage_fen")?,
    })
}

pub(crate) fn unknown() -> Refusal {
    Refusal::not_found("unit_not_found", "本地没有该单位的登记。", "This region has no such employer.").remedy(
        "请核对单位编号，或由单位首次申报时登记",
        "Check the number; an employer is registered with its first filing",
    )
}
