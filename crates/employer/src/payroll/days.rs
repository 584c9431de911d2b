//! 计薪日 of a month: working days and statutory holidays (人社部发〔2025〕2号: 法定节假日用人单位应当依法支付工资).

use standard::{Date, Finding, Month, calendar};

/// Which days of a month are paid.
#[derive(Debug, Clone)]
pub struct MonthDays {
    month: Month,
    /// Bit d − 1 is set where day d is paid.
    paid: u32,
    /// And where it is worked.
    worked: u32,
}

impl MonthDays {
    /// Reads the calendar; refused in years whose notice is not encoded.
    pub fn of(month: Month) -> Result<MonthDays, Finding> {
        let (mut paid, mut worked) = (0, 0);
        let mut day = month.first_day();
        for bit in 0..u32::from(month.last_day().day().unsigned_abs()) {
            let kind = calendar::day_type(day)?;
            paid |= u32::from(kind.is_working() || kind.is_statutory()) << bit;
            worked |= u32::from(kind.is_working()) << bit;
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        Ok(MonthDays { month, paid, worked })
    }

    /// Paid days of the whole month.
    pub const fn paid(&self) -> i64 {
        self.paid.count_ones() as i64
    }

    /// Paid days from one day to another, both counted; days outside the month do not count.
    pub fn paid_between(&self, from: Date, to: Date) -> i64 {
        i64::from((self.paid & self.mask(from, to)).count_ones())
    }

    /// Working days from one day to another.
    pub fn worked_between(&self, from: Date, to: Date) -> i64 {
        i64::from((self.worked & self.mask(from, to)).count_ones())
    }

    fn mask(&self, from: Date, to: Date) -> u32 {
        let (from, to) = (from.max(self.month.first_day()), to.min(self.month.last_day()));
        if from > to {
            return 0;
        }
        let (low, high) = (u32::from(from.day().unsigned_abs()), u32::from(to.day().unsigned_abs()));
        let below = |day: u32| ((1_u64 << day) - 1) as u32;
        below(high) & !below(low - 1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn paid_days_are_working_days_and_statutory_holidays() {
        // 2026-09: 22 weekdays; 中秋 on Friday the 25th is statutory and paid; Sunday the 20th is a make-up working day.
        let days = MonthDays::of(Month::parse("2026-09").unwrap()).unwrap();
        assert_eq!(
            days.paid(),
            calendar::working_days(day("2026-09-01"), day("2026-09-30")).unwrap() + 1
        );
        assert_eq!(days.paid_between(day("2026-09-01"), day("2026-09-30")), days.paid());
        let parts = days.paid_between(day("2026-08-01"), day("2026-09-15")) + days.paid_between(day("2026-09-16"), day("2026-12-31"));
        assert_eq!(parts, days.paid());
        assert_eq!(days.paid_between(day("2026-09-16"), day("2026-09-15")), 0);
        assert!(MonthDays::of(Month::parse("2031-01").unwrap()).is_err());
    }
}
