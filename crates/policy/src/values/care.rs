//! Values about medical care: what the fund pays of a bill.

use standard::{Finding, Text};

use crate::book::fields::Fields;
use crate::medical::{Care, Plan, Tier};
use crate::timeline::Value;

/// 报销方案 of a region: one plan for each kind of care, hospital and person.
#[derive(Debug, Clone)]
pub struct Reimbursement {
    /// No two of them are for the same bill.
    pub plans: Vec<ReimbursementPlan>,
}

/// One plan and whom it is for.
#[derive(Debug, Clone)]
pub struct ReimbursementPlan {
    /// Where the person is treated.
    pub care: Care,
    /// 医院等级, 1 to 3; nothing when the plan is the same in all.
    pub hospital_level: Option<i32>,
    /// True for the retired, false for those at work, nothing when the plan is the same.
    pub retired: Option<bool>,
    /// Deductible, tiers and cap.
    pub plan: Plan,
}

impl ReimbursementPlan {
    fn read(fields: &mut Fields) -> Result<ReimbursementPlan, Finding> {
        let care = fields.text("care")?;
        let care = Care::by_name(&care).ok_or_else(|| {
            fields.refuse(
                "law_value",
                "care 应为 outpatient 或 inpatient",
                "care must be outpatient or inpatient",
            )
        })?;
        let hospital_level = fields.optional_count("hospital_level")?;
        if hospital_level.is_some_and(|level| !(1..=3).contains(&level)) {
            return Err(fields.refuse("law_value", "医院等级应为 1 到 3", "a hospital's level is 1 to 3"));
        }
        let retired = if fields.has("retired") {
            Some(fields.flag("retired")?)
        } else {
            None
        };
        let mut tiers = Vec::new();
        for mut tier in fields.tables("tiers")? {
            tiers.push(Tier {
                up_to: tier.optional_money("up_to")?,
                ratio: tier.rate("ratio")?,
            });
            tier.finish()?;
        }
        let plan = Plan {
            deductible: fields.money("deductible")?,
            tiers,
            cap: fields.optional_money("cap")?,
        };
        fields.finish()?;
        plan.check().map_err(|Text { zh, en }| fields.refuse("law_value", &zh, &en))?;
        Ok(ReimbursementPlan {
            care,
            hospital_level,
            retired,
            plan,
        })
    }

    /// True when some bill would fall under both.
    fn overlaps(&self, other: &ReimbursementPlan) -> bool {
        let meet = |one: Option<i32>, two: Option<i32>| one.is_none() || two.is_none() || one == two;
        self.care == other.care
            && meet(self.hospital_level, other.hospital_level)
            && meet(self.retired.map(i32::from), other.retired.map(i32::from))
    }
}

impl Value for Reimbursement {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let mut plans: Vec<ReimbursementPlan> = Vec::new();
        for mut inner in fields.tables("plans")? {
            let plan = ReimbursementPlan::read(&mut inner)?;
            if plans.iter().any(|other| other.overlaps(&plan)) {
                return Err(inner.refuse("law_overlap", "两个报销方案适用于同一种情形", "two plans are for the same care"));
            }
            plans.push(plan);
        }
        if plans.is_empty() {
            return Err(fields.refuse("law_value", "plans 不能为空", "plans cannot be empty"));
        }
        Ok(Reimbursement { plans })
    }
}
