//! The rows of a bill file: which column holds what, and what each row says or does wrong.

use std::collections::BTreeMap;

use standard::{Finding, IdNumber, Insurance, Money, Month, Refusal, half_width};

use super::BillRowFault;
use crate::insurance::amounts::Amounts;
use crate::insurance::roster::sheet::RawRow;
use crate::insurance::roster::{Cell, Sheet, faults};
use crate::people::checks;

/// Title rows that may stand above the header.
const HEADER_WITHIN: usize = 10;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Name,
    IdNumber,
    PersonNumber,
    PeriodFrom,
    PeriodTo,
    Base(Insurance),
    Employer(Insurance),
    Employee(Insurance),
    LateFee,
    Interest,
    Total,
}

impl Column {
    /// The field name findings use: `pension_employer`.
    fn field(self) -> String {
        match self {
            Column::Name => "name".to_string(),
            Column::IdNumber => "id_number".to_string(),
            Column::PersonNumber => "person_number".to_string(),
            Column::PeriodFrom | Column::PeriodTo => "period".to_string(),
            Column::Base(insurance) => format!("{}_base", insurance.name()),
            Column::Employer(insurance) => format!("{}_employer", insurance.name()),
            Column::Employee(insurance) => format!("{}_employee", insurance.name()),
            Column::LateFee => "late_fee".to_string(),
            Column::Interest => "interest".to_string(),
            Column::Total => "total".to_string(),
        }
    }

    /// Understands 养老单位应缴, 基本养老保险（单位应缴）, 养老保险单位缴费金额 and their likes.
    fn of(header: &str) -> Option<Column> {
        let plain: String = half_width(header)
            .chars()
            .filter(|c| !c.is_whitespace() && !"()*:_-【】[]".contains(*c))
            .collect();
        match plain.as_str() {
            "姓名" | "员工姓名" | "人员姓名" => return Some(Column::Name),
            "证件号码" | "身份证号" | "身份证号码" | "公民身份号码" | "社会保障号码" => {
                return Some(Column::IdNumber);
            }
            "个人编号" | "电脑号" | "个人社保号" => return Some(Column::PersonNumber),
            "费款所属期起" | "费款所属期" | "所属期" | "所属期起" | "缴费月份" => return Some(Column::PeriodFrom),
            "费款所属期止" | "所属期止" => return Some(Column::PeriodTo),
            "滞纳金" => return Some(Column::LateFee),
            "利息" => return Some(Column::Interest),
            "缴费总金额" | "应缴合计" | "合计" => return Some(Column::Total),
            _ => {}
        }
        let insurance = Insurance::ALL.into_iter().find(|insurance| plain.contains(insurance.zh()))?;
        let money = ["应缴", "缴费", "金额", "缴纳"].iter().any(|word| plain.contains(word));
        if plain.contains("基数") || plain.contains("缴费工资") {
            return Some(Column::Base(insurance));
        }
        match (plain.contains("单位"), plain.contains("个人"), money) {
            (true, false, true) => Some(Column::Employer(insurance)),
            (false, true, true) => Some(Column::Employee(insurance)),
            _ => None,
        }
    }
}

/// A sound row.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub id_number: IdNumber,
    pub name: String,
    pub person_number: String,
    pub month: Month,
    pub amounts: Amounts,
    pub late: Money,
}

type Known = BTreeMap<Column, usize>;

/// Weighs the whole sheet; duplicates of a person and month are faults.
pub(super) fn read(sheet: &Sheet) -> Result<(Vec<Parsed>, Vec<BillRowFault>), Refusal> {
    let (at, known) = header(sheet)?;
    let (mut rows, mut faults_found) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<(String, Month), u32> = BTreeMap::new();
    for raw in sheet.rows.iter().skip(at + 1) {
        if is_total(raw, &known) {
            continue;
        }
        let mut findings = Vec::new();
        let parsed = row(raw, &known, &mut findings);
        if let (Some(parsed), true) = (parsed, findings.is_empty()) {
            let first = *seen
                .entry((parsed.id_number.reveal().to_string(), parsed.month))
                .or_insert(raw.number);
            if first != raw.number {
                findings.push(
                    Finding::blocking(
                        "duplicate_row",
                        format!("证件号码和所属期与第 {first} 行重复"),
                        format!("the same person and month as row {first}"),
                    )
                    .field("id_number")
                    .remedy("同一人同一所属期只保留一行", "keep one row a person and month"),
                );
            }
            rows.push(parsed);
        }
        faults_found.extend(findings.into_iter().map(|finding| BillRowFault { row: raw.number, finding }));
    }
    if rows.is_empty() && faults_found.is_empty() {
        return Err(faults::no_rows());
    }
    Ok((rows, faults_found))
}

/// 合计 under the table is no person.
fn is_total(raw: &RawRow, known: &Known) -> bool {
    let name = known.get(&Column::Name).map(|at| raw.cell(*at).shown()).unwrap_or_default();
    let first = raw
        .cells
        .iter()
        .map(Cell::shown)
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default();
    [name, first].iter().any(|text| ["合计", "总计"].contains(&text.trim()))
}

fn header(sheet: &Sheet) -> Result<(usize, Known), Refusal> {
    let mut best: (usize, Known) = (0, Known::new());
    for (at, row) in sheet.rows.iter().take(HEADER_WITHIN).enumerate() {
        let mut known = Known::new();
        for (column, cell) in row.cells.iter().enumerate() {
            let Some(what) = Column::of(&cell.shown()) else { continue };
            if known.insert(what, column).is_some() && !matches!(what, Column::Total) {
                return Err(faults::header_twice(&cell.shown()));
            }
        }
        if known.len() > best.1.len() {
            best = (at, known);
        }
    }
    let has_money = best
        .1
        .keys()
        .any(|column| matches!(column, Column::Employer(_) | Column::Employee(_)));
    let missing: Vec<&str> = [
        (!best.1.contains_key(&Column::IdNumber), "证件号码"),
        (!best.1.contains_key(&Column::PeriodFrom), "费款所属期"),
        (!has_money, "险种单位/个人应缴"),
    ]
    .into_iter()
    .filter_map(|(missing, name)| missing.then_some(name))
    .collect();
    if missing.is_empty() {
        return Ok(best);
    }
    let missing = missing.join("、");
    Err(Refusal::invalid(
        Finding::blocking(
            "bill_column_missing",
            format!("找不到必需的列：{missing}"),
            format!("required columns are missing: {missing}"),
        )
        .field("file")
        .remedy(
            "请使用当地导出的账单明细，或表头：证件号码、费款所属期起、养老单位应缴、养老个人应缴……",
            "use the region's own bill, or the headers 证件号码 费款所属期起 养老单位应缴 养老个人应缴 …",
        ),
    ))
}

fn row(raw: &RawRow, known: &Known, findings: &mut Vec<Finding>) -> Option<Parsed> {
    let shown = |column: Column| known.get(&column).map(|at| raw.cell(*at).shown()).unwrap_or_default();
    for (column, at) in known {
        if matches!(raw.cell(*at), Cell::Formula(_) | Cell::Error(_)) {
            findings.push(
                Finding::blocking(
                    "cell_formula",
                    "单元格是公式或错误值，不能采信",
                    "the cell is a formula or an error value",
                )
                .field(column.field())
                .remedy("请粘贴为数值后重新上传", "paste as values and upload again"),
            );
        }
    }
    let id_number = IdNumber::parse(&shown(Column::IdNumber))
        .map_err(|finding| findings.push(finding.field("id_number")))
        .ok();
    let name = match known.contains_key(&Column::Name) {
        true => checks::name(&shown(Column::Name))
            .map_err(|finding| findings.push(finding))
            .unwrap_or_default(),
        false => String::new(),
    };
    let month = period(raw, known, findings);
    let mut amounts = Amounts::default();
    let mut late = Money::ZERO;
    for (column, at) in known
        .iter()
        .filter(|(_, at)| !matches!(raw.cell(**at), Cell::Formula(_) | Cell::Error(_)))
    {
        let target = match column {
            Column::Base(insurance) => &mut amounts.bases[*insurance as usize],
            Column::Employer(insurance) => &mut amounts.employer[*insurance as usize],
            Column::Employee(insurance) => &mut amounts.employee[*insurance as usize],
            Column::LateFee => &mut late,
            _ => continue,
        };
        match money(raw.cell(*at)) {
            Ok(value) => *target = value,
            Err(finding) => findings.push(finding.field(column.field())),
        }
    }
    Some(Parsed {
        id_number: id_number?,
        name,
        person_number: shown(Column::PersonNumber).trim().chars().take(40).collect(),
        month: month?,
        amounts,
        late,
    })
}

/// 202609, 2026-09, 2026年9月, 2026/09 or a day of the month; a period of several months is refused.
fn period(raw: &RawRow, known: &Known, findings: &mut Vec<Finding>) -> Option<Month> {
    let at = |column: Column| known.get(&column).map(|at| raw.cell(*at));
    let from = at(Column::PeriodFrom).and_then(month_of);
    let to = at(Column::PeriodTo).filter(|cell| !cell.is_empty()).map(month_of);
    let refuse = |zh: &str, en: &str| {
        Finding::blocking("bill_period", zh, en)
            .field("period")
            .remedy("请填写一个月份，如 202609", "give one month, such as 202609")
    };
    match (from, to) {
        (None, _) | (_, Some(None)) => {
            findings.push(refuse("费款所属期无法识别", "the period cannot be read"));
            None
        }
        (Some(from), Some(Some(to))) if from != to => {
            findings.push(refuse("一行只能是一个月的费款", "a row may hold one month only"));
            None
        }
        (from, _) => from,
    }
}

fn month_of(cell: &Cell) -> Option<Month> {
    if let Cell::Day(day) = cell {
        return Some(Month::of(*day));
    }
    let text = half_width(&cell.shown());
    let digits: String = text.chars().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
    let parts: Vec<&str> = digits.split_whitespace().collect();
    match parts.as_slice() {
        [one] if one.len() == 6 => Month::from_yyyymm(one.parse().ok()?).ok(),
        [one] if one.len() == 8 => {
            let (year, month) = (one[..4].parse().ok()?, one[4..6].parse().ok()?);
            Month::new(year, month).ok()
        }
        [year, month] | [year, month, _] if year.len() == 4 => Month::new(year.parse().ok()?, month.parse().ok()?).ok(),
        _ => None,
    }
}

/// Yuan with at most two decimals, not negative; empty is nothing.
fn money(cell: &Cell) -> Result<Money, Finding> {
    let shown = cell.shown();
    let text: String = half_width(shown.trim())
        .chars()
        .filter(|c| !matches!(c, ',' | '¥' | '￥' | '元'))
        .collect();
    if text.is_empty() || text == "-" {
        return Ok(Money::ZERO);
    }
    let value = Money::from_yuan(&text)?;
    if value.is_negative() {
        return Err(Finding::blocking("bill_negative", "金额不能为负", "an amount cannot be negative")
            .remedy("退费请以退费单处理", "a refund is handled by its own order"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let rows = (1u32..)
            .zip(rows)
            .map(|(number, cells)| RawRow {
                number,
                cells: cells
                    .iter()
                    .map(|text| match text.strip_prefix('=') {
                        Some(formula) => Cell::Formula(formula.to_string()),
                        None => Cell::text(*text),
                    })
                    .collect(),
            })
            .collect();
        Sheet { rows, ..Sheet::default() }
    }

    fn id(order: u16) -> String {
        let region = "430102".parse().unwrap();
        IdNumber::compose(region, "1990-05-01".parse().unwrap(), order)
            .unwrap()
            .reveal()
            .to_string()
    }

    #[test]
    fn headers_of_several_regions_are_understood() {
        let of = |text: &str| Column::of(text);
        assert_eq!(of("基本养老保险（单位应缴）"), Some(Column::Employer(Insurance::Pension)));
        assert_eq!(of("医疗保险个人缴费金额"), Some(Column::Employee(Insurance::Medical)));
        assert_eq!(of("失业缴费基数"), Some(Column::Base(Insurance::Unemployment)));
        assert_eq!(of("单位缴费总金额"), None);
        assert_eq!(of(" 费款所属期起 *"), Some(Column::PeriodFrom));
    }

    #[test]
    fn months_are_read_in_many_forms() {
        for text in ["202609", "2026-09", "2026年9月", "2026/09/15", "20260901"] {
            assert_eq!(month_of(&Cell::text(text)), Some(Month::new(2026, 9).unwrap()), "{text}");
        }
        assert_eq!(month_of(&Cell::text("202613")), None);
    }

    #[test]
    fn every_fault_of_a_row_is_told_and_totals_are_no_people() {
        let one = id(1);
        let read = read(&sheet(&[
            &["账单"],
            &["姓名", "证件号码", "费款所属期", "养老单位应缴", "养老个人应缴"],
            &["王敏", &one, "202609", "1,360.00", "680"],
            &["王敏", &one, "202609", "1360", "680"],
            &["李雷", "123", "2026-13", "=1+1", "-5"],
            &["合计", "", "", "2720", "1360"],
        ]))
        .unwrap();
        let rules: Vec<(u32, &str)> = read.1.iter().map(|fault| (fault.row, fault.finding.rule.as_str())).collect();
        assert!(rules.contains(&(4, "duplicate_row")), "{rules:?}");
        for rule in ["cell_formula", "bill_period", "bill_negative"] {
            assert!(rules.contains(&(5, rule)), "{rule} in {rules:?}");
        }
        assert_eq!(read.0[0].amounts.employer[0], Money::from_fen(136_000));
        assert!(rules.iter().all(|(row, _)| *row != 6));
        let missing = super::read(&sheet(&[&["姓名"], &["王敏"]])).unwrap_err();
        assert_eq!(missing.rule(), "bill_column_missing");
    }
}
