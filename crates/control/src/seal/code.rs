//! The verify code printed on a document: eleven random letters and a check letter, easy to read out and to type.

use std::fmt;

use standard::{Finding, Refusal, half_width};

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random letters: 55 bits, so that guessing one of a billion codes takes some 36 million tries.
const RANDOM_LETTERS: usize = 11;
const LETTERS: usize = RANDOM_LETTERS + 1;

/// A well-formed verify code, kept without hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifyCode(String);

impl VerifyCode {
    /// A fresh code from the system's random source.
    pub fn new() -> Result<VerifyCode, Refusal> {
        let mut bytes = [0_u8; RANDOM_LETTERS];
        getrandom::fill(&mut bytes).map_err(|error| Refusal::internal(format!("random source: {error}")))?;
        let mut values: Vec<usize> = bytes.iter().map(|byte| usize::from(byte % 32)).collect();
        values.push(check_value(&values));
        Ok(VerifyCode(values.into_iter().map(|value| char::from(ALPHABET[value])).collect()))
    }

    /// Reads a code as people type it: any case, with hyphens or spaces, O for 0, I or L for 1, full-width.
    /// A mistyped letter is refused (`verify_code_invalid`) before any look-up.
    pub fn parse(text: &str) -> Result<VerifyCode, Finding> {
        let letters: Vec<u8> = half_width(text)
            .chars()
            .filter(|c| !matches!(c, '-' | ' ' | '—' | '－'))
            .take(LETTERS + 1)
            .map(|c| match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                c => u8::try_from(c).unwrap_or(b'?'),
            })
            .collect();
        let values: Option<Vec<usize>> = letters
            .iter()
            .map(|letter| ALPHABET.iter().position(|known| known == letter))
            .collect();
        match values.as_deref() {
            Some([random @ .., check]) if letters.len() == LETTERS && *check == check_value(random) => {
                Ok(VerifyCode(letters.into_iter().map(char::from).collect()))
            }
            _ => Err(invalid()),
        }
    }

    /// Without hyphens, as kept and as in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as printed: `7K2M-9QXR-4TAB`.
    pub fn grouped(&self) -> String {
        format!("{}-{}-{}", &self.0[0..4], &self.0[4..8], &self.0[8..12])
    }
}

impl fmt::Display for VerifyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

/// Luhn's sum over 32 letters: finds every wrong letter and nearly every exchange of two neighbours.
fn check_value(values: &[usize]) -> usize {
    let sum: usize = values
        .iter()
        .rev()
        .enumerate()
        .map(|(index, value)| {
            let weighted = if index % 2 == 0 { value * 2 } else { *value };
            weighted / 32 + weighted % 32
        })
        .sum();
    (32 - sum % 32) % 32
}

fn invalid() -> Finding {
    Finding::blocking(
        "verify_code_invalid",
        "校验码有误：应为12位字母和数字，最后一位是校验位",
        "The verify code is mistyped: it has 12 letters and digits, the last of which is a check",
    )
    .field("code")
    .remedy(
        "请对照文件底部的校验码重新输入，或扫描二维码",
        "Type the code at the foot of the document again, or scan its QR code",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = VerifyCode::new().expect("random source");
        assert_eq!(VerifyCode::parse(code.as_str()).as_ref(), Ok(&code));
        let typed = code.grouped().to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
        assert_eq!(VerifyCode::parse(&typed).as_ref(), Ok(&code));
        assert_eq!(code.grouped().len(), 14);
    }

    #[test]
    fn every_single_wrong_letter_is_found() {
        let code = VerifyCode::new().expect("random source");
        for place in 0..LETTERS {
            for letter in ALPHABET {
                let mut typed = code.as_str().as_bytes().to_vec();
                if typed[place] == *letter {
                    continue;
                }
                typed[place] = *letter;
                let typed = String::from_utf8(typed).expect("ASCII");
                assert!(VerifyCode::parse(&typed).is_err(), "{typed} passes for {code}");
            }
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "7",
            "7K2M-9QXR-4TA",
            "7K2M-9QXR-4TAB-9",
            "校验码",
            "7K2M_9QXR_4TAB",
            "UUUU-UUUU-UUUU",
        ] {
            assert_eq!(VerifyCode::parse(text).expect_err(text).rule, "verify_code_invalid");
        }
    }
}
