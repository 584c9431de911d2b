//! Checking one row by itself, in this order: number of cells, kind of each cell, then each column's own rule.

use standard::{Date, Finding, IdNumber, Insurance, Money, Month, RelationStatus, half_width, person};

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
                [] => Finding::blocking("column_missing", format!("缺少列“{name}”"), format!("The column {name} is missing")).remedy(
                    format!(
                        "第一行须为表头（{}），各列以逗号、制表符或分号分隔",
                        COLUMNS.map(|(name, _)| name).join(" ")
                    ),
                    "The first row is the heading with these eight names; cells are parted by commas, tabs or semicolons",
                ),
                _ => Finding::blocking(
                    "column_repeated",
                    format!("列“{name}”出现多次"),
                    format!("The column {name} stands more than once"),
                )
                .remedy("请删除或改名其中一列", "Delete or rename one of them"),
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
    /// 姓名, blanks removed as on a roster.
    pub name: String,
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
        match read_cell(cells.get(heading.0[index]), index) {
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
    let name: Option<String> = parsed!(1, person::name);
    let insurance: Option<Insurance> = parsed!(2, Insurance::parse_zh);
    let status: Option<RelationStatus> = parsed!(3, RelationStatus::parse_zh);
    let from: Option<Month> = parsed!(4, Month::parse);
    let to: Option<Month> = parsed!(5, Month::parse);
    let base: Option<Money> = parsed!(6, positive_base);
    let employer_name: Option<&'a str> = parsed!(7, employer_name);
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

fn read_cell<'a>(cell: Option<&'a Cell<'_>>, index: usize) -> Result<&'a str, Finding> {
    let Some(cell) = cell else { return Err(empty()) };
    match cell.kind {
        Kind::Formula => Err(Finding::blocking("cell_is_formula", "单元格是公式", "The cell is a formula")
            .remedy("请粘贴为数值后重新导入", "Paste it as a value and load again")),
        Kind::Fault => Err(Finding::blocking("cell_is_error", "单元格是错误值", "The cell holds an error")
            .remedy("请改为实际内容", "Replace it by the real content")),
        Kind::Number if index == 0 => Err(Finding::blocking(
            "id_number_as_number",
            "证件号码以数字保存，末几位已丢失",
            "The ID number was kept as a number and lost digits",
        )
        .remedy("请将该列设为文本格式后重新填写", "Make the column text and type the numbers again")),
        Kind::Number if MONTHS.contains(&index) && january_or_october(&cell.text) => Err(Finding::blocking(
            "month_as_number",
            format!("年月以数字 {} 保存，无法分辨 1 月还是 10 月", cell.text),
            format!("The month was kept as the number {}: January or October cannot be told", cell.text),
        )
        .remedy(
            "请将该列设为文本或日期格式，按 2022-10 重新填写",
            "Make the column text or dates and write it like 2022-10",
        )),
        _ if cell.text.trim().is_empty() => Err(empty()),
        _ => Ok(cell.text.trim()),
    }
}

/// Places of 起始年月 and 终止年月 in [`COLUMNS`].
const MONTHS: [usize; 2] = [4, 5];

/// A workbook keeps 2022.10 typed into a cell as the number 2022.1.
fn january_or_october(number: &str) -> bool {
    number.split_once('.').is_some_and(|(_, fraction)| fraction == "1")
}

fn empty() -> Finding {
    Finding::blocking("cell_empty", "必填项为空", "A required cell is empty").remedy("请填写该项", "Fill it in")
}

/// Longest name of an employer, in characters.
const EMPLOYER_CHARS: usize = 100;

/// Visible text only, and nothing a spreadsheet would run when the name is exported again.
fn employer_name(text: &str) -> Result<&str, Finding> {
    let unseen =
        |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let sound = text.chars().count() <= EMPLOYER_CHARS
        && text.chars().any(char::is_alphanumeric)
        && !text.starts_with(['=', '+', '-', '@'])
        && !text.chars().any(|c| unseen(c) || matches!(c, '<' | '>'));
    if sound {
        return Ok(text);
    }
    Err(Finding::blocking(
        "employer_name_invalid",
        format!("单位名称应为可见文字，不超过{EMPLOYER_CHARS}个字，不以 = + - @ 开头，不含尖括号"),
        format!(
            "An employer's name is visible text of at most {EMPLOYER_CHARS} characters, without angle brackets, not beginning with = + - @"
        ),
    )
    .remedy("请按营业执照填写单位全称", "Write the employer's full registered name"))
}

fn positive_base(text: &str) -> Result<Money, Finding> {
    let base = Money::from_yuan(text)?;
    if base.fen() <= 0 || base.fen() > BASE_FEN_MAX {
        return Err(Finding::blocking(
            "base_out_of_range",
            "月缴费基数须大于0且不超过100万元",
            "The monthly base must be over 0 and at most a million yuan",
        )
        .remedy("请按元填写月缴费基数", "Write the monthly base in yuan"));
    }
    Ok(base)
}

fn check_months(from: Month, to: Month, id: &IdNumber, today: Date, take: &mut impl FnMut(usize, Finding)) {
    if from > to {
        take(
            5,
            Finding::blocking("months_reversed", "终止年月早于起始年月", "The last month is before the first")
                .remedy("请核对两个年月是否填反", "Check whether the two months are exchanged"),
        );
        return;
    }
    if to > Month::of(today).next() {
        take(
            5,
            Finding::blocking("month_in_future", "终止年月晚于下个月", "The last month is later than next month").remedy(
                "仍在缴费的，填已缴到的最后一个月",
                "Of a stretch still going on write the last month paid",
            ),
        );
    }
    let birth = Month::of(id.birth_date());
    if from < birth {
        take(
            4,
            Finding::blocking("month_before_birth", "起始年月早于出生年月", "The first month is before the birth")
                .remedy("请核对起始年月和证件号码", "Check the first month and the ID number"),
        );
    } else if from < birth.plus(16 * 12) {
        take(
            4,
            Finding::warning("month_under_working_age", "起始年月时未满16周岁", "Under 16 in the first month"),
        );
    }
}
