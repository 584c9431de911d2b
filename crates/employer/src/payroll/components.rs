//! The components editor: read, check while typing, try on one person, replace as a whole.

use ::store::{Db, Query, args};
use control::audit;
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Month, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;

use super::component::{Component, Proration, Scheme};
use super::compute::MonthContext;
use super::explain::{self, StepView};
use super::formula::{Formula, FormulaName, names};
use super::inputs::Inputs;
use super::payslip::{self, LineView};
use super::slip::LineRecorder;
use super::store as rows;
use super::{Gross, Net, entry};
use crate::attendance::summary;
use crate::employer_of;
use crate::insurance::base;
use crate::people::{company, month as people};

/// The components with everything the editor offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchemeView {
    /// The scheme.
    #[serde(flatten)]
    pub scheme: Scheme,
    /// Names and functions a formula may use.
    pub names: Vec<FormulaName>,
    /// `edit`.
    pub allowed_actions: Vec<&'static str>,
}

fn shown(actor: &Actor, scheme: Scheme) -> SchemeView {
    SchemeView {
        scheme,
        names: names(),
        allowed_actions: if actor.may(Permission::PayrollPrepare) {
            vec!["edit"]
        } else {
            Vec::new()
        },
    }
}

/// The company's components.
pub async fn get(actor: &Actor, db: &Db) -> Result<SchemeView, Refusal> {
    actor.require(Permission::PayrollView)?;
    Ok(shown(actor, rows::scheme(&mut db.read(), employer_of(actor)?).await?))
}

/// New components as a whole.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SchemeEdit {
    /// In order.
    pub components: Vec<Component>,
    /// Parts of months.
    pub proration: Proration,
    /// The version that was read.
    pub version: i64,
}

/// Replaces the components; runs already made keep the ones they were made with.
pub async fn put(actor: &Actor, db: &Db, edit: SchemeEdit) -> Result<SchemeView, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let employer_id = employer_of(actor)?;
    let next = Scheme {
        components: edit.components,
        proration: edit.proration,
        version: edit.version + 1,
    };
    let findings = next.findings();
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("payroll:{employer_id}")).await?;
    let before = rows::scheme(&mut tx, employer_id).await?;
    if before.version != edit.version {
        return Err(Refusal::conflict(
            "stale_version",
            "薪酬项目已被他人修改，请刷新后重试",
            "The components were changed meanwhile; reload and try again",
        ));
    }
    rows::put_scheme(&mut tx, employer_id, &next).await?;
    let (was, is) = (json!(before), json!(next));
    audit::record(
        &mut tx,
        actor,
        "payroll.components",
        "pay_scheme",
        next.version,
        Some(was),
        Some(is),
    )
    .await?;
    tx.commit().await?;
    Ok(shown(actor, next))
}

/// What a formula being typed comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormulaCheck {
    /// What is wrong; empty: it is a formula.
    pub findings: Vec<Finding>,
    /// The character the first fault is at, from 1.
    pub position: Option<usize>,
}

/// Checks a formula while it is typed.
pub fn check(actor: &Actor, formula: &str) -> Result<FormulaCheck, Refusal> {
    actor.require(Permission::PayrollView)?;
    Ok(match Formula::parse(formula) {
        Ok(_) => FormulaCheck {
            findings: Vec::new(),
            position: None,
        },
        Err(fault) => FormulaCheck {
            findings: vec![fault.finding],
            position: fault.position,
        },
    })
}

/// Components tried on one person's month without storing anything.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Trial {
    /// The components to try.
    pub components: Vec<Component>,
    /// Parts of months.
    pub proration: Proration,
    /// 工号 of the person.
    pub number: i64,
    /// The month.
    pub month: Month,
}

/// What a trial gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialResult {
    /// 姓名.
    pub name: String,
    /// 应发.
    pub gross: Gross,
    /// 实发.
    pub net: Net,
    /// The lines.
    pub lines: Vec<LineView>,
    /// How they came about.
    pub steps: Vec<StepView>,
    /// What the reader must know.
    pub findings: Vec<Finding>,
}

/// Tries components on one person; the year's earlier months are left out, so the tax is that of a first month.
pub async fn try_on(actor: &Actor, db: &Db, book: &'static RuleBook, trial: Trial) -> Result<TrialResult, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let employer_id = employer_of(actor)?;
    let scheme = Scheme {
        components: trial.components,
        proration: trial.proration,
        version: 0,
    };
    let findings = scheme.findings();
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    let mut q = db.read();
    let nobody = || Refusal::not_found("employee_not_found", "该月没有这名员工", "There is no such employee in the month");
    let known = people::of_month(&mut q, book, employer_id, trial.month, trial.number - 1, 1).await?;
    let person = known
        .into_iter()
        .next()
        .filter(|one| one.number == trial.number)
        .ok_or_else(nobody)?;
    let id: Uuid = person.employee_id;
    let bases = base::of_month(&mut q, book, employer_id, trial.month, std::slice::from_ref(&person)).await?;
    let mut entered = entry::of_month(&mut q, employer_id, trial.month).await?;
    let attendance = summary::of_month(&mut q, employer_id, trial.month).await?;
    let class = company::settings(&mut q, employer_id).await?.injury_class;
    let inputs = Inputs::of(
        &person,
        bases.get(&id),
        attendance.get(&id),
        entered.remove(&id).unwrap_or_default(),
        Default::default(),
        class,
    );
    let mut recorder = LineRecorder::default();
    let slip = MonthContext::new(book, trial.month, &scheme)?.slip(&inputs, &mut recorder);
    Ok(TrialResult {
        name: person.name,
        gross: slip.gross,
        net: slip.net,
        lines: payslip::lines(&scheme, &slip),
        steps: recorder.steps.iter().map(|(line, one)| explain::step(line, one)).collect(),
        findings: slip.findings,
    })
}

/// 会计科目 of departments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DepartmentAccount {
    /// 部门.
    pub department: String,
    /// 借方科目, such as 生产成本.
    pub account: String,
}

/// Sets the account a department's pay is booked to.
pub async fn put_account(actor: &Actor, db: &Db, one: DepartmentAccount) -> Result<DepartmentAccount, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    let employer_id = employer_of(actor)?;
    let account = one.account.trim().to_owned();
    if !(1..=40).contains(&account.chars().count()) || one.department.chars().count() > 200 {
        let finding = Finding::blocking("account_name", "会计科目 1—40 个字", "An account has 1 to 40 characters");
        return Err(Refusal::invalid(finding.field("account")));
    }
    let mut tx = db.begin().await?;
    tx.execute(
        "INSERT INTO employer_pay_account (employer_id, department, account) VALUES ($1, $2, $3)
         ON CONFLICT (employer_id, department) DO UPDATE SET account = excluded.account",
        args![employer_id, &one.department, &account],
    )
    .await?;
    let after = json!({ "account": account });
    audit::record(&mut tx, actor, "payroll.account", "pay_account", &one.department, None, Some(after)).await?;
    tx.commit().await?;
    Ok(DepartmentAccount { account, ..one })
}
