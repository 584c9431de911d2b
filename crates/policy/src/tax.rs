//! 个人所得税 on wages: cumulative withholding, the yearly bonus, the annual settlement.

use standard::{Finding, Money, MoneyOverflow, Month, Rounding};

use crate::book::rules::need;
use crate::trace::{Step, Trace};
use crate::values::{Bracket, Brackets, Monthly};
use crate::{InForce, Place, RuleBook};

/// What a month brings into the cumulative withholding.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaxMonth {
    /// 收入.
    pub income: Money,
    /// 专项扣除: the employee's own insurance and housing fund.
    pub special: Money,
    /// 专项附加扣除.
    pub additional: Money,
    /// 其他扣除.
    pub other: Money,
}

/// The tax tables of a year.
#[derive(Debug, Clone, Copy)]
pub struct TaxLaw<'a> {
    annual: InForce<'a, Brackets>,
    basic: InForce<'a, Monthly>,
}

fn law(book: &RuleBook, month: Month) -> Result<TaxLaw<'_>, Finding> {
    let nation = book.nation();
    Ok(TaxLaw {
        annual: need(&nation.tax_annual, month, Place::NATION, "tax.annual_brackets")?,
        basic: need(&nation.tax_basic_deduction, month, Place::NATION, "tax.basic_deduction")?,
    })
}

/// 个人所得税法第三条, 附表一: tax = taxable × rate − quick deduction of the step the amount falls in, rounded once to the fen.
pub fn progressive(brackets: &Brackets, step_by: Money, taxed: Money) -> Result<(Money, Bracket), MoneyOverflow> {
    let step = brackets
        .brackets
        .iter()
        .find(|step| step.up_to.is_none_or(|up_to| step_by <= up_to));
    let step = *step.ok_or(MoneyOverflow)?;
    let exact = i128::from(taxed.fen()) * i128::from(step.rate.ppm()) - i128::from(step.quick.fen()) * 1_000_000;
    Ok((Money::from_ratio(exact, 1_000_000, Rounding::HALF_UP_FEN)?.max(Money::ZERO), step))
}

/// 国家税务总局公告2018年第61号第六条: 累计预扣法. 累计预扣预缴应纳税所得额 = 累计收入 − 累计免税收入 − 累计减除费用 − 累计专项扣除 − 累计专项附加扣除
/// − 累计依法确定的其他扣除; 累计减除费用按照5000元/月乘以纳税人当年截至本月在本单位的任职受雇月份数计算. 余额为负值时暂不退税.
/// 公告2020年第13号: 当年首次取得工资的, 按5000元乘以纳税人当年截至本月月份数 (`from_january`).
pub fn withholding<T: Trace>(
    book: &RuleBook,
    first: Month,
    months: &[TaxMonth],
    from_january: bool,
    trace: &mut T,
) -> Result<Vec<Money>, Finding> {
    if from_january {
        need(&book.nation().tax_first_employment, first, Place::NATION, "tax.first_employment")?;
    }
    let skipped = if from_january { first.month() as i64 - 1 } else { 0 };
    let mut withheld = Money::ZERO;
    let mut total = TaxMonth::default();
    let mut taxes = Vec::with_capacity(months.len());
    for (index, month) in months.iter().enumerate() {
        total = TaxMonth {
            income: total.income.try_add(month.income)?,
            special: total.special.try_add(month.special)?,
            additional: total.additional.try_add(month.additional)?,
            other: total.other.try_add(month.other)?,
        };
        let tax = withhold(book, first.plus(index as i32), index as i64 + 1 + skipped, &total, withheld, trace)?;
        withheld = withheld.try_add(tax)?;
        taxes.push(tax);
    }
    Ok(taxes)
}

/// One month of the cumulative withholding: `total` holds the year so far with this month, `months` how many months the basic
/// deduction counts, `withheld` what was withheld before. 国家税务总局公告2018年第61号第六条, as [`withholding`].
pub fn withhold<T: Trace>(
    book: &RuleBook,
    month: Month,
    months: i64,
    total: &TaxMonth,
    withheld: Money,
    trace: &mut T,
) -> Result<Money, Finding> {
    let law = law(book, month)?;
    let basic = law.basic.value.monthly.times_count(months)?;
    let deductions = Money::sum([basic, total.special, total.additional, total.other])?;
    let taxable = total.income.try_sub(deductions)?.max(Money::ZERO);
    let (due, step) = progressive(law.annual.value, taxable, taxable)?;
    let tax = due.try_sub(withheld)?.max(Money::ZERO);
    trace.step(|| {
        let figures = format!(
            "累计 {} − {basic} − {} − {} − {} = {taxable}；× {} − {} − 已预扣 {withheld}",
            total.income,
            total.special,
            total.additional,
            total.other,
            step.rate.percent(),
            step.quick
        );
        let title = format!("{month} 预扣个人所得税");
        Step::new("tax_withholding", &title, "Tax withheld", figures, tax)
            .cite(&law.annual)
            .cite(&law.basic)
    });
    Ok(tax)
}

/// 财税〔2018〕164号第一条, 公告2023年第30号: 全年一次性奖金不并入当年综合所得, 以奖金收入除以12个月得到的数额, 按照月度税率表确定适用税率和
/// 速算扣除数, 单独计算纳税; 执行至2027年12月31日.
pub fn bonus<T: Trace>(book: &RuleBook, year: i32, bonus: Money, trace: &mut T) -> Result<Money, Finding> {
    let table = need(&book.nation().tax_bonus, Month::new(year, 1)?, Place::NATION, "tax.bonus_brackets")?;
    // The step is the first whose bound times twelve is not below the bonus: exact, without dividing.
    let mut chosen = None;
    for step in &table.value.brackets {
        let within = match step.up_to {
            Some(up_to) => bonus <= up_to.times_count(12)?,
            None => true,
        };
        if within {
            chosen = Some(*step);
            break;
        }
    }
    let step = chosen.ok_or(MoneyOverflow)?;
    let one = Brackets {
        brackets: vec![Bracket { up_to: None, ..step }],
    };
    let (tax, _) = progressive(&one, bonus, bonus)?;
    trace.step(|| {
        let figures = format!(
            "{bonus} ÷ 12 定税率 {}；{bonus} × {} − {}",
            step.rate.percent(),
            step.rate.percent(),
            step.quick
        );
        Step::new("tax_bonus", "全年一次性奖金个人所得税", "Tax on the yearly bonus", figures, tax).cite(&table)
    });
    Ok(tax)
}

/// 个人所得税法第六条第一款第一项, 第十一条: 居民个人的综合所得, 以每一纳税年度的收入额减除费用六万元以及专项扣除、专项附加扣除和依法确定的
/// 其他扣除后的余额, 为应纳税所得额; 按年计算, 汇算清缴. Returns (taxable, tax).
pub fn annual<T: Trace>(book: &RuleBook, year: i32, total: &TaxMonth, trace: &mut T) -> Result<(Money, Money), Finding> {
    let law = law(book, Month::new(year, 12)?)?;
    // A year before the tables began is not encoded, though its December may be.
    need(
        &book.nation().tax_annual,
        Month::new(year, 1)?,
        Place::NATION,
        "tax.annual_brackets",
    )?;
    let basic = law.basic.value.monthly.times_count(12)?;
    let deductions = Money::sum([basic, total.special, total.additional, total.other])?;
    let taxable = total.income.try_sub(deductions)?.max(Money::ZERO);
    let (tax, step) = progressive(law.annual.value, taxable, taxable)?;
    trace.step(|| {
        let figures = format!(
            "{} − {deductions} = {taxable}；× {} − {}",
            total.income,
            step.rate.percent(),
            step.quick
        );
        Step::new("tax_annual", "综合所得应纳税额", "Annual tax", figures, tax)
            .cite(&law.annual)
            .cite(&law.basic)
    });
    Ok((taxable, tax))
}

/// Whom a taxpayer keeps and what they pay for, for 专项附加扣除 of one month.
#[derive(Debug, Clone, Copy, Default)]
pub struct Household {
    /// Children in education the taxpayer deducts for alone; half a child is deducted by each parent.
    pub half_children: i64,
    /// Children under three, counted likewise in halves.
    pub half_infants: i64,
    /// The taxpayer is an only child with a parent of 60 or more.
    pub elders_as_only_child: bool,
    /// Or shares the deduction with siblings: the agreed share, at most the bound.
    pub elders_share: Option<Money>,
    /// Interest on a first home loan.
    pub mortgage: bool,
    /// Rents a home: the tier of the city, 1 (municipalities, capitals…), 2 (over a million) or 3. Not together with a mortgage.
    pub rent_tier: Option<usize>,
    /// Studies for a degree, within the permitted months.
    pub degree: bool,
}

/// 国发〔2018〕41号, 国发〔2023〕13号 (自2023年1月1日): 子女教育、3岁以下婴幼儿照护每孩每月2000元; 赡养老人独生子女每月3000元, 非独生子女分摊每人不超过1500元;
/// 住房贷款利息每月1000元或住房租金每月1500、1100、800元, 二者不得同时享受; 继续教育每月400元.
pub fn special_additional<T: Trace>(book: &RuleBook, month: Month, household: &Household, trace: &mut T) -> Result<Money, Finding> {
    let rule = need(
        &book.nation().tax_special_additional,
        month,
        Place::NATION,
        "tax.special_additional",
    )?;
    let law = rule.value;
    if household.mortgage && household.rent_tier.is_some() {
        return Err(Finding::blocking(
            "mortgage_and_rent",
            "住房贷款利息与住房租金不能同时扣除",
            "Mortgage and rent are not deducted together",
        )
        .remedy("请选择其中一项", "Choose one of them"));
    }
    let halves = |each: Money, count: i64| Money::from_ratio(i128::from(each.fen()) * i128::from(count), 2, Rounding::HALF_UP_FEN);
    let elders = match (household.elders_as_only_child, household.elders_share) {
        (true, _) => law.elder_only_child,
        (false, Some(share)) => share.min(law.elder_sibling_max),
        (false, None) => Money::ZERO,
    };
    let rent = match household.rent_tier {
        None => Money::ZERO,
        Some(tier) => {
            let amount = tier
                .checked_sub(1)
                .and_then(|index| law.rent.get(index))
                .ok_or_else(|| Finding::blocking("rent_tier", "租金档次应为 1 到 3", "A rent tier is 1 to 3").field("rent_tier"))?;
            Money::from_yuan(amount)?
        }
    };
    let flag = |taken: bool, amount: Money| if taken { amount } else { Money::ZERO };
    let parts = [
        halves(law.child, household.half_children)?,
        halves(law.infant, household.half_infants)?,
        elders,
        flag(household.mortgage, law.mortgage),
        rent,
        flag(household.degree, law.degree),
    ];
    let total = Money::sum(parts)?;
    trace.step(|| {
        let figures = parts.map(Money::to_yuan).join(" + ");
        Step::new(
            "special_additional",
            "专项附加扣除（月）",
            "Special additional deductions",
            figures,
            total,
        )
        .cite(&rule)
    });
    Ok(total)
}
