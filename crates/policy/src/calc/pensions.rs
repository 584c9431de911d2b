//! Calculations of retirement, pension and transfer.

use serde_json::{Map, Value, json};
use standard::{Finding, Money, Month, Rounding};

use super::Call;
use super::input::Inputs;
use crate::account::{self, AccountYear, Stretch};
use crate::pension::{self, PensionCase};
use crate::retirement::{self, Category};
use crate::trace::Trace;
use crate::transfer::{self, PaidThere};

pub(super) fn retirement<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let birth = inputs.month("birth_month")?;
    let category = Category::by_name(inputs.text("category")?).ok_or_else(|| {
        Finding::blocking("category", "人员类别无法识别", "The category is not known")
            .field("category")
            .remedy("请填写 male、female_55 或 female_50", "Use male, female_55 or female_50")
    })?;
    if birth < Month::new(1900, 1)? || birth > Month::new(2100, 12)? {
        return Err(Finding::blocking(
            "birth_range",
            "出生年月应在 1900 年到 2100 年之间",
            "A birth month is of the years 1900 to 2100",
        )
        .field("birth_month"));
    }
    let answer = retirement::statutory(call.book, birth, category, call.trace)?;
    let mut result = json!({"delay_months": answer.delay_months, "age": answer.age_text(), "month": answer.month.to_string()});
    if let Ok((earliest, latest)) = retirement::flexible(call.book, &answer) {
        result["earliest"] = json!(earliest.to_string());
        result["latest"] = json!(latest.to_string());
    }
    Ok(result)
}

pub(super) fn minimum_contribution<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let year = inputs.count("year", 1, 9998)?;
    Ok(json!({"months": retirement::minimum_contribution(call.book, year, call.trace)?}))
}

pub(super) fn payment_months<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (years, months) = (inputs.count("years", 0, 150)?, inputs.count("months", 0, 11)?);
    let tenths = pension::payment_months(call.book, years, months, call.trace)?;
    Ok(json!({"payment_months": format!("{}.{}", tenths / 10, tenths % 10)}))
}

/// Two inputs that only make sense together.
fn together<A, B>(first: (&str, Option<A>), second: (&str, Option<B>)) -> Result<Option<(A, B)>, Finding> {
    match (first.1, second.1) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        (None, None) => Ok(None),
        (known, _) => {
            let missing = if known.is_some() { second.0 } else { first.0 };
            let (zh, en) = (
                format!("“{}”与“{}”须同时给出", first.0, second.0),
                format!("{} and {} come together", first.0, second.0),
            );
            Err(Finding::blocking("missing_field", zh, en).field(missing))
        }
    }
}

pub(super) fn pension<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let case = PensionCase {
        calculation_base: inputs.money("calculation_base")?,
        average_index: inputs.exact("average_index", 10)?,
        contribution_years: inputs.exact("contribution_years", 100)?,
        account: together(
            ("account_balance", inputs.optional_money("account_balance")?),
            ("payment_months", inputs.optional_exact("payment_months", 1_000)?),
        )?,
        transition: together(
            ("deemed_years", inputs.optional_exact("deemed_years", 100)?),
            ("transition_coefficient", inputs.optional_exact("transition_coefficient", 1)?),
        )?,
    };
    let answer = pension::pension(call.book, &case, Rounding::HALF_UP_FEN, call.trace)?;
    let mut result = Map::new();
    result.insert("basic".to_owned(), json!(answer.basic.to_yuan()));
    for (name, part) in [("account", answer.account), ("transition", answer.transition)] {
        if let Some(part) = part {
            result.insert(name.to_owned(), json!(part.to_yuan()));
        }
    }
    result.insert("total".to_owned(), json!(answer.total.to_yuan()));
    Ok(Value::Object(result))
}

/// The account of a history of payments; full years without an encoded rate earn nothing and are named.
pub(super) fn personal_account<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let history = inputs.list("history", 200, |one| {
        Ok(Stretch {
            from: one.month("from")?,
            to: one.month("to")?,
            base: one.money("base")?,
        })
    })?;
    let until = inputs.month("until")?;
    if until > Month::new(2100, 12)? {
        return Err(Finding::blocking(
            "until_range",
            "截止年月不能晚于 2100 年",
            "The last month is of the year 2100 at most",
        )
        .field("until"));
    }
    let account = account::build(call.book, &history, until, call.trace)?;
    let years: Vec<Value> = account.years.iter().map(account_year).collect();
    let mut result = json!({
        "principal": account.principal.to_yuan(), "interest": account.interest.to_yuan(), "balance": account.balance.to_yuan(), "by_year": years,
    });
    if let Some(finding) = account::interest_finding(&account.years_without_rate) {
        result["years_without_rate"] = json!(account.years_without_rate);
        result["message"] = json!(finding.message.zh);
    }
    Ok(result)
}

fn account_year(year: &AccountYear) -> Value {
    let interest = year.interest.map(Money::to_yuan);
    json!({
        "year": year.year, "months": year.months, "credited": year.credited.to_yuan(), "interest": interest, "balance": year.balance.to_yuan(),
    })
}

/// The years carry no date: all are taken to be since 1998, under the newest rule.
pub(super) fn transfer_fund<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let years = inputs.list("years", 100, |year| {
        let (base, months) = (year.money("monthly_base")?, year.count("months", 0, 12)?);
        Ok((Month::MAX, base.times_count(i64::from(months))?))
    })?;
    let account = inputs.optional_money("account")?;
    let pooled = transfer::pooled_money(call.book, &years, Month::MAX, call.trace)?;
    let mut result = json!({"pooled": pooled.to_yuan()});
    if let Some(account) = account {
        result["account"] = json!(account.to_yuan());
        result["total"] = json!(account.try_add(pooled)?.to_yuan());
    }
    Ok(result)
}

pub(super) fn benefit_place<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let (household, current) = (inputs.region("household")?, inputs.region("current")?);
    let paid = inputs.list("years", 200, |one| {
        Ok(PaidThere {
            region: one.region("region")?,
            months: one.count("months", 0, 1_200)?,
        })
    })?;
    for place in [household, current].into_iter().chain(paid.iter().map(|paid| paid.region)) {
        standard::RegionCode::new(place.code()).map_err(|finding| finding.field("region"))?;
    }
    let place = transfer::benefit_place(call.book, Month::MAX, household, current, &paid, call.trace)?;
    Ok(json!({"region": place.to_string()}))
}
