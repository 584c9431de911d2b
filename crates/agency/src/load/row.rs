//! Checking one row by itself, in this order: number of cells, kind of each cell, then each column's own rule.

use standard::{Date, Finding, IdNumber, Insurance, Money, Month, RelationStatus, half_width};

use super::cells::{Cell, Kind};
use super::{COLUMNS, Findings};

/// Where each needed column stands in the file.
pub struct Heading([usize; COLUMNS.len()]);

impl Heading {
    /// Finds the columns by name, in any order. Reports `column_missing`, `column_repeated`; a column
    /// nobody asked for is `column_ignored`, a warning.
    pub fn find(row: u64, cells: &[Cell<'_>], findings: &mut Findings) -> Option<Self> {
        let names: Vec<String> = cells.iter().map(|cell| half_width(&cell.text)).collect();
        let mut places = [usize::MAX; COLUMNS.len()];
        for (place, (name, field)) in places.iter_mut().zip(COLUMNS) {
            let found: Vec<usize> = names
                .iter()
                .enumerate()
                .filter(|(_, text)| *text == name)
                .map(|(at, _)| at)
                .collect();
            let finding = match found[..] {
                [at] => {
                    *place = at;
                    continue;
                }
                [] => Finding::blocking("column_missing", format!("缺少列“{name}”"), format!("The column {name} is missing")),
                _ => Finding::blocking(
                    "column_repeated",
                    format!("列“{name}”出现多次"),
                    format!("The column {name} stands more than once"),
                ),
            };
            findings.add(row, name, finding.field(field));
        }
        for text in names
            .iter()
            .filter(|text| !text.is_empty() && COLUMNS.iter().all(|(name, _)| name != text))
        {
            let shown: String = text.chars().take(20).collect();
            let finding = Finding::warning(
                "column_ignored",
                format!("列“{shown}”不导入"),
                format!("The column {shown} is not loaded"),
            );
            findings.add(row, "", finding);
        }
        places.iter().all(|place| *place != usize::MAX).then_some(Self(places))
    }
}

/// A row that is right by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// 证件号码.
    pub id_number: IdNumber,
    /// 姓名.
    pub name: &'a str,
    /// 险种.
    pub insurance: Insurance,
    /// 参保状态.
    pub status: RelationStatus,
    /// 起始年月.
    pub from: Month,
    /// 终止年月, counted.
    pub to: Month,
    /// 月缴费基数.
    pub base: Money,
    /// 单位名称.
    pub employer_name: &'a str,
}

/// Largest monthly base: a million yuan. More is a slip of the decimal point.
const BASE_FEN_MAX: i64 = 100_000_000;

/// Reads a row, adding everything wrong with it to `findings`.
pub fn check<'a>(row: u64, cells: &'a [Cell<'_>], heading: &Heading, today: Date, findings: &mut Findings) -> Option<Row<'a>> {
    let errors_before = findings.error_count;
    let mut cell = |index: usize| -> Option<&'a str> {
        let (name, field) = COLUMNS[index];
        match read_cell(cells.get(heading.0[index]), index == 0) {
            Ok(text) => Some(text),
            Err(finding) => {
                findings.add(row, name, finding.field(field));
                None
            }
        }
    };
    let texts: [Option<&'a str>; COLUMNS.len()] = std::array::from_fn(&mut cell);
    let mut take = |index: usize, finding: Finding| {
        let (name, field) = COLUMNS[index];
        findings.add(row, name, finding.field(field));
    };
    macro_rules! parsed {
        ($index:expr, $parse:expr) => {
            texts[$index].and_then(|text| $parse(text).map_err(|finding| take($index, finding)).ok())
        };
    }
    let id_number: Option<IdNumber> = parsed!(0, |text| IdNumber::parse(text).and_then(|id| id.check_on(today).map(|()| id)));
    let name: Option<&'a str> = parsed!(1, |text| short_text(text, 50, "name_invalid", "姓名"));
    let insurance: Option<Insurance> = parsed!(2, Insurance::parse_zh);
    let status: Option<RelationStatus> = parsed!(3, RelationStatus::parse_zh);
    let from: Option<Month> = parsed!(4, Month::parse);
    let to: Option<Month> = parsed!(5, Month::parse);
    let base: Option<Money> = parsed!(6, positive_base);
    let employer_name: Option<&'a str> = parsed!(7, |text| short_text(text, 100, "employer_name_invalid", "单位名称"));
    if let (Some(from), Some(to), Some(id)) = (from, to, &id_number) {
        check_months(from, to, id, today, &mut take);
    }
    if findings.error_count > errors_before {
        return None;
    }
    Some(Row {
        id_number: id_number?,
        name: name?,
        insurance: insurance?,
        status: status?,
        from: from?,
        to: to?,
        base: base?,
        employer_name: employer_name?,
    })
}

fn read_cell<'a>(cell: Option<&'a Cell<'_>>, is_id_number: bool) -> Result<&'a str, Finding> {
    let Some(cell) = cell else { return Err(empty()) };
    match cell.kind {
        Kind::Formula => Err(Finding::blocking("cell_is_formula", "单元格是公式", "The cell is a formula")
            .remedy("请粘贴为数值后重新导入", "Paste it as a value and load again")),
        Kind::Fault => Err(Finding::blocking("cell_is_error", "单元格是错误值", "The cell holds an error")),
        Kind::Number if is_id_number => Err(Finding::blocking(
            "id_number_as_number",
            "证件号码以数字保存，末几位已丢失",
            "The ID number was kept as a number and lost digits",
        )
        .remedy("请将该列设为文本格式后重新填写", "Make the column text and type the numbers again")),
        _ if cell.text.trim().is_empty() => Err(empty()),
        _ => Ok(cell.text.trim()),
    }
}

fn empty() -> Finding {
    Finding::blocking("cell_empty", "必填项为空", "A required cell is empty")
}

fn short_text<'a>(text: &'a str, length_max: usize, rule: &str, name: &str) -> Result<&'a str, Finding> {
    if text.chars().count() > length_max || text.chars().any(char::is_control) {
        let zh = format!("{name}超过{length_max}个字或含有控制字符");
        return Err(Finding::blocking(
            rule,
            zh,
            format!("Longer than {length_max} characters or with control characters"),
        ));
    }
    Ok(text)
}

fn positive_base(text: &str) -> Result<Money, Finding> {
    let base = Money::from_yuan(text)?;
    if base.fen() <= 0 || base.fen() > BASE_FEN_MAX {
        return Err(Finding::blocking(
            "base_out_of_range",
            "月缴费基数须大于0且不超过100万元",
            "The monthly base must be over 0 and at most a million yuan",
        ));
    }
    Ok(base)
}

fn check_months(from: Month, to: Month, id: &IdNumber, today: Date, take: &mut impl FnMut(usize, Finding)) {
    if from > to {
        take(
            5,
            Finding::blocking("months_reversed", "终止年月早于起始年月", "The last month is before the first"),
        );
        return;
    }
    if to > Month::of(today).next() {
        take(
            5,
            Finding::blocking("month_in_future", "终止年月晚于下个月", "The last month is later than next month"),
        );
    }
    let birth = Month::of(id.birth_date());
    if from < birth {
        take(
            4,
            Finding::blocking("month_before_birth", "起始年月早于出生年月", "The first month is before the birth"),
        );
    } else if from < birth.plus(16 * 12) {
        take(
            4,
            Finding::warning("month_under_working_age", "起始年月时未满16周岁", "Under 16 in the first month"),
        );
    }
}
