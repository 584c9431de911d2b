//! Rows of accepted bases, and the wage someone entered with.

use std::collections::BTreeMap;

use ::store::{Query, Row, Tx, args};
use standard::{Money, Month, Refusal, RegionCode, Text, Timestamp};
use uuid::Uuid;

use super::{Base, BaseOrigin};

/// A row to be stored.
#[derive(Debug, Clone)]
pub struct BaseRow {
    /// Whose.
    pub employee_id: Uuid,
    /// In force from here.
    pub from_month: Month,
    /// Where.
    pub region: RegionCode,
    /// The wage, its origin and derivation.
    pub base: Base,
    /// The year averaged, when it is an average.
    pub prior_year: Option<i32>,
}

/// A row as it is listed.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct BaseView {
    /// In force from here until the next.
    pub from_month: Month,
    /// Monthly wage before floor and ceiling; absent for whoever sees no wages.
    pub wage_fen: Option<Money>,
    /// Where it comes from.
    pub origin: BaseOrigin,
    /// The origin's word on screen.
    pub origin_name: String,
    /// In words.
    pub derivation: Option<Text>,
    /// When it was set.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Timestamp,
}

fn read(row: &Row) -> Result<Base, Refusal> {
    let origin: String = row.get("origin")?;
    Ok(Base {
        wage: row.get("wage_fen")?,
        origin: BaseOrigin::parse(&origin).ok_or_else(|| Refusal::internal("a base has an unknown origin"))?,
        derivation: Text::new(row.get::<String>("derivation_zh")?, row.get::<String>("derivation_en")?),
    })
}

/// The accepted base in force in a month of everybody whose 工号 lies between two.
pub(super) async fn in_force(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Month,
    first: i64,
    last: i64,
) -> Result<BTreeMap<Uuid, Base>, Refusal> {
    let rows = q
        .all(
            "SELECT b.employee_id AS employee_id, b.wage_fen AS wage_fen, b.origin AS origin,
                 b.derivation_zh AS derivation_zh, b.derivation_en AS derivation_en
             FROM employer_employee e JOIN employer_base b ON b.employer_id = e.employer_id AND b.employee_id = e.id
             WHERE e.employer_id = $1 AND e.number BETWEEN $2 AND $3 AND b.from_month <= $4
             ORDER BY b.employee_id, b.from_month",
            args![employer_id, first, last, month],
        )
        .await?;
    // Ascending months: the last one of each employee stays.
    rows.iter().map(|row| Ok((row.get("employee_id")?, read(row)?))).collect()
}

/// The first wage of everybody whose 工号 lies between two: what they were hired with.
pub(super) async fn entry_wages(q: &mut impl Query, employer_id: Uuid, first: i64, last: i64) -> Result<BTreeMap<Uuid, Money>, Refusal> {
    let rows = q
        .all(
            "SELECT w.employee_id AS employee_id, w.from_on AS from_on, w.monthly_fen AS monthly_fen
             FROM employer_employee e JOIN employer_wage w ON w.employer_id = e.employer_id AND w.employee_id = e.id
             WHERE e.employer_id = $1 AND e.number BETWEEN $2 AND $3 AND w.from_on <= e.hired_on
             ORDER BY w.employee_id, w.from_on, w.seq",
            args![employer_id, first, last],
        )
        .await?;
    // A later row of one day stands for the earlier one; none at all withdraws that day's step.
    let mut steps: BTreeMap<Uuid, BTreeMap<String, Option<Money>>> = BTreeMap::new();
    for row in &rows {
        let step: Option<Money> = row.get("monthly_fen")?;
        steps.entry(row.get("employee_id")?).or_default().insert(row.get("from_on")?, step);
    }
    Ok(steps
        .into_iter()
        .filter_map(|(employee, days)| Some((employee, days.into_values().rev().flatten().next()?)))
        .collect())
}

/// Stores accepted bases, replacing rows of the same month.
pub(super) async fn put(tx: &mut Tx, employer_id: Uuid, rows: &[BaseRow], by: Uuid, at: Timestamp) -> Result<(), Refusal> {
    for chunk in rows.chunks(2_000) {
        if let Some(month) = chunk.first().map(|row| row.from_month) {
            let mut args = args![employer_id, month];
            let list = ::store::in_list(chunk.len(), 3);
            args.extend(chunk.iter().map(|row| row.employee_id));
            let sql = format!("DELETE FROM employer_base WHERE employer_id = $1 AND from_month = $2 AND employee_id IN {list}");
            tx.execute(&sql, args).await?;
        }
        let mut sink = tx
            .bulk(
                "employer_base",
                &[
                    "employer_id",
                    "employee_id",
                    "from_month",
                    "region",
                    "wage_fen",
                    "origin",
                    "prior_year",
                    "derivation_zh",
                    "derivation_en",
                    "set_by",
                    "set_at",
                ],
            )
            .await?;
        for row in chunk {
            sink.push(args![
                employer_id,
                row.employee_id,
                row.from_month,
                row.region,
                row.base.wage,
                row.base.origin.key(),
                row.prior_year.map(i64::from),
                &row.base.derivation.zh,
                &row.base.derivation.en,
                by,
                at
            ])
            .await?;
        }
        sink.finish().await?;
    }
    Ok(())
}

/// Every base an employee ever had, newest first.
pub(super) async fn history(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid, wages: bool) -> Result<Vec<BaseView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_base WHERE employer_id = $1 AND employee_id = $2 ORDER BY from_month DESC LIMIT 100",
            args![employer_id, employee_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let base = read(row)?;
            Ok(BaseView {
                from_month: row.get("from_month")?,
                wage_fen: wages.then_some(base.wage),
                origin: base.origin,
                origin_name: base.origin.zh().to_string(),
                derivation: wages.then_some(base.derivation),
                set_at: row.get("set_at")?,
            })
        })
        .collect()
}
