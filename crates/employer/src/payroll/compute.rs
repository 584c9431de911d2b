//! From one person's inputs to one payslip: pure, the same for the batch (silent) and the explanation (recorded).

use std::collections::BTreeMap;

use policy::labour::{self, OvertimeDay};
use policy::trace::Step;
use policy::{RuleBook, Rules};
use standard::{Date, Finding, Money, Month, RegionCode};

use super::component::{PayKind, Proration, Ready, Scheme, TaxTreatment};
use super::days::MonthDays;
use super::formula::{Fault, Figure, Figures, FormulaFault, Number};
use super::inputs::{Entered, Inputs};
use super::lines::Line;
use super::slip::{Slip, SlipTrace};
use super::{Gross, deductions};

/// What all people of a run share.
#[derive(Debug)]
pub struct MonthContext<'b> {
    /// The law.
    pub book: &'b RuleBook,
    /// The month.
    pub month: Month,
    days: MonthDays,
    components: Vec<Ready>,
    proration: Proration,
    law_days: Number,
    regions: BTreeMap<RegionCode, Result<Rules<'b>, Finding>>,
}

/// Stretches of a month at one wage, each with the share of the month it makes up.
struct Stretch {
    wage: Money,
    share: Number,
}

/// Minutes of a normal day.
const DAY_MINUTES: i64 = 8 * 60;

pub(super) fn out_of_range(_: Fault) -> Finding {
    Finding::blocking("amount_out_of_range", "金额超出范围", "The amount is out of range")
}

impl<'b> MonthContext<'b> {
    /// Compiles the components and resolves the law of every region once.
    pub fn new(book: &'b RuleBook, month: Month, scheme: &Scheme) -> Result<MonthContext<'b>, Finding> {
        let regions = RegionCode::pilot().iter().map(|region| (*region, book.at(*region, month)));
        Ok(MonthContext {
            book,
            month,
            days: MonthDays::of(month)?,
            components: scheme.compile()?,
            proration: scheme.proration,
            law_days: Number::rate(labour::paid_days(book)?),
            regions: regions.collect(),
        })
    }

    /// The law of a region in the month.
    pub(super) fn rules(&self, region: RegionCode) -> Result<Rules<'b>, Finding> {
        match self.regions.get(&region) {
            Some(known) => known.clone(),
            None => self.book.at(region, self.month),
        }
    }

    /// The payslip of one person. What cannot be computed becomes a finding that keeps the run from being submitted.
    pub fn slip<T: SlipTrace>(&self, inputs: &Inputs, trace: &mut T) -> Slip {
        self.computed(inputs, trace).unwrap_or_else(Slip::stopped)
    }

    fn computed<T: SlipTrace>(&self, inputs: &Inputs, trace: &mut T) -> Result<Slip, Finding> {
        let rules = self.rules(inputs.region)?;
        let stretches = self.stretches(inputs, trace)?;
        let mut figures = self.figures(inputs, &stretches, &rules, trace)?;
        let mut slip = Slip {
            additional: inputs.special_additional,
            other_tax: inputs.other_deduction,
            ..Slip::default()
        };
        for ready in &self.components {
            self.component(ready, inputs, &stretches, &mut figures, &mut slip, trace)?;
        }
        if slip.gross.0.is_negative() {
            return Err(Finding::blocking(
                "gross_negative",
                format!("扣款超过收入，应发为 {}", slip.gross.0),
                format!("Deductions exceed the earnings; the gross is {}", slip.gross.0),
            )
            .remedy("请核对缺勤和录入的扣款", "Check the absence and the entered deductions"));
        }
        deductions::apply(self, &rules, inputs, &mut slip, trace)?;
        self.below_minimum(inputs, &figures, &mut slip);
        Ok(slip)
    }

    /// 最低工资规定第三条: 劳动者提供了正常劳动的前提下, 工资不得低于当地最低工资标准. Looked at for a full month without absence.
    fn below_minimum(&self, inputs: &Inputs, figures: &Figures, slip: &mut Slip) {
        let minimum = figures.get(Figure::MinimumWage).money().unwrap_or_default();
        let full = inputs.hired_on <= self.month.first_day()
            && inputs.left_on.is_none_or(|day| day >= self.month.last_day())
            && inputs
                .attendance
                .is_none_or(|all| all.minutes[2..6].iter().all(|minutes| *minutes == 0));
        if full && slip.gross.0 < minimum {
            slip.findings.push(
                Finding::warning(
                    "below_minimum_wage",
                    format!("应发 {} 低于当地最低工资标准 {minimum}", slip.gross.0),
                    format!("The gross {} is below the minimum wage {minimum}", slip.gross.0),
                )
                .remedy("请核对月工资或补足差额", "Check the wage or pay the difference"),
            );
        }
    }

    /// 月中入职、离职、调薪: the month's stretches by wage, each with its share of the month's pay.
    fn stretches<T: SlipTrace>(&self, inputs: &Inputs, trace: &mut T) -> Result<Vec<Stretch>, Finding> {
        let from = inputs.hired_on.max(self.month.first_day());
        let to = inputs.left_on.map_or(self.month.last_day(), |day| day.min(self.month.last_day()));
        if inputs.wages.is_empty() {
            return Err(Finding::blocking(
                "wage_missing",
                "没有登记月工资，无法计算",
                "No wage is recorded, so nothing can be computed",
            )
            .remedy("请在员工档案登记工资", "Record the wage in the employee's file")
            .field("wages"));
        }
        let (employed, month) = (self.days.paid_between(from, to), self.days.paid());
        let whole = self.whole_share(employed, month)?;
        let mut stretches = Vec::with_capacity(inputs.wages.len());
        for (index, (begins, wage)) in inputs.wages.iter().enumerate() {
            let begin = if index == 0 { from } else { from.max(*begins) };
            let next: Option<Date> = inputs.wages.get(index + 1).map(|(next, _)| *next);
            let end = next.and_then(|next| next.yesterday().ok()).map_or(to, |end| end.min(to));
            let days = self.days.paid_between(begin, end);
            let part = Number::fraction(days, employed.max(1)).map_err(out_of_range)?;
            stretches.push(Stretch {
                wage: *wage,
                share: whole.times(part).map_err(out_of_range)?,
            });
            if employed != month || inputs.wages.len() > 1 {
                trace.line("base");
                trace.step(|| {
                    let figures = format!(
                        "{begin} 至 {end}，月工资 {wage}，计薪 {days} 天，当月共 {month} 天，占 {}",
                        stretches[index].share
                    );
                    Step::new("pay_proration", "折算", "Part of the month", figures, stretches[index].share)
                });
            }
        }
        Ok(stretches)
    }

    /// The share of the month's pay that the days in employment earn together.
    fn whole_share(&self, employed: i64, month: i64) -> Result<Number, Finding> {
        let share = match self.proration {
            _ if employed >= month => Ok(Number::whole(1)),
            Proration::Scheduled => Number::fraction(employed, month.max(1)),
            Proration::LawDays => Number::whole(employed)
                .divided(self.law_days)
                .and_then(|share| share.smaller(Number::whole(1))),
        };
        share.map_err(out_of_range)
    }

    fn figures<T: SlipTrace>(&self, inputs: &Inputs, stretches: &[Stretch], rules: &Rules<'_>, trace: &mut T) -> Result<Figures, Finding> {
        let from = inputs.hired_on.max(self.month.first_day());
        let to = inputs.left_on.map_or(self.month.last_day(), |day| day.min(self.month.last_day()));
        let wage = stretches.last().map_or(Money::ZERO, |last| last.wage);
        let worked = self.days.worked_between(from, to);
        let minutes = inputs.attendance.map_or_else(
            || {
                let all = worked * DAY_MINUTES;
                [all, all, 0, 0, 0, 0, 0, 0, 0, 0]
            },
            |all| all.minutes,
        );
        let days = inputs.attendance.map_or([worked * 100; 2], |all| all.days);
        let mut all = Figures::all(Number::ZERO);
        all.set(Figure::Wage, Number::yuan(wage));
        let mut earned = Number::ZERO;
        for stretch in stretches {
            let part = Number::yuan(stretch.wage).times(stretch.share).map_err(out_of_range)?;
            earned = earned.plus(part).map_err(out_of_range)?;
        }
        all.set(Figure::EmployedWage, Number::yuan(earned.money().map_err(out_of_range)?));
        all.set(Figure::PaidDays, Number::whole(self.days.paid()));
        all.set(Figure::EmployedDays, Number::whole(self.days.paid_between(from, to)));
        all.set(Figure::LawDays, self.law_days);
        all.set(Figure::ScheduledDays, Number::hundredths(days[0]));
        all.set(Figure::WorkedDays, Number::hundredths(days[1]));
        const TIMES: [Figure; 10] = [
            Figure::ScheduledHours,
            Figure::WorkedHours,
            Figure::LateHours,
            Figure::AbsentHours,
            Figure::UnpaidLeaveHours,
            Figure::SickLeaveHours,
            Figure::PaidLeaveHours,
            Figure::WorkdayOvertime,
            Figure::RestDayOvertime,
            Figure::HolidayOvertime,
        ];
        for (figure, minutes) in TIMES.into_iter().zip(minutes) {
            all.set(figure, Number::hours(minutes));
        }
        self.overtime(wage, &minutes, &mut all, trace)?;
        let minimum = rules.minimum_wage().map_or(Money::ZERO, |law| law.value.monthly);
        all.set(Figure::MinimumWage, Number::yuan(minimum));
        let service = i64::from(Month::of(inputs.hired_on).until(self.month)).max(0);
        all.set(Figure::ServiceMonths, Number::whole(service));
        all.set(Figure::BaseWage, Number::yuan(inputs.base.map_or(Money::ZERO, |base| base.0)));
        Ok(all)
    }

    /// 劳动法第四十四条 on the monthly wage, by kind of day.
    fn overtime<T: SlipTrace>(&self, wage: Money, minutes: &[i64; 10], all: &mut Figures, trace: &mut T) -> Result<(), Finding> {
        let kinds = [
            (OvertimeDay::Workday, Figure::WorkdayOvertimePay, minutes[7], "overtime_workday"),
            (OvertimeDay::RestDay, Figure::RestDayOvertimePay, minutes[8], "overtime_restday"),
            (OvertimeDay::Holiday, Figure::HolidayOvertimePay, minutes[9], "overtime_holiday"),
        ];
        for (day, figure, minutes, line) in kinds {
            if minutes > 0 {
                trace.line(line);
                let pay = labour::overtime_minutes(self.book, wage, minutes, day, trace)?;
                all.set(figure, Number::yuan(pay));
            }
        }
        Ok(())
    }

    /// One component: its lines, and what they add to.
    fn component<T: SlipTrace>(
        &self,
        ready: &Ready,
        inputs: &Inputs,
        stretches: &[Stretch],
        figures: &mut Figures,
        slip: &mut Slip,
        trace: &mut T,
    ) -> Result<(), Finding> {
        let code = &ready.component.code;
        let mut entered = inputs.entered.iter().filter(|entry| entry.component == *code).peekable();
        if ready.component.is_entered() {
            for entry in entered {
                trace.line(code);
                trace.step(|| stated(ready, entry));
                add(slip, ready, entry.for_month, entry.amount)?;
            }
            return Ok(());
        }
        if entered.peek().is_some() || figures.get(Figure::Entered).money().is_ok_and(|all| !all.is_zero()) {
            let all = Money::sum(entered.map(|entry| entry.amount)).map_err(|_| out_of_range(Fault::Range))?;
            figures.set(Figure::Entered, Number::yuan(all));
        }
        let value = self.value(ready, stretches, figures).map_err(|fault| {
            fault
                .finding
                .field(code.clone())
                .remedy("请在“薪酬项目”中修正公式", "Correct the formula under the components")
        })?;
        let amount = value.money().map_err(out_of_range)?;
        if !amount.is_zero() {
            trace.line(code);
            trace.step(|| shown(ready, figures, amount));
        }
        add(slip, ready, None, amount)
    }

    /// The formula's value; of a prorated component the sum over the stretches of the month.
    fn value(&self, ready: &Ready, stretches: &[Stretch], figures: &mut Figures) -> Result<Number, FormulaFault> {
        if !ready.component.prorated {
            return ready.formula.value(figures);
        }
        let last = figures.get(Figure::Wage);
        let mut sum = Number::ZERO;
        for stretch in stretches {
            figures.set(Figure::Wage, Number::yuan(stretch.wage));
            let value = ready.formula.value(figures)?;
            let range = |_| FormulaFault {
                finding: out_of_range(Fault::Range),
                position: None,
            };
            sum = value.times(stretch.share).and_then(|part| sum.plus(part)).map_err(range)?;
        }
        figures.set(Figure::Wage, last);
        Ok(sum)
    }
}

fn stated(ready: &Ready, entry: &Entered) -> Step {
    let month = entry.for_month.map(|month| format!("（{month}）")).unwrap_or_default();
    let note = if entry.note.is_empty() { "录入" } else { &entry.note };
    Step::new(
        "pay_entered",
        &format!("{}{month}", ready.component.name),
        "Entered by hand",
        note,
        entry.amount,
    )
}

fn shown(ready: &Ready, figures: &Figures, amount: Money) -> Step {
    let values: Vec<String> = ready
        .formula
        .figures()
        .iter()
        .map(|figure| format!("{} = {}", figure.zh(), figures.get(*figure)))
        .collect();
    let share = if ready.component.prorated { "，按在职天数折算" } else { "" };
    let text = format!("{}{share}；其中 {}", ready.formula.text(), values.join("，"));
    Step::new("pay_formula", &ready.component.name, "By the component's formula", text, amount)
}

/// Adds a line to the payslip and to the sums it counts in.
fn add(slip: &mut Slip, ready: &Ready, for_month: Option<Month>, amount: Money) -> Result<(), Finding> {
    if amount.is_zero() {
        return Ok(());
    }
    let component = &ready.component;
    slip.lines.push(Line {
        code: component.code.clone(),
        for_month,
        amount,
    });
    let signed = match (component.kind, component.tax) {
        (PayKind::Note, _) => return Ok(()),
        (PayKind::Deduction, TaxTreatment::Free) => {
            slip.other = slip.other.try_add(amount)?;
            return Ok(());
        }
        (PayKind::Deduction, _) => amount.negate()?,
        (PayKind::Earning, _) => amount,
    };
    slip.gross = Gross(slip.gross.0.try_add(signed)?);
    if component.counts_to_base {
        slip.counted = slip.counted.try_add(signed)?;
    }
    match component.tax {
        TaxTreatment::Taxed => slip.income = slip.income.try_add(signed)?,
        TaxTreatment::YearlyBonus => slip.bonus = slip.bonus.try_add(signed)?,
        TaxTreatment::Free => {}
    }
    Ok(())
}
