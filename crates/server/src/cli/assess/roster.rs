//! Finds the columns of an assessment roster, in any order, and reads a row's cells.

use employer::insurance::roster::day;
use employer::insurance::roster::sheet::{Cell, RawRow, Sheet};
use policy::calc::looks_like_id_number;
use standard::{Date, Finding, Money, Refusal};

/// A column and the headings it is known by; the first is ours.
const COLUMNS: [(&[&str], bool); 9] = [
    (&["姓名", "员工姓名", "name"], true),
    (&["证件号码", "身份证号", "身份证号码", "证件号", "公民身份号码", "id_number"], true),
    (&["月工资", "工资", "税前工资", "应发工资", "月工资（元）", "wage"], true),
    (
        &["上年度月平均工资", "上年月平均工资", "上年度月均工资", "本人上年度月平均工资"],
        false,
    ),
    (&["入职日期", "入职时间", "hired_on"], false),
    (&["离职日期", "离职时间", "left_on"], false),
    (&["行业类别", "工伤行业类别", "industry_class"], false),
    (&["参保城市", "参保地", "城市"], false),
    (&["实发工资", "实发", "到手工资"], false),
];
/// Rows above the heading, such as a title.
const HEADING_WITHIN: usize = 10;

/// Where each column is.
pub(super) struct Layout {
    at: [Option<usize>; 9],
    /// The first row of people.
    pub(super) first_row: usize,
}

/// What a row says, before it is weighed.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) id_number: String,
    pub(super) wage: Result<Money, Finding>,
    pub(super) prior_average: Result<Option<Money>, Finding>,
    pub(super) hired_on: Result<Option<Date>, Finding>,
    pub(super) left_on: Result<Option<Date>, Finding>,
    pub(super) industry_class: Result<Option<i32>, Finding>,
    pub(super) city: String,
    pub(super) net_pay: Result<Option<Money>, Finding>,
}

/// Finds the heading among the top rows.
pub(super) fn find_layout(sheet: &Sheet) -> Result<Layout, Refusal> {
    let mut best: Option<(usize, Layout)> = None;
    for (index, row) in sheet.rows.iter().take(HEADING_WITHIN).enumerate() {
        let headings: Vec<String> = row.cells.iter().map(heading).collect();
        let at = COLUMNS.map(|(names, _)| {
            headings
                .iter()
                .position(|heading| names.iter().any(|name| name.eq_ignore_ascii_case(heading)))
        });
        let found = at.iter().flatten().count();
        if best.as_ref().is_none_or(|(most, _)| found > *most) {
            best = Some((found, Layout { at, first_row: index + 1 }));
        }
    }
    let layout = best.map(|(_, layout)| layout).ok_or_else(|| missing("姓名、证件号码、月工资"))?;
    let absent: Vec<&str> = COLUMNS
        .iter()
        .zip(layout.at)
        .filter(|((_, needed), at)| *needed && at.is_none())
        .map(|((names, _), _)| names[0])
        .collect();
    if absent.is_empty() {
        Ok(layout)
    } else {
        Err(missing(&absent.join("、")))
    }
}

fn missing(columns: &str) -> Refusal {
    Refusal::invalid(
        Finding::blocking(
            "roster_columns_missing",
            format!("名册缺少列：{columns}"),
            format!("The roster lacks the columns {columns}"),
        )
        .field("roster")
        .remedy(
            "第一行应为列名：姓名 证件号码 月工资 …",
            "The first row names the columns: 姓名 证件号码 月工资 …",
        ),
    )
}

fn heading(cell: &Cell) -> String {
    standard::half_width(&cell.shown()).replace([' ', '*', '\n', '\t'], "")
}

impl Layout {
    /// True when each row may name its city.
    pub(super) fn has_city(&self) -> bool {
        self.at[7].is_some()
    }

    fn cell<'a>(&self, row: &'a RawRow, column: usize) -> &'a Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.at[column].map_or(NOTHING, |at| row.cell(at))
    }

    /// Reads a row.
    pub(super) fn read(&self, row: &RawRow) -> Entry {
        let optional = |column: usize, field: &str| match self.cell(row, column) {
            Cell::Empty => Ok(None),
            cell => money(cell, field).map(Some),
        };
        let date = |column: usize, field: &'static str, zh: &str| match self.cell(row, column) {
            Cell::Empty => Ok(None),
            cell => day::read(cell).map(Some).map_err(|_| {
                Finding::blocking(
                    "date_format",
                    format!("{zh}无法识别或不存在"),
                    format!("{field} cannot be read or does not exist"),
                )
                .field(field)
                .remedy("请按 2026-01-15 的格式填写", "Write it like 2026-01-15")
            }),
        };
        Entry {
            name: self.cell(row, 0).shown().trim().to_owned(),
            id_number: self.cell(row, 1).shown().trim().to_owned(),
            wage: money(self.cell(row, 2), "wage"),
            prior_average: optional(3, "prior_average"),
            hired_on: date(4, "hired_on", "入职日期"),
            left_on: date(5, "left_on", "离职日期"),
            industry_class: class(self.cell(row, 6)),
            city: self.cell(row, 7).shown().trim().to_owned(),
            net_pay: optional(8, "net_pay"),
        }
    }
}

fn class(cell: &Cell) -> Result<Option<i32>, Finding> {
    let text = cell.shown();
    let text = text.trim().trim_end_matches(".0").trim_start_matches('第').trim_end_matches("类");
    if text.is_empty() {
        return Ok(None);
    }
    let class = text.parse::<i32>().ok().filter(|class| (1..=8).contains(class));
    class.map(Some).ok_or_else(|| {
        Finding::blocking("industry_class", "行业类别应为 1 到 8", "An industry class is 1 to 8")
            .field("industry_class")
            .remedy("请按工伤保险行业分类填写 1—8", "Enter the class, 1 to 8")
    })
}

/// Yuan of a cell: a number as Excel keeps it, or text. Formulas are not taken: their last shown value may be stale.
fn money(cell: &Cell, field: &str) -> Result<Money, Finding> {
    let refuse = |rule: &str, zh: &str, en: &str| {
        Finding::blocking(rule, zh, en)
            .field(field)
            .remedy("请填写如 8000.00 的金额（元）", "Enter yuan such as 8000.00")
    };
    let text = match cell {
        Cell::Number(text) | Cell::Text(text) => text,
        Cell::Formula(_) => {
            return Err(refuse(
                "formula_cell",
                "金额是公式，请粘贴为数值",
                "The amount is a formula; paste it as a value",
            ));
        }
        Cell::Empty => return Err(refuse("wage_missing", "金额为空", "The amount is empty")),
        _ => return Err(refuse("money_format", "金额格式不正确", "The amount is not readable")),
    };
    if looks_like_id_number(text) {
        return Err(refuse(
            "id_number_in_money_field",
            "金额栏中像是证件号码",
            "The amount looks like an ID number",
        ));
    }
    let money = Money::from_yuan(text.trim()).map_err(|finding| finding.field(field))?;
    if money.is_negative() {
        return Err(refuse("money_negative", "金额不能为负", "An amount cannot be negative"));
    }
    // A monthly wage above a hundred million yuan is an ID number or a slip of the decimal point.
    if money.fen() > 10_000_000_000 {
        return Err(refuse(
            "money_too_large",
            "金额过大，像是证件号码或单位填错",
            "The amount is too large; it looks like an ID number",
        ));
    }
    Ok(money)
}
