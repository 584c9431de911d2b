//! The people of an order, page by page.

use std::collections::HashMap;

use ::store::{Db, Query, args, in_list};
use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{IdNumber, Money, Month, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::assessment;
use crate::collection::{order, region_of};
use crate::enrolment::{PersonId, id_numbers};

/// Most rows of a page.
const PAGE_MAX: usize = 200;

/// One person and month on an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderPersonRow {
    /// 个人编号.
    pub person_number: String,
    /// 姓名.
    pub name: String,
    /// 证件号码, masked.
    pub id_masked: String,
    /// 费款所属期.
    pub month: Month,
    /// Pension base, fen.
    pub base_fen: Money,
    /// 单位应缴, all insurances, fen.
    pub employer_fen: Money,
    /// 个人应缴, all insurances, fen.
    pub employee_fen: Money,
}

/// A page of an order's people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderPeople {
    /// The rows.
    pub items: Vec<OrderPersonRow>,
    /// How many in all.
    pub total: usize,
    /// Where the next page begins.
    pub next_offset: Option<usize>,
}

/// People of an order, a page at a time.
pub async fn people(actor: &Actor, db: &Db, order_id: Uuid, offset: usize, limit: usize) -> Result<OrderPeople, Refusal> {
    actor.require(Permission::CollectionView)?;
    let region = region_of(actor)?;
    let mut q = db.read();
    order::get(&mut q, region, order_id).await?;
    let (page, total) = assessment::page_of_order(&mut q, region, order_id, offset, limit.clamp(1, PAGE_MAX)).await?;
    let ids: Vec<PersonId> = page.iter().map(|row| row.person_id).collect();
    let numbers = id_numbers(&mut q, db.cipher(), &ids, region).await?;
    let mut named: HashMap<Uuid, (String, String)> = HashMap::new();
    if !ids.is_empty() {
        let mut args = args![region];
        args.extend(ids.iter().map(|id| id.0));
        let sql = format!(
            "SELECT person_id, name, person_number FROM agency_person WHERE region = $1 AND person_id IN {}",
            in_list(ids.len(), 2)
        );
        for row in q.all(&sql, args).await? {
            named.insert(row.get("person_id")?, (row.get("name")?, row.get("person_number")?));
        }
    }
    let items = page
        .iter()
        .map(|row| {
            let (name, person_number) = named.get(&row.person_id.0).cloned().unwrap_or_default();
            Ok(OrderPersonRow {
                person_number,
                name,
                id_masked: numbers.get(&row.person_id).map(IdNumber::masked).unwrap_or_default(),
                month: row.month,
                base_fen: row.bases[0],
                employer_fen: Money::sum(row.employer)?,
                employee_fen: Money::sum(row.employee)?,
            })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let next = offset + items.len();
    Ok(OrderPeople {
        next_offset: (next < total && !items.is_empty()).then_some(next),
        items,
        total,
    })
}
