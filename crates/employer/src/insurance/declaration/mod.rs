//! 缴费工资申报 of a month, region by region: built from the month's people and their bases, previewed with findings first, filed in
//! parts, answered line by line. Filing what is filed changes nothing; what was refused or came late follows in a further one.

mod build;
pub mod file;
pub mod prepare;
pub mod receive;
pub(crate) mod store;

use ::store::Db;
use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Insurance, Money, Month, Refusal, RegionCode, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;
use crate::insurance::amounts::{Amounts, InsuranceAmount};
use crate::insurance::base::BaseOrigin;
use crate::insurance::filing::FilingState;
use crate::insurance::transfer::timeline::ReasonView;

pub use file::file;
pub use prepare::prepare;

/// Somebody who is not declared, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// Who.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// Why, and what to do.
    pub finding: Finding,
}

/// A declaration, or one part of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeclarationView {
    /// Key.
    pub id: Uuid,
    /// 申报编号.
    pub number: i64,
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// 费款所属期.
    pub month: Month,
    /// Part number from 1.
    pub part: i64,
    /// Of so many.
    pub parts: i64,
    /// Where it stands.
    pub state: FilingState,
    /// The state's word on screen.
    pub state_name: String,
    /// 0 until filed; one more each time it is filed.
    pub round: i64,
    /// How many people.
    pub people: i64,
    /// How many lines the agency refused.
    pub refused: i64,
    /// 工伤行业类别.
    pub industry_class: Option<i32>,
    /// Expected by law, employer's side; absent for whoever sees no amounts.
    pub employer_fen: Option<Money>,
    /// Expected by law, employees' side.
    pub employee_fen: Option<Money>,
    /// 经办机构 that answered.
    pub office: String,
    /// Why it was returned or refused as a whole.
    pub reasons: Vec<ReasonView>,
    /// People not declared, with the reason; kept with the first part.
    pub left_out: Vec<LeftOut>,
    /// When it was prepared.
    #[schema(value_type = String, format = DateTime)]
    pub prepared_at: Timestamp,
    /// When it was filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filed_at: Option<Timestamp>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// Version of the law it was computed with.
    pub law_version: String,
    /// What the reader may do: `file`, `prepare`, `export`.
    pub allowed_actions: Vec<String>,
}

/// One person of a declaration.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeclarationLineView {
    /// Number within the declaration.
    pub line: i64,
    /// Who.
    pub employee_id: Uuid,
    /// Name.
    pub name: String,
    /// Masked 证件号码.
    pub id_masked: String,
    /// Which insurances.
    pub insurances: Vec<Insurance>,
    /// 申报工资; absent for whoever sees no wages.
    pub wage_fen: Option<Money>,
    /// Where it comes from.
    pub origin: BaseOrigin,
    /// The origin's word on screen.
    pub origin_name: String,
    /// In words.
    pub derivation: Option<Text>,
    /// When hired within the month.
    #[schema(value_type = Option<String>, format = Date)]
    pub hired_on: Option<Date>,
    /// By insurance; absent for whoever sees no amounts.
    pub amounts: Option<Vec<InsuranceAmount>>,
    /// Both sides of all; absent for whoever sees no amounts.
    pub total_fen: Option<Money>,
    /// `draft`, `filed`, `accepted` or `refused`.
    pub state: String,
    /// What is to be looked at.
    pub findings: Vec<Finding>,
    /// Why the agency refused the line.
    pub reasons: Vec<ReasonView>,
}

/// A page of a declaration's people, those with findings first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeclarationLines {
    /// The people.
    pub items: Vec<DeclarationLineView>,
    /// How many in all.
    pub total: i64,
    /// Pass it to get the next page.
    pub next_cursor: Option<i64>,
}

/// A declaration with its totals and the first people.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeclarationDetail {
    /// The declaration.
    pub declaration: DeclarationView,
    /// Totals by insurance; absent for whoever sees no amounts.
    pub totals: Option<Vec<InsuranceAmount>>,
    /// How many lines have findings.
    pub with_findings: i64,
    /// The people.
    pub lines: DeclarationLines,
}

/// Declarations of a month, newest first.
pub async fn list(actor: &Actor, db: &Db, month: Option<Month>, region: Option<RegionCode>) -> Result<Vec<DeclarationView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let found = store::list(&mut db.read(), employer_of(actor)?, month, region, 200).await?;
    Ok(found.into_iter().map(|one| one.view(actor)).collect())
}

/// One declaration with a page of its people; `cursor` is how many were shown before.
pub async fn get(actor: &Actor, db: &Db, id: Uuid, cursor: i64, limit: i64) -> Result<DeclarationDetail, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let found = store::get(&mut q, employer_id, id).await?;
    let amounts = actor.require(Permission::ContributionView).is_ok();
    let wages = actor.require(Permission::WageView).is_ok();
    let (cursor, limit) = (cursor.max(0), limit.clamp(1, 500));
    let lines = store::lines(&mut q, employer_id, id, cursor, limit).await?;
    let totals: Amounts = store::totals(&mut q, employer_id, id).await?;
    let next = cursor + lines.len() as i64;
    Ok(DeclarationDetail {
        totals: amounts.then(|| totals.view(wages)).transpose()?,
        with_findings: store::with_findings(&mut q, employer_id, id).await?,
        lines: DeclarationLines {
            items: lines.into_iter().map(|line| line.view(wages, amounts)).collect::<Result<_, _>>()?,
            total: found.people,
            next_cursor: (next < found.people).then_some(next),
        },
        declaration: found.view(actor),
    })
}

fn not_found() -> Refusal {
    Refusal::not_found("declaration_not_found", "没有找到该申报", "no such declaration")
}
