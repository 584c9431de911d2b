//! Calculations of medical care.

use serde_json::{Value, json};
use standard::{Finding, Money, Rate, Text};

use super::Call;
use super::input::Inputs;
use crate::medical::{self, Care, Plan, Settled, Tier, Treated};
use crate::trace::{Step, Trace};

/// More tiers than any plan has.
const TIERS_MAX: usize = 20;

/// A plan the asker states; nothing when none of its parts is given.
fn stated_plan(inputs: &mut Inputs<'_>) -> Result<Option<Plan>, Finding> {
    let deductible = inputs.optional_money("deductible")?;
    let cap = inputs.optional_money("cap")?;
    let tiers = inputs.optional_list("tiers", TIERS_MAX, |tier| {
        Ok(Tier {
            up_to: tier.optional_money("up_to")?,
            ratio: tier.rate("ratio")?,
        })
    })?;
    let tiers = tiers.filter(|tiers| !tiers.is_empty());
    if deductible.is_none() && cap.is_none() && tiers.is_none() {
        return Ok(None);
    }
    let Some(tiers) = tiers else { return Err(missing("tiers")) };
    let plan = Plan {
        deductible: deductible.unwrap_or(Money::ZERO),
        tiers,
        cap,
    };
    plan.check().map_err(|Text { zh, en }| {
        Finding::blocking(
            "reimbursement_tiers",
            format!("报销方案不成立：{zh}"),
            format!("The plan does not hold: {en}"),
        )
        .field("tiers")
        .remedy("请核对起付线与各段上限、比例", "Check the deductible and each tier's end and ratio")
    })?;
    Ok(Some(plan))
}

fn missing(field: &str) -> Finding {
    Finding::blocking("missing_field", format!("缺少“{field}”"), format!("{field} is missing")).field(field)
}

/// What of a bill the asker says for looking up the region's plan.
struct Asked {
    region: Option<crate::Place>,
    month: Option<standard::Month>,
    care: Option<Care>,
    hospital_level: Option<i32>,
    retired: bool,
}

fn asked(inputs: &mut Inputs<'_>) -> Result<Asked, Finding> {
    let care = inputs.optional_text("care")?.map(|name| {
        Care::by_name(name).ok_or_else(|| {
            Finding::blocking("care", "就医类型无法识别", "The kind of care is not known")
                .field("care")
                .remedy("请填写 outpatient（门诊）或 inpatient（住院）", "Use outpatient or inpatient")
        })
    });
    Ok(Asked {
        region: inputs.optional_region("region")?,
        month: inputs.optional_month("month")?,
        care: care.transpose()?,
        hospital_level: inputs.optional_count("hospital_level", 1, 3)?,
        retired: inputs.optional_flag("retired")?,
    })
}

/// By the region's plan of the month, or by a plan the asker states: never by both.
pub(super) fn medical_reimbursement<T: Trace>(call: &mut Call<'_, T>, inputs: &mut Inputs<'_>) -> Result<Value, Finding> {
    let eligible = inputs.money("eligible")?;
    let before = inputs.optional_money("eligible_before")?.unwrap_or(Money::ZERO);
    let asked = asked(inputs)?;
    let stated = stated_plan(inputs)?;
    let by_region = asked.region.is_some() || asked.month.is_some() || asked.care.is_some() || asked.hospital_level.is_some();
    let (plan, settled) = match stated {
        Some(_) if by_region => {
            return Err(Finding::blocking(
                "plan_given_twice",
                "既给了地区，又自填了报销方案，无法判断按哪一个",
                "Both a region and a plan of one's own: which of them is not clear",
            )
            .field("deductible")
            .remedy(
                "请只填地区、年月与就医类型，或只填起付线、各段比例与封顶线",
                "Give a region, month and care, or a deductible, tiers and cap",
            ));
        }
        Some(plan) => {
            call.trace.step(|| plan_step(&plan, "自填方案，非当地规定"));
            let settled = medical::settle(&plan, before, eligible, call.trace)?;
            (plan, settled)
        }
        None => {
            let region = asked.region.ok_or_else(|| missing("region"))?;
            let month = asked.month.ok_or_else(|| missing("month"))?;
            let treated = Treated {
                care: asked.care.ok_or_else(|| missing("care"))?,
                hospital_level: asked.hospital_level,
                retired: asked.retired,
            };
            let rules = call.book.loosely_at(region, month)?;
            let (law, plan) = medical::plan(&rules, treated)?;
            call.trace
                .step(|| plan_step(plan, &format!("{}{}方案", region.name(), treated.care.zh())).cite(&law));
            (plan.clone(), medical::settle(plan, before, eligible, call.trace)?)
        }
    };
    let Settled { fund, own } = settled;
    let mut result = json!({"fund": fund.to_yuan(), "own": own.to_yuan(), "deductible": plan.deductible.to_yuan()});
    if let Some(cap) = plan.cap {
        result["cap"] = json!(cap.to_yuan());
    }
    Ok(result)
}

/// The plan used, in words.
fn plan_step(plan: &Plan, whose: &str) -> Step {
    let tiers: Vec<String> = plan.tiers.iter().map(|tier| in_words(tier.up_to, tier.ratio)).collect();
    let cap = plan.cap.map(|cap| format!("，封顶线 {cap}")).unwrap_or_default();
    let figures = format!("起付线 {}，{}{cap}", plan.deductible, tiers.join("，"));
    Step::new("medical_plan", "报销方案", "Plan of reimbursement", figures, whose)
}

fn in_words(up_to: Option<Money>, ratio: Rate) -> String {
    let ratio = ratio.percent();
    up_to.map_or_else(|| format!("以上 {ratio}"), |up_to| format!("至 {up_to} {ratio}"))
}
