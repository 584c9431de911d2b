//! Calculations by name, JSON in and JSON out: behind `shebao calc` and `POST /api/v1/calculations/{kind}`.

mod benefits;
mod care;
mod catalogue;
mod input;
mod insurance;
pub mod lines;
mod pensions;
mod taxes;
mod work;

use serde_json::{Value, json};
use standard::Finding;

pub use catalogue::{Field, Kind, catalogue};
pub use input::looks_like_id_number;

use crate::RuleBook;
use crate::trace::{Explained, Recorder, Silent, Trace};
use input::Inputs;

/// What a calculation works with.
struct Call<'a, T> {
    book: &'a RuleBook,
    trace: &'a mut T,
}

/// Answers a calculation; an input it must refuse is a finding with a stable rule.
pub fn calculate(book: &RuleBook, kind: &str, inputs: &Value) -> Result<Value, Finding> {
    run(book, kind, inputs, &mut Silent)
}

/// The same answer with its steps. Both take the same path through the same rules.
pub fn explain(book: &RuleBook, kind: &str, inputs: &Value) -> Result<Explained<Value>, Finding> {
    let mut recorder = Recorder::default();
    let value = run(book, kind, inputs, &mut recorder)?;
    Ok(Explained {
        value,
        steps: recorder.steps,
        law: book.version().to_owned(),
    })
}

fn run<T: Trace>(book: &RuleBook, kind: &str, inputs: &Value, trace: &mut T) -> Result<Value, Finding> {
    let mut inputs = Inputs::new(inputs)?;
    let mut call = Call { book, trace };
    let result = dispatch(&mut call, kind, &mut inputs);
    match &result {
        Ok(_) => inputs.finish()?,
        // A misspelt field is named before the value that is missing because of it.
        Err(finding) if finding.rule == "missing_field" => {
            let fields = catalogue()
                .iter()
                .find(|known| known.name == kind)
                .map_or(&[][..], |known| known.fields);
            inputs.ask(fields.iter().map(|field| field.name));
            inputs.finish()?;
        }
        Err(_) => {}
    }
    result
}

fn dispatch<T: Trace>(call: &mut Call<'_, T>, kind: &str, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    match kind {
        "id_number" => work::id_number(call, inputs),
        "credit_code" => work::credit_code(call, inputs),
        "day_type" => work::day_type(call, inputs),
        "working_days" => work::working_days(call, inputs),
        "base_limits" => insurance::base_limits(call, inputs),
        "contribution_base" => insurance::contribution_base(call, inputs),
        "contribution" => insurance::contribution(call, inputs),
        "flexible_contribution" => insurance::flexible_contribution(call, inputs),
        "housing_fund" => insurance::housing_fund(call, inputs),
        "payroll" => insurance::payroll(call, inputs),
        "tax_withholding" => taxes::withholding(call, inputs),
        "tax_bonus" => taxes::bonus(call, inputs),
        "tax_annual" => taxes::annual(call, inputs),
        "retirement" => pensions::retirement(call, inputs),
        "minimum_contribution" => pensions::minimum_contribution(call, inputs),
        "payment_months" => pensions::payment_months(call, inputs),
        "pension" => pensions::pension(call, inputs),
        "personal_account" => pensions::personal_account(call, inputs),
        "transfer_fund" => pensions::transfer_fund(call, inputs),
        "benefit_place" => pensions::benefit_place(call, inputs),
        "unemployment_months" => benefits::unemployment_months(call, inputs),
        "unemployment_amount" => benefits::unemployment_amount(call, inputs),
        "injury_disability" => benefits::injury_disability(call, inputs),
        "maternity_days" => benefits::maternity_days(call, inputs),
        "maternity_allowance" => benefits::maternity_allowance(call, inputs),
        "medical_reimbursement" => care::medical_reimbursement(call, inputs),
        "annual_leave" => work::annual_leave(call, inputs),
        "annual_leave_proration" => work::annual_leave_proration(call, inputs),
        "daily_wage" => work::daily_wage(call, inputs),
        "overtime" => work::overtime(call, inputs),
        "severance" => work::severance(call, inputs),
        "late_fee" => work::late_fee(call, inputs),
        _ => Err(unknown_kind()),
    }
}

fn unknown_kind() -> Finding {
    Finding::blocking("unknown_kind", "没有这种计算", "There is no such calculation")
        .field("kind")
        .remedy(
            "可用的计算见 GET /api/v1/calculations 或 shebao calc --help",
            "See GET /api/v1/calculations or shebao calc --help for those there are",
        )
}

/// The answer to one line of `shebao calc`: the result, or the error with its rule, beside the line's id.
pub fn answer(book: &RuleBook, id: &Value, kind: &str, inputs: &Value, explained: bool) -> Value {
    let outcome = if explained {
        explain(book, kind, inputs)
            .map(|explained| json!({"id": id, "result": explained.value, "explanation": explained.steps, "law": explained.law}))
    } else {
        calculate(book, kind, inputs).map(|result| json!({"id": id, "result": result}))
    };
    outcome.unwrap_or_else(|finding| json!({"id": id, "error": error(&finding)}))
}

/// A refusal as it stands in an answer line: the Chinese sentence as `message`, the English one beside it.
pub fn error(finding: &Finding) -> Value {
    let mut error = json!({"rule": finding.rule, "message": finding.message.zh, "message_en": finding.message.en});
    if let Some(field) = &finding.field {
        error["field"] = json!(field);
    }
    if let Some(remedy) = &finding.remedy {
        error["remedy"] = json!(remedy.zh);
        error["remedy_en"] = json!(remedy.en);
    }
    error
}
