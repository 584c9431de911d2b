//! The home page: how much waits in each business.

use std::collections::BTreeMap;

use control::clock;
use control::identity::{Actor, Permission};
use control::review::Registry;
use serde::Serialize;
use standard::{Refusal, Text};
use store::{Db, Query, args};
use utoipa::ToSchema;

/// One business.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BusinessCount {
    /// Its key.
    pub business: String,
    /// Its name.
    pub name: Text,
    /// Cases under review here.
    pub todo: i64,
    /// Of those, past their statutory day.
    pub overdue: i64,
    /// Of those, on the actor's own desk.
    pub mine: i64,
    /// Closed today.
    pub done_today: i64,
}

/// All businesses together.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Totals {
    /// Under review.
    pub todo: i64,
    /// On the actor's desk.
    pub mine: i64,
    /// Past their day.
    pub overdue: i64,
}

/// The home page.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AgencyHome)]
pub struct Home {
    /// Every business of the agency, also those without a case.
    pub businesses: Vec<BusinessCount>,
    /// Their sum.
    pub totals: Totals,
}

/// Counts per business, from one grouped query.
pub async fn home(actor: &Actor, db: &Db, registry: &Registry) -> Result<Home, Refusal> {
    actor.require(Permission::CaseView)?;
    super::region_of(actor)?;
    let today = clock::today();
    let rows = db
        .read()
        .all(
            "SELECT business,
                 SUM(CASE WHEN state IN ('in_compliance', 'in_review') THEN 1 ELSE 0 END) AS todo,
                 SUM(CASE WHEN state IN ('in_compliance', 'in_review') AND due_on < $2 THEN 1 ELSE 0 END) AS overdue,
                 SUM(CASE WHEN state IN ('in_compliance', 'in_review') AND assignee = $3 THEN 1 ELSE 0 END) AS mine,
                 SUM(CASE WHEN closed_at >= $4 THEN 1 ELSE 0 END) AS done_today
             FROM control_case WHERE owner = $1 GROUP BY business",
            args![actor.organisation, today, actor.user_id, midnight(today)?],
        )
        .await?;
    let mut counted = BTreeMap::new();
    for row in &rows {
        let business: String = row.get("business")?;
        let counts: [i64; 4] = [row.get("todo")?, row.get("overdue")?, row.get("mine")?, row.get("done_today")?];
        counted.insert(business, counts);
    }
    let mut totals = Totals::default();
    let businesses = registry
        .iter()
        .map(|business| {
            let [todo, overdue, mine, done_today] = counted.get(business.key()).copied().unwrap_or_default();
            totals.todo += todo;
            totals.overdue += overdue;
            totals.mine += mine;
            BusinessCount {
                business: business.key().to_owned(),
                name: business.name(),
                todo,
                overdue,
                mine,
                done_today,
            }
        })
        .collect();
    Ok(Home { businesses, totals })
}

/// When `day` began in China.
fn midnight(day: standard::Date) -> Result<standard::Timestamp, Refusal> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    day.to_zoned(zone)
        .map(|zoned| zoned.timestamp())
        .map_err(|error| Refusal::internal(format!("start of {day}: {error}")))
}
