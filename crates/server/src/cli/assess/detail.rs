//! The workbook of an assessment: 明细 a row a person, 依据 the rules and sources used, 问题 the findings.

use std::path::Path;

use policy::{InForce, RuleBook, Rules};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use standard::{Finding, Insurance, Money, Month, Refusal, Severity};

use super::person::{Assessed, Assessor};

/// Sums over all rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) assessed: u32,
    pub(super) findings: u32,
    pub(super) employer: Money,
    pub(super) employee: Money,
}

/// The workbook while rows come in; sheets are written row by row and not held.
pub(super) struct Detail {
    book: Workbook,
    month: Month,
    counts: Counts,
    /// Employer and employee of each insurance.
    totals: [[Money; 2]; 5],
    row: u32,
    problem_row: u32,
    money: Format,
}

const DETAIL: usize = 0;
const BASIS: usize = 1;
const PROBLEMS: usize = 2;
/// Leading columns before the amounts.
const LEAD: [(&str, f64); 7] = [
    ("行号", 6.0),
    ("姓名", 10.0),
    ("证件号码", 21.0),
    ("参保城市", 10.0),
    ("费款所属期", 11.0),
    ("申报工资", 12.0),
    ("计费", 6.0),
];

fn unwritable(error: XlsxError) -> Refusal {
    let (zh, en) = (format!("无法写出明细：{error}"), format!("Cannot write the detail: {error}"));
    Refusal::invalid(Finding::blocking("result_not_writable", zh, en).field("out").remedy(
        "请检查文件夹、权限，以及文件是否正在 Excel 中打开",
        "Check the folder, its permissions, and that Excel has not the file open",
    ))
}

/// Excel keeps amounts as binary floats; the two decimals of the text survive in them. Nothing is computed here.
fn put_money(sheet: &mut Worksheet, row: u32, column: u16, money: Money, format: &Format) -> Result<(), Refusal> {
    let number: f64 = money.to_yuan().parse().map_err(Refusal::internal)?;
    sheet.write_number_with_format(row, column, number, format).map_err(unwritable)?;
    Ok(())
}

impl Detail {
    pub(super) fn start(month: Month) -> Result<Detail, Refusal> {
        let mut book = Workbook::new();
        let head = Format::new().set_bold().set_align(FormatAlign::Center);
        let sheet = book.add_worksheet_with_constant_memory().map_err(unwritable)?;
        sheet.set_name("明细").map_err(unwritable)?;
        let mut column = 0;
        for (title, width) in LEAD {
            sheet.set_column_width(column, width).map_err(unwritable)?;
            sheet.write_string_with_format(0, column, title, &head).map_err(unwritable)?;
            column += 1;
        }
        let parts = Insurance::ALL
            .iter()
            .flat_map(|one| ["基数", "单位", "个人"].map(|part| format!("{}{part}", one.zh())));
        let titles: Vec<String> = parts.chain(["单位合计", "个人合计", "合计", "说明"].map(str::to_owned)).collect();
        for title in titles {
            sheet.set_column_width(column, 12.0).map_err(unwritable)?;
            sheet.write_string_with_format(0, column, title, &head).map_err(unwritable)?;
            column += 1;
        }
        sheet.set_freeze_panes(1, 2).map_err(unwritable)?;
        let sheet = book.add_worksheet_with_constant_memory().map_err(unwritable)?;
        sheet.set_name("依据").map_err(unwritable)?;
        let sheet = book.add_worksheet_with_constant_memory().map_err(unwritable)?;
        sheet.set_name("问题").map_err(unwritable)?;
        for (column, (title, width)) in [
            ("行号", 6.0),
            ("姓名", 10.0),
            ("级别", 6.0),
            ("规则", 22.0),
            ("问题", 60.0),
            ("处理", 40.0),
        ]
        .into_iter()
        .enumerate()
        {
            sheet.set_column_width(column as u16, width).map_err(unwritable)?;
            sheet.write_string_with_format(0, column as u16, title, &head).map_err(unwritable)?;
        }
        let money = Format::new().set_num_format("#,##0.00");
        Ok(Detail {
            book,
            month,
            counts: Counts::default(),
            totals: [[Money::ZERO; 2]; 5],
            row: 0,
            problem_row: 0,
            money,
        })
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Adds one person.
    pub(super) fn person(&mut self, number: u32, person: &Assessed) -> Result<(), Refusal> {
        self.row += 1;
        let row = self.row;
        let month = self.month.to_string();
        let money = self.money.clone();
        let sheet = self.book.worksheet_from_index(DETAIL).map_err(unwritable)?;
        sheet.write_number(row, 0, f64::from(number)).map_err(unwritable)?;
        let city = person.region.map(|region| region.name().to_owned()).unwrap_or_default();
        for (column, text) in [(1, person.name.as_str()), (2, &person.id_number), (3, &city), (4, &month)] {
            sheet.write_string(row, column, text).map_err(unwritable)?;
        }
        if let Some(wage) = person.wage {
            put_money(sheet, row, 5, wage, &money)?;
        }
        if let Some(all) = &person.contributions {
            sheet.write_string(row, 6, all.share.zh()).map_err(unwritable)?;
            for (index, one) in all.all.iter().enumerate() {
                let column = LEAD.len() as u16 + 3 * index as u16;
                put_money(sheet, row, column, one.base, &money)?;
                for (offset, amount) in [(1, one.employer), (2, one.employee)] {
                    match amount {
                        Some(amount) => put_money(sheet, row, column + offset, amount, &money)?,
                        // Not the same as nothing to pay.
                        None => drop(sheet.write_string(row, column + offset, "未收录").map_err(unwritable)?),
                    }
                }
            }
            let (employer, employee) = all.totals()?;
            let column = LEAD.len() as u16 + 15;
            for (offset, amount) in [(0, employer), (1, employee), (2, employer.try_add(employee)?)] {
                put_money(sheet, row, column + offset, amount, &money)?;
            }
        }
        let remarks: Vec<&str> = person.findings.iter().map(|finding| finding.message.zh.as_str()).collect();
        sheet
            .write_string(row, LEAD.len() as u16 + 18, remarks.join("；"))
            .map_err(unwritable)?;
        self.count(person)?;
        self.problems(number, &person.name, &person.findings)
    }

    fn count(&mut self, person: &Assessed) -> Result<(), Refusal> {
        let Some(all) = &person.contributions else { return Ok(()) };
        let (employer, employee) = all.totals()?;
        self.counts.assessed += 1;
        self.counts.employer = self.counts.employer.try_add(employer)?;
        self.counts.employee = self.counts.employee.try_add(employee)?;
        for (totals, one) in self.totals.iter_mut().zip(all.all) {
            totals[0] = totals[0].try_add(one.employer.unwrap_or(Money::ZERO))?;
            totals[1] = totals[1].try_add(one.employee.unwrap_or(Money::ZERO))?;
        }
        Ok(())
    }

    fn problems(&mut self, number: u32, name: &str, findings: &[Finding]) -> Result<(), Refusal> {
        for finding in findings {
            self.problem_row += 1;
            self.counts.findings += 1;
            let row = self.problem_row;
            let sheet = self.book.worksheet_from_index(PROBLEMS).map_err(unwritable)?;
            if number > 0 {
                sheet.write_number(row, 0, f64::from(number)).map_err(unwritable)?;
            }
            let severity = match finding.severity {
                Severity::Blocking => "必改",
                Severity::Warning => "提醒",
                Severity::Info => "说明",
            };
            let remedy = finding.remedy.as_ref().map_or("", |remedy| remedy.zh.as_str());
            for (column, text) in [
                (1, name),
                (2, severity),
                (3, finding.rule.as_str()),
                (4, &finding.message.zh),
                (5, remedy),
            ] {
                sheet.write_string(row, column, text).map_err(unwritable)?;
            }
        }
        Ok(())
    }

    /// Writes the totals, the basis and what is missing for everyone, and saves.
    pub(super) fn finish(mut self, assessor: &Assessor<'_>, book: &RuleBook, out: &Path) -> Result<(), Refusal> {
        self.total_row()?;
        for (region, rules) in &assessor.rules {
            let Ok(rules) = rules else { continue };
            self.basis_missing(region.name(), rules)?;
        }
        let mut basis = Basis {
            sheet: self.book.worksheet_from_index(BASIS).map_err(unwritable)?,
            row: 0,
        };
        basis.line(["地区", "项目", "数值", "自", "来源", "可信度", "网址", "备注"])?;
        for (region, rules) in &assessor.rules {
            if let Ok(rules) = rules {
                basis.region(region.name(), rules)?;
            }
        }
        basis.line(["全国", "法规版本", book.version(), "", "", "", "", ""])?;
        self.book.save(out).map_err(unwritable)
    }

    fn total_row(&mut self) -> Result<(), Refusal> {
        let row = self.row + 1;
        let format = Format::new().set_num_format("#,##0.00").set_bold();
        let sheet = self.book.worksheet_from_index(DETAIL).map_err(unwritable)?;
        sheet.write_string_with_format(row, 1, "合计", &format).map_err(unwritable)?;
        for (index, totals) in self.totals.iter().enumerate() {
            let column = LEAD.len() as u16 + 3 * index as u16;
            put_money(sheet, row, column + 1, totals[0], &format)?;
            put_money(sheet, row, column + 2, totals[1], &format)?;
        }
        let column = LEAD.len() as u16 + 15;
        let (employer, employee) = (self.counts.employer, self.counts.employee);
        for (offset, amount) in [(0, employer), (1, employee), (2, employer.try_add(employee)?)] {
            put_money(sheet, row, column + offset, amount, &format)?;
        }
        Ok(())
    }

    /// Rates that are not encoded concern everyone of a region: said once, not per row.
    fn basis_missing(&mut self, city: &str, rules: &Rules<'_>) -> Result<(), Refusal> {
        let mut missing = Vec::new();
        for insurance in Insurance::ALL {
            let rule = rules.insurance(insurance);
            let sided = !matches!(insurance, Insurance::Injury | Insurance::Maternity);
            if rule.employer.is_none() && insurance != Insurance::Injury {
                missing.push(format!("{}单位", insurance.zh()));
            }
            if rule.employee.is_none() && sided {
                missing.push(format!("{}个人", insurance.zh()));
            }
        }
        if rules.injury.is_none() {
            missing.push("工伤单位（可填行业类别）".to_owned());
        }
        if missing.is_empty() {
            return Ok(());
        }
        let zh = format!("{city} {} 未收录费率：{}；未计入合计", rules.month, missing.join("、"));
        let finding = Finding::warning("law_not_encoded", zh, format!("{city}: rates not encoded, left out of the totals"));
        self.problems(
            0,
            "",
            &[finding.remedy("请在 law/ 中补录费率及来源", "Add the rates with their source to law/")],
        )
    }
}

struct Basis<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
}

impl Basis<'_> {
    fn line(&mut self, cells: [&str; 8]) -> Result<(), Refusal> {
        for (column, text) in cells.into_iter().enumerate() {
            self.sheet.write_string(self.row, column as u16, text).map_err(unwritable)?;
        }
        self.row += 1;
        Ok(())
    }

    fn value<T>(&mut self, city: &str, what: &str, figure: &str, value: &InForce<'_, T>) -> Result<(), Refusal> {
        let from = value.head.from.to_string();
        let (citation, confidence, url) = match &value.head.source {
            Some(source) => (source.citation(), source.confidence.zh(), source.url.as_str()),
            None => (String::new(), "", ""),
        };
        self.line([city, what, figure, &from, &citation, confidence, url, &value.head.note])
    }

    fn region(&mut self, city: &str, rules: &Rules<'_>) -> Result<(), Refusal> {
        for insurance in Insurance::ALL {
            let rule = rules.insurance(insurance);
            let zh = insurance.zh();
            if let Some(limits) = &rule.limits {
                self.value(
                    city,
                    &format!("{zh}上下限"),
                    &format!("{}—{}", limits.value.floor, limits.value.ceiling),
                    limits,
                )?;
            }
            for (side, rate) in [("单位", &rule.employer), ("个人", &rule.employee)] {
                if let Some(rate) = rate {
                    self.value(city, &format!("{zh}{side}费率"), &rate.value.percent(), rate)?;
                }
            }
            for (side, fixed) in [("单位", &rule.fixed_employer), ("个人", &rule.fixed_employee)] {
                if let Some(fixed) = fixed {
                    self.value(
                        city,
                        &format!("{}（{side}，每月）", fixed.value.name),
                        &fixed.value.monthly.to_yuan(),
                        fixed,
                    )?;
                }
            }
        }
        if let Some(injury) = &rules.injury {
            let figure = match injury.value {
                policy::values::InjuryRate::Flat(rate) => rate.percent(),
                policy::values::InjuryRate::ByClass => "按行业类别".to_owned(),
            };
            self.value(city, "工伤单位费率", &figure, injury)?;
        }
        if let Ok(entry) = rules.entry_month() {
            self.value(
                city,
                "入职当月",
                &format!("{}日（含）前全月，之后半月", entry.value.full_through_day),
                &entry,
            )?;
        }
        if let Ok(rounding) = rules.contribution_rounding() {
            self.value(city, "取整", "四舍五入到分", &rounding)?;
        }
        Ok(())
    }
}
