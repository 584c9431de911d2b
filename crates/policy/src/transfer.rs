//! 转移接续: the money that moves (①–⑥), who gets a temporary account, and who pays the pension in the end.

use standard::{Date, Finding, Money, Month, MonthSet, RegionCode, Rounding, Sex};

use crate::account::{self, Account, Stretch};
use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::{Place, RuleBook};

/// The money of 信息表(一), ① to ⑥.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferMoney {
    /// ① 1998年前个人缴费累计本息.
    pub before_1998: Money,
    /// ② 1998年至上年末个人账户累计储存额.
    pub to_last_year: Money,
    /// ③ 当年记账本金.
    pub this_year: Money,
    /// ④ = ① + ② + ③ 个人账户转移额.
    pub account: Money,
    /// ⑤ 统筹基金转移额.
    pub pooled: Money,
    /// ⑥ = ④ + ⑤ 转移总额.
    pub total: Money,
    /// The account behind ② and ③, year by year.
    pub detail: Account,
}

/// 国办发〔2009〕66号第四条: (一) 个人账户储存额: 1998年1月1日之前按个人缴费累计本息计算转移, 1998年1月1日后按计入个人账户的
/// 全部储存额计算转移. (二) 统筹基金(单位缴费): 以本人1998年1月1日后各年度实际缴费工资为基数, 按12%的总和转移,
/// 参保缴费不足1年的, 按实际缴费月数计算转移.
///
/// `before_1998` is the principal and interest of own payments before 1998 as the old region recorded it;
/// `on` is the month of transfer, whose year is 当年.
pub fn transfer_money<T: Trace>(
    book: &RuleBook,
    history: &[Stretch],
    before_1998: Money,
    on: Month,
    trace: &mut T,
) -> Result<TransferMoney, Finding> {
    let detail = account::build(book, history, on, trace)?;
    let this_year = detail
        .years
        .last()
        .filter(|year| year.year == on.year())
        .map_or(Money::ZERO, |year| year.credited);
    let to_last_year = detail.balance.try_sub(this_year)?;
    let account = Money::sum([before_1998, to_last_year, this_year])?;
    let by_year: Vec<(Month, Money)> = detail.years.iter().map(|year| (year.from, year.base_total)).collect();
    let pooled = pooled_money(book, &by_year, on, trace)?;
    let total = account.try_add(pooled)?;
    trace.step(|| {
        let figures = format!("①{before_1998} + ②{to_last_year} + ③{this_year} = ④{account}；④{account} + ⑤{pooled}");
        Step::new("transfer_total", "转移总额⑥", "Total to move ⑥", figures, total)
    });
    Ok(TransferMoney {
        before_1998,
        to_last_year,
        this_year,
        account,
        pooled,
        total,
        detail,
    })
}

/// 国办发〔2009〕66号第四条(二), of the sums of monthly bases of each year (by a month of that year).
/// Rounded half up to the fen, a year at a time.
pub fn pooled_money<T: Trace>(book: &RuleBook, by_year: &[(Month, Money)], on: Month, trace: &mut T) -> Result<Money, Finding> {
    let rule = need(&book.nation().pension_fund, on, Place::NATION, "transfer.pension_fund")?;
    let since = rule.value.pooled_since;
    let mut pooled = Money::ZERO;
    for (_, base_total) in by_year.iter().filter(|(month, _)| month.year() >= since.year()) {
        pooled = pooled.try_add(base_total.times(rule.value.pooled_rate, Rounding::HALF_UP_FEN)?)?;
    }
    trace.step(|| {
        let parts: Vec<String> = by_year.iter().map(|(_, base)| base.to_yuan()).collect();
        let figures = format!("({}) × {}", parts.join(" + "), rule.value.pooled_rate.percent());
        Step::new("transfer_pooled", "统筹基金转移额⑤", "Pooled money to move ⑤", figures, pooled).cite(&rule)
    });
    Ok(pooled)
}

/// 账户类别 (zhlb).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// 0 一般账户.
    General,
    /// 1 临时缴费账户.
    Temporary,
}

/// 国办发〔2009〕66号第五条: 参保人员返回户籍所在地就业参保的, 应及时办理转移接续; 未返回户籍所在地而男性年满50周岁、女性年满40周岁的,
/// 在原参保地继续保留关系, 同时在新参保地建立临时基本养老保险缴费账户. Transfers approved by the personnel authorities have no age limit.
pub fn account_kind(
    book: &RuleBook,
    sex: Sex,
    birth: Date,
    applied_on: Date,
    returns_to_household: bool,
    approved_move: bool,
) -> Result<AccountKind, Finding> {
    let rule = need(
        &book.nation().temporary_account,
        Month::of(applied_on),
        Place::NATION,
        "transfer.temporary_account",
    )?;
    let limit = match sex {
        Sex::Male => rule.value.male_from_age,
        Sex::Female => rule.value.female_from_age,
    };
    let birthday_passed = (applied_on.month(), applied_on.day()) >= (birth.month(), birth.day());
    let age = i32::from(applied_on.year()) - i32::from(birth.year()) - i32::from(!birthday_passed);
    let temporary = !returns_to_household && !approved_move && age >= limit;
    Ok(if temporary { AccountKind::Temporary } else { AccountKind::General })
}

/// 国办发〔2009〕66号第二条: 跨省流动就业的 move with money; within one province that pools provincially only the record moves.
pub fn within_one_province(from: RegionCode, to: RegionCode) -> bool {
    from.province() == to.province()
}

/// Whether working in `region` is working where the household is: 第二条 and 第五条 speak of who moves between provinces, so
/// that anywhere in the province of the household is home.
pub fn at_household(household: RegionCode, region: RegionCode) -> bool {
    within_one_province(household, region)
}

/// Working days a leg may take (第八条: 15个工作日).
pub fn leg_working_days(book: &RuleBook, on: Month) -> Result<i32, Finding> {
    Ok(need(&book.nation().leg_deadline, on, Place::NATION, "transfer.leg_deadline")?
        .value
        .working_days)
}

/// Months paid in a place, for the place that pays the pension.
#[derive(Debug, Clone, Copy)]
pub struct PaidThere {
    /// Where.
    pub region: Place,
    /// How many months.
    pub months: i32,
}

/// 国办发〔2009〕66号第六条: (一) 基本养老保险关系在户籍所在地的, 由户籍所在地负责办理待遇领取手续; (二) 不在户籍所在地, 而在其关系所在地累计缴费
/// 年限满10年的, 在该地办理; (三) 在其关系所在地累计缴费年限不满10年的, 将其关系转回上一个缴费年限满10年的原参保地; (四) 在每个参保地的累计
/// 缴费年限均不满10年的, 归集到户籍所在地.
///
/// `paid` is in order of time; a region may appear more than once.
pub fn benefit_place<T: Trace>(
    book: &RuleBook,
    on: Month,
    household: Place,
    current: Place,
    paid: &[PaidThere],
    trace: &mut T,
) -> Result<Place, Finding> {
    let rule = need(&book.nation().benefit_place, on, Place::NATION, "transfer.benefit_place")?;
    let needed = i64::from(rule.value.months);
    let months_in = |place: Place| -> i64 {
        paid.iter()
            .filter(|paid| paid.region == place)
            .map(|paid| i64::from(paid.months))
            .sum()
    };
    let long_enough = |place: Place| months_in(place) >= needed;
    let (place, why) = if current == household {
        (household, "关系在户籍所在地")
    } else if long_enough(current) {
        (current, "在关系所在地缴费满10年")
    } else if let Some(last) = paid.iter().rev().map(|paid| paid.region).find(|place| long_enough(*place)) {
        (last, "转回上一个缴费满10年的参保地")
    } else {
        (household, "各地均不满10年，归集到户籍所在地")
    };
    trace.step(|| {
        let figures: Vec<String> = paid
            .iter()
            .map(|paid| format!("{} {}个月", paid.region.name(), paid.months))
            .collect();
        let figures = format!("{}；{why}", figures.join("，"));
        Step::new("benefit_place", "待遇领取地", "Place that pays the pension", figures, place.name()).cite(&rule)
    });
    Ok(place)
}

/// Months paid across regions, each month once, whoever it was paid to.
pub fn months_once<'a>(regions: impl IntoIterator<Item = &'a MonthSet>) -> MonthSet {
    regions.into_iter().fold(MonthSet::default(), |all, one| all.union(one))
}
