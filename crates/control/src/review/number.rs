//! 业务流水号: region (6) + date (8) + sequence of the day (6) + check digit (ISO 7064 MOD 11,10).

use standard::{Date, Organisation, Refusal};
use store::{Query, Tx, args};

/// The next number of `owner` on `day`, inside the transaction that opens the case.
pub(super) async fn next(tx: &mut Tx, owner: &Organisation, day: Date) -> Result<String, Refusal> {
    let last: i64 = tx
        .one(
            "INSERT INTO control_serial (owner, day, last) VALUES ($1, $2, 1)
             ON CONFLICT (owner, day) DO UPDATE SET last = control_serial.last + 1 RETURNING last",
            args![owner, day],
        )
        .await?
        .get("last")?;
    Ok(format_number(owner, day, last))
}

/// More than 999,999 cases a day simply make the number longer; it stays unique and checkable.
fn format_number(owner: &Organisation, day: Date, sequence: i64) -> String {
    let region = match owner {
        Organisation::Agency(region) => region.to_string(),
        Organisation::Employer(_) | Organisation::Platform => "000000".to_owned(),
    };
    let body = format!("{region}{:04}{:02}{:02}{sequence:06}", day.year(), day.month(), day.day());
    let check = check_digit(&body).unwrap_or('0');
    format!("{body}{check}")
}

/// The check digit of a string of digits by ISO 7064 MOD 11,10; `None` when a character is not a digit.
/// It finds every single wrong digit and nearly every swap of two neighbours.
pub fn check_digit(digits: &str) -> Option<char> {
    let mut product = 10;
    for c in digits.chars() {
        let sum = (c.to_digit(10)? + product) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    char::from_digit((11 - product) % 10, 10)
}

/// Whether `number` has the shape of a case number and its check digit is right.
pub fn valid_number(number: &str) -> bool {
    if !number.is_ascii() || number.len() < 21 || number.len() > 32 {
        return false;
    }
    let (body, check) = number.split_at(number.len() - 1);
    check_digit(body).is_some_and(|digit| check.starts_with(digit))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn check_digit_follows_iso_7064() {
        // The worked example of ISO 7064 for MOD 11,10.
        assert_eq!(check_digit("0794"), Some('5'));
        assert_eq!(check_digit("07x4"), None);
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let owner: Organisation = "agency:430100".parse().unwrap();
        let number = format_number(&owner, standard::Date::constant(2026, 11, 21), 37);
        assert_eq!(&number[..20], "43010020261121000037");
        assert!(valid_number(&number));
        for place in 0..number.len() {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = number.chars().collect();
                if wrong[place] == digit {
                    continue;
                }
                wrong[place] = digit;
                assert!(!valid_number(&wrong.iter().collect::<String>()));
            }
        }
        assert!(!valid_number("43"));
        assert!(!valid_number("４３０１００"));
    }
}
