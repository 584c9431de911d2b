//! The unified social credit code (统一社会信用代码) of an organisation, GB 32100-2015.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Finding, half_width};

/// A valid 18-character credit code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode([u8; 18]);

/// GB 32100-2015 table 1: the 31 characters in order of value; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weights of the first 17 characters (3^(i-1) mod 31).
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

impl CreditCode {
    /// Reads a credit code. Outer spaces go, full-width becomes half-width, letters become capitals.
    pub fn parse(text: &str) -> Result<CreditCode, Finding> {
        let text = half_width(text).to_ascii_uppercase();
        let length = text.chars().count();
        let Ok(characters) = <[u8; 18]>::try_from(text.as_bytes()) else {
            return Err(finding(
                "credit_code_length",
                &format!("统一社会信用代码应为18位，现为{length}位"),
                &format!("A credit code has 18 characters, this has {length}"),
            ));
        };
        let Some(check) = check_character(&characters[..17]) else {
            return Err(bad_characters());
        };
        // Characters 3 to 8 are the address code of the registering office: digits only.
        if value(characters[17]).is_none() || !characters[2..8].iter().all(u8::is_ascii_digit) {
            return Err(bad_characters());
        }
        if check != characters[17] {
            return Err(finding(
                "credit_code_check_character",
                "统一社会信用代码校验位不正确，可能有一位输错",
                "The check character does not fit; one character is probably mistyped",
            ));
        }
        Ok(CreditCode(characters))
    }

    /// Makes a code from its first 17 characters.
    pub fn compose(front: &str) -> Result<CreditCode, Finding> {
        let check = check_character(front.as_bytes()).ok_or_else(bad_characters)?;
        CreditCode::parse(&format!("{front}{}", char::from(check)))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn value(character: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|&known| known == character)
        .and_then(|index| u32::try_from(index).ok())
}

fn check_character(front: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (&character, weight) in front.iter().zip(WEIGHTS) {
        sum += value(character)? * weight;
    }
    Some(ALPHABET[((31 - sum % 31) % 31) as usize])
}

fn bad_characters() -> Finding {
    finding(
        "credit_code_characters",
        "统一社会信用代码含有不允许的字符（不使用字母I、O、S、V、Z）",
        "The credit code holds a character that is not allowed (letters I, O, S, V, Z are not used)",
    )
}

fn finding(rule: &str, zh: &str, en: &str) -> Finding {
    Finding::blocking(rule, zh, en)
        .field("credit_code")
        .remedy("请对照营业执照重新填写", "Compare with the business licence and enter it again")
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({self})")
    }
}

impl FromStr for CreditCode {
    type Err = Finding;
    fn from_str(text: &str) -> Result<CreditCode, Finding> {
        CreditCode::parse(text)
    }
}

impl Serialize for CreditCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CreditCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CreditCode, D::Error> {
        let text = String::deserialize(deserializer)?;
        CreditCode::parse(&text).map_err(|finding| serde::de::Error::custom(finding.rule))
    }
}
