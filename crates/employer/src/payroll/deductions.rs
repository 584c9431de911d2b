//! What goes from gross to net: the five insurances, the housing fund, the tax, and deductions after tax.

use policy::contribution::{self, Case, Contribution, Share};
use policy::tax::{self, TaxMonth};
use policy::trace::Step;
use policy::{Rules, housing_fund};
use standard::{Finding, Insurance, Money, Month};

use super::Net;
use super::compute::MonthContext;
use super::inputs::Inputs;
use super::slip::{Slip, SlipTrace};

/// Fills in everything below the gross. net = gross − the employee's insurances − housing fund − tax − deductions after tax.
pub(super) fn apply<T: SlipTrace>(
    context: &MonthContext<'_>,
    rules: &Rules<'_>,
    inputs: &Inputs,
    slip: &mut Slip,
    trace: &mut T,
) -> Result<(), Finding> {
    insurances(context, rules, inputs, slip, trace)?;
    fund(context, rules, inputs, slip, trace)?;
    taxes(context, inputs, slip, trace)?;
    let insured = Money::sum(slip.employee)?;
    let taken = Money::sum([insured, slip.fund, slip.tax, slip.bonus_tax, slip.other])?;
    slip.net = Net(slip.gross.0.try_sub(taken)?);
    trace.line("net");
    trace.step(|| {
        let figures = format!(
            "应发 {} − 社保个人 {insured} − 公积金个人 {} − 个税 {} − 奖金个税 {} − 其他扣款 {}",
            slip.gross.0, slip.fund, slip.tax, slip.bonus_tax, slip.other
        );
        Step::new("net_pay", "实发工资", "Net pay", figures, slip.net.0)
    });
    if slip.net.0.is_negative() {
        slip.findings.push(
            Finding::warning(
                "negative_net",
                format!("实发为负（{}），不予发放", slip.net.0),
                format!("The net is negative ({}) and is not paid", slip.net.0),
            )
            .remedy(
                "请与员工约定补缴个人部分，或核对扣款",
                "Agree with the employee on paying their part, or check the deductions",
            ),
        );
    }
    Ok(())
}

/// 社会保险法第六十条: 职工应当缴纳的社会保险费由用人单位代扣代缴. A side whose rate is not encoded is named, not guessed.
fn insurances<T: SlipTrace>(
    context: &MonthContext<'_>,
    rules: &Rules<'_>,
    inputs: &Inputs,
    slip: &mut Slip,
    trace: &mut T,
) -> Result<(), Finding> {
    if inputs.insurances == 0 {
        return Ok(());
    }
    let Some((wage, origin)) = inputs.base else {
        return Err(
            Finding::blocking("base_missing", "没有缴费基数，无法计算社保", "There is no contribution base")
                .remedy("请在“缴费基数”中核定", "Set the base under contribution bases")
                .field("base"),
        );
    };
    let hired_on = (Month::of(inputs.hired_on) == context.month).then_some(inputs.hired_on);
    let case = Case {
        wage,
        hired_on,
        industry_class: inputs.industry_class,
    };
    trace.line("insurance");
    trace.step(|| Step::new("base_wage", "缴费工资", "Wage of the base", origin.zh(), wage));
    let share = contribution::entry_share(rules, hired_on, trace)?;
    for insurance in Insurance::ALL.into_iter().filter(|one| inputs.pays(*one)) {
        trace.line(line_of(insurance));
        let one = contribution::insurance(rules, insurance, &case, share, trace)?;
        book(slip, insurance, &one, share);
    }
    Ok(())
}

/// The payslip line of an insurance.
pub(super) const fn line_of(insurance: Insurance) -> &'static str {
    match insurance {
        Insurance::Pension => "insurance_pension",
        Insurance::Medical => "insurance_medical",
        Insurance::Unemployment => "insurance_unemployment",
        Insurance::Injury => "insurance_injury",
        Insurance::Maternity => "insurance_maternity",
    }
}

fn book(slip: &mut Slip, insurance: Insurance, one: &Contribution, share: Share) {
    let at = insurance as usize;
    if share != Share::None {
        slip.bases[at] = one.base;
    }
    slip.employer[at] = one.employer.unwrap_or_default();
    slip.employee[at] = one.employee.unwrap_or_default();
    if one.employer.is_none() || one.employee.is_none() {
        // The run says it once a region; here it only stands with the payslip.
        slip.findings.push(Finding::info(
            "rate_not_encoded",
            format!("{}保险有一方费率没有收录，未计", insurance.zh()),
            format!("A rate of {} is not encoded and was not counted", insurance.name()),
        ));
    }
}

/// 住房公积金管理条例第十六、十九条: 职工个人缴存的住房公积金由单位每月从其工资中代扣代缴.
fn fund<T: SlipTrace>(
    context: &MonthContext<'_>,
    rules: &Rules<'_>,
    inputs: &Inputs,
    slip: &mut Slip,
    trace: &mut T,
) -> Result<(), Finding> {
    let Some((rate, base)) = inputs.housing_fund else { return Ok(()) };
    let by_hand = base;
    let Some(base) = base.or(inputs.base.map(|(wage, _)| wage)) else {
        return Ok(());
    };
    trace.line("housing_fund");
    if inputs.first_employment_year && housing_fund::not_yet(context.book, context.month, inputs.hired_on, trace)? {
        return Ok(());
    }
    slip.fund = match (rules.housing_fund(), by_hand) {
        (Ok(_), _) => housing_fund::deposit(rules, base, rate, trace)?.1,
        (Err(_), Some(base)) => {
            slip.findings.push(Finding::warning(
                "fund_limits_not_encoded",
                "当月公积金基数上下限没有收录，按录入的基数计算，未核对上下限",
                "The limits of the housing fund are not encoded for the month; the base entered by hand was taken as it is",
            ));
            let rounding = rules.housing_fund_rounding()?;
            let fund = base.times(rate, rounding.value.rounding)?;
            trace.step(|| {
                let figures = format!("录入基数 {base} × {}", rate.percent());
                Step::new(
                    "housing_fund",
                    "住房公积金（单位、个人各）",
                    "Housing fund, each side",
                    figures,
                    fund,
                )
                .cite(&rounding)
            });
            fund
        }
        (Err(missing), None) => {
            return Err(missing.field("housing_fund").remedy(
                "请在员工档案录入公积金基数，或更新法规参数",
                "Enter the fund's base in the employee's file, or update the law",
            ));
        }
    };
    Ok(())
}

fn taxes<T: SlipTrace>(context: &MonthContext<'_>, inputs: &Inputs, slip: &mut Slip, trace: &mut T) -> Result<(), Finding> {
    let year = &inputs.year;
    let special = Money::sum(slip.employee)?.try_add(slip.fund)?;
    let total = TaxMonth {
        income: year.income.try_add(slip.income)?,
        special: year.special.try_add(special)?,
        additional: year.additional.try_add(slip.additional)?,
        other: year.other.try_add(slip.other_tax)?,
    };
    trace.line("tax");
    let months = months_here(context.month, inputs);
    slip.tax = tax::withhold(context.book, context.month, months, &total, year.withheld, trace)?;
    if slip.bonus.is_zero() {
        return Ok(());
    }
    if year.bonus_used {
        return Err(Finding::blocking(
            "yearly_bonus_twice",
            "本年度已按全年一次性奖金单独计税，一年只能使用一次",
            "The yearly bonus was already taxed on its own this year; it is granted once a year",
        )
        .remedy("请改按“奖金”录入，并入综合所得", "Enter it as an ordinary bonus"));
    }
    trace.line("bonus_tax");
    slip.bonus_tax = tax::bonus(context.book, context.month.year(), slip.bonus, trace)?;
    Ok(())
}

/// 国家税务总局公告2018年第61号第六条: 累计减除费用按纳税人当年截至本月在本单位的任职受雇月份数计算; 公告2020年第13号: 首次取得工资的自一月起.
fn months_here(month: Month, inputs: &Inputs) -> i64 {
    let hired = Month::of(inputs.hired_on);
    if inputs.first_employment_year || hired.year() < month.year() {
        i64::from(month.month())
    } else {
        i64::from(hired.until(month)) + 1
    }
}
