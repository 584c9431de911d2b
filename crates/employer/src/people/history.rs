//! 工资历史 and 岗位历史: steps with a day from which they hold. Rows are only added; of two rows for one day the later counts,
//! and a wage row without an amount withdraws the step of its day.

use std::collections::BTreeMap;

use control::identity::Actor;
use serde::Serialize;
use standard::{Date, Money, Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

/// One row of the wage history.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WageRow {
    /// From this day on.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Counts the rows of one day; the highest holds.
    pub seq: i64,
    /// 月工资; none: the step of this day was withdrawn.
    pub monthly_fen: Option<Money>,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
    /// Who entered it; empty: with the employee's entry.
    pub entered_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Timestamp,
    /// Whether it still counts: no later row of the same day stands for it.
    pub holds: bool,
}

/// One row of the position history.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PositionRow {
    /// From this day on.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Counts the rows of one day; the highest holds.
    pub seq: i64,
    /// 部门 as it was called then.
    pub department: String,
    /// 岗位.
    pub position: String,
    /// 参保城市.
    pub region: RegionCode,
    /// Why, where one was given.
    pub reason: Option<String>,
    /// Who entered it; empty: with the employee's entry.
    pub entered_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Timestamp,
    /// Whether it still counts.
    pub holds: bool,
}

/// A place in the unit from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub from: Date,
    pub department: String,
    pub position: String,
    pub region: RegionCode,
}

/// The columns of a wage row, in the order of [`wage_values`].
pub(super) const WAGE_COLUMNS: [&str; 9] = [
    "employer_id",
    "employee_id",
    "from_on",
    "seq",
    "monthly_fen",
    "reason",
    "entered_by",
    "entered_name",
    "entered_at",
];
/// The columns of a position row, in the order of [`position_values`].
pub(super) const POSITION_COLUMNS: [&str; 11] = [
    "employer_id",
    "employee_id",
    "from_on",
    "seq",
    "department",
    "position",
    "region",
    "reason",
    "entered_by",
    "entered_name",
    "entered_at",
];

/// Who enters a row and why; nobody named: it came with the employee's entry.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entered<'a> {
    pub by: Option<(Uuid, &'a str)>,
    pub reason: Option<&'a str>,
}

impl<'a> Entered<'a> {
    /// By this actor.
    pub fn of(actor: &'a Actor, reason: Option<&'a str>) -> Entered<'a> {
        Entered {
            by: Some((actor.user_id, actor.name.as_str())),
            reason,
        }
    }
}

/// A first wage row of an employee.
pub(super) fn wage_values(employer_id: Uuid, employee_id: Uuid, from: Date, monthly: Money, at: Timestamp) -> store::Args {
    let nobody: Option<Uuid> = None;
    let none: Option<String> = None;
    args![employer_id, employee_id, from, 1_i64, Some(monthly), none, nobody, "", at]
}

/// A first position row of an employee.
pub(super) fn position_values(employer_id: Uuid, employee_id: Uuid, place: &Place, at: Timestamp) -> store::Args {
    let nobody: Option<Uuid> = None;
    let none: Option<String> = None;
    args![
        employer_id,
        employee_id,
        place.from,
        1_i64,
        &place.department,
        &place.position,
        place.region,
        none,
        nobody,
        "",
        at
    ]
}

/// Writes the first rows of new employees: the wage and the place of the day of hire, and the departments named.
pub(crate) async fn begin(tx: &mut Tx, employees: &[super::store::Employee]) -> Result<(), Refusal> {
    let mut sink = tx.bulk("employer_position", &POSITION_COLUMNS).await?;
    for e in employees {
        let place = Place {
            from: e.hired_on,
            department: e.department.clone(),
            position: e.position.clone(),
            region: e.region,
        };
        sink.push(position_values(e.employer_id, e.id, &place, e.created_at)).await?;
    }
    sink.finish().await?;
    let mut sink = tx.bulk("employer_wage", &WAGE_COLUMNS).await?;
    for e in employees {
        if let Some(wage) = e.wage_fen {
            sink.push(wage_values(e.employer_id, e.id, e.hired_on, wage, e.created_at)).await?;
        }
    }
    sink.finish().await?;
    let named: std::collections::BTreeSet<(Uuid, &str)> = employees.iter().map(|e| (e.employer_id, e.department.as_str())).collect();
    for (employer_id, path) in named {
        super::department::ensure(tx, employer_id, path).await?;
    }
    Ok(())
}

/// Adds a wage row; none withdraws the step of that day.
pub(crate) async fn add_wage(
    tx: &mut Tx,
    employer_id: Uuid,
    employee_id: Uuid,
    from: Date,
    monthly: Option<Money>,
    entered: Entered<'_>,
) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_wage (employer_id, employee_id, from_on, seq, monthly_fen, reason, entered_by, entered_name, entered_at)
         SELECT $1, $2, $3, COALESCE(MAX(seq), 0) + 1, $4, $5, $6, $7, $8
         FROM employer_wage WHERE employer_id = $1 AND employee_id = $2 AND from_on = $3",
        args![
            employer_id,
            employee_id,
            from,
            monthly,
            entered.reason,
            entered.by.map(|(id, _)| id),
            entered.by.map_or("", |(_, name)| name),
            control::clock::now()
        ],
    )
    .await?;
    Ok(())
}

/// Adds a position row.
pub(crate) async fn add_position(
    tx: &mut Tx,
    employer_id: Uuid,
    employee_id: Uuid,
    place: &Place,
    entered: Entered<'_>,
) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_position
             (employer_id, employee_id, from_on, seq, department, position, region, reason, entered_by, entered_name, entered_at)
         SELECT $1, $2, $3, COALESCE(MAX(seq), 0) + 1, $4, $5, $6, $7, $8, $9, $10
         FROM employer_position WHERE employer_id = $1 AND employee_id = $2 AND from_on = $3",
        args![
            employer_id,
            employee_id,
            place.from,
            &place.department,
            &place.position,
            place.region,
            entered.reason,
            entered.by.map(|(id, _)| id),
            entered.by.map_or("", |(_, name)| name),
            control::clock::now()
        ],
    )
    .await?;
    Ok(())
}

/// Of several rows of one day only the last holds.
fn replaced<T>(history: &mut [T], of: impl Fn(&mut T) -> (Date, &mut bool)) {
    for at in 1..history.len() {
        let day = of(&mut history[at]).0;
        let (before, holds) = of(&mut history[at - 1]);
        if before == day {
            *holds = false;
        }
    }
}

/// The whole wage history, oldest day first.
pub(crate) async fn wages(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<WageRow>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_wage WHERE employer_id = $1 AND employee_id = $2 ORDER BY from_on, seq",
            args![employer_id, employee_id],
        )
        .await?;
    let read = |row: &Row| -> Result<WageRow, Refusal> {
        Ok(WageRow {
            from: row.get("from_on")?,
            seq: row.get("seq")?,
            monthly_fen: row.get("monthly_fen")?,
            reason: row.get("reason")?,
            entered_name: row.get("entered_name")?,
            entered_at: row.get("entered_at")?,
            holds: true,
        })
    };
    let mut history = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    replaced(&mut history, |row| (row.from, &mut row.holds));
    Ok(history)
}

/// The whole position history, oldest day first.
pub(crate) async fn positions(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<PositionRow>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_position WHERE employer_id = $1 AND employee_id = $2 ORDER BY from_on, seq",
            args![employer_id, employee_id],
        )
        .await?;
    let read = |row: &Row| -> Result<PositionRow, Refusal> {
        Ok(PositionRow {
            from: row.get("from_on")?,
            seq: row.get("seq")?,
            department: row.get("department")?,
            position: row.get("position")?,
            region: row.get("region")?,
            reason: row.get("reason")?,
            entered_name: row.get("entered_name")?,
            entered_at: row.get("entered_at")?,
            holds: true,
        })
    };
    let mut history = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    replaced(&mut history, |row| (row.from, &mut row.holds));
    Ok(history)
}

/// The steps that hold, by the day they begin.
pub(crate) fn holding(history: &[WageRow]) -> BTreeMap<Date, Money> {
    let mut steps = BTreeMap::new();
    for row in history {
        match row.monthly_fen {
            Some(monthly) => steps.insert(row.from, monthly),
            None => steps.remove(&row.from),
        };
    }
    steps
}

/// The wage in force on a day. The earliest step also covers the days before it, so that a hire date moved back leaves no gap.
pub(crate) fn wage_on(steps: &BTreeMap<Date, Money>, day: Date) -> Option<Money> {
    let last = steps.range(..=day).next_back();
    last.or_else(|| steps.iter().next()).map(|(_, wage)| *wage)
}
