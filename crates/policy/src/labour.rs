//! 劳动标准: daily wage, overtime, annual leave, severance.

use standard::{Finding, Money, Rounding};

use crate::book::rules::present;
use crate::exact::Exact;
use crate::timeline::{InForce, Timeline};
use crate::trace::{Step, Trace};
use crate::unemployment::granted;
use crate::{Place, RuleBook};

fn newest<'a, T>(series: &'a Option<Timeline<T>>, name: &str) -> Result<InForce<'a, T>, Finding> {
    present(series, Place::NATION, name)?.newest()
}

/// 人社部发〔2025〕2号: 月计薪天数为21.75天; 日工资 = 月工资收入 ÷ 月计薪天数, rounded once to the fen.
pub fn daily_wage<T: Trace>(book: &RuleBook, monthly: Money, trace: &mut T) -> Result<Money, Finding> {
    let rule = newest(&book.nation().paid_days, "labour.paid_days")?;
    let daily = Exact::money(monthly).divided_as_money(Exact::rate(rule.value.days_per_month), Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let figures = format!("{monthly} ÷ {}", rule.value.days_per_month);
        Step::new("daily_wage", "日工资", "Daily wage", figures, daily).cite(&rule)
    });
    Ok(daily)
}

/// When overtime was worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OvertimeDay {
    /// 工作日延长工作时间.
    Workday,
    /// 休息日, no compensation in time.
    RestDay,
    /// 法定休假日.
    Holiday,
}

/// 劳动法第四十四条: 安排劳动者延长工作时间的, 支付不低于工资的百分之一百五十的工资报酬; 休息日安排劳动者工作又不能安排补休的, 百分之二百;
/// 法定休假日安排劳动者工作的, 百分之三百. Hourly wage = monthly ÷ 21.75 ÷ 8; rounded once at the end.
pub fn overtime<T: Trace>(book: &RuleBook, monthly: Money, hours: Exact, day: OvertimeDay, trace: &mut T) -> Result<Money, Finding> {
    overtime_of(book, monthly, (hours, Exact::whole(1)), day, trace)
}

/// The same for minutes as they were clocked: a third of an hour is exactly a third.
pub fn overtime_minutes<T: Trace>(
    book: &RuleBook,
    monthly: Money,
    minutes: i64,
    day: OvertimeDay,
    trace: &mut T,
) -> Result<Money, Finding> {
    overtime_of(book, monthly, (Exact::whole(minutes), Exact::whole(60)), day, trace)
}

/// `time` is a number of hours as (number, parts of an hour it counts).
fn overtime_of<T: Trace>(book: &RuleBook, monthly: Money, time: (Exact, Exact), day: OvertimeDay, trace: &mut T) -> Result<Money, Finding> {
    let days = newest(&book.nation().paid_days, "labour.paid_days")?;
    let rule = newest(&book.nation().overtime, "labour.overtime")?;
    let multiple = match day {
        OvertimeDay::Workday => rule.value.workday,
        OvertimeDay::RestDay => rule.value.rest_day,
        OvertimeDay::Holiday => rule.value.holiday,
    };
    let worked = Exact::money(monthly).times(time.0)?.times(Exact::rate(multiple))?;
    let month_hours = Exact::rate(days.value.days_per_month)
        .times(Exact::rate(days.value.hours_per_day))?
        .times(time.1)?;
    let pay = worked.divided_as_money(month_hours, Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let unit = if time.1 == Exact::whole(1) { "小时" } else { "分钟 ÷ 60" };
        let figures = format!(
            "{monthly} ÷ {} ÷ {} × {} {unit} × {multiple}",
            days.value.days_per_month, days.value.hours_per_day, time.0
        );
        Step::new("overtime", "加班工资", "Overtime pay", figures, pay)
            .cite(&rule)
            .cite(&days)
    });
    Ok(pay)
}

/// 月计薪天数: 21.75.
pub fn paid_days(book: &RuleBook) -> Result<standard::Rate, Finding> {
    Ok(newest(&book.nation().paid_days, "labour.paid_days")?.value.days_per_month)
}

/// 职工带薪年休假条例第三条: 职工累计工作已满1年不满10年的, 年休假5天; 已满10年不满20年的, 年休假10天; 已满20年的, 年休假15天.
pub fn annual_leave<T: Trace>(book: &RuleBook, service_months: i32, trace: &mut T) -> Result<i32, Finding> {
    let rule = newest(&book.nation().annual_leave, "labour.annual_leave")?;
    let days = granted(&rule.value.bands, service_months);
    trace.step(|| {
        let figures = format!("累计工作 {service_months} 个月");
        Step::new("annual_leave", "年休假天数", "Days of annual leave", figures, days).cite(&rule)
    });
    Ok(days)
}

/// 企业职工带薪年休假实施办法第五条: (当年度在本单位剩余日历天数 ÷ 365天) × 职工本人全年应当享受的年休假天数, 折算后不足1整天的部分不享受年休假.
pub fn annual_leave_proration<T: Trace>(book: &RuleBook, remaining_days: i32, entitlement: i32, trace: &mut T) -> Result<i32, Finding> {
    let rule = newest(&book.nation().annual_leave, "labour.annual_leave")?;
    let days = i64::from(remaining_days) * i64::from(entitlement) / i64::from(rule.value.year_days);
    trace.step(|| {
        let figures = format!("{remaining_days} ÷ {} × {entitlement}，不足一整天不计", rule.value.year_days);
        Step::new(
            "annual_leave_proration",
            "折算年休假",
            "Leave for a part of the year",
            figures,
            days,
        )
        .cite(&rule)
    });
    Ok(i32::try_from(days).unwrap_or(i32::MAX))
}

/// 劳动合同法第四十七条: 经济补偿按劳动者在本单位工作的年限, 每满一年支付一个月工资的标准支付; 六个月以上不满一年的, 按一年计算; 不满六个月的, 支付半个月
/// 工资; 月工资高于本地区上年度职工月平均工资三倍的, 按三倍支付, 年限最高不超过十二年. 第八十七条: 违法解除的, 按二倍支付赔偿金.
pub fn severance<T: Trace>(
    book: &RuleBook,
    monthly: Money,
    service_months: i32,
    unlawful: bool,
    regional_average: Option<Money>,
    trace: &mut T,
) -> Result<Money, Finding> {
    let rule = newest(&book.nation().severance, "labour.severance")?;
    let law = rule.value;
    let (mut wage, mut half_months) = (monthly, i64::from(service_months / 12) * 2);
    half_months += match service_months % 12 {
        0 => 0,
        1..=5 => 1,
        _ => 2,
    };
    if let Some(average) = regional_average {
        let cap = average.times(law.cap_average_multiple, Rounding::HALF_UP_FEN)?;
        if wage > cap {
            wage = cap;
            half_months = half_months.min(i64::from(law.cap_years) * 2);
        }
    }
    let multiple = if unlawful { law.unlawful_multiple } else { law.full_year };
    // A full year pays `full_year` months and half a year `half_year`; both are counted in halves here.
    let exact = i128::from(wage.fen()) * i128::from(half_months) * i128::from(law.half_year.ppm()) * i128::from(multiple.ppm());
    let amount = Money::from_ratio(exact, 1_000_000_000_000, Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let figures = format!(
            "{wage} × {} 个月 × {multiple}",
            Exact::whole(half_months)
                .times(Exact::rate(law.half_year))
                .map_or_else(|_| String::new(), |months| months.to_string())
        );
        let title = if unlawful { "违法解除赔偿金" } else { "经济补偿" };
        Step::new("severance", title, "Severance", figures, amount).cite(&rule)
    });
    Ok(amount)
}
