//! Calculations of leave, overtime, severance, late fees and days.

use serde_json::{Value, json};
use standard::{CreditCode, Finding, IdNumber, Sex, calendar};

use super::Call;
use super::input::Inputs;
use crate::labour::{self, OvertimeDay};
use crate::late_fee;
use crate::trace::{Step, Trace};

pub(super) fn annual_leave<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let months = inputs.count("cumulative_service_months", 0, 1_200)?;
    Ok(json!({"days": labour::annual_leave(call.book, months, call.trace)?}))
}

pub(super) fn annual_leave_proration<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (remaining, entitlement) = (
        inputs.count("remaining_calendar_days", 0, 366)?,
        inputs.count("entitlement_days", 0, 366)?,
    );
    Ok(json!({"days": labour::annual_leave_proration(call.book, remaining, entitlement, call.trace)?}))
}

pub(super) fn daily_wage<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let wage = inputs.money("monthly_wage")?;
    Ok(json!({"daily": labour::daily_wage(call.book, wage, call.trace)?.to_yuan()}))
}

pub(super) fn overtime<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let wage = inputs.money("monthly_wage")?;
    let hours = inputs.exact("hours", 744)?;
    let day = match inputs.text("day")? {
        "workday" => OvertimeDay::Workday,
        "rest_day" => OvertimeDay::RestDay,
        "holiday" => OvertimeDay::Holiday,
        _ => {
            return Err(
                Finding::blocking("overtime_day", "日期类型无法识别", "The kind of day is not known")
                    .field("day")
                    .remedy("请填写 workday、rest_day 或 holiday", "Use workday, rest_day or holiday"),
            );
        }
    };
    Ok(json!({"pay": labour::overtime(call.book, wage, hours, day, call.trace)?.to_yuan()}))
}

pub(super) fn severance<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (wage, months) = (inputs.money("monthly_wage")?, inputs.count("service_months", 0, 1_200)?);
    let unlawful = inputs.flag("unlawful")?;
    let average = inputs.optional_money("regional_average_wage")?;
    Ok(json!({"amount": labour::severance(call.book, wage, months, unlawful, average, call.trace)?.to_yuan()}))
}

pub(super) fn late_fee<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let principal = inputs.money("principal")?;
    let (from, paid_on) = (inputs.date("from")?, inputs.date("paid_on")?);
    let (days, fee) = late_fee::late_fee(call.book, principal, from, paid_on, call.trace)?;
    Ok(json!({"days": days, "late_fee": fee.to_yuan()}))
}

pub(super) fn id_number<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let parsed = IdNumber::parse(inputs.text("number")?);
    call.trace.step(|| {
        let result = if parsed.is_ok() { "有效" } else { "无效" };
        Step::new(
            "id_number",
            "公民身份号码校验（GB 11643-1999）",
            "ID number check (GB 11643-1999)",
            "地址码、出生日期、校验码",
            result,
        )
    });
    Ok(match parsed {
        Ok(id) => json!({
            "valid": true,
            "birth_date": id.birth_date().to_string(),
            "sex": if id.sex() == Sex::Male { "male" } else { "female" },
            "region": id.region().to_string(),
        }),
        Err(finding) => {
            let mut refused = json!({"valid": false, "rule": finding.rule, "message": finding.message.zh});
            if let Some(remedy) = finding.remedy {
                // of a 15-digit number it holds the 18-digit form
                refused["remedy"] = json!(remedy.zh);
            }
            refused
        }
    })
}

pub(super) fn credit_code<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let parsed = CreditCode::parse(inputs.text("code")?);
    call.trace.step(|| {
        let result = if parsed.is_ok() { "有效" } else { "无效" };
        Step::new(
            "credit_code",
            "统一社会信用代码校验（GB 32100-2015）",
            "Credit code check (GB 32100-2015)",
            "字符集与校验码",
            result,
        )
    });
    Ok(match parsed {
        Ok(_) => json!({"valid": true}),
        Err(finding) => {
            let mut refused = json!({"valid": false, "rule": finding.rule, "message": finding.message.zh});
            if let Some(remedy) = finding.remedy {
                // of a 15-digit number it holds the 18-digit form
                refused["remedy"] = json!(remedy.zh);
            }
            refused
        }
    })
}

pub(super) fn day_type<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let date = inputs.date("date")?;
    let day = calendar::day_type(date).map_err(beyond_calendar)?;
    call.trace
        .step(|| Step::new("day_type", "日期类型", "Kind of day", date.to_string(), day.name()));
    Ok(json!({"type": day.name(), "statutory": day.is_statutory()}))
}

pub(super) fn working_days<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (from, to) = (inputs.date("from")?, inputs.date("to")?);
    let days = calendar::working_days(from, to).map_err(beyond_calendar)?;
    call.trace
        .step(|| Step::new("working_days", "工作日天数", "Working days", format!("{from} 至 {to}"), days));
    Ok(json!({"days": days}))
}

/// A year without a holiday notice is law that is not encoded.
fn beyond_calendar(finding: Finding) -> Finding {
    Finding {
        rule: "law_not_encoded".to_owned(),
        ..finding
    }
}
