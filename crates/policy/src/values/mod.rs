//! The kinds of value a row of law can hold. Money is fen, rates are exact, ages and periods are whole months or years.

mod care;
mod people;
mod work;

use standard::{Finding, Insurance, Money, Rate, Rounding, Unit};

use crate::book::fields::Fields;
use crate::timeline::Value;

/// Floor and ceiling of the monthly contribution base.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Lowest monthly base.
    pub floor: Money,
    /// Highest monthly base.
    pub ceiling: Money,
    /// The average wage the document names, when it names one. Limits are stored, never derived from it.
    pub average: Option<Money>,
    /// The insurances the document names; others use these limits by default.
    pub applies_to: Vec<Insurance>,
}

impl Value for Limits {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let limits = Limits {
            floor: fields.money("floor")?,
            ceiling: fields.money("ceiling")?,
            average: fields.optional_money("average")?,
            applies_to: insurances(fields)?,
        };
        refuse_floor_above_ceiling(fields, limits.floor, limits.ceiling)?;
        Ok(limits)
    }

    /// Floors are 60 % and ceilings 300 % of an average, rounded to the yuan at most; transitional floors are lower.
    fn warnings(&self) -> Vec<(String, String)> {
        let Some(average) = self.average else { return Vec::new() };
        [("下限", "floor", self.floor, 60), ("上限", "ceiling", self.ceiling, 300)]
            .into_iter()
            .filter_map(|(zh, en, stated, percent)| {
                let derived = average.ratio(percent, 100, Rounding::HALF_UP_FEN).ok()?;
                let apart = (stated.fen() - derived.fen()).abs();
                (apart >= 100).then(|| {
                    (
                        format!("{zh} {stated} 与平均工资 {average} 的 {percent}%（{derived}）相差超过取整"),
                        format!("the {en} {stated} differs from {percent} % of the average {average} ({derived}) by more than rounding"),
                    )
                })
            })
            .collect()
    }
}

fn refuse_floor_above_ceiling(fields: &Fields, floor: Money, ceiling: Money) -> Result<(), Finding> {
    if floor > ceiling {
        let (zh, en) = (
            format!("下限 {floor} 高于上限 {ceiling}"),
            format!("the floor {floor} is above the ceiling {ceiling}"),
        );
        return Err(fields.refuse("law_floor_above_ceiling", &zh, &en));
    }
    Ok(())
}

fn insurances(fields: &mut Fields) -> Result<Vec<Insurance>, Finding> {
    let names = fields.texts("applies_to")?;
    let all: Option<Vec<Insurance>> = names.iter().map(|name| Insurance::by_name(name)).collect();
    all.ok_or_else(|| fields.refuse("law_value", "applies_to 中有不认识的险种", "applies_to names an unknown insurance"))
}

/// A single rate.
impl Value for Rate {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let rate = fields.rate("rate")?;
        if rate > Rate::ONE {
            return Err(fields.refuse("law_value", "费率不能大于 1", "a rate cannot exceed 1"));
        }
        Ok(rate)
    }
}

/// A region's work-injury rate: one figure, or the national base rate of the employer's class.
#[derive(Debug, Clone, Copy)]
pub enum InjuryRate {
    /// The rate used where the industry class is not given.
    Flat(Rate),
    /// Depends on the class; there is no figure without it.
    ByClass,
}

impl Value for InjuryRate {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        if fields.has("by_class") {
            fields.flag("by_class")?;
            return Ok(InjuryRate::ByClass);
        }
        Rate::read(fields).map(InjuryRate::Flat)
    }
}

/// A fixed monthly amount beside a rate, such as 大额医疗互助.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// What it is called.
    pub name: String,
    /// Each month.
    pub monthly: Money,
}

impl Value for Fixed {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        Ok(Fixed {
            name: fields.text("name")?,
            monthly: fields.money("monthly")?,
        })
    }
}

/// Declares values that are nothing but named fields.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident $(yearly $yearly:literal)? { $($(#[$fdoc:meta])* $field:ident: $type:ty = $get:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }
        impl Value for $name {
            $(const YEARLY: bool = $yearly;)?
            fn read(fields: &mut Fields) -> Result<Self, Finding> {
                Ok($name { $($field: fields.$get(stringify!($field))?),* })
            }
        }
    )*};
}
pub(crate) use plain;

pub use care::*;
pub use people::*;
pub use work::*;

/// Limits of the housing fund.
#[derive(Debug, Clone)]
pub struct HousingFundLimits {
    /// Lowest monthly base.
    pub floor: Money,
    /// Highest monthly base.
    pub ceiling: Money,
    /// Lowest rate a side.
    pub rate_min: Rate,
    /// Highest rate a side.
    pub rate_max: Rate,
}

impl Value for HousingFundLimits {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let limits = HousingFundLimits {
            floor: fields.money("floor")?,
            ceiling: fields.money("ceiling")?,
            rate_min: fields.rate("rate_min")?,
            rate_max: fields.rate("rate_max")?,
        };
        refuse_floor_above_ceiling(fields, limits.floor, limits.ceiling)?;
        if limits.rate_min > limits.rate_max {
            return Err(fields.refuse(
                "law_floor_above_ceiling",
                "最低比例高于最高比例",
                "the lowest rate is above the highest",
            ));
        }
        Ok(limits)
    }
}

/// A rounding that differs by place.
#[derive(Debug, Clone, Copy)]
pub struct RoundingRule {
    /// Unit and direction.
    pub rounding: Rounding,
}

impl Value for RoundingRule {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let unit = match fields.text("unit")?.as_str() {
            "fen" => Unit::Fen,
            "jiao" => Unit::Jiao,
            "yuan" => Unit::Yuan,
            _ => return Err(fields.refuse("law_value", "unit 应为 fen、jiao 或 yuan", "unit must be fen, jiao or yuan")),
        };
        let rounding = match fields.text("mode")?.as_str() {
            "half_up" => Rounding::HalfUp(unit),
            "down" => Rounding::Down(unit),
            "up" => Rounding::Up(unit),
            _ => return Err(fields.refuse("law_value", "mode 应为 half_up、down 或 up", "mode must be half_up, down or up")),
        };
        Ok(RoundingRule { rounding })
    }
}

/// One step of a table by contribution months: from so many months, so many, and more for each further period.
#[derive(Debug, Clone, Copy)]
pub struct Band {
    /// Contribution months it starts at.
    pub from_months: i32,
    /// Months of benefit (or days of leave) at its start.
    pub grant: i32,
    /// Each further so many months…
    pub each_months: Option<i32>,
    /// …add so many.
    pub add: i32,
}

fn bands(fields: &mut Fields, grant: &str) -> Result<Vec<Band>, Finding> {
    let mut all = Vec::new();
    for mut inner in fields.tables("bands")? {
        let each_months = inner.optional_count("each_months")?;
        let band = Band {
            from_months: inner.count("from_months")?,
            grant: inner.count(grant)?,
            add: if each_months.is_some() { inner.count("add")? } else { 0 },
            each_months,
        };
        inner.finish()?;
        if each_months == Some(0) {
            return Err(inner.refuse("law_value", "each_months 不能为 0", "each_months cannot be 0"));
        }
        all.push(band);
    }
    if all.is_empty() || all.windows(2).any(|pair| pair[0].from_months >= pair[1].from_months) {
        return Err(fields.refuse("law_value", "bands 应由低到高且不为空", "bands must ascend and not be empty"));
    }
    Ok(all)
}

/// Months of unemployment benefit by months of contribution.
#[derive(Debug, Clone)]
pub struct UnemploymentMonths {
    /// Ascending steps.
    pub bands: Vec<Band>,
    /// Never more.
    pub max_months: i32,
}

impl Value for UnemploymentMonths {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        Ok(UnemploymentMonths {
            bands: bands(fields, "months")?,
            max_months: fields.count("max_months")?,
        })
    }
}

/// 年休假.
#[derive(Debug, Clone)]
pub struct AnnualLeave {
    /// Ascending steps of days by months of cumulative service.
    pub bands: Vec<Band>,
    /// Days of the year a part is counted by.
    pub year_days: i32,
    /// Multiple of the daily wage for leave not taken, the normal pay included.
    pub pay: Rate,
}

impl Value for AnnualLeave {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let leave = AnnualLeave {
            bands: bands(fields, "days")?,
            year_days: fields.count("year_days")?,
            pay: fields.rate("pay")?,
        };
        if leave.year_days == 0 {
            return Err(fields.refuse("law_value", "year_days 不能为 0", "year_days cannot be 0"));
        }
        Ok(leave)
    }
}

/// 失业保险金 each month.
#[derive(Debug, Clone)]
pub enum UnemploymentBenefit {
    /// A share of the minimum wage.
    OfMinimumWage(Rate),
    /// Amounts by month of receipt.
    Amounts {
        /// Month 1 to 12.
        months_1_12: Money,
        /// Month 13 to 24.
        months_13_24: Money,
        /// Beyond, until retirement.
        extended: Money,
    },
}

impl Value for UnemploymentBenefit {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        if let Some(ratio) = fields.optional_rate("minimum_wage_ratio")? {
            return Ok(UnemploymentBenefit::OfMinimumWage(ratio));
        }
        Ok(UnemploymentBenefit::Amounts {
            months_1_12: fields.money("months_1_12")?,
            months_13_24: fields.money("months_13_24")?,
            extended: fields.money("extended")?,
        })
    }
}

/// One step of a progressive tax.
#[derive(Debug, Clone, Copy)]
pub struct Bracket {
    /// Up to and including this amount; nothing in the last step.
    pub up_to: Option<Money>,
    /// Rate of the step.
    pub rate: Rate,
    /// 速算扣除数.
    pub quick: Money,
}

/// A progressive tax table.
#[derive(Debug, Clone)]
pub struct Brackets {
    /// From low to high; the last has no end.
    pub brackets: Vec<Bracket>,
}

impl Value for Brackets {
    fn read(fields: &mut Fields) -> Result<Self, Finding> {
        let mut brackets = Vec::new();
        for mut inner in fields.tables("brackets")? {
            brackets.push(Bracket {
                up_to: inner.optional_money("up_to")?,
                rate: inner.rate("rate")?,
                quick: inner.money("quick")?,
            });
            inner.finish()?;
        }
        let open = brackets.iter().filter(|bracket| bracket.up_to.is_none()).count();
        let ascending = brackets.windows(2).all(|pair| match (pair[0].up_to, pair[1].up_to) {
            (Some(low), Some(high)) => low < high && pair[0].rate < pair[1].rate,
            (Some(_), None) => pair[0].rate < pair[1].rate,
            (None, _) => false,
        });
        if open != 1 || !ascending {
            return Err(fields.refuse(
                "law_value",
                "税率表应由低到高，且只有最后一级不设上限",
                "brackets must ascend, and only the last is open",
            ));
        }
        Ok(Brackets { brackets })
    }
}
