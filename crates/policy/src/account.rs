//! 个人账户: what is credited each month, the yearly interest, and the yearly rows of 信息表(二).

use standard::{Finding, Money, Month, Rate, Rounding};

use crate::book::rules::{need, present};
use crate::trace::{Step, Trace};
use crate::values::YearRate;
use crate::{InForce, Place, RuleBook};

/// A stretch of months paid on one monthly base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First month.
    pub from: Month,
    /// Last month, counted.
    pub to: Month,
    /// Monthly contribution base.
    pub base: Money,
}

/// One year of the account: a row of 信息表(二).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountYear {
    /// The year.
    pub year: i32,
    /// First month paid in it.
    pub from: Month,
    /// Last month paid in it.
    pub to: Month,
    /// Months paid.
    pub months: i64,
    /// Sum of the monthly bases.
    pub base_total: Money,
    /// Average monthly base of the months paid, to the fen.
    pub base_average: Money,
    /// Rate credited to the account in the last month paid.
    pub account_rate: Rate,
    /// 当年记账金额 (principal).
    pub credited: Money,
    /// Of it the person's own payments: all of it from 2006; not known before, where the own rate is not encoded.
    pub credited_own: Option<Money>,
    /// 当年记账利息; nothing where the year's rate is not encoded or not announced yet.
    pub interest: Option<Money>,
    /// 年末累计储存额.
    pub balance: Money,
}

/// A personal account built from the history of payments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Every year from the first with a payment to the last asked for; years without a payment carry interest only.
    pub years: Vec<AccountYear>,
    /// All principal since 1998.
    pub principal: Money,
    /// All interest credited.
    pub interest: Money,
    /// Principal and interest.
    pub balance: Money,
    /// Full years that earned no interest because their rate is not encoded. Show them to a person before money moves.
    pub years_without_rate: Vec<i32>,
}

/// 国发〔1997〕26号第四条: 按本人缴费工资11%的数额为职工建立基本养老保险个人账户.
/// 国发〔2005〕38号第六条: 从2006年1月1日起，个人账户的规模统一由本人缴费工资的11%调整为8%.
pub fn credit_rate(book: &RuleBook, month: Month) -> Result<InForce<'_, Rate>, Finding> {
    need(&book.nation().account_credit, month, Place::NATION, "pension.account_credit")
}

/// The yearly interest rate of accounts (个人账户记账利率); refused in years whose rate is not encoded.
pub fn interest_rate(book: &RuleBook, year: i32) -> Result<InForce<'_, YearRate>, Finding> {
    let month = Month::new(year, 1)?;
    need(&book.nation().account_interest, month, Place::NATION, "pension.account_interest")
}

/// 劳办发〔1997〕116号《职工基本养老保险个人账户管理暂行办法》, 月积数法: 上年末储存额按全年计息，
/// 当年记账金额按入账后的月数计息: 一月的计十二个月, 十二月的计一个月. Rounded once, half up to the fen.
///
/// `credited_by_month` is the principal of January to December.
pub fn yearly_interest(opening: Money, credited_by_month: &[Money; 12], rate: Rate) -> Result<Money, Finding> {
    let products: i128 = (1_i128..=12)
        .rev()
        .zip(credited_by_month)
        .map(|(months, credited)| months * i128::from(credited.fen()))
        .sum();
    let product = i128::from(opening.fen()) * 12 + products;
    Ok(Money::from_ratio(
        product * i128::from(rate.ppm()),
        12_000_000,
        Rounding::HALF_UP_FEN,
    )?)
}

/// Refuses stretches that end before they begin, are negative or share a month.
pub(crate) fn in_order(history: &[Stretch]) -> Result<Vec<Stretch>, Finding> {
    let mut sorted = history.to_vec();
    sorted.sort_by_key(|stretch| stretch.from);
    let backwards = sorted.iter().any(|stretch| stretch.to < stretch.from || stretch.base.is_negative());
    if backwards {
        return Err(Finding::blocking(
            "history_backwards",
            "缴费记录的终止年月早于起始年月，或基数为负",
            "A stretch ends before it begins, or its base is negative",
        )
        .remedy("请核对缴费明细", "Check the contribution records"));
    }
    if let Some(pair) = sorted.windows(2).find(|pair| pair[1].from <= pair[0].to) {
        let month = pair[1].from;
        return Err(Finding::blocking(
            "history_overlap",
            format!("{month} 有重复的缴费记录"),
            format!("{month} is paid twice"),
        )
        .remedy("请先清理重复缴费，再核算账户", "Settle the double payment first"));
    }
    Ok(sorted)
}

/// The payments of one calendar year.
struct YearPaid {
    from: Month,
    to: Month,
    months: i64,
    base_total: Money,
    credited: [Money; 12],
}

fn paid_in(book: &RuleBook, history: &[Stretch], year: i32, until: Month) -> Result<Option<YearPaid>, Finding> {
    let mut paid: Option<YearPaid> = None;
    for number in 1..=12 {
        let month = Month::new(year, number)?;
        if month > until {
            break;
        }
        let Some(stretch) = history.iter().find(|stretch| stretch.from <= month && month <= stretch.to) else {
            continue;
        };
        let rate = *credit_rate(book, month)?.value;
        let year_paid = paid.get_or_insert(YearPaid {
            from: month,
            to: month,
            months: 0,
            base_total: Money::ZERO,
            credited: [Money::ZERO; 12],
        });
        year_paid.to = month;
        year_paid.months += 1;
        year_paid.base_total = year_paid.base_total.try_add(stretch.base)?;
        year_paid.credited[number as usize - 1] = stretch.base.times(rate, Rounding::HALF_UP_FEN)?;
    }
    Ok(paid)
}

/// Builds the account from payments since 1998-01 up to and including `until`. The year of `until` is 当年 and earns no
/// interest yet; earlier years without an encoded rate earn none either and are named in the result.
pub fn build<T: Trace>(book: &RuleBook, history: &[Stretch], until: Month, trace: &mut T) -> Result<Account, Finding> {
    let history = in_order(history)?;
    let start = present(&book.nation().account_credit, Place::NATION, "pension.account_credit")?;
    let start = start.rows().first().map_or(Month::MIN, |row| Month::of(row.head.from));
    let mut account = Account::default();
    let Some(first) = history
        .iter()
        .map(|stretch| stretch.to.min(until).max(stretch.from))
        .find(|to| *to >= start)
    else {
        return Ok(account);
    };
    let own_share_from = Month::new(2006, 1)?;
    let from = history.iter().map(|stretch| stretch.from.max(start)).min().unwrap_or(first);
    for year in from.year()..=until.year() {
        let history_since: Vec<Stretch> = history
            .iter()
            .filter(|stretch| stretch.to >= start)
            .map(|stretch| Stretch {
                from: stretch.from.max(start),
                ..*stretch
            })
            .collect();
        let paid = paid_in(book, &history_since, year, until)?;
        let opening = account.balance;
        let credited = paid.as_ref().map_or([Money::ZERO; 12], |paid| paid.credited);
        let principal = Money::sum(credited)?;
        let rate = if year == until.year() {
            None
        } else {
            interest_rate(book, year).ok()
        };
        let interest = rate.map(|rate| yearly_interest(opening, &credited, rate.value.rate)).transpose()?;
        if interest.is_none() && year != until.year() && !(opening.is_zero() && principal.is_zero()) {
            account.years_without_rate.push(year);
        }
        account.principal = account.principal.try_add(principal)?;
        account.interest = account.interest.try_add(interest.unwrap_or(Money::ZERO))?;
        account.balance = account.principal.try_add(account.interest)?;
        trace.step(|| {
            let earned = match (rate, interest) {
                (Some(rate), Some(interest)) => format!("{interest}（{}）", rate.value.rate.percent()),
                _ if year == until.year() => "未计（当年）".to_owned(),
                _ => "未计（该年记账利率未收录）".to_owned(),
            };
            let figures = format!("上年末 {opening} + 记账 {principal} + 利息 {earned}");
            year_step(year, figures, account.balance, rate)
        });
        let Some(paid) = paid else {
            account.years.push(empty_year(year, interest, account.balance)?);
            continue;
        };
        let base_average = Money::from_ratio(i128::from(paid.base_total.fen()), i128::from(paid.months), Rounding::HALF_UP_FEN)?;
        account.years.push(AccountYear {
            year,
            from: paid.from,
            to: paid.to,
            months: paid.months,
            base_total: paid.base_total,
            base_average,
            account_rate: *credit_rate(book, paid.to)?.value,
            credited: principal,
            credited_own: (paid.from >= own_share_from).then_some(principal),
            interest,
            balance: account.balance,
        });
    }
    Ok(account)
}

/// The step of a year, with the rate it earned at.
fn year_step(year: i32, figures: String, balance: Money, rate: Option<InForce<'_, YearRate>>) -> Step {
    let (zh, en) = (format!("{year}年个人账户"), format!("Account of {year}"));
    let step = Step::new("account_year", &zh, &en, figures, balance);
    match rate {
        Some(rate) => step.cite(&rate),
        None => step,
    }
}

/// What to tell a person before money moves: which years earned no interest, and why. Nothing when every full year did.
pub fn interest_finding(years_without_rate: &[i32]) -> Option<Finding> {
    if years_without_rate.is_empty() {
        return None;
    }
    let years = spans(years_without_rate);
    let (zh, en) = (years.join("、"), years.join(", "));
    Some(
        Finding::warning(
            "interest_rate_not_encoded",
            format!("{zh}年的个人账户记账利率没有可查来源，未收录：这些年度没有计息，也没有以其他年度的利率代替"),
            format!("No source is encoded for the account's interest rate of {en}: these years earned none, and no other year's rate took its place"),
        )
        .remedy(
            "请按当地公布的记账利率核对后再划转",
            "Check against the region's published rates before the money moves",
        ),
    )
}

/// Years in order as `1998—2005`, `2014`.
fn spans(years: &[i32]) -> Vec<String> {
    let runs = years.chunk_by(|year, next| year + 1 == *next);
    runs.filter_map(|run| match run {
        [] => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first}—{last}")),
    })
    .collect()
}

/// A year between payments: nothing credited, interest on what is there.
fn empty_year(year: i32, interest: Option<Money>, balance: Money) -> Result<AccountYear, Finding> {
    Ok(AccountYear {
        year,
        from: Month::new(year, 1)?,
        to: Month::new(year, 12)?,
        months: 0,
        base_total: Money::ZERO,
        base_average: Money::ZERO,
        account_rate: Rate::ZERO,
        credited: Money::ZERO,
        credited_own: Some(Money::ZERO),
        interest,
        balance,
    })
}
