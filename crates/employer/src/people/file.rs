//! 员工档案: everything kept of one employee, each part only for those who may see it.

use std::collections::BTreeMap;

use control::clock;
use control::identity::{Actor, Field, Permission, Visibility};
use policy::RuleBook;
use serde::Serialize;
use standard::{Date, Insurance, Money, Month, Refusal};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bank::AccountView;
use super::claim::ClaimView;
use super::contract::ContractView;
use super::document::EmployeeDocument;
use super::history::{PositionRow, WageRow};
use super::industry::Industry;
use super::leave::{Stint, reason_zh};
use super::login::LoginView;
use super::store as rows;
use super::{bank, claim, company, contract, document, history, industry, leave, login};
use crate::employer_of;

/// 上年度月平均工资 of a year.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AverageRow {
    /// Of which year.
    pub year: i64,
    /// A month.
    pub average_fen: Money,
    /// Who entered it.
    pub entered_name: String,
}

/// What only those see who see wages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WageFile {
    /// Wage history, oldest first.
    pub steps: Vec<WageRow>,
    /// Averages by year, latest first.
    pub averages: Vec<AverageRow>,
    /// 公积金缴存基数, where one was set.
    pub fund_base_fen: Option<Money>,
}

/// What an employee claims against the tax.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimFile {
    /// Newest first.
    pub claims: Vec<ClaimView>,
    /// The month the sums are of.
    pub month: Month,
    /// 专项附加扣除 of that month.
    pub special_additional_fen: Money,
    /// 其他扣除 of that month.
    pub other_fen: Money,
    /// The year of the first employment ever.
    pub first_work_year: Option<i64>,
}

/// The file of an employee. Parts the reader may not see are left out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EmployeeFile {
    /// Whose.
    pub employee_id: Uuid,
    /// For the next edit.
    pub version: i64,
    /// 离职日期.
    #[schema(value_type = Option<String>, format = Date)]
    pub left_on: Option<Date>,
    /// Why, as a word on screen.
    pub leave_reason_name: Option<String>,
    /// HR's note.
    pub leave_note: Option<String>,
    /// Earlier employments here.
    pub stints: Vec<Stint>,
    /// The record this one was merged into.
    pub merged_into: Option<Uuid>,
    /// Contracts, latest first.
    pub contracts: Vec<ContractView>,
    /// Positions, oldest first.
    pub positions: Vec<PositionRow>,
    /// Wages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wages: Option<WageFile>,
    /// Bank accounts, the present one first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<AccountView>>,
    /// Deductions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deductions: Option<ClaimFile>,
    /// Documents, newest first.
    pub documents: Vec<EmployeeDocument>,
    /// Kinds of material the industry asks for that are not there yet.
    pub documents_missing: Vec<String>,
    /// Which insurances the unit pays.
    pub insurances: Vec<Insurance>,
    /// Whether the housing fund is paid.
    pub fund_joined: bool,
    /// The industry's fields.
    pub extra: BTreeMap<String, String>,
    /// Keys of required fields still empty.
    pub extra_missing: Vec<String>,
    /// The industry's template.
    pub industry: Option<Industry>,
    /// The employee's own login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginView>,
    /// What the reader may do.
    pub allowed_actions: Vec<String>,
}

/// Reads the file.
pub async fn get(actor: &Actor, db: &Db, book: &RuleBook, id: Uuid) -> Result<EmployeeFile, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let e = rows::get(&mut q, employer_id, id).await?;
    let settings = company::settings(&mut q, employer_id).await?;
    let template = settings.industry.as_deref().and_then(industry::template);
    let documents = document::list(&mut q, employer_id, id).await?;
    let extra: BTreeMap<String, String> = serde_json::from_str(&e.extra).map_err(Refusal::internal)?;
    let sees_wage = actor.may(Permission::WageView) && actor.sees(Field::Wage) == Visibility::Full;
    let wages = match sees_wage {
        true => Some(wage_file(&mut q, &e).await?),
        false => None,
    };
    let accounts = match actor.sees(Field::BankAccount) {
        Visibility::Absent => None,
        Visibility::Full | Visibility::Masked => Some(bank::list(&mut q, employer_id, id).await?),
    };
    let deductions = match sees_wage {
        true => Some(claim_file(&mut q, db, book, &e).await?),
        false => None,
    };
    let edits = actor.may(Permission::EmployeeEdit);
    let login = if edits { login::of(&mut q, employer_id, id).await? } else { None };
    let allowed_actions = allowed(actor, &e, login.is_some());
    Ok(EmployeeFile {
        employee_id: id,
        version: e.version,
        left_on: e.left_on,
        leave_reason_name: e.leave_reason.map(|reason| reason_zh(reason).to_string()),
        leave_note: e.leave_note,
        stints: leave::stints(&mut q, employer_id, id).await?,
        merged_into: e.merged_into,
        contracts: contract::list(&mut q, employer_id, id).await?,
        positions: history::positions(&mut q, employer_id, id).await?,
        wages,
        accounts,
        deductions,
        documents_missing: missing_documents(template, &documents),
        documents,
        insurances: e.insurances.unwrap_or_else(|| Insurance::ALL.to_vec()),
        fund_joined: e.fund_joined,
        extra_missing: missing_fields(template, &extra),
        extra,
        industry: template.cloned(),
        login,
        allowed_actions,
    })
}

async fn wage_file(q: &mut impl Query, e: &rows::Employee) -> Result<WageFile, Refusal> {
    let averages = q
        .all(
            "SELECT year, average_fen, entered_name FROM employer_prior_average WHERE employer_id = $1 AND employee_id = $2
             ORDER BY year DESC, seq DESC",
            args![e.employer_id, e.id],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(AverageRow {
                year: row.get("year")?,
                average_fen: row.get("average_fen")?,
                entered_name: row.get("entered_name")?,
            })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    Ok(WageFile {
        steps: history::wages(q, e.employer_id, e.id).await?,
        averages,
        fund_base_fen: e.fund_base_fen,
    })
}

async fn claim_file(q: &mut impl Query, db: &Db, book: &RuleBook, e: &rows::Employee) -> Result<ClaimFile, Refusal> {
    let month = Month::of(clock::today());
    let claims = claim::list(q, db, e.employer_id, e.id).await?;
    let (special_additional_fen, other_fen) = claim::total(book, month, &claims)?;
    Ok(ClaimFile {
        claims,
        month,
        special_additional_fen,
        other_fen,
        first_work_year: e.first_work_year,
    })
}

fn missing_documents(template: Option<&Industry>, documents: &[EmployeeDocument]) -> Vec<String> {
    let wanted = template.map_or(&[][..], |industry| &industry.materials);
    wanted
        .iter()
        .filter(|kind| !documents.iter().any(|document| document.kind == **kind))
        .cloned()
        .collect()
}

fn missing_fields(template: Option<&Industry>, extra: &BTreeMap<String, String>) -> Vec<String> {
    let fields = template.map_or(&[][..], |industry| &industry.fields);
    fields
        .iter()
        .filter(|field| field.required && !extra.contains_key(&field.key))
        .map(|field| field.key.clone())
        .collect()
}

fn allowed(actor: &Actor, e: &rows::Employee, has_login: bool) -> Vec<String> {
    let mut actions = Vec::new();
    if actor.may(Permission::RevealSensitive) {
        actions.extend(["reveal_account", "read_document"]);
    }
    if actor.may(Permission::EmployeeEdit) && e.merged_into.is_none() {
        actions.extend(["edit_terms", "add_document", "set_account", "add_claim", "add_contract"]);
        if actor.may(Permission::WageView) {
            actions.push("set_wage");
        }
        actions.push("move");
        match e.left_on {
            None => actions.push("leave"),
            Some(_) => actions.extend(["revoke_leave", "rehire"]),
        }
        if !has_login && e.left_on.is_none() && actor.may(Permission::UserManage) {
            actions.push("create_login");
        }
    }
    actions.into_iter().map(String::from).collect()
}
