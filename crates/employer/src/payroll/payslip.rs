//! One payslip for its reader: the lines in the order of the sheet, and the insurances paid.

use ::store::{Db, Query, args};
use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Finding, Insurance, Money, Month, Refusal, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

use super::component::{PayKind, Scheme, TaxTreatment};
use super::deductions::line_of;
use super::run::{Run, RunKind, RunState};
use super::slip::Slip;
use super::store::{self as rows, SlipRow};
use super::{Gross, Net};
use crate::employer_of;

/// Where a line stands on the payslip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineGroup {
    /// 应发项目.
    Earning,
    /// 缺勤等减项, before tax.
    Reduction,
    /// 社保、公积金、个税: statutory.
    Statutory,
    /// 其他扣款, after tax.
    Deduction,
    /// 单位承担.
    Employer,
    /// 说明.
    Note,
}

/// A line of a payslip.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayslipLine)]
pub struct LineView {
    /// Stable.
    pub code: String,
    /// As it is called.
    pub name: String,
    /// Where it stands.
    pub group: LineGroup,
    /// How much.
    pub amount: Money,
    /// The month a back payment is for.
    pub for_month: Option<Month>,
    /// 依据.
    pub basis: String,
}

/// The lines of a payslip in the order of the sheet.
pub fn lines(scheme: &Scheme, slip: &Slip) -> Vec<LineView> {
    let mut all = Vec::new();
    for component in &scheme.components {
        let group = match (component.kind, component.tax) {
            (PayKind::Earning, _) => LineGroup::Earning,
            (PayKind::Deduction, TaxTreatment::Free) => LineGroup::Deduction,
            (PayKind::Deduction, _) => LineGroup::Reduction,
            (PayKind::Note, _) => LineGroup::Note,
        };
        all.extend(slip.lines.iter().filter(|line| line.code == component.code).map(|line| LineView {
            code: component.code.clone(),
            name: component.name.clone(),
            group,
            amount: line.amount,
            for_month: line.for_month,
            basis: component.basis.clone(),
        }));
    }
    all.extend(statutory(slip));
    all
}

/// What the law takes from the employee, then what the employer pays; nothing of zero.
fn statutory(slip: &Slip) -> Vec<LineView> {
    const DUTY: &str = "社会保险法第六十条";
    const FUND: &str = "住房公积金管理条例第十九条";
    const BONUS: &str = "财政部 税务总局公告2023年第30号";
    let line = |code: &str, name: String, group, amount: Money, basis: &str| LineView {
        code: code.to_owned(),
        name,
        group,
        amount,
        for_month: None,
        basis: basis.to_owned(),
    };
    let side = |group, who: &str, amounts: [Money; 5]| {
        Insurance::ALL.map(|insurance| {
            let name = format!("{}保险（{who}）", insurance.zh());
            line(line_of(insurance), name, group, amounts[insurance as usize], DUTY)
        })
    };
    let fund = |group, who: &str| line("housing_fund", format!("住房公积金（{who}）"), group, slip.fund, FUND);
    let mut all = side(LineGroup::Statutory, "个人", slip.employee).to_vec();
    all.push(fund(LineGroup::Statutory, "个人"));
    let (tax, bonus) = ("个人所得税".to_owned(), "全年一次性奖金个税".to_owned());
    all.push(line("tax", tax, LineGroup::Statutory, slip.tax, "个人所得税法第十一条"));
    all.push(line("bonus_tax", bonus, LineGroup::Statutory, slip.bonus_tax, BONUS));
    all.extend(side(LineGroup::Employer, "单位", slip.employer));
    all.push(fund(LineGroup::Employer, "单位"));
    all.retain(|line| !line.amount.is_zero());
    all
}

/// One insurance of a payslip.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayslipInsurance)]
pub struct InsuranceView {
    /// Which.
    pub insurance: Insurance,
    /// 缴费基数.
    pub base: Money,
    /// 单位.
    pub employer: Money,
    /// 个人.
    pub employee: Money,
}

/// A payslip in full.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payslip {
    /// The run.
    pub run_id: Uuid,
    /// The month.
    pub month: Month,
    /// Regular or difference.
    pub kind: RunKind,
    /// Where the run stands.
    pub state: RunState,
    /// The law's version.
    pub law: String,
    /// 工号.
    pub number: i64,
    /// Key.
    pub employee_id: Uuid,
    /// 姓名.
    pub name: String,
    /// 部门.
    pub department: String,
    /// 参保城市.
    pub region: RegionCode,
    /// 应发.
    pub gross: Gross,
    /// 实发.
    pub net: Net,
    /// The lines in order.
    pub lines: Vec<LineView>,
    /// The insurances paid.
    pub insurances: Vec<InsuranceView>,
    /// What the reader must know.
    pub findings: Vec<Finding>,
}

/// The payslip of one person, and the row it was stored as.
pub(super) async fn payslip_of(q: &mut impl Query, employer_id: Uuid, id: Uuid, employee_id: Uuid) -> Result<(Run, SlipRow), Refusal> {
    let run = rows::run(q, employer_id, id).await?;
    let row = q
        .optional(
            "SELECT * FROM employer_payslip WHERE employer_id = $1 AND employee_id = $2 AND month = $3 AND run_id = $4",
            args![employer_id, employee_id, run.month, id],
        )
        .await?
        .ok_or_else(|| {
            Refusal::not_found(
                "payslip_not_found",
                "该批次中没有此人的工资条",
                "The run holds no payslip of this person",
            )
        })?;
    Ok((run, rows::read_slip(&row)?))
}

/// As its reader sees it.
pub(super) fn payslip(run: &Run, row: SlipRow) -> Payslip {
    let SlipRow { payee, slip, .. } = row;
    let insurances = Insurance::ALL.into_iter().map(|insurance| InsuranceView {
        insurance,
        base: slip.bases[insurance as usize],
        employer: slip.employer[insurance as usize],
        employee: slip.employee[insurance as usize],
    });
    Payslip {
        run_id: run.id,
        month: run.month,
        kind: run.kind,
        state: run.state,
        law: run.law.clone(),
        number: payee.number,
        employee_id: payee.employee_id,
        name: payee.name,
        department: payee.department,
        region: payee.region,
        gross: slip.gross,
        net: slip.net,
        lines: lines(&run.scheme, &slip),
        insurances: insurances
            .filter(|one| !(one.base.is_zero() && one.employer.is_zero() && one.employee.is_zero()))
            .collect(),
        findings: slip.findings,
    }
}

/// One payslip of a run.
pub async fn slip(actor: &Actor, db: &Db, id: Uuid, employee_id: Uuid) -> Result<Payslip, Refusal> {
    actor.require(Permission::PayrollView)?;
    let (run, row) = payslip_of(&mut db.read(), employer_of(actor)?, id, employee_id).await?;
    Ok(payslip(&run, row))
}
