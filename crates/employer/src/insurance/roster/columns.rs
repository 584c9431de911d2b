//! The columns a roster may have, by the many names people give them.

use serde::{Deserialize, Serialize};
use standard::Refusal;

use super::faults;
use super::sheet::{Cell, RawRow, Sheet};

/// A column we understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 姓名
    Name,
    /// 证件号码
    IdNumber,
    /// 手机号码
    Phone,
    /// 入职日期
    HiredOn,
    /// 参保城市
    Region,
    /// 部门
    Department,
    /// 岗位
    Position,
    /// 月工资 (yuan)
    Wage,
}

/// Every column, in the template's order.
pub const ALL: [Column; 8] = [
    Column::Name,
    Column::IdNumber,
    Column::Phone,
    Column::HiredOn,
    Column::Region,
    Column::Department,
    Column::Position,
    Column::Wage,
];

/// Without these a row says nothing about insurance.
const REQUIRED: [Column; 4] = [Column::Name, Column::IdNumber, Column::HiredOn, Column::Region];

impl Column {
    /// The header the template uses.
    pub fn header(self) -> &'static str {
        self.names()[0]
    }

    /// The field name findings use.
    pub fn field(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::IdNumber => "id_number",
            Column::Phone => "phone",
            Column::HiredOn => "hired_on",
            Column::Region => "region",
            Column::Department => "department",
            Column::Position => "position",
            Column::Wage => "wage",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Column::Name => &["姓名", "员工姓名", "名字", "人员姓名", "name"],
            Column::IdNumber => &[
                "证件号码",
                "身份证号",
                "身份证号码",
                "身份证",
                "证件号",
                "公民身份号码",
                "居民身份证号码",
                "社会保障号码",
                "社会保障号",
                "idnumber",
                "id",
            ],
            Column::Phone => &[
                "手机号码",
                "手机",
                "手机号",
                "联系电话",
                "电话",
                "移动电话",
                "联系方式",
                "phone",
                "mobile",
            ],
            Column::HiredOn => &["入职日期", "入职时间", "到岗日期", "用工日期", "入职日", "hiredate", "hiredon"],
            Column::Region => &["参保城市", "参保地", "参保地区", "城市", "工作城市", "参保地市", "city", "region"],
            Column::Department => &["部门", "所属部门", "部门名称", "department"],
            Column::Position => &["岗位", "职位", "岗位名称", "职务", "position"],
            Column::Wage => &[
                "月工资",
                "工资",
                "月薪",
                "月工资元",
                "缴费工资",
                "应发工资",
                "基本工资",
                "wage",
                "salary",
            ],
        }
    }

    fn of(header: &str) -> Option<Column> {
        ALL.into_iter().find(|c| c.names().contains(&header))
    }
}

/// Which column of the sheet holds what, and what the headers say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// Index of the header row within the sheet's rows.
    pub header_index: usize,
    /// The headers as typed.
    pub headers: Vec<String>,
    /// Known columns and their positions.
    pub known: Vec<(Column, usize)>,
    /// Rows are numbered by the lines of a text they begin in.
    #[serde(default)]
    pub by_lines: bool,
}

impl Layout {
    /// Where a column is, if the roster has it.
    pub fn position(&self, column: Column) -> Option<usize> {
        self.known.iter().find(|(known, _)| *known == column).map(|(_, at)| *at)
    }

    /// Where headers of exactly these texts stand side by side, with none of them again behind: an earlier sheet of ours.
    /// One of them alone is a column of the roster's own.
    pub fn headers_at(&self, headers: &[&str]) -> Option<usize> {
        let like = |own: &String, header: &&str| own.trim() == *header;
        let side_by_side = |own: &[String]| own.iter().zip(headers).all(|(own, header)| like(own, header));
        let at = self.headers.windows(headers.len()).rposition(side_by_side)?;
        let behind = &self.headers[at + headers.len()..];
        (!behind.iter().any(|own| headers.iter().any(|header| like(own, header)))).then_some(at)
    }
}

/// Title rows that may stand above the header.
const HEADER_WITHIN: usize = 10;

/// Finds the header: the first of the top rows that names the most columns.
pub fn find_layout(sheet: &Sheet) -> Result<Layout, Refusal> {
    let best = sheet
        .rows
        .iter()
        .take(HEADER_WITHIN)
        .enumerate()
        .map(|(index, row)| (index, row, known_columns(row)))
        .fold(None, |best: Option<(usize, &RawRow, Vec<_>)>, next| match best {
            Some(best) if best.2.len() >= next.2.len() => Some(best),
            _ => Some(next),
        });
    let Some((header_index, row, known)) = best else {
        return Err(faults::file_empty());
    };
    for (index, (column, _)) in known.iter().enumerate() {
        if known[..index].iter().any(|(earlier, _)| earlier == column) {
            return Err(faults::header_twice(column.header()));
        }
    }
    let missing: Vec<&str> = REQUIRED
        .into_iter()
        .filter(|required| !known.iter().any(|(column, _)| column == required))
        .map(Column::header)
        .collect();
    if !missing.is_empty() {
        return Err(faults::header_missing(&missing.join("、")));
    }
    Ok(Layout {
        header_index,
        headers: row.cells.iter().map(Cell::shown).collect(),
        known,
        by_lines: sheet.by_lines,
    })
}

fn known_columns(row: &RawRow) -> Vec<(Column, usize)> {
    row.cells
        .iter()
        .enumerate()
        .filter_map(|(at, cell)| Some((Column::of(&plain(&cell.shown()))?, at)))
        .collect()
}

/// Strips what people add to headers: blanks, stars, colons, notes in brackets; folds case and width.
fn plain(header: &str) -> String {
    let mut depth = 0usize;
    let mut plain = String::new();
    for c in standard::half_width(header).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' | '_' | '-' | '\u{feff}' => {}
            c if c.is_whitespace() => {}
            c if depth == 0 => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    plain
}
