//! Calculations of income tax.

use serde_json::{Value, json};
use standard::{Finding, Money, Month};

use super::Call;
use super::input::Inputs;
use crate::tax::{self, TaxMonth};
use crate::trace::Trace;

fn deductions(inputs: &mut Inputs<'_>) -> Result<TaxMonth, Finding> {
    Ok(TaxMonth {
        income: inputs.money("income")?,
        special: inputs.money("special_deduction")?,
        additional: inputs.money("additional_deduction")?,
        other: inputs.optional_money("other_deduction")?.unwrap_or(Money::ZERO),
    })
}

pub(super) fn withholding<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let year = inputs.count("year", 1, 9999)?;
    let first = inputs.count("first_month", 1, 12)?;
    let from_january = inputs.optional_flag("first_employment")?;
    let months = inputs.list("months", 13 - first as usize, deductions)?;
    let taxes = tax::withholding(call.book, Month::new(year, first as u32)?, &months, from_january, call.trace)?;
    let total = Money::sum(taxes.iter().copied())?;
    let taxes: Vec<String> = taxes.into_iter().map(Money::to_yuan).collect();
    Ok(json!({"tax": taxes, "total": total.to_yuan()}))
}

pub(super) fn bonus<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (year, bonus) = (inputs.count("year", 1, 9999)?, inputs.money("bonus")?);
    Ok(json!({"tax": tax::bonus(call.book, year, bonus, call.trace)?.to_yuan()}))
}

pub(super) fn annual<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let year = inputs.count("year", 1, 9999)?;
    let total = deductions(inputs)?;
    let (taxable, tax) = tax::annual(call.book, year, &total, call.trace)?;
    Ok(json!({"taxable": taxable.to_yuan(), "tax": tax.to_yuan()}))
}
