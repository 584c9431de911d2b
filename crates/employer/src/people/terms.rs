//! Changing one employee's wage or place from a day on, and the terms of insurance, housing fund and tax.

use std::collections::BTreeMap;

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::Deserialize;
use serde_json::json;
use standard::{Date, Finding, Insurance, Money, Refusal, RegionCode};
use store::Db;
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::{self, Change};
use super::history::{self, Entered};
use super::store as rows;
use super::{checks, company, industry};
use crate::employer_of;

/// A wage from a day on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WageChange {
    /// The first day it holds.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// 月工资; none withdraws the step of that day.
    #[serde(default)]
    pub monthly_fen: Option<Money>,
    /// Why; asked for when the day is past or a step is withdrawn.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A place from a day on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PlaceChange {
    /// The first day it holds.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// 部门, a path such as 制造部/一车间.
    #[serde(default)]
    pub department: Option<String>,
    /// 岗位.
    #[serde(default)]
    pub position: Option<String>,
    /// 参保城市.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// Why; asked for when the day is past.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Longest reason.
const REASON_CHARS: usize = 500;

/// A reason as it is kept: trimmed, none when empty, refused when too long.
pub(super) fn reason_of(typed: Option<&str>) -> Result<Option<String>, Refusal> {
    let text = typed.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > REASON_CHARS) {
        return Err(Refusal::invalid(
            Finding::blocking(
                "reason_too_long",
                format!("原因超过 {REASON_CHARS} 个字"),
                format!("the reason is longer than {REASON_CHARS} characters"),
            )
            .field("reason")
            .remedy("请缩短", "shorten it"),
        ));
    }
    Ok(text.map(String::from))
}

/// Sets the wage from a day on. Earlier rows stay as they are.
pub async fn set_wage(actor: &Actor, db: &Db, employee_id: Uuid, from: Date, monthly: Money, reason: Option<&str>) -> Result<(), Refusal> {
    actor.require(Permission::WageView)?;
    let change = Change {
        wage: Some(monthly),
        reason: reason_of(reason)?,
        ..Change::of(employee_id, from)
    };
    one(actor, db, change, "employee.wage").await
}

/// Moves an employee to another department, position or city from a day on.
pub async fn transfer_position(actor: &Actor, db: &Db, employee_id: Uuid, to: PlaceChange) -> Result<(), Refusal> {
    let region = to.region.map(|region| checks::city(&region.to_string())).transpose()?;
    let change = Change {
        department: to.department,
        position: to.position,
        region,
        reason: reason_of(to.reason.as_deref())?,
        ..Change::of(employee_id, to.from)
    };
    one(actor, db, change, "employee.place").await
}

/// Plans and writes one change, or refuses it with everything that is wrong.
async fn one(actor: &Actor, db: &Db, change: Change, act: &str) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    // An employee of another unit is not found, and says no more than that.
    let employee = rows::get(&mut tx, employer_id, change.employee_id).await?;
    let planned = change::plan(&mut tx, employer_id, vec![change], today).await?;
    let findings: Vec<Finding> = planned.iter().flat_map(|row| row.findings.clone()).collect();
    if findings.iter().any(Finding::is_blocking) {
        return Err(Refusal::invalid_all(findings));
    }
    if !planned.iter().any(|row| row.changed) {
        return Err(nothing_changes());
    }
    change::apply(&mut tx, actor, employer_id, &planned, today).await?;
    let (before, after) = (json!(planned[0].before), json!(planned[0].after));
    audit::record(&mut tx, actor, act, "employee", employee.id, Some(before), Some(after)).await?;
    tx.commit().await
}

fn nothing_changes() -> Refusal {
    Refusal::invalid(
        Finding::blocking(
            "nothing_changes",
            "与现有记录相同，没有变更",
            "this is what the record says already",
        )
        .remedy("请核对要变更的内容和生效日期", "check what is to change and from when"),
    )
}

/// Withdraws the wage step of a day, with a reason; the row stays in the history.
pub async fn withdraw_wage(actor: &Actor, db: &Db, employee_id: Uuid, from: Date, reason: Option<&str>) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    actor.require(Permission::WageView)?;
    let employer_id = employer_of(actor)?;
    let Some(reason) = reason_of(reason)? else {
        return Err(Refusal::invalid(
            Finding::blocking(
                "past_step_needs_reason",
                "撤销工资记录须填写原因",
                "withdrawing a wage needs a reason",
            )
            .field("reason"),
        ));
    };
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    rows::get(&mut tx, employer_id, employee_id).await?;
    let steps = history::holding(&history::wages(&mut tx, employer_id, employee_id).await?);
    let Some(monthly) = steps.get(&from) else {
        return Err(Refusal::not_found(
            "wage_step_not_found",
            format!("{from} 没有工资记录"),
            format!("there is no wage step of {from}"),
        ));
    };
    if steps.len() == 1 {
        return Err(Refusal::invalid(
            Finding::blocking("last_wage_step", "唯一的工资记录不能撤销", "the only wage step cannot be withdrawn")
                .field("from")
                .remedy("请直接录入正确的工资", "enter the right wage instead"),
        ));
    }
    let entered = Entered::of(actor, Some(&reason));
    history::add_wage(&mut tx, employer_id, employee_id, from, None, entered).await?;
    change::refresh(&mut tx, employer_id, Some(&[employee_id]), clock::today()).await?;
    let before = json!({ "from": from.to_string(), "monthly_fen": monthly });
    audit::record(
        &mut tx,
        actor,
        "employee.wage_withdraw",
        "employee",
        employee_id,
        Some(before),
        Some(json!({ "reason": reason })),
    )
    .await?;
    tx.commit().await
}

/// The terms of insurance, housing fund and tax, and the industry's fields. Absent fields stay.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct TermsEdit {
    /// The version the change is based on.
    pub version: i64,
    /// Which insurances the unit pays.
    #[serde(default)]
    pub insurances: Option<Vec<Insurance>>,
    /// Whether the housing fund is paid.
    #[serde(default)]
    pub fund_joined: Option<bool>,
    /// 公积金缴存基数; 0 removes it, and the wage decides.
    #[serde(default)]
    pub fund_base_fen: Option<Money>,
    /// The year of the first employment ever; 0 removes it.
    #[serde(default)]
    pub first_work_year: Option<i64>,
    /// 上年度月平均工资 given by hand.
    #[serde(default)]
    pub prior_average: Option<PriorAverage>,
    /// The fields of the industry's template.
    #[serde(default)]
    pub extra: Option<BTreeMap<String, String>>,
}

/// 上年度月平均工资.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PriorAverage {
    /// Of which year.
    pub year: i32,
    /// A month.
    pub average_fen: Money,
}

/// Changes the terms, if nobody changed the record meanwhile.
pub async fn edit_terms(actor: &Actor, db: &Db, id: Uuid, edit: TermsEdit) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let mut employee = rows::get(&mut tx, employer_id, id).await?;
    if employee.version != edit.version {
        return Err(rows::stale());
    }
    let settings = company::settings(&mut tx, employer_id).await?;
    let before = terms_snapshot(&employee);
    let mut findings = weigh_terms(&edit, i64::from(today.year()));
    if let Some(extra) = &edit.extra {
        let template = settings.industry.as_deref().and_then(industry::template);
        match industry::weigh_extra(template, extra) {
            Ok(kept) => employee.extra = serde_json::to_string(&kept).map_err(Refusal::internal)?,
            Err(wrong) => findings.extend(wrong),
        }
    }
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    if let Some(insurances) = edit.insurances {
        employee.insurances = (insurances.len() < Insurance::ALL.len()).then_some(insurances);
    }
    employee.fund_joined = edit.fund_joined.unwrap_or(employee.fund_joined);
    if let Some(base) = edit.fund_base_fen {
        employee.fund_base_fen = (base > Money::ZERO).then_some(base);
    }
    if let Some(year) = edit.first_work_year {
        employee.first_work_year = (year > 0).then_some(year);
    }
    employee.updated_at = clock::now();
    rows::update(&mut tx, &employee).await?;
    if let Some(prior) = edit.prior_average {
        let change = Change {
            prior_average: Some((prior.year, prior.average_fen)),
            ..Change::of(id, today.max(employee.hired_on))
        };
        let planned = change::plan(&mut tx, employer_id, vec![change], today).await?;
        change::apply(&mut tx, actor, employer_id, &planned, today).await?;
    }
    let after = terms_snapshot(&employee);
    audit::record(&mut tx, actor, "employee.terms", "employee", id, Some(before), Some(after)).await?;
    tx.commit().await
}

fn terms_snapshot(e: &rows::Employee) -> serde_json::Value {
    json!({
        "insurances": e.insurances, "fund_joined": e.fund_joined, "fund_base_fen": e.fund_base_fen,
        "first_work_year": e.first_work_year, "extra": e.extra,
    })
}

fn weigh_terms(edit: &TermsEdit, this_year: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    if edit.insurances.as_ref().is_some_and(|named| named.len() > Insurance::ALL.len()) {
        findings.push(Finding::blocking("insurances_unreadable", "险种最多五项", "there are five insurances").field("insurances"));
    }
    if edit
        .fund_base_fen
        .is_some_and(|base| base < Money::ZERO || base > checks::WAGE_MOST)
    {
        findings.push(checks::wage_unreadable().field("fund_base_fen"));
    }
    if edit
        .first_work_year
        .is_some_and(|year| year != 0 && !(1950..=this_year + 1).contains(&year))
    {
        findings.push(
            Finding::blocking("year_unreadable", "首次就业年份不合理", "that year cannot be")
                .field("first_work_year")
                .remedy("请填写四位年份，如 2026", "write four digits, such as 2026"),
        );
    }
    if let Some(prior) = &edit.prior_average {
        if prior.average_fen <= Money::ZERO || prior.average_fen > checks::WAGE_MOST {
            findings.push(checks::wage_not_positive().field("average_fen"));
        }
        if !(2000..this_year).contains(&i64::from(prior.year)) {
            findings.push(
                Finding::blocking(
                    "year_unreadable",
                    "上年度应是已经过去的一年",
                    "the year of the average must have passed",
                )
                .field("year"),
            );
        }
    }
    findings
}
