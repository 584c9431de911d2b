//! 医疗费用报销: deductible, ratios by tier, cap; by the region's own dated plan, or by a plan the asker states.

use standard::{Finding, Money, Rate, Rounding, Text};

use crate::timeline::law_not_encoded;
use crate::trace::{Step, Trace};
use crate::values::Reimbursement;
use crate::{InForce, Rules};

/// One tier: up to a cost, at a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Cost of the period up to here, the deductible counted; nothing in the last tier.
    pub up_to: Option<Money>,
    /// Share the fund pays.
    pub ratio: Rate,
}

/// A plan of the pooled fund for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// 起付线.
    pub deductible: Money,
    /// Ascending tiers above the deductible.
    pub tiers: Vec<Tier>,
    /// 封顶线: the fund pays at most this.
    pub cap: Option<Money>,
}

impl Plan {
    /// Refuses tiers that no cost can be divided by: none at all, out of order, below the deductible, more than the whole.
    pub fn check(&self) -> Result<(), Text> {
        let refuse = |zh: &str, en: &str| Err(Text::new(zh, en));
        if self.tiers.is_empty() {
            return refuse("至少要有一段报销比例", "at least one tier is needed");
        }
        if self.tiers.iter().any(|tier| tier.ratio > Rate::ONE) {
            return refuse("报销比例不能大于 1", "a ratio cannot exceed 1");
        }
        let mut from = self.deductible;
        for (index, tier) in self.tiers.iter().enumerate() {
            match tier.up_to {
                Some(up_to) if up_to > from => from = up_to,
                Some(_) => {
                    return refuse(
                        "各段应由低到高，且高于起付线",
                        "tiers ascend, and the first ends above the deductible",
                    );
                }
                None if index + 1 < self.tiers.len() => return refuse("只有最后一段可以不设上限", "only the last tier is open"),
                None => {}
            }
        }
        Ok(())
    }
}

/// Where someone is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Care {
    /// 门诊.
    Outpatient,
    /// 住院.
    Inpatient,
}

impl Care {
    /// By its name in files and inputs.
    pub fn by_name(name: &str) -> Option<Care> {
        match name {
            "outpatient" => Some(Care::Outpatient),
            "inpatient" => Some(Care::Inpatient),
            _ => None,
        }
    }

    /// 门诊 or 住院.
    pub const fn zh(self) -> &'static str {
        match self {
            Care::Outpatient => "门诊",
            Care::Inpatient => "住院",
        }
    }
}

/// Whose cost a plan is looked up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Treated {
    /// Where.
    pub care: Care,
    /// 医院等级, 1 to 3; plans that differ by it need it.
    pub hospital_level: Option<i32>,
    /// Drawing a pension already.
    pub retired: bool,
}

/// The region's plan of the month for this care, hospital and person; refused where none is encoded.
pub fn plan<'a>(rules: &Rules<'a>, treated: Treated) -> Result<(InForce<'a, Reimbursement>, &'a Plan), Finding> {
    let (place, month) = (rules.place, rules.month);
    let Some(plans) = rules.region.medical_reimbursement.as_ref() else {
        return Err(law_not_encoded(
            &format!(
                "{}没有已收录的医疗费用报销方案（起付线、比例、封顶线）：{place}/medical.reimbursement",
                place.name()
            ),
            &format!("No plan of medical reimbursement is encoded for {place}/medical.reimbursement"),
        )
        .remedy(
            "请按当地医保部门公布的起付线、各段比例和封顶线自行填入，或在 law/ 中补录该方案及其来源",
            "Enter the deductible, tiers and cap your region publishes, or add the plan with its source to law/",
        ));
    };
    let plans = plans.at(month)?;
    let fits = |one: &&crate::values::ReimbursementPlan| {
        one.care == treated.care
            && one.hospital_level.is_none_or(|level| treated.hospital_level == Some(level))
            && one.retired.is_none_or(|retired| treated.retired == retired)
    };
    if let Some(found) = plans.value.plans.iter().find(fits) {
        return Ok((plans, &found.plan));
    }
    let by_level = plans
        .value
        .plans
        .iter()
        .any(|one| one.care == treated.care && one.hospital_level.is_some());
    if by_level && treated.hospital_level.is_none() {
        return Err(Finding::blocking(
            "missing_field",
            format!("{}的{}报销按医院等级区分，请填写医院等级", place.name(), treated.care.zh()),
            "The plan differs by the level of the hospital",
        )
        .field("hospital_level")
        .remedy("请填写 1、2 或 3", "Enter 1, 2 or 3"));
    }
    Err(law_not_encoded(
        &format!(
            "{}在 {month} 没有已收录的该类{}报销方案：{place}/medical.reimbursement",
            place.name(),
            treated.care.zh()
        ),
        &format!("No plan is encoded in {place}/medical.reimbursement for such care in {month}"),
    ))
}

/// 社会保险法第二十八条: 符合基本医疗保险药品目录、诊疗项目、医疗服务设施标准以及急诊、抢救的医疗费用, 按照国家规定从基本医疗保险基金中支付.
/// 国发〔1998〕44号第三条: 起付标准以下的医疗费用，从个人账户中支付或由个人自付。起付标准以上、最高支付限额以下的医疗费用，主要从统筹基金中支付，
/// 个人也要负担一定比例.
/// What the fund pays of eligible cost: nothing up to the deductible, then each tier at its ratio, never above the cap;
/// rounded once per tier to the fen.
pub fn reimbursement<T: Trace>(plan: &Plan, eligible: Money, trace: &mut T) -> Result<Money, Finding> {
    let mut paid = Money::ZERO;
    let mut from = plan.deductible;
    for tier in &plan.tiers {
        let to = tier.up_to.unwrap_or(eligible).min(eligible);
        if to <= from {
            continue;
        }
        let part = to.try_sub(from)?.times(tier.ratio, Rounding::HALF_UP_FEN)?;
        trace.step(|| {
            Step::new(
                "medical_tier",
                "分段报销",
                "Tier",
                format!("({to} − {from}) × {}", tier.ratio.percent()),
                part,
            )
        });
        paid = paid.try_add(part)?;
        from = to;
    }
    let capped = plan.cap.map_or(paid, |cap| paid.min(cap));
    trace.step(|| {
        let cap = plan.cap.map_or_else(|| "不设封顶线".to_owned(), |cap| format!("封顶线 {cap}"));
        Step::new(
            "medical_reimbursement",
            "统筹基金支付",
            "Paid by the fund",
            format!("起付线 {}，费用 {eligible}，{cap}", plan.deductible),
            capped,
        )
    });
    Ok(capped)
}

/// What the fund and the person pay of one bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// 统筹基金支付.
    pub fund: Money,
    /// 个人负担 of the eligible cost.
    pub own: Money,
}

/// One bill after others of the same period: the fund pays for all of them together, less what it paid before. So bills
/// one after the other are paid like one bill, whatever their order.
pub fn settle<T: Trace>(plan: &Plan, before: Money, eligible: Money, trace: &mut T) -> Result<Settled, Finding> {
    let together = reimbursement(plan, before.try_add(eligible)?, trace)?;
    let fund = if before.is_zero() {
        together
    } else {
        let earlier = reimbursement(plan, before, &mut crate::Silent)?;
        let fund = together.try_sub(earlier)?;
        trace.step(|| {
            Step::new(
                "medical_earlier_bills",
                "扣除此前费用已支付的部分",
                "Less what was paid for earlier bills",
                format!("{together} − {earlier}（此前费用 {before}）"),
                fund,
            )
        });
        fund
    };
    Ok(Settled {
        fund,
        own: eligible.try_sub(fund)?,
    })
}
