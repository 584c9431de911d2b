//! The citizen's ID number (公民身份号码), GB 11643-1999.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::{Date, Finding, RegionCode, half_width};

/// Sex as the ID number and AAC004 know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男, AAC004 1.
    Male,
    /// 女, AAC004 2.
    Female,
}

impl Sex {
    /// 男 or 女.
    pub const fn zh(self) -> &'static str {
        match self {
            Sex::Male => "男",
            Sex::Female => "女",
        }
    }

    /// The value of AAC004.
    pub const fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }
}

/// A valid 18-digit ID number: known province, birth date of the calendar, right check digit.
///
/// Debug and Display show the masked form; the digits leave only through [`reveal`](IdNumber::reveal) and serde.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber([u8; 18]);

/// GB 11643-1999 4.3: the weights of the first 17 digits (2^(17-i) mod 11).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character for each remainder of the weighted sum modulo 11.
const CHECKS: [u8; 11] = *b"10X98765432";
/// What slips into a number that is copied or typed as text: blanks, a quote, what is not seen at all.
fn is_stray(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\'' | '"' | '`' | '‘' | '’' | '“' | '”' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

fn stray_characters() -> Finding {
    finding(
        "id_number_stray_characters",
        "身份证号码中有空格、引号或不可见字符",
        "The ID number holds blanks, quotes or unseen characters",
    )
    .remedy("请删除后只保留18位号码", "Remove them and keep the 18 characters of the number")
}

/// Nobody is known to have lived longer; an older birth date is a slip of the pen.
const AGE_YEARS_MAX: i16 = 130;

impl IdNumber {
    /// Reads an ID number. Outer spaces go, full-width becomes half-width, `x` becomes `X`; nothing else is repaired.
    ///
    /// The first rule broken is named, in this order: blanks or quotes in a number that is right without them, length, characters, address code, birth date, check digit.
    pub fn parse(text: &str) -> Result<IdNumber, Finding> {
        let text = half_width(text).to_ascii_uppercase();
        if text.len() == 15 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(fifteen_digits(&text));
        }
        let length = text.chars().count();
        let bare: String = text.chars().filter(|c| !is_stray(*c)).collect();
        if bare != text && IdNumber::parse(&bare).is_ok() {
            return Err(stray_characters());
        }
        let Ok(digits) = <[u8; 18]>::try_from(text.as_bytes()) else {
            return Err(refuse_length(length));
        };
        let plain = digits[..17].iter().all(u8::is_ascii_digit);
        if !plain || !(digits[17].is_ascii_digit() || digits[17] == b'X') {
            return Err(finding(
                "id_number_characters",
                "身份证号码只能由17位数字加1位数字或X组成",
                "An ID number is 17 digits and one digit or X",
            ));
        }
        let number = IdNumber(digits);
        if RegionCode::parse(number.part(0, 6)).is_err() {
            return Err(finding(
                "id_number_region",
                "身份证号码前6位不是有效的行政区划代码",
                "The first 6 digits are not an address code",
            ));
        }
        if number.birth().is_none() {
            return Err(finding(
                "id_number_birth_date",
                "身份证号码中的出生日期不存在",
                "The birth date in the ID number does not exist",
            ));
        }
        if check_character(&digits) != digits[17] {
            return Err(finding(
                "id_number_check_digit",
                "身份证号码校验位不正确，可能有一位输错",
                "The check digit does not fit; one digit is probably mistyped",
            ));
        }
        Ok(number)
    }

    /// Refuses a birth date after the given day, or more than 130 years before it.
    pub fn check_on(&self, date: Date) -> Result<(), Finding> {
        let birth = self.birth_date();
        if birth > date {
            return Err(finding(
                "id_number_birth_future",
                "身份证号码中的出生日期晚于今天",
                "The birth date in the ID number is in the future",
            ));
        }
        if i32::from(date.year()) - i32::from(birth.year()) > i32::from(AGE_YEARS_MAX) {
            return Err(finding(
                "id_number_age",
                "按身份证号码计算年龄超过130岁",
                "By this ID number the person is more than 130 years old",
            ));
        }
        Ok(())
    }

    /// Makes a number from its parts: address code, birth date, and order code 0–999 (odd for men, even for women).
    pub fn compose(region: RegionCode, birth: Date, order: u16) -> Result<IdNumber, Finding> {
        let front = format!("{region}{:04}{:02}{:02}{order:03}", birth.year(), birth.month(), birth.day());
        let Ok(digits) = <[u8; 18]>::try_from(format!("{front}0").as_bytes()) else {
            return Err(refuse_length(front.chars().count() + 1));
        };
        let check = char::from(check_character(&digits));
        IdNumber::parse(&format!("{front}{check}"))
    }

    /// The birth date.
    pub fn birth_date(&self) -> Date {
        self.birth().expect("checked when the number was read")
    }

    /// The sex: the 17th digit is odd for men, even for women.
    pub const fn sex(&self) -> Sex {
        if self.0[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// Where the number was issued; the county may be one that exists no longer.
    pub fn region(&self) -> RegionCode {
        RegionCode::parse(self.part(0, 6)).expect("checked when the number was read")
    }

    /// Whole years of age on the given day; negative before birth.
    pub fn age_on(&self, date: Date) -> i16 {
        let birth = self.birth_date();
        let before_birthday = (date.month(), date.day()) < (birth.month(), birth.day());
        date.year() - birth.year() - i16::from(before_birthday)
    }

    /// For reading by people without the right to see it: `430102********0011`.
    pub fn masked(&self) -> String {
        format!("{}********{}", self.part(0, 6), self.part(14, 18))
    }

    /// All 18 digits. For storage, messages and people with the right to see it; never for logs.
    pub fn reveal(&self) -> &str {
        self.part(0, 18)
    }

    fn part(&self, from: usize, to: usize) -> &str {
        std::str::from_utf8(&self.0[from..to]).unwrap_or_default()
    }

    fn birth(&self) -> Option<Date> {
        let number = |from, to| self.part(from, to).parse::<i16>().ok();
        let (month, day) = (i8::try_from(number(10, 12)?).ok()?, i8::try_from(number(12, 14)?).ok()?);
        let year = number(6, 10)?;
        // The number was introduced in 1984; nobody alive then was born before 1800.
        (year >= 1800).then(|| Date::new(year, month, day).ok()).flatten()
    }
}

fn check_character(digits: &[u8; 18]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

fn finding(rule: &str, zh: &str, en: &str) -> Finding {
    Finding::blocking(rule, zh, en)
        .field("id_number")
        .remedy("请对照身份证原件重新填写", "Compare with the ID card and enter it again")
}

fn refuse_length(length: usize) -> Finding {
    finding(
        "id_number_length",
        &format!("身份证号码应为18位，现为{length}位"),
        &format!("An ID number has 18 characters, this has {length}"),
    )
}

/// A first-generation number: refused, with the 18-digit form it was converted to (19 before the year, check digit after).
fn fifteen_digits(text: &str) -> Finding {
    let finding = Finding::blocking(
        "id_number_fifteen_digits",
        "15位身份证号码已于2013年停止使用",
        "15-digit ID numbers ended in 2013",
    )
    .field("id_number");
    let mut digits = [b'0'; 18];
    digits[..6].copy_from_slice(&text.as_bytes()[..6]);
    digits[6..8].copy_from_slice(b"19");
    digits[8..17].copy_from_slice(&text.as_bytes()[6..]);
    digits[17] = check_character(&digits);
    let converted = std::str::from_utf8(&digits).ok().and_then(|text| IdNumber::parse(text).ok());
    match converted {
        // The reader typed the number; the converted form tells nobody else anything.
        Some(number) => finding.remedy(
            format!("请使用18位号码：{}，并与身份证原件核对", number.reveal()),
            format!("Use the 18-digit number {} after comparing it with the ID card", number.reveal()),
        ),
        None => finding.remedy("请填写身份证上的18位号码", "Enter the 18-digit number on the ID card"),
    }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({})", self.masked())
    }
}

impl FromStr for IdNumber {
    type Err = Finding;
    fn from_str(text: &str) -> Result<IdNumber, Finding> {
        IdNumber::parse(text)
    }
}

impl Serialize for IdNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.reveal())
    }
}

impl<'de> Deserialize<'de> for IdNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<IdNumber, D::Error> {
        let text = String::deserialize(deserializer)?;
        IdNumber::parse(&text).map_err(|finding| serde::de::Error::custom(finding.rule))
    }
}
