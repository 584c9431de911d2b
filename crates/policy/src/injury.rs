//! 工伤待遇: by disability grade, nursing, and death.

use standard::{Finding, Money, Month, Rate, Rounding};

use crate::book::rules::{need, present};
use crate::timeline::{InForce, Timeline};
use crate::trace::{Step, Trace};
use crate::values::Clamp;
use crate::{Place, RuleBook};

fn newest<'a, T>(series: &'a Option<Timeline<T>>, name: &str) -> Result<InForce<'a, T>, Finding> {
    present(series, Place::NATION, name)?.newest()
}

/// 工伤保险条例第六十四条: 本人工资, 是指工伤职工因工作遭受事故伤害或者患职业病前12个月平均月缴费工资; 高于统筹地区职工平均工资300%的, 按300%计算;
/// 低于60%的, 按60%计算.
pub fn own_wage<T: Trace>(book: &RuleBook, own: Money, regional_average: Money, trace: &mut T) -> Result<Money, Finding> {
    let rule: InForce<'_, Clamp> = newest(&book.nation().injury_own_wage, "injury.own_wage")?;
    let floor = regional_average.times(rule.value.floor_ratio, Rounding::HALF_UP_FEN)?;
    let ceiling = regional_average.times(rule.value.ceiling_ratio, Rounding::HALF_UP_FEN)?;
    let used = own.clamp(floor, ceiling);
    trace.step(|| {
        let figures = format!("本人工资 {own}，平均工资 {regional_average} 的 60%—300%：{floor}—{ceiling}");
        Step::new("injury_own_wage", "计发工资", "Wage used", figures, used).cite(&rule)
    });
    Ok(used)
}

/// What a disability grade brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disability {
    /// The own wage within its bounds.
    pub wage_used: Money,
    /// 一次性伤残补助金.
    pub one_off: Money,
    /// 伤残津贴 each month, grades 1 to 6 (5 and 6 when no suitable work can be given).
    pub monthly: Option<Money>,
}

/// 工伤保险条例第三十五条 (一级至四级): 一次性伤残补助金 27、25、23、21个月的本人工资, 按月支付伤残津贴 90%、85%、80%、75%;
/// 第三十六条 (五级、六级): 18、16个月, 难以安排工作的按月发 70%、60%; 第三十七条 (七级至十级): 13、11、9、7个月.
pub fn disability<T: Trace>(
    book: &RuleBook,
    grade: i32,
    own: Money,
    regional_average: Money,
    trace: &mut T,
) -> Result<Disability, Finding> {
    let months = newest(&book.nation().injury_one_off, "injury.one_off")?;
    let ratios = newest(&book.nation().injury_allowance, "injury.allowance")?;
    let Some((_, grade_months)) = months.value.months.iter().find(|(number, _)| *number == grade) else {
        return Err(
            Finding::blocking("disability_grade", "伤残等级应为一至十级", "A disability grade is 1 to 10")
                .field("grade")
                .remedy("请按劳动能力鉴定结论填写 1—10", "Enter the assessed grade, 1 to 10"),
        );
    };
    let wage_used = own_wage(book, own, regional_average, trace)?;
    let one_off = wage_used.times_count(i64::from(*grade_months))?;
    trace.step(|| {
        let figures = format!("{wage_used} × {grade_months} 个月");
        Step::new("injury_one_off", "一次性伤残补助金", "One-off disability grant", figures, one_off).cite(&months)
    });
    let ratio = ratios
        .value
        .ratios
        .iter()
        .find(|(number, _)| *number == grade)
        .map(|(_, ratio)| *ratio);
    let monthly = ratio.map(|ratio| wage_used.times(ratio, Rounding::HALF_UP_FEN)).transpose()?;
    if let (Some(ratio), Some(monthly)) = (ratio, monthly) {
        trace.step(|| {
            let figures = format!("{wage_used} × {}", ratio.percent());
            Step::new(
                "injury_allowance",
                "伤残津贴（月）",
                "Monthly disability allowance",
                figures,
                monthly,
            )
            .cite(&ratios)
        });
    }
    Ok(Disability {
        wage_used,
        one_off,
        monthly,
    })
}

/// How much care someone needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// 生活完全不能自理.
    Full,
    /// 生活大部分不能自理.
    Most,
    /// 生活部分不能自理.
    Part,
}

/// 工伤保险条例第三十四条: 生活护理费按照完全不能自理、大部分不能自理、部分不能自理3个等级支付, 分别为统筹地区上年度职工月平均工资的50%、40%、30%.
pub fn nursing<T: Trace>(book: &RuleBook, care: Care, regional_average: Money, trace: &mut T) -> Result<Money, Finding> {
    let rule = newest(&book.nation().injury_nursing, "injury.nursing")?;
    let ratio: Rate = match care {
        Care::Full => rule.value.full,
        Care::Most => rule.value.most,
        Care::Part => rule.value.part,
    };
    let monthly = regional_average.times(ratio, Rounding::HALF_UP_FEN)?;
    trace.step(|| {
        let figures = format!("{regional_average} × {}", ratio.percent());
        Step::new("injury_nursing", "生活护理费（月）", "Monthly nursing allowance", figures, monthly).cite(&rule)
    });
    Ok(monthly)
}

/// What is paid at death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// 丧葬补助金.
    pub funeral: Money,
    /// 一次性工亡补助金.
    pub one_off: Money,
    /// 供养亲属抚恤金 each month for a spouse.
    pub spouse_monthly: Money,
    /// And for each other dependant.
    pub other_monthly: Money,
}

/// 工伤保险条例第三十九条: 丧葬补助金为6个月的统筹地区上年度职工月平均工资; 供养亲属抚恤金按本人工资的比例, 配偶每月40%, 其他亲属每人每月30%;
/// 一次性工亡补助金标准为上一年度全国城镇居民人均可支配收入的20倍. The allowances together may not exceed the own wage.
pub fn death<T: Trace>(book: &RuleBook, year: i32, own: Money, regional_average: Money, trace: &mut T) -> Result<Death, Finding> {
    let rule = newest(&book.nation().injury_death, "injury.death")?;
    let income = need(
        &book.nation().urban_income,
        Month::new(year - 1, 1)?,
        Place::NATION,
        "injury.urban_income",
    )?;
    let answer = Death {
        funeral: regional_average.times_count(i64::from(rule.value.funeral_months))?,
        one_off: income.value.yearly.times_count(i64::from(rule.value.one_off_multiple))?,
        spouse_monthly: own.times(rule.value.spouse, Rounding::HALF_UP_FEN)?,
        other_monthly: own.times(rule.value.other, Rounding::HALF_UP_FEN)?,
    };
    trace.step(|| {
        let figures = format!("{} × {}", income.value.yearly, rule.value.one_off_multiple);
        Step::new("injury_death", "一次性工亡补助金", "One-off death grant", figures, answer.one_off)
            .cite(&rule)
            .cite(&income)
    });
    Ok(answer)
}

/// 工伤保险条例第三十六、三十七条: 五级至十级解除劳动关系的, 由工伤保险基金支付一次性工伤医疗补助金, 由用人单位支付一次性伤残就业补助金, 标准由省定.
/// `years_to_retirement` in whole years lessens both where the province says so. Returns (medical, employment).
pub fn subsidies<T: Trace>(
    book: &RuleBook,
    place: Place,
    month: Month,
    grade: i32,
    wage: Money,
    years_to_retirement: i32,
    trace: &mut T,
) -> Result<(Money, Money), Finding> {
    let rule = need(&book.region(place)?.injury_one_off, month, place, "injury.one_off_5_to_10")?;
    let months = |table: &[(i32, i32)]| {
        table
            .iter()
            .find(|(number, _)| *number == grade)
            .map(|(_, months)| i64::from(*months))
    };
    let (Some(medical), Some(employment)) = (months(&rule.value.medical_months), months(&rule.value.employment_months)) else {
        return Err(Finding::blocking(
            "disability_grade",
            "一次性补助金只适用于五级至十级",
            "Only grades 5 to 10 have these subsidies",
        )
        .field("grade"));
    };
    let missing = (rule.value.reduction_within_years - years_to_retirement.max(0)).max(0);
    let left = (1_000_000 - rule.value.reduction_per_year.ppm() * i64::from(missing)).max(0);
    let part = |months: i64| wage.times_count(months)?.ratio(left, 1_000_000, Rounding::HALF_UP_FEN);
    let answer = (part(medical)?, part(employment)?);
    trace.step(|| {
        let figures = format!("{wage} × {medical} 个月、× {employment} 个月，余 {}%", left / 10_000);
        Step::new(
            "injury_subsidies",
            "一次性医疗、就业补助金",
            "One-off subsidies",
            figures,
            format!("{}、{}", answer.0, answer.1),
        )
        .cite(&rule)
    });
    Ok(answer)
}
