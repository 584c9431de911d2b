//! One computed payslip, and who listens while it is computed.

use policy::trace::Step;
use policy::{Silent, Trace};
use standard::{Finding, Money, Severity};

use super::lines::Line;
use super::{Gross, Net};

/// A month's pay of one person. In a difference run every amount is a difference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slip {
    /// 应发.
    pub gross: Gross,
    /// The part of it that counts to next year's contribution base.
    pub counted: Money,
    /// 收入 of the month for the cumulative withholding.
    pub income: Money,
    /// 专项附加扣除 of the month.
    pub additional: Money,
    /// 其他扣除 of the month.
    pub other_tax: Money,
    /// 全年一次性奖金 in the gross, taxed on its own.
    pub bonus: Money,
    /// Contribution bases.
    pub bases: [Money; 5],
    /// The employer's parts.
    pub employer: [Money; 5],
    /// The employee's parts.
    pub employee: [Money; 5],
    /// 住房公积金, each side.
    pub fund: Money,
    /// Withheld on the month's income.
    pub tax: Money,
    /// Withheld on the yearly bonus.
    pub bonus_tax: Money,
    /// Deductions after tax.
    pub other: Money,
    /// 实发.
    pub net: Net,
    /// The components' lines.
    pub lines: Vec<Line>,
    /// What the reader must know.
    pub findings: Vec<Finding>,
}

impl Slip {
    /// Nothing was computed, and why.
    pub fn stopped(finding: Finding) -> Slip {
        Slip {
            findings: vec![finding],
            ..Slip::default()
        }
    }

    /// 0 nothing to say, 1 worth a look, 2 keeps the run from being submitted.
    pub fn severity(&self) -> i64 {
        let level = |finding: &Finding| match finding.severity {
            Severity::Blocking => 2,
            Severity::Warning => 1,
            Severity::Info => 0,
        };
        self.findings.iter().map(level).max().unwrap_or(0)
    }

    /// Everything in fen in the order of the columns: gross, counted, income, additional, other_tax, bonus, bases, employer, employee, fund,
    /// tax, bonus tax, other, net.
    pub fn amounts(&self) -> [Money; 26] {
        let mut all = [Money::ZERO; 26];
        let head = [self.gross.0, self.counted, self.income, self.additional, self.other_tax, self.bonus];
        all[..6].copy_from_slice(&head);
        all[6..11].copy_from_slice(&self.bases);
        all[11..16].copy_from_slice(&self.employer);
        all[16..21].copy_from_slice(&self.employee);
        all[21..].copy_from_slice(&[self.fund, self.tax, self.bonus_tax, self.other, self.net.0]);
        all
    }

    /// The same back.
    pub fn from_amounts(all: &[Money; 26]) -> Slip {
        let five = |at: usize| [all[at], all[at + 1], all[at + 2], all[at + 3], all[at + 4]];
        Slip {
            gross: Gross(all[0]),
            counted: all[1],
            income: all[2],
            additional: all[3],
            other_tax: all[4],
            bonus: all[5],
            bases: five(6),
            employer: five(11),
            employee: five(16),
            fund: all[21],
            tax: all[22],
            bonus_tax: all[23],
            other: all[24],
            net: Net(all[25]),
            lines: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// A trace that knows which line of the payslip a step belongs to.
pub trait SlipTrace: Trace {
    /// The steps that follow belong to this line.
    fn line(&mut self, _code: &str) {}
}

impl SlipTrace for Silent {}

/// Keeps every step with its line.
#[derive(Debug, Default)]
pub struct LineRecorder {
    current: String,
    /// (line, step) in the order they were taken.
    pub steps: Vec<(String, Step)>,
}

impl Trace for LineRecorder {
    fn step(&mut self, make: impl FnOnce() -> Step) {
        self.steps.push((self.current.clone(), make()));
    }
}

impl SlipTrace for LineRecorder {
    fn line(&mut self, code: &str) {
        code.clone_into(&mut self.current);
    }
}
