//! Calculations of contributions: limits, base, the five insurances, the housing fund, a payslip.

use serde_json::{Map, Value, json};
use standard::{Finding, Insurance, Money, Month};

use super::Call;
use super::input::Inputs;
use crate::contribution::{self, Case, Contribution};
use crate::flexible::{self, Choice, Pension};
use crate::tax::{self, TaxMonth};
use crate::trace::{Step, Trace};
use crate::{Place, Rules, Silent, housing_fund};

pub(super) fn base_limits<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month, insurance) = (inputs.region("region")?, inputs.month("month")?, inputs.insurance("insurance")?);
    let limits = call.book.at(region, month)?.limits(insurance)?;
    call.trace.step(|| {
        let result = format!("{}—{}", limits.value.floor, limits.value.ceiling);
        let title = format!("{}保险缴费基数上下限", insurance.zh());
        Step::new(
            "base_limits",
            &title,
            "Limits of the base",
            format!("{} {month}", region.name()),
            result,
        )
        .cite(&limits)
    });
    let mut result = json!({"floor": limits.value.floor.to_yuan(), "ceiling": limits.value.ceiling.to_yuan()});
    if let Some(average) = limits.value.average {
        result["average_wage"] = json!(average.to_yuan());
    }
    if let Some(source) = &limits.head.source {
        result["confidence"] = json!(source.confidence);
    }
    Ok(result)
}

pub(super) fn contribution_base<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month, insurance) = (inputs.region("region")?, inputs.month("month")?, inputs.insurance("insurance")?);
    let wage = inputs.money("wage")?;
    let limits = call.book.at(region, month)?.limits(insurance)?;
    Ok(json!({"base": contribution::base(&limits, wage, call.trace).to_yuan()}))
}

/// A side that is not encoded is left out and named in `not_encoded`: never guessed, never shown as 0.
pub(super) fn contribution<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month) = (inputs.region("region")?, inputs.month("month")?);
    let case = Case {
        wage: inputs.money("wage")?,
        hired_on: inputs.optional_date("hired_on")?,
        industry_class: inputs.optional_count("industry_class", 1, 8)?,
    };
    let second_tier = inputs.optional_count("medical_tier", 1, 2)? == Some(2);
    let rules = call.book.at(region, month)?;
    let all = if second_tier {
        contribution::contributions_second_tier(&rules, &case, call.trace)?
    } else {
        contribution::contributions(&rules, &case, call.trace)?
    };
    let mut result = Map::new();
    for insurance in Insurance::ALL {
        let Contribution { base, employer, employee } = *all.of(insurance);
        let by_law = rules.insurance(insurance).employee.is_some() || (second_tier && insurance == Insurance::Medical);
        let known = employer.is_some() || by_law;
        if !known {
            continue;
        }
        let mut one = Map::new();
        one.insert("base".to_owned(), json!(base.to_yuan()));
        for (side, amount) in [("employer", employer), ("employee", employee)] {
            if let Some(amount) = amount {
                one.insert(side.to_owned(), json!(amount.to_yuan()));
            }
        }
        result.insert(insurance.name().to_owned(), Value::Object(one));
    }
    let (employer, employee) = all.totals()?;
    result.insert(
        "total".to_owned(),
        json!({"employer": employer.to_yuan(), "employee": employee.to_yuan()}),
    );
    let missing: Vec<String> = all
        .missing()
        .iter()
        .map(|(insurance, side)| format!("{}.{side}", insurance.name()))
        .collect();
    if !missing.is_empty() {
        result.insert("not_encoded".to_owned(), json!(missing));
    }
    Ok(Value::Object(result))
}

/// What a person without an employer pays; a medical part that is not encoded is named in `not_encoded`.
pub(super) fn flexible_contribution<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month) = (inputs.region("region")?, inputs.month("month")?);
    let choice = Choice {
        base: inputs.money("base")?,
        pension_only: inputs.optional_flag("pension_only")?,
        medical_base: inputs.optional_money("medical_base")?,
        medical_tier: inputs.optional_count("medical_tier", 1, 2)?,
    };
    let rules = call.book.at(region, month)?;
    let paid = flexible::contribution(call.book, &rules, &choice, call.trace)?;
    let Pension {
        base,
        rate,
        amount,
        account,
    } = paid.pension;
    let mut result = json!({
        "pension": {"base": base.to_yuan(), "rate": rate.to_string(), "amount": amount.to_yuan(), "account": account.to_yuan()},
    });
    if let Some(medical) = paid.medical {
        let mut part = Map::new();
        let lines = [
            ("base", medical.base),
            ("amount", Some(medical.amount)),
            ("major_illness", medical.major_illness),
        ];
        for (name, money) in lines {
            if let Some(money) = money {
                part.insert(name.to_owned(), json!(money.to_yuan()));
            }
        }
        result["medical"] = Value::Object(part);
    }
    result["total"] = json!(paid.total()?.to_yuan());
    if paid.medical_missing {
        result["not_encoded"] = json!(["medical"]);
    }
    Ok(result)
}

pub(super) fn housing_fund<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month) = (inputs.region("region")?, inputs.month("month")?);
    let (base, rate) = (inputs.money("base")?, inputs.rate("rate")?);
    let (base, deposit) = housing_fund::deposit(&call.book.loosely_at(region, month)?, base, rate, call.trace)?;
    Ok(json!({"base": base.to_yuan(), "employer": deposit.to_yuan(), "employee": deposit.to_yuan()}))
}

/// What an employee pays in a month; refused when one of the three insurances is not encoded, for a net wage would be wrong.
fn employee_pays<T: Trace>(rules: &Rules<'_>, payroll: &Payroll, trace: &mut T) -> Result<Money, Finding> {
    let case = Case {
        wage: payroll.wage,
        ..Case::default()
    };
    let mut total = Money::ZERO;
    for insurance in [Insurance::Pension, Insurance::Medical, Insurance::Unemployment] {
        let one = contribution::insurance(rules, insurance, &case, contribution::Share::Full, trace)?;
        total = total.try_add(one.employee.ok_or_else(|| rules.missing(insurance, "employee"))?)?;
    }
    if let Some((base, rate)) = payroll.housing_fund {
        total = total.try_add(housing_fund::deposit(rules, base, rate, trace)?.1)?;
    }
    Ok(total)
}

struct Payroll {
    region: Place,
    month: Month,
    first: Month,
    wage: Money,
    additional: Money,
    housing_fund: Option<(Money, standard::Rate)>,
}

fn read_payroll(inputs: &mut Inputs<'_>) -> Result<Payroll, Finding> {
    let (region, month) = (inputs.region("region")?, inputs.month("month")?);
    let first = inputs.count("first_month", 1, 12)?;
    let wage = inputs.money("wage")?;
    let rate = inputs.optional_rate("housing_fund_rate")?;
    let base = inputs.optional_money("housing_fund_base")?;
    let additional = inputs.optional_money("additional_deduction")?.unwrap_or(Money::ZERO);
    if base.is_some() && rate.is_none() {
        return Err(
            Finding::blocking("missing_field", "给了公积金基数却没有比例", "A housing-fund base without a rate").field("housing_fund_rate"),
        );
    }
    let first = Month::new(month.year(), first as u32)?;
    if first > month {
        return Err(
            Finding::blocking("first_month_after_month", "首月晚于工资月份", "The first month is after the month").field("first_month"),
        );
    }
    Ok(Payroll {
        region,
        month,
        first,
        wage,
        additional,
        housing_fund: rate.map(|rate| (base.unwrap_or(wage), rate)),
    })
}

/// The payslip of one month: the same wage since `first_month`, each month under its own law, tax withheld cumulatively.
pub(super) fn payroll<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let payroll = read_payroll(inputs)?;
    let mut months = Vec::new();
    for offset in 0..payroll.first.until(payroll.month) {
        let rules = call.book.at(payroll.region, payroll.first.plus(offset))?;
        let special = employee_pays(&rules, &payroll, &mut Silent)?;
        months.push(TaxMonth {
            income: payroll.wage,
            special,
            additional: payroll.additional,
            other: Money::ZERO,
        });
    }
    let rules = call.book.at(payroll.region, payroll.month)?;
    let special = employee_pays(&rules, &payroll, call.trace)?;
    months.push(TaxMonth {
        income: payroll.wage,
        special,
        additional: payroll.additional,
        other: Money::ZERO,
    });
    let taxes = tax::withholding(call.book, payroll.first, &months, false, call.trace)?;
    let tax = taxes.last().copied().unwrap_or(Money::ZERO);
    let net = payroll.wage.try_sub(special)?.try_sub(tax)?;
    call.trace.step(|| {
        Step::new(
            "net_wage",
            "实发工资",
            "Net wage",
            format!("{} − {special} − {tax}", payroll.wage),
            net,
        )
    });
    Ok(json!({"employee_contributions": special.to_yuan(), "tax": tax.to_yuan(), "net": net.to_yuan()}))
}
