//! What is asked of a person's data before it is stored: on the form, on a roster row, in the API. Pure.

use standard::{Date, Finding, IdNumber, Money, RegionCode};

pub(super) use standard::person::WAGE_MOST;
pub use standard::person::{name, phone};

/// 劳动法第十五条：禁止用人单位招用未满十六周岁的未成年人。
const WORKING_AGE: i16 = 16;
/// From this age on a pension is usually drawn, and a relation no longer transfers.
const RETIREMENT_LIKELY: i16 = 60;

/// A phone number with its middle hidden.
pub fn mask_phone(phone: &str) -> String {
    let shown = phone.len().min(3);
    let tail = phone.len().saturating_sub(4).max(shown);
    match (phone.get(..shown), phone.get(tail..)) {
        (Some(head), Some(end)) => format!("{head}{}{end}", "*".repeat(tail - shown)),
        _ => "*".repeat(phone.chars().count()),
    }
}

/// The city of insurance: a prefecture-level city or a municipality, by name or six-digit code.
pub fn city(typed: &str) -> Result<RegionCode, Finding> {
    let typed = standard::half_width(typed);
    let typed = typed.trim_start_matches("中国");
    RegionCode::parse(typed)
        .ok()
        .or_else(|| RegionCode::by_name(typed))
        .filter(|region| region.is_current())
        .map(RegionCode::city)
        .filter(|city| city.is_municipality() || *city != city.province())
        .ok_or_else(|| {
            Finding::blocking("region_unknown", "没有找到该参保城市", "no such city of insurance")
                .field("region")
                .remedy(
                    "请填写城市名称，如“长沙”“武汉市”；直辖市填“北京”等",
                    "write a city such as 长沙 or 武汉市",
                )
        })
}

/// A monthly wage in yuan, above nothing, at most two decimals.
pub fn wage(typed: &str) -> Result<Money, Finding> {
    let plain: String = standard::half_width(typed)
        .trim_start_matches(['¥', '￥'])
        .trim_end_matches(['元', '圆'])
        .chars()
        .filter(|c| !matches!(c, ',' | ' '))
        .collect();
    let wage = Money::from_yuan(&plain).map_err(|_| wage_unreadable())?;
    match wage_amount(wage) {
        Some(finding) => Err(finding),
        None => Ok(wage),
    }
}

/// What makes an amount no monthly wage: nothing or less, or above ten million yuan.
pub fn wage_amount(wage: Money) -> Option<Finding> {
    if wage <= Money::ZERO {
        return Some(wage_not_positive());
    }
    (wage > WAGE_MOST).then(wage_unreadable)
}

/// A wage of nothing or less.
pub fn wage_not_positive() -> Finding {
    Finding::blocking("wage_not_positive", "月工资必须大于 0", "the monthly wage must be above zero")
        .field("wage")
        .remedy("请填写税前月工资（元）", "write the monthly wage before tax, in yuan")
}

/// Longest department or position name.
const LABEL_CHARS: usize = 60;

/// A department or position: any text of a reasonable length.
pub fn label(typed: &str) -> Result<String, Finding> {
    let label = typed.trim().to_string();
    if label.chars().count() > LABEL_CHARS {
        return Err(Finding::blocking(
            "label_too_long",
            format!("内容超过 {LABEL_CHARS} 个字"),
            format!("longer than {LABEL_CHARS} characters"),
        )
        .remedy("请缩短", "shorten it"));
    }
    Ok(label)
}

/// The wage is no amount of money.
pub fn wage_unreadable() -> Finding {
    Finding::blocking(
        "wage_unreadable",
        "月工资无法识别，应为不超过一千万元、最多两位小数的数字",
        "the wage cannot be read: a number of yuan up to ten million with at most two decimals",
    )
    .field("wage")
    .remedy("请填写数字，如 8500 或 8500.50", "write a number such as 8500 or 8500.50")
}

/// The day of hire against the birth date and the calendar. Blocking findings make it impossible.
pub fn hire_date(id_number: &IdNumber, hired_on: Date, today: Date) -> Vec<Finding> {
    let birth = id_number.birth_date();
    if let Err(finding) = id_number.check_on(today) {
        return vec![finding.field("id_number")];
    }
    if hired_on < birth {
        return vec![
            Finding::blocking(
                "hired_before_birth",
                format!("入职日期 {hired_on} 早于出生日期 {birth}"),
                format!("the hire date {hired_on} lies before the birth date {birth}"),
            )
            .field("hired_on")
            .remedy("请核对入职日期和证件号码", "check the hire date and the ID number")
            .who("hr"),
        ];
    }
    if id_number.age_on(hired_on) < WORKING_AGE {
        return vec![
            Finding::blocking(
                "under_working_age",
                "入职时未满 16 周岁，劳动法第十五条禁止招用",
                "under 16 on the day of hire: forbidden by article 15 of the Labour Law",
            )
            .field("hired_on")
            .remedy("请核对证件号码和入职日期", "check the ID number and the hire date")
            .who("hr"),
        ];
    }
    if hired_on > a_year_after(today) {
        return vec![
            Finding::blocking(
                "hired_over_a_year_ahead",
                format!("入职日期 {hired_on} 在一年以后"),
                format!("the hire date {hired_on} is over a year ahead"),
            )
            .field("hired_on")
            .remedy("请核对年份", "check the year")
            .who("hr"),
        ];
    }
    if id_number.age_on(hired_on) >= RETIREMENT_LIKELY {
        return vec![
            Finding::warning(
                "retirement_likely",
                "入职时已满 60 周岁，可能已领取养老金；已退休人员不转移养老保险关系",
                "aged 60 or over on the day of hire: a pension may be drawn already, and then nothing transfers",
            )
            .field("hired_on")
            .remedy("请向员工确认是否已退休", "ask whether the person has retired")
            .who("hr"),
        ];
    }
    Vec::new()
}

fn a_year_after(day: Date) -> Date {
    day.saturating_add(jiff::Span::new().years(1))
}
