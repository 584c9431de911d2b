//! The lines of a payslip, stored as compact text: `base:800000;back_pay@202608:5000`.

use std::fmt::Write;

use standard::{Money, Month, Refusal};

/// One line: a component's amount, for the month itself or one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The component's code.
    pub code: String,
    /// The month a back payment is for.
    pub for_month: Option<Month>,
    /// How much.
    pub amount: Money,
}

/// As it is stored.
pub fn to_text(lines: &[Line]) -> String {
    let mut text = String::with_capacity(lines.len() * 16);
    for line in lines {
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(&line.code);
        if let Some(month) = line.for_month {
            let _ = write!(text, "@{}", month.yyyymm());
        }
        let _ = write!(text, ":{}", line.amount.fen());
    }
    text
}

/// Reads what was stored.
pub fn from_text(text: &str) -> Result<Vec<Line>, Refusal> {
    let unreadable = || Refusal::internal("the lines of a payslip do not read");
    text.split(';')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, fen) = part.split_once(':').ok_or_else(unreadable)?;
            let (code, for_month) = match name.split_once('@') {
                None => (name, None),
                Some((code, month)) => (code, Some(Month::from_yyyymm(month.parse().map_err(|_| unreadable())?)?)),
            };
            Ok(Line {
                code: code.to_owned(),
                for_month,
                amount: Money::from_fen(fen.parse().map_err(|_| unreadable())?),
            })
        })
        .collect()
}

/// What one set of lines is above another, line by line; equal lines fall away.
pub fn difference(now: &[Line], before: &[Line]) -> Result<Vec<Line>, Refusal> {
    let same = |a: &Line, b: &Line| a.code == b.code && a.for_month == b.for_month;
    let mut changed = Vec::new();
    for line in now {
        let was = before.iter().find(|old| same(old, line)).map_or(Money::ZERO, |old| old.amount);
        changed.push(Line {
            amount: line.amount.try_sub(was)?,
            ..line.clone()
        });
    }
    for old in before.iter().filter(|old| !now.iter().any(|line| same(old, line))) {
        changed.push(Line {
            amount: old.amount.negate()?,
            ..old.clone()
        });
    }
    changed.retain(|line| !line.amount.is_zero());
    Ok(changed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_are_read_as_they_were_written() {
        let lines = from_text("base:800000;back_pay@202608:-5000").unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(to_text(&lines), "base:800000;back_pay@202608:-5000");
        assert_eq!(from_text("").unwrap(), []);
        assert!(from_text("base").is_err());
        let before = from_text("base:700000;bonus:100").unwrap();
        assert_eq!(
            to_text(&difference(&lines, &before).unwrap()),
            "base:100000;back_pay@202608:-5000;bonus:-100"
        );
        assert_eq!(difference(&lines, &lines).unwrap(), []);
    }
}
