//! Calculations of unemployment, work-injury and maternity benefits.

use serde_json::{Value, json};
use standard::Finding;

use super::Call;
use super::input::Inputs;
use crate::maternity::{self, Birth};
use crate::trace::Trace;
use crate::{injury, unemployment};

pub(super) fn unemployment_months<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month) = (inputs.region("region")?, inputs.month("month")?);
    let paid = inputs.count("contribution_months", 0, 1_200)?;
    Ok(json!({"months": unemployment::months(call.book, region, month, paid, call.trace)?}))
}

pub(super) fn unemployment_amount<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (region, month) = (inputs.region("region")?, inputs.month("month")?);
    let benefit_month = inputs.count("benefit_month", 1, 600)?;
    Ok(json!({"monthly": unemployment::amount(call.book, region, month, benefit_month, call.trace)?.to_yuan()}))
}

pub(super) fn injury_disability<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let grade = inputs.count("grade", i32::MIN, i32::MAX)?;
    let (own, average) = (inputs.money("own_wage")?, inputs.money("regional_average_wage")?);
    let answer = injury::disability(call.book, grade, own, average, call.trace)?;
    let mut result = json!({"wage_used": answer.wage_used.to_yuan(), "one_off": answer.one_off.to_yuan()});
    if let Some(monthly) = answer.monthly {
        result["monthly"] = json!(monthly.to_yuan());
    }
    Ok(result)
}

pub(super) fn maternity_days<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let region = inputs.region("region")?;
    let month = inputs.optional_month("month")?;
    let birth = Birth {
        dystocia: inputs.flag("dystocia")?,
        babies: inputs.count("babies", 1, 20)?,
        child_order: inputs.count("child_order", 1, 30)?,
    };
    Ok(json!({"days": maternity::days(call.book, region, month, &birth, call.trace)?}))
}

pub(super) fn maternity_allowance<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (average, days) = (inputs.money("employer_average_wage")?, inputs.count("days", 0, 1_000)?);
    Ok(json!({"allowance": maternity::allowance(call.book, average, days, call.trace)?.to_yuan()}))
}
