//! 医疗费用报销 by a plan: deductible, ratios by tier, cap. Plans are each region's own and are given by the caller.

use standard::{Finding, Money, Rate, Rounding};

use crate::trace::{Step, Trace};

/// One tier: up to a cost, at a ratio.
#[derive(Debug, Clone, Copy)]
pub struct Tier {
    /// Cost of the period up to here; nothing in the last tier.
    pub up_to: Option<Money>,
    /// Share the fund pays.
    pub ratio: Rate,
}

/// A plan of the pooled fund for a period.
#[derive(Debug, Clone)]
pub struct Plan {
    /// 起付线.
    pub deductible: Money,
    /// Ascending tiers above the deductible.
    pub tiers: Vec<Tier>,
    /// 封顶线: the fund pays at most this.
    pub cap: Option<Money>,
}

/// 社会保险法第二十八条: 符合基本医疗保险药品目录、诊疗项目、医疗服务设施标准以及急诊、抢救的医疗费用, 按照国家规定从基本医疗保险基金中支付.
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
    let paid = plan.cap.map_or(paid, |cap| paid.min(cap));
    trace.step(|| {
        Step::new(
            "medical_reimbursement",
            "统筹基金支付",
            "Paid by the fund",
            format!("起付线 {}，费用 {eligible}", plan.deductible),
            paid,
        )
    });
    Ok(paid)
}
