//! 基本养老金: basic, account and transitional pension, and the months they are paid out over.

use standard::{Finding, Money, Month, Rounding};

use crate::book::rules::{need, present};
use crate::exact::Exact;
use crate::trace::{Step, Trace};
use crate::{Place, RuleBook};

/// 国发〔2005〕38号附件《个人账户养老金计发月数表》; between whole ages linear by the month, half up to 0.1,
/// as the regions' assessment forms do. Returns tenths of a month.
pub fn payment_months<T: Trace>(book: &RuleBook, years: i32, months: i32, trace: &mut T) -> Result<i32, Finding> {
    let table = present(&book.nation().payment_months, Place::NATION, "pension.payment_months")?.newest()?;
    let at = |age: i32| match table.value.by_age.iter().find(|(years, _)| *years == age) {
        Some((_, months)) => Some(*months),
        None if age >= 70 => Some(table.value.age_70_and_over),
        None => None,
    };
    let missing = || {
        crate::timeline::law_not_encoded(
            &format!("{years}岁没有计发月数"),
            &format!("There are no payment months for age {years}"),
        )
    };
    let from = at(years).ok_or_else(missing)?;
    let to = at(years + 1).unwrap_or(from);
    // Tenths: (from × 12 + (to − from) × months) × 10 / 12, half up.
    let numerator = (from * 12 + (to - from) * months) * 10;
    let tenths = (2 * numerator + 12).div_euclid(24);
    trace.step(|| {
        let figures = if months == 0 {
            format!("{years}岁")
        } else {
            format!("{years}岁{months}个月：{from} 与 {to} 之间按月内插")
        };
        Step::new(
            "payment_months",
            "计发月数",
            "Payment months",
            figures,
            format!("{}.{}", tenths / 10, tenths % 10),
        )
        .cite(&table)
    });
    Ok(tenths)
}

/// What the pension is computed from. Years and indices are exact decimals.
#[derive(Debug, Clone, Copy)]
pub struct PensionCase {
    /// 计发基数, yuan a month.
    pub calculation_base: Money,
    /// 本人平均缴费工资指数.
    pub average_index: Exact,
    /// 缴费年限, deemed years included.
    pub contribution_years: Exact,
    /// 个人账户储存额 and 计发月数.
    pub account: Option<(Money, Exact)>,
    /// 视同缴费年限 and 过渡系数.
    pub transition: Option<(Exact, Exact)>,
}

/// The monthly pension by its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pension {
    /// 基础养老金.
    pub basic: Money,
    /// 个人账户养老金.
    pub account: Option<Money>,
    /// 过渡性养老金.
    pub transition: Option<Money>,
    /// Their sum.
    pub total: Money,
}

/// 国发〔2005〕38号第六条: 退休时的基础养老金月标准以当地上年度在岗职工月平均工资和本人指数化月平均缴费工资的平均值为基数, 缴费每满1年发给1%.
/// 个人账户养老金月标准为个人账户储存额除以计发月数. 过渡性养老金按视同缴费年限和过渡系数计发, 系数由各省定.
/// Each part is rounded once, as `rounding` says (to the fen unless the region rounds benefits otherwise).
pub fn pension<T: Trace>(book: &RuleBook, case: &PensionCase, rounding: Rounding, trace: &mut T) -> Result<Pension, Finding> {
    let formula = present(&book.nation().pension_formula, Place::NATION, "pension.formula")?.newest()?;
    let base = Exact::money(case.calculation_base);
    let weight = Exact::rate(formula.value.index_weight);
    // base × (1 + index) ÷ 2 × years × 1 %
    let exact = base
        .times(Exact::whole(1).plus(case.average_index)?)?
        .times(weight)?
        .times(case.contribution_years)?
        .times(Exact::rate(formula.value.basic_rate_per_year))?;
    let basic = exact.as_money(rounding)?;
    trace.step(|| {
        let figures = format!(
            "{} × (1 + {}) ÷ 2 × {} × 1%",
            case.calculation_base, case.average_index, case.contribution_years
        );
        Step::new("pension_basic", "基础养老金", "Basic pension", figures, basic).cite(&formula)
    });
    let account = match case.account {
        Some((balance, months)) => Some(account_pension(balance, months, rounding, trace)?),
        None => None,
    };
    let transition = match case.transition {
        Some((years, coefficient)) => {
            let exact = base.times(case.average_index)?.times(years)?.times(coefficient)?;
            let transition = exact.as_money(rounding)?;
            trace.step(|| {
                let figures = format!("{} × {} × {years} × {coefficient}", case.calculation_base, case.average_index);
                Step::new("pension_transition", "过渡性养老金", "Transitional pension", figures, transition).cite(&formula)
            });
            Some(transition)
        }
        None => None,
    };
    let total = Money::sum([Some(basic), account, transition].into_iter().flatten())?;
    Ok(Pension {
        basic,
        account,
        transition,
        total,
    })
}

fn account_pension<T: Trace>(balance: Money, months: Exact, rounding: Rounding, trace: &mut T) -> Result<Money, Finding> {
    if months.is_zero() {
        return Err(Finding::blocking("payment_months", "计发月数不能为 0", "Payment months cannot be 0").field("payment_months"));
    }
    let account = Exact::money(balance).divided_as_money(months, rounding)?;
    trace.step(|| {
        Step::new(
            "pension_account",
            "个人账户养老金",
            "Account pension",
            format!("{balance} ÷ {months}"),
            account,
        )
    });
    Ok(account)
}

/// The region's calculation base (计发基数) of a year.
pub fn calculation_base(book: &RuleBook, place: impl Into<Place>, month: Month) -> Result<Money, Finding> {
    let place = place.into();
    Ok(
        need(&book.region(place)?.calculation_base, month, place, "pension.calculation_base")?
            .value
            .amount,
    )
}
