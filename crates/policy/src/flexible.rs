//! 灵活就业人员缴费: the pension on a base the person chooses between the limits, the medical insurance as the region states it.

use standard::{Finding, Insurance, Money, Rate};

use crate::account::credit_rate;
use crate::book::rules::{known, need};
use crate::contribution::{Share, amount};
use crate::trace::{Step, Trace};
use crate::values::{Limits, Monthly};
use crate::{InForce, Place, RuleBook, Rules};

/// What a person without an employer chooses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice {
    /// Monthly base of the pension.
    pub base: Money,
    /// Pays the pension only.
    pub pension_only: bool,
    /// Monthly base of the medical insurance where the person may choose one; the pension's otherwise.
    pub medical_base: Option<Money>,
    /// 档次 of the medical insurance, where the region has two.
    pub medical_tier: Option<i32>,
}

/// The pension's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pension {
    /// The base chosen.
    pub base: Money,
    /// 缴费比例.
    pub rate: Rate,
    /// Each month.
    pub amount: Money,
    /// Of it credited to the personal account.
    pub account: Money,
}

/// The medical part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medical {
    /// The base, where it is paid by a rate.
    pub base: Option<Money>,
    /// Each month.
    pub amount: Money,
    /// 大病医疗互助补充保险 beside it, each month.
    pub major_illness: Option<Money>,
}

/// What a person without an employer pays in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flexible {
    /// The pension.
    pub pension: Pension,
    /// The medical insurance; nothing when it was not asked for, or is not encoded.
    pub medical: Option<Medical>,
    /// True when it was asked for and the region's rule is not encoded.
    pub medical_missing: bool,
}

impl Flexible {
    /// All of it.
    pub fn total(&self) -> Result<Money, Finding> {
        let medical = self.medical.map(|medical| [Some(medical.amount), medical.major_illness]);
        let parts = medical.into_iter().flatten().flatten();
        Ok(Money::sum(parts.chain([self.pension.amount]))?)
    }
}

/// 社会保险法第十条第二款、第二十三条第二款: 无雇工的个体工商户、未在用人单位参加社会保险的非全日制从业人员以及其他灵活就业人员可以参加
/// 基本养老保险、职工基本医疗保险, 由个人缴纳.
pub fn contribution<T: Trace>(book: &RuleBook, rules: &Rules<'_>, choice: &Choice, trace: &mut T) -> Result<Flexible, Finding> {
    let pension = pension(book, rules, choice.base, trace)?;
    let medical = if choice.pension_only {
        None
    } else {
        medical(rules, choice, trace)?
    };
    Ok(Flexible {
        pension,
        medical,
        medical_missing: medical.is_none() && !choice.pension_only,
    })
}

/// 国办发〔2019〕13号: 个体工商户和灵活就业人员参加企业职工基本养老保险, 可以在本省全口径城镇单位就业人员平均工资的60%至300%之间选择
/// 适当的缴费基数. The published limits are law. A base is the person's own choice, so one outside of them is refused, not moved.
fn chosen(limits: &InForce<'_, Limits>, base: Money, field: &str) -> Result<Money, Finding> {
    let (floor, ceiling) = (limits.value.floor, limits.value.ceiling);
    if (floor..=ceiling).contains(&base) {
        return Ok(base);
    }
    Err(Finding::blocking(
        "flexible_base",
        format!("缴费基数 {base} 不在 {floor}—{ceiling} 之间"),
        format!("The base {base} is outside {floor} to {ceiling}"),
    )
    .field(field)
    .remedy(
        format!("请在 {floor}—{ceiling} 之间选择"),
        format!("Choose a base of {floor} to {ceiling}"),
    ))
}

/// 国发〔2005〕38号第三条: 城镇个体工商户和灵活就业人员参加基本养老保险的……缴费比例为20%，其中8%记入个人账户.
/// A region with a rate of its own uses it alone: before its first row the nation's is not put in its place.
fn pension<T: Trace>(book: &RuleBook, rules: &Rules<'_>, base: Money, trace: &mut T) -> Result<Pension, Finding> {
    let limits = rules.limits(Insurance::Pension)?;
    let base = chosen(&limits, base, "base")?;
    let rate = match &rules.region.pension_flexible {
        Some(own) => own.at(rules.month)?,
        None => need(&rules.nation.pension_flexible, rules.month, Place::NATION, "pension.flexible")?,
    };
    let credited = credit_rate(book, rules.month)?;
    let rounding = rules.contribution_rounding()?.value.rounding;
    let paid = amount(base, *rate.value, Share::Full, rounding)?;
    let account = amount(base, *credited.value, Share::Full, rounding)?;
    trace.step(|| {
        let figures = format!("自选基数 {base}，下限 {}，上限 {}", limits.value.floor, limits.value.ceiling);
        Step::new("flexible_base", "缴费基数", "Chosen base", figures, base).cite(&limits)
    });
    trace.step(|| {
        let figures = format!("{base} × {}", rate.value.percent());
        Step::new(
            "flexible_pension",
            "灵活就业养老保险缴费",
            "Pension, paid by the person",
            figures,
            paid,
        )
        .cite(&rate)
    });
    trace.step(|| {
        let figures = format!("{base} × {}", credited.value.percent());
        Step::new(
            "flexible_account",
            "其中记入个人账户",
            "Credited to the personal account",
            figures,
            account,
        )
        .cite(&credited)
    });
    Ok(Pension {
        base,
        rate: *rate.value,
        amount: paid,
        account,
    })
}

/// 社会保险法第二十三条第二款, by what the region states: an amount of a tier, an amount, or a rate of a base.
fn medical<T: Trace>(rules: &Rules<'_>, choice: &Choice, trace: &mut T) -> Result<Option<Medical>, Finding> {
    let (region, month) = (rules.region, rules.month);
    let tiers = (
        known(&region.medical_flexible_amount_tier1, month),
        known(&region.medical_flexible_amount_tier2, month),
    );
    if let (Some(one), Some(two)) = tiers {
        own_base_refused(choice)?;
        return Ok(Some(fixed(tier(choice.medical_tier, one, two)?, trace)));
    }
    if let Some(monthly) = known(&region.medical_flexible_amount, month) {
        own_base_refused(choice)?;
        no_tiers(choice)?;
        return Ok(Some(fixed(monthly, trace)));
    }
    let Some(rate) = known(&region.medical_flexible, month) else {
        return Ok(None);
    };
    no_tiers(choice)?;
    by_rate(rules, choice, rate, trace).map(Some)
}

fn by_rate<T: Trace>(rules: &Rules<'_>, choice: &Choice, rate: InForce<'_, Rate>, trace: &mut T) -> Result<Medical, Finding> {
    let rounding = rules.contribution_rounding()?.value.rounding;
    let base = match &rules.region.medical_flexible_base {
        Some(stated) => {
            own_base_refused(choice)?;
            let stated = stated.at(rules.month)?;
            trace.step(|| {
                let base = stated.value.monthly;
                Step::new("flexible_medical_base", "医疗保险缴费基数", "Medical base", "文件规定", base).cite(&stated)
            });
            stated.value.monthly
        }
        None => {
            let field = if choice.medical_base.is_some() { "medical_base" } else { "base" };
            chosen(
                &rules.limits(Insurance::Medical)?,
                choice.medical_base.unwrap_or(choice.base),
                field,
            )?
        }
    };
    let mut part = |rate: InForce<'_, Rate>, rule: &'static str, zh: &str, en: &str| -> Result<Money, Finding> {
        let paid = amount(base, *rate.value, Share::Full, rounding)?;
        trace.step(|| Step::new(rule, zh, en, format!("{base} × {}", rate.value.percent()), paid).cite(&rate));
        Ok(paid)
    };
    let paid = part(
        rate,
        "flexible_medical",
        "灵活就业医疗保险缴费",
        "Medical insurance, paid by the person",
    )?;
    let major_illness = known(&rules.region.medical_flexible_major_illness, rules.month)
        .map(|rate| {
            part(
                rate,
                "flexible_major_illness",
                "大病医疗互助补充保险",
                "Supplement for major illness",
            )
        })
        .transpose()?;
    Ok(Medical {
        base: Some(base),
        amount: paid,
        major_illness,
    })
}

fn fixed<T: Trace>(monthly: InForce<'_, Monthly>, trace: &mut T) -> Medical {
    let amount = monthly.value.monthly;
    trace.step(|| {
        Step::new(
            "flexible_medical",
            "灵活就业医疗保险缴费",
            "Medical insurance, paid by the person",
            "按月定额",
            amount,
        )
        .cite(&monthly)
    });
    Medical {
        base: None,
        amount,
        major_illness: None,
    }
}

fn tier<'a>(chosen: Option<i32>, one: InForce<'a, Monthly>, two: InForce<'a, Monthly>) -> Result<InForce<'a, Monthly>, Finding> {
    match chosen {
        Some(1) => Ok(one),
        Some(2) => Ok(two),
        _ => {
            let (first, second) = (one.value.monthly, two.value.monthly);
            Err(Finding::blocking(
                "medical_tier",
                "当地灵活就业医疗保险分两档，请选择档次",
                "The medical insurance has two tiers here; choose one",
            )
            .field("medical_tier")
            .remedy(
                format!("一档每月 {first} 元，二档每月 {second} 元；只缴养老请注明"),
                format!("Tier 1 is {first} yuan a month, tier 2 {second}; or pay the pension only"),
            ))
        }
    }
}

/// A tier where there are none would be ignored in silence.
fn no_tiers(choice: &Choice) -> Result<(), Finding> {
    if choice.medical_tier.is_none() {
        return Ok(());
    }
    Err(Finding::blocking(
        "medical_tier",
        "当地灵活就业医疗保险不分档",
        "The medical insurance has no tiers here",
    )
    .field("medical_tier")
    .remedy("请把档次留空", "Leave the tier empty"))
}

/// So would a base of one's own where the region states it.
fn own_base_refused(choice: &Choice) -> Result<(), Finding> {
    if choice.medical_base.is_none() {
        return Ok(());
    }
    Err(Finding::blocking(
        "medical_base",
        "当地灵活就业医疗保险的缴费基数或金额由文件规定，不能自选",
        "The region states the base or amount of the medical insurance; it cannot be chosen",
    )
    .field("medical_base")
    .remedy("请把医疗保险基数留空", "Leave the medical base empty"))
}
