//! The work queue: 待办, 已办 and 我发起, due first, with counts.

use serde::{Deserialize, Serialize};
use standard::{Finding, Refusal, Text, Timestamp};
use store::{Args, Db, Query, args};
use uuid::Uuid;

use super::actions::{Action, allowed_actions};
use super::business::Registry;
use super::calendar::Due;
use super::case::Case;
use super::{detail, rows};
use crate::clock;
use crate::identity::{Actor, Permission};

/// Which queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseBox {
    /// 待办: what waits for the actor, now, and the actor's own drafts and returned cases.
    #[default]
    Todo,
    /// 已办: what the actor checked and that no longer waits for the actor.
    Done,
    /// 我发起: what the actor made.
    Mine,
    /// Every case of the organisation.
    All,
}

/// What part of a queue to list.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// Which queue.
    pub case_box: CaseBox,
    /// Only this business.
    pub business: Option<String>,
    /// Only this state, by its stable name.
    pub state: Option<String>,
    /// Part of a name, or the beginning of a case number.
    pub query: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Page size, 1 to 100; 0 means 20.
    pub limit: i64,
}

/// One line of a queue.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct QueueItem {
    /// The case, without its form.
    #[serde(flatten)]
    pub case: Case,
    /// Name of its business.
    pub business_name: Text,
    /// The statutory term.
    pub due: Option<Due>,
    /// What the reader may do now (reversal is offered on the case's own screen).
    pub allowed_actions: Vec<Action>,
}

/// How many cases of a business are in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Count {
    /// Key of the business.
    pub business: String,
    /// Stable name of the state.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// A page of a queue.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Queue {
    /// The page: 待办 the earliest due first, the others the latest changed first.
    pub items: Vec<QueueItem>,
    /// Over the whole box, whatever business, state, query and page were asked.
    pub counts: Vec<Count>,
    /// How many match business, state and query.
    pub total: i64,
    /// Pass it to get the next page; `None` at the end.
    pub next_cursor: Option<String>,
}

/// A page of the actor's queue.
pub async fn queue(actor: &Actor, db: &Db, registry: &Registry, filter: &QueueFilter) -> Result<Queue, Refusal> {
    actor.require(Permission::CaseView)?;
    let mut q = db.read();
    let (in_box, box_args) = box_condition(actor, filter.case_box);
    let counts = q
        .all(
            &format!("SELECT c.business, c.state, COUNT(*) AS n FROM control_case c WHERE {in_box} GROUP BY c.business, c.state ORDER BY c.business, c.state"),
            box_args.clone(),
        )
        .await?
        .iter()
        .map(|row| Ok(Count { business: row.get("business")?, state: row.get("state")?, count: row.get("n")? }))
        .collect::<Result<Vec<_>, Refusal>>()?;

    let (matching, mut values) = narrow(in_box, box_args, filter)?;
    let total = q
        .one(
            &format!("SELECT COUNT(*) AS n FROM control_case c WHERE {matching}"),
            values.clone(),
        )
        .await?
        .get("n")?;
    let limit = if filter.limit <= 0 { 20 } else { filter.limit.min(100) };
    let by_due = filter.case_box == CaseBox::Todo;
    let after = after_cursor(by_due, filter.cursor.as_deref(), &mut values)?;
    let order = if by_due {
        "c.due_sort, c.id"
    } else {
        "c.updated_at DESC, c.id DESC"
    };
    let n = values.push(limit + 1);
    let sql = format!(
        "SELECT {}, c.due_sort FROM control_case c WHERE {matching}{after} ORDER BY {order} LIMIT ${n}",
        rows::LIGHT
    );
    let found = q.all(&sql, values).await?;
    let mut cases = found.iter().map(rows::light).collect::<Result<Vec<Case>, _>>()?;
    let more = cases.len() as i64 > limit;
    cases.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = if more {
        cases.last().map(|case| cursor_of(by_due, case))
    } else {
        None
    };
    rows::load_handlers(&mut q, &actor.organisation, &mut cases).await?;
    Ok(Queue {
        items: items(actor, registry, cases),
        counts,
        total,
        next_cursor,
    })
}

fn items(actor: &Actor, registry: &Registry, cases: Vec<Case>) -> Vec<QueueItem> {
    let today = clock::today();
    cases
        .into_iter()
        .map(|case| QueueItem {
            business_name: registry.get(&case.business).map_or_else(
                |_| Text::new(case.business.clone(), case.business.clone()),
                |business| business.name(),
            ),
            due: detail::due(&case, today),
            allowed_actions: allowed_actions(actor, registry, &case)
                .into_iter()
                .filter(|action| *action != Action::Reverse)
                .collect(),
            case,
        })
        .collect()
}

/// The post whose turn it is in a waiting row, as `Stage::number` gives it.
const STAGE: &str = "CASE WHEN c.state = 'in_compliance' THEN 1 ELSE 1 + c.level END";

/// `$1` owner, `$2` the actor.
fn box_condition(actor: &Actor, case_box: CaseBox) -> (String, Args) {
    let mut waiting = Vec::new();
    if actor.may(Permission::CasePass) {
        waiting.push("'in_compliance'");
    }
    if actor.may(Permission::CaseApprove) {
        waiting.push("'in_review'");
    }
    let waiting = if waiting.is_empty() {
        "NULL".to_owned()
    } else {
        waiting.join(", ")
    };
    let held = "EXISTS (SELECT 1 FROM control_case_handler h WHERE h.owner = c.owner AND h.case_id = c.id AND h.user_id = $2 AND";
    let for_me = format!("c.state IN ({waiting}) AND (c.assignee IS NULL OR c.assignee = $2) AND NOT {held} h.stage <> {STAGE})");
    let own = "c.maker = $2 AND c.state IN ('draft', 'returned')";
    let condition = match case_box {
        CaseBox::Todo => format!("c.owner = $1 AND (({for_me}) OR ({own}))"),
        CaseBox::Done => format!("c.owner = $1 AND {held} h.stage > 0) AND NOT ({for_me})"),
        CaseBox::Mine => "c.owner = $1 AND c.maker = $2".to_owned(),
        // `$2` is named so that every box takes the same arguments.
        CaseBox::All => "c.owner = $1 AND c.id <> $2".to_owned(),
    };
    (condition, args![actor.organisation, actor.user_id])
}

fn narrow(mut condition: String, mut values: Args, filter: &QueueFilter) -> Result<(String, Args), Refusal> {
    if let Some(business) = &filter.business {
        let n = values.push(business);
        condition.push_str(&format!(" AND c.business = ${n}"));
    }
    if let Some(state) = &filter.state {
        let n = values.push(state);
        condition.push_str(&format!(" AND c.state = ${n}"));
    }
    if let Some(query) = filter.query.as_deref().map(str::trim).filter(|query| !query.is_empty()) {
        if query.chars().count() > 50 {
            return Err(
                Finding::blocking("query_too_long", "查询内容不能超过50字。", "A query is at most 50 characters.")
                    .field("query")
                    .into(),
            );
        }
        let escaped = query.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let name = values.push(format!("%{escaped}%"));
        let number = values.push(format!("{escaped}%"));
        condition.push_str(&format!(
            " AND (c.subject_name LIKE ${name} ESCAPE '\\' OR c.number LIKE ${number} ESCAPE '\\')"
        ));
    }
    Ok((condition, values))
}

fn cursor_of(by_due: bool, case: &Case) -> String {
    if by_due {
        let due = case.due_on.map_or_else(|| "9999-12-31".to_owned(), |date| date.to_string());
        format!("{due}~{}", case.id)
    } else {
        format!("{}~{}", case.updated_at.as_microsecond(), case.id)
    }
}

fn after_cursor(by_due: bool, cursor: Option<&str>, values: &mut Args) -> Result<String, Refusal> {
    let Some(cursor) = cursor else { return Ok(String::new()) };
    let bad = || {
        Refusal::from(
            Finding::blocking(
                "bad_cursor",
                "分页位置无效，请从第一页重新查询。",
                "Invalid page position; start from the first page.",
            )
            .field("cursor"),
        )
    };
    let (key, id) = cursor.split_once('~').ok_or_else(bad)?;
    let id: Uuid = id.parse().map_err(|_| bad())?;
    let (column, sign, key) = if by_due {
        let date: standard::Date = key.parse().map_err(|_| bad())?;
        ("c.due_sort", ">", values.push(date))
    } else {
        let at = key
            .parse()
            .ok()
            .and_then(|micros| Timestamp::from_microsecond(micros).ok())
            .ok_or_else(bad)?;
        ("c.updated_at", "<", values.push(at))
    };
    let id = values.push(id);
    Ok(format!(
        " AND ({column} {sign} ${key} OR ({column} = ${key} AND c.id {sign} ${id}))"
    ))
}
