//! A change of wage or place from a day on, of one employee or of thousands: first planned, so that everyone's before and after
//! can be seen and each row refused by itself, then written in sets.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use standard::{Date, Finding, Money, Refusal, RegionCode};
use store::{Query, Row, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::checks;
use super::history::wage_on;

pub(crate) use super::change_write::{apply, refresh};

/// Employees whose histories are read together.
pub(super) const READ_AT_ONCE: usize = 5_000;

/// What is to change for one employee. What is not named stays.
#[derive(Debug, Clone)]
pub struct Change {
    /// Whom.
    pub employee_id: Uuid,
    /// The first day it holds.
    pub from: Date,
    /// 部门, a path.
    pub department: Option<String>,
    /// 岗位.
    pub position: Option<String>,
    /// 参保城市.
    pub region: Option<RegionCode>,
    /// 月工资.
    pub wage: Option<Money>,
    /// 上年度月平均工资 and its year.
    pub prior_average: Option<(i32, Money)>,
    /// Why; asked for when the day is past.
    pub reason: Option<String>,
}

impl Change {
    /// Nothing yet.
    pub fn of(employee_id: Uuid, from: Date) -> Change {
        Change {
            employee_id,
            from,
            department: None,
            position: None,
            region: None,
            wage: None,
            prior_average: None,
            reason: None,
        }
    }
}

/// What holds for an employee on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Standing {
    /// 部门.
    pub department: String,
    /// 岗位.
    pub position: String,
    /// 参保城市.
    pub region: RegionCode,
    /// 月工资; left out for readers who may not see wages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wage_fen: Option<Money>,
}

/// One employee's row of a planned change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlannedChange {
    /// Whom.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// On the day the change begins, as things are.
    pub before: Standing,
    /// On that day, with the change.
    pub after: Standing,
    /// Whether anything differs.
    pub changed: bool,
    /// A blocking one refuses this row.
    pub findings: Vec<Finding>,
    #[serde(skip)]
    pub(super) change: Option<Change>,
}

impl PlannedChange {
    /// Whether this row would be written.
    pub fn holds(&self) -> bool {
        self.changed && !self.findings.iter().any(Finding::is_blocking)
    }
}

/// What an employee's file says of a change.
struct Known {
    number: i64,
    name: String,
    hired_on: Date,
    left_on: Option<Date>,
    now: Standing,
    wages: BTreeMap<Date, Money>,
    places: BTreeMap<Date, (String, String, RegionCode)>,
}

/// Plans changes; one row each, in the order given. An employee unknown here is refused in its row.
pub async fn plan(q: &mut impl Query, employer_id: Uuid, changes: Vec<Change>, today: Date) -> Result<Vec<PlannedChange>, Refusal> {
    let mut planned = Vec::with_capacity(changes.len());
    let mut seen = HashSet::new();
    let mut rest = changes;
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(READ_AT_ONCE));
        let ids: Vec<Uuid> = rest.iter().map(|change| change.employee_id).collect();
        let mut known = read(q, employer_id, &ids).await?;
        for change in rest {
            let twice = !seen.insert(change.employee_id);
            planned.push(match known.get_mut(&change.employee_id) {
                Some(known) => weigh(known, change, today, twice),
                None => unknown(change),
            });
        }
        rest = tail;
    }
    Ok(planned)
}

async fn read(q: &mut impl Query, employer_id: Uuid, ids: &[Uuid]) -> Result<HashMap<Uuid, Known>, Refusal> {
    let list = in_list(ids.len(), 2);
    let bound = || {
        let mut bound = args![employer_id];
        bound.extend(ids.iter().copied());
        bound
    };
    let mut known = HashMap::new();
    let sql = format!(
        "SELECT id, number, name, hired_on, left_on, department, position, region, wage_fen FROM employer_employee
         WHERE employer_id = $1 AND merged_into IS NULL AND id IN {list}"
    );
    for row in q.all(&sql, bound()).await? {
        known.insert(row.get("id")?, known_of(&row)?);
    }
    let sql = format!(
        "SELECT employee_id, from_on, monthly_fen FROM employer_wage WHERE employer_id = $1 AND employee_id IN {list}
         ORDER BY employee_id, from_on, seq"
    );
    for row in q.all(&sql, bound()).await? {
        let Some(known) = known.get_mut(&row.get::<Uuid>("employee_id")?) else {
            continue;
        };
        let from: Date = row.get("from_on")?;
        match row.get::<Option<Money>>("monthly_fen")? {
            Some(monthly) => known.wages.insert(from, monthly),
            None => known.wages.remove(&from),
        };
    }
    let sql = format!(
        "SELECT employee_id, from_on, department, position, region FROM employer_position WHERE employer_id = $1 AND employee_id IN {list}
         ORDER BY employee_id, from_on, seq"
    );
    for row in q.all(&sql, bound()).await? {
        let Some(known) = known.get_mut(&row.get::<Uuid>("employee_id")?) else {
            continue;
        };
        let place = (row.get("department")?, row.get("position")?, row.get("region")?);
        known.places.insert(row.get("from_on")?, place);
    }
    Ok(known)
}

fn known_of(row: &Row) -> Result<Known, Refusal> {
    Ok(Known {
        number: row.get("number")?,
        name: row.get("name")?,
        hired_on: row.get("hired_on")?,
        left_on: row.get("left_on")?,
        now: Standing {
            department: row.get("department")?,
            position: row.get("position")?,
            region: row.get("region")?,
            wage_fen: row.get("wage_fen")?,
        },
        wages: BTreeMap::new(),
        places: BTreeMap::new(),
    })
}

impl Known {
    fn on(&self, day: Date) -> Standing {
        let place = self.places.range(..=day).next_back().or_else(|| self.places.iter().next());
        let (department, position, region) = match place {
            Some((_, place)) => place.clone(),
            None => (self.now.department.clone(), self.now.position.clone(), self.now.region),
        };
        Standing {
            department,
            position,
            region,
            wage_fen: wage_on(&self.wages, day).or(self.now.wage_fen),
        }
    }
}

fn weigh(known: &Known, mut change: Change, today: Date, twice: bool) -> PlannedChange {
    let mut findings = Vec::new();
    let before = known.on(change.from);
    let mut after = before.clone();
    for (field, typed, place) in [
        ("department", &mut change.department, &mut after.department),
        ("position", &mut change.position, &mut after.position),
    ] {
        let Some(text) = typed else { continue };
        match checks::label(text) {
            Ok(label) => {
                place.clone_from(&label);
                *text = label;
            }
            Err(finding) => findings.push(finding.field(field)),
        }
    }
    after.region = change.region.unwrap_or(after.region);
    if let Some(wage) = change.wage {
        findings.extend(checks::wage_amount(wage));
        after.wage_fen = Some(wage);
    }
    if let Some((_, average)) = change.prior_average
        && checks::wage_amount(average).is_some()
    {
        findings.push(checks::wage_not_positive().field("prior_average"));
    }
    let changed = after != before || change.prior_average.is_some();
    if twice {
        findings.push(twice_named());
    }
    if changed {
        findings.extend(day_bounds(known, &change, today));
    }
    PlannedChange {
        employee_id: change.employee_id,
        number: known.number,
        name: known.name.clone(),
        before,
        after,
        changed,
        findings,
        change: Some(change),
    }
}

/// The day must lie within the employment; a past day needs a reason, because months already paid may change.
fn day_bounds(known: &Known, change: &Change, today: Date) -> Option<Finding> {
    if change.from < known.hired_on {
        let (from, hired) = (change.from, known.hired_on);
        return Some(
            Finding::blocking(
                "step_before_hire",
                format!("生效日期 {from} 早于入职日期 {hired}"),
                format!("{from} lies before the hire date {hired}"),
            )
            .field("from")
            .remedy("请核对生效日期", "check the day"),
        );
    }
    if let Some(left_on) = known.left_on
        && change.from > left_on
    {
        return Some(
            Finding::blocking(
                "step_after_leaving",
                format!("该员工已于 {left_on} 离职，不能再从 {} 起变更", change.from),
                format!("the employee left on {left_on}: nothing changes from {}", change.from),
            )
            .field("from")
            .remedy("请核对生效日期，或先办理重新入职", "check the day, or rehire first"),
        );
    }
    let past = change.from < today
        && (change.department.is_some() || change.position.is_some() || change.region.is_some() || change.wage.is_some());
    if past && change.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        return Some(
            Finding::blocking(
                "past_step_needs_reason",
                format!("生效日期 {} 早于今天，须填写原因", change.from),
                format!("{} is past: a reason is needed", change.from),
            )
            .field("reason")
            .remedy(
                "请写明追溯调整的原因；已关账月份将按差额处理",
                "say why; closed months are settled by their difference",
            ),
        );
    }
    None
}

fn twice_named() -> Finding {
    Finding::blocking("employee_named_twice", "同一员工出现了两次", "the same employee is named twice")
        .remedy("请删去重复的一行", "remove one of the rows")
}

fn unknown(change: Change) -> PlannedChange {
    let nothing = Standing {
        department: String::new(),
        position: String::new(),
        region: RegionCode::pilot()[0],
        wage_fen: None,
    };
    let finding = Finding::blocking("employee_not_found", "没有找到该员工", "no such employee")
        .remedy("请刷新员工列表后重新选择", "reload the list and choose again");
    PlannedChange {
        employee_id: change.employee_id,
        number: 0,
        name: String::new(),
        before: nothing.clone(),
        after: nothing,
        changed: false,
        findings: vec![finding],
        change: None,
    }
}
