//! What is asked of a person's name, phone, card and wage, wherever they are typed: at the employer, at the agency, in messages.

use crate::{Finding, Money, half_width};

/// Longest name, in characters.
const NAME_CHARS: usize = 50;
/// A monthly wage above this is a slip of the keyboard.
pub const WAGE_MOST: Money = Money::from_fen(1_000_000_000);

/// A name: Chinese characters or letters, with the dot of transliterated names. Digits pass too: an agency's records hold such
/// names, and a name that equals the record must not be refused here.
pub fn name(typed: &str) -> Result<String, Finding> {
    let typed = half_width(typed);
    let chinese = typed.chars().any(is_han);
    let name: String = typed
        .chars()
        // In Chinese names blanks only align columns; in Latin ones they part words.
        .filter(|c| !(chinese && c.is_whitespace()))
        .map(|c| {
            if matches!(c, '•' | '．' | '・' | '‧' | '∙') {
                '·'
            } else {
                c
            }
        })
        .collect();
    let length = name.chars().count();
    let letter = |c: char| is_han(c) || c.is_alphabetic();
    let sound = |c: char| letter(c) || c.is_ascii_digit() || matches!(c, '·' | ' ' | '.' | '-' | '\'' | '(' | ')');
    if !(1..=NAME_CHARS).contains(&length) || !name.chars().any(letter) || !name.chars().all(sound) {
        return Err(Finding::blocking(
            "name_unreadable",
            "姓名应由汉字、字母和“·”组成，不超过 50 个字",
            "a name has at most 50 Chinese characters or letters",
        )
        .field("name")
        .remedy("请按身份证上的姓名填写", "write the name as on the ID card"));
    }
    Ok(name)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// A mainland mobile or fixed-line number; yields its digits.
pub fn phone(typed: &str) -> Result<String, Finding> {
    let mut digits: String = half_width(typed).chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
    if let Some(local) = digits.strip_prefix("+86") {
        digits = local.to_string();
    } else if digits.len() == 13 && digits.starts_with("861") {
        digits.drain(..2);
    }
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes().get(1), Some(b'0'..=b'2'));
    let fixed = (10..=12).contains(&digits.len()) && digits.starts_with('0');
    if !all_digits || !(mobile || fixed) {
        return Err(Finding::blocking(
            "phone_unreadable",
            "手机号码应为 11 位数字（或带区号的固定电话）",
            "a phone number is 11 digits (or a fixed line with area code)",
        )
        .field("phone")
        .remedy("请核对号码", "check the number"));
    }
    Ok(digits)
}

/// 社会保障卡号: the number printed on the social security card, one letter or digit and eight digits. Yields it in capitals.
///
/// The standards at hand name the card but print no format of its number; this is the form on the national card of 居民.
/// A number of 18 characters is the 社会保障号码, which is the ID number and stands beside it.
pub fn social_card(typed: &str) -> Result<String, Finding> {
    let card = half_width(typed).to_ascii_uppercase();
    let sound = card.len() == 9
        && card
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_digit() || (at == 0 && byte.is_ascii_uppercase()));
    if sound {
        return Ok(card);
    }
    Err(Finding::blocking(
        "social_card_unreadable",
        "社会保障卡号应为 1 位字母或数字加 8 位数字",
        "the number of a social security card is one letter or digit and eight digits",
    )
    .field("social_card")
    .remedy(
        "请按社会保障卡正面“卡号”填写；没有卡的可不填",
        "write the number on the front of the card; leave it empty where there is no card",
    ))
}

/// A social security card's number with its middle hidden.
pub fn mask_social_card(card: &str) -> String {
    match (card.get(..2), card.get(card.len().saturating_sub(2)..)) {
        (Some(head), Some(tail)) if card.len() > 4 => format!("{head}{}{tail}", "*".repeat(card.len() - 4)),
        _ => "*".repeat(card.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_of_characters_and_letters() {
        for good in ["赵敏", "阿卜杜·热合曼", "Anna Schmidt", "王一1"] {
            assert_eq!(name(good).unwrap(), good);
        }
        assert_eq!(name(" 赵　敏 ").unwrap(), "赵敏");
        for bad in ["", "赵<b>1", "12345", "赵;敏", &"赵".repeat(51)] {
            assert_eq!(name(bad).unwrap_err().rule, "name_unreadable", "{bad}");
        }
    }

    #[test]
    fn a_phone_is_mobile_or_fixed() {
        for good in ["13800000001", "0731-84907890", "+86 13800000001", "02712345678"] {
            assert!(phone(good).is_ok(), "{good}");
        }
        for bad in ["12345", "1380000000", "10000000000", "电话"] {
            assert_eq!(phone(bad).unwrap_err().rule, "phone_unreadable", "{bad}");
        }
    }

    #[test]
    fn a_card_has_nine_characters() {
        for (typed, kept) in [("A12345678", "A12345678"), ("ｂ12345678", "B12345678"), ("123456789", "123456789")] {
            assert_eq!(social_card(typed).unwrap(), kept);
        }
        for bad in ["", "AB1234567", "A1234567", "A1234567B", "43010219900602001X", "社12345678"] {
            assert_eq!(social_card(bad).unwrap_err().rule, "social_card_unreadable", "{bad}");
        }
        assert_eq!(mask_social_card("A12345678"), "A1*****78");
    }
}
