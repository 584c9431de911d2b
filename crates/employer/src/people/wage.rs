//! A wage against the law of its place and month, said when it is typed: below the floor or above the ceiling another amount counts.

use control::identity::{Actor, Permission};
use policy::{RuleBook, Rules};
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Insurance, Money, Month, Refusal, RegionCode, Severity};
use utoipa::ToSchema;

use super::checks;
use crate::employer_of;

/// 社会保险法第十二条、国发〔1995〕6号: between which amounts the base of the pension lies, in yuan a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// 缴费基数下限.
    pub floor: Money,
    /// 缴费基数上限.
    pub ceiling: Money,
    /// The day they took effect.
    pub since: Date,
}

impl Bounds {
    /// Those of a region in a month; `law_not_encoded` where they are not published yet.
    pub(crate) fn of(rules: &Rules<'_>) -> Result<Bounds, Finding> {
        let limits = rules.limits(Insurance::Pension)?;
        Ok(Bounds {
            floor: limits.value.floor,
            ceiling: limits.value.ceiling,
            since: limits.head.from,
        })
    }

    /// The wage is raised to the floor.
    pub(crate) fn raises(&self, wage: Money) -> bool {
        wage < self.floor
    }

    /// The wage is cut at the ceiling.
    pub(crate) fn cuts(&self, wage: Money) -> bool {
        wage > self.ceiling
    }
}

/// A wage as it is being typed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct WageCheck {
    /// 参保城市.
    pub region: RegionCode,
    /// The day from which the wage holds, such as the day of hire.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// 月工资.
    pub wage_fen: Money,
}

/// What becomes of a wage as a contribution base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WageReport {
    /// 养老保险缴费基数下限 of that place and month, when encoded.
    pub floor_fen: Option<Money>,
    /// 养老保险缴费基数上限, when encoded.
    pub ceiling_fen: Option<Money>,
    /// 缴费基数 of the pension, when encoded and the wage can be one.
    pub base_fen: Option<Money>,
    /// What HR should know of the wage.
    pub findings: Vec<Finding>,
}

/// Weighs a wage before it is stored. Nothing is looked up but the law.
pub fn check(actor: &Actor, book: &RuleBook, input: WageCheck) -> Result<WageReport, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    employer_of(actor)?;
    let mut report = WageReport {
        floor_fen: None,
        ceiling_fen: None,
        base_fen: None,
        findings: checks::wage_amount(input.wage_fen).into_iter().collect(),
    };
    let month = Month::of(input.on);
    match book.at(input.region, month).and_then(|rules| Bounds::of(&rules)) {
        Ok(bounds) => {
            (report.floor_fen, report.ceiling_fen) = (Some(bounds.floor), Some(bounds.ceiling));
            if report.findings.is_empty() {
                report.base_fen = Some(input.wage_fen.clamp(bounds.floor, bounds.ceiling));
                report.findings.extend(beyond(bounds, input.region, month, input.wage_fen));
            }
        }
        Err(finding) => report.findings.push(Finding {
            severity: Severity::Info,
            ..finding
        }),
    }
    Ok(report)
}

/// Names the bound that counts in the wage's stead.
fn beyond(bounds: Bounds, region: RegionCode, month: Month, wage: Money) -> Option<Finding> {
    let (place, floor, ceiling) = (region.name(), bounds.floor, bounds.ceiling);
    if bounds.raises(wage) {
        return Some(
            Finding::warning(
                "wage_below_floor",
                format!("月工资 {wage} 元低于{place} {month} 养老保险缴费基数下限 {floor} 元，将按下限 {floor} 元作为缴费基数"),
                format!(
                    "{wage} a month is below the floor of the pension base in {region} for {month}, {floor}: the floor will be the base"
                ),
            )
            .field("wage")
            .remedy("请核对月工资；确认无误可以继续", "check the wage; if it is right, go on")
            .who("hr"),
        );
    }
    bounds.cuts(wage).then(|| {
        Finding::info(
            "wage_above_ceiling",
            format!("月工资 {wage} 元高于{place} {month} 养老保险缴费基数上限 {ceiling} 元，将按上限 {ceiling} 元作为缴费基数"),
            format!(
                "{wage} a month is above the ceiling of the pension base in {region} for {month}, {ceiling}: the ceiling will be the base"
            ),
        )
        .field("wage")
        .remedy("无需处理；请确认工资没有多输位数", "nothing to do; make sure no digit is too many")
        .who("hr")
    })
}
