//! Changes of employees in from Excel: a file is weighed row by row, and errors stand beside the cells.

use std::collections::HashMap;

use control::clock;
use control::identity::{Actor, Permission};
use rust_xlsxwriter::{Color, Format, Note, Workbook, XlsxError};
use serde::Serialize;
use standard::{Date, Finding, IdNumber, Refusal};
use store::{Db, IdHash, Query, args, in_list};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bulk::settle;
use super::change::{self, Change, PlannedChange};
use super::checks;
use super::terms::reason_of;
use crate::employer_of;
use crate::insurance::roster::{Cell, Sheet, day, read_sheet};

/// Rows of a file of changes.
const ROWS_MAX: usize = 20_000;
/// A header is looked for in the first rows.
const HEADER_WITHIN: usize = 5;

/// What a file of changes would do, or did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportOutcome {
    /// One row each.
    pub rows: Vec<ImportRow>,
    /// Rows that change something and may.
    pub fit: i64,
    /// Rows refused.
    pub refused: i64,
    /// Rows that say what holds already.
    pub unchanged: i64,
    /// Whether it was written.
    pub applied: bool,
}

/// A row of the file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportRow {
    /// Its number in the file.
    pub row: u32,
    /// Before and after; none when the row could not be read.
    pub change: Option<PlannedChange>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// A column a file of changes may hold.
const INPUTS: [(&str, &[&str]); 9] = [
    ("number", &["工号", "员工编号"]),
    ("id_number", &["证件号码", "身份证号", "身份证号码"]),
    ("from", &["生效日期", "变更日期", "生效时间"]),
    ("department", &["部门", "新部门", "所属部门"]),
    ("position", &["岗位", "新岗位", "职位"]),
    ("region", &["参保城市", "参保地"]),
    ("wage", &["月工资", "新工资", "调整后工资"]),
    ("prior_average", &["上年度月平均工资", "上年月平均工资"]),
    ("reason", &["原因", "变更原因", "调整原因"]),
];

struct Layout {
    header: usize,
    at: Vec<(&'static str, usize)>,
}

impl Layout {
    fn position(&self, key: &str) -> Option<usize> {
        self.at.iter().find(|(known, _)| *known == key).map(|(_, at)| *at)
    }
}

fn layout(sheet: &Sheet) -> Result<Layout, Refusal> {
    let of = |cells: &[Cell]| -> Vec<(&'static str, usize)> {
        let key_of = |text: &str| INPUTS.iter().find(|(_, names)| names.contains(&text)).map(|(key, _)| *key);
        let found = cells.iter().enumerate();
        found.filter_map(|(at, cell)| Some((key_of(cell.shown().trim())?, at))).collect()
    };
    let rows = sheet.rows.iter().take(HEADER_WITHIN).enumerate();
    let best = rows.map(|(index, row)| (index, of(&row.cells))).max_by_key(|(_, at)| at.len());
    let (header, at) = best.unwrap_or_default();
    let has = |key: &str| at.iter().any(|(known, _)| *known == key);
    let changes = ["department", "position", "region", "wage", "prior_average"]
        .iter()
        .any(|key| has(key));
    if !(has("number") || has("id_number")) || !changes {
        return Err(Refusal::invalid(
            Finding::blocking(
                "header_missing",
                "表头应有“工号”或“证件号码”，以及至少一列要变更的内容",
                "the header must name 工号 or 证件号码, and at least one column to change",
            )
            .field("file")
            .remedy(
                "可变更的列：部门、岗位、参保城市、月工资、上年度月平均工资；另可填生效日期、原因",
                "columns to change: 部门, 岗位, 参保城市, 月工资, 上年度月平均工资; also 生效日期 and 原因",
            ),
        ));
    }
    Ok(Layout { header, at })
}

/// A row as typed: whom it is about, and the change without the employee's key.
struct Typed {
    row: u32,
    number: Option<i64>,
    hash: Option<IdHash>,
    change: Change,
    findings: Vec<Finding>,
}

/// Weighs a file of changes, and writes the rows that fit when `apply`.
pub async fn import(actor: &Actor, db: &Db, bytes: &[u8], apply: bool) -> Result<ImportOutcome, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    actor.require(Permission::RosterImport)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let sheet = read_sheet(bytes)?;
    let typed = typed(db, &sheet, today)?;
    if typed
        .iter()
        .any(|row| row.change.wage.is_some() || row.change.prior_average.is_some())
    {
        actor.require(Permission::WageView)?;
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let known = Known::read(&mut tx, employer_id, &typed).await?;
    let mut rows: Vec<ImportRow> = Vec::with_capacity(typed.len());
    let (mut changes, mut of) = (Vec::new(), Vec::new());
    for mut row in typed {
        match known.find(&row) {
            Ok(id) => row.change.employee_id = id,
            Err(finding) => row.findings.push(finding),
        }
        if row.findings.is_empty() {
            of.push(rows.len());
            changes.push(row.change);
        }
        rows.push(ImportRow {
            row: row.row,
            change: None,
            findings: row.findings,
        });
    }
    let unread = rows.iter().filter(|row| !row.findings.is_empty()).count() as i64;
    let planned = change::plan(&mut tx, employer_id, changes, today).await?;
    let outcome = settle(actor, tx, employer_id, planned, apply, today).await?;
    for (at, planned) in of.into_iter().zip(outcome.rows) {
        rows[at].findings.clone_from(&planned.findings);
        rows[at].change = Some(planned);
    }
    Ok(ImportOutcome {
        rows,
        fit: outcome.fit,
        refused: outcome.refused + unread,
        unchanged: outcome.unchanged,
        applied: outcome.applied,
    })
}

fn typed(db: &Db, sheet: &Sheet, today: Date) -> Result<Vec<Typed>, Refusal> {
    let layout = layout(sheet)?;
    // The row of indicator codes of our own export is no person.
    let codes = |cells: &[Cell]| {
        cells
            .iter()
            .any(|cell| cell.shown().trim() == "AAC003" || cell.shown().trim() == "AAC147")
    };
    let rows: Vec<_> = sheet
        .rows
        .iter()
        .skip(layout.header + 1)
        .filter(|row| !row.cells.iter().all(Cell::is_empty) && !codes(&row.cells))
        .collect();
    if rows.is_empty() || rows.len() > ROWS_MAX {
        return Err(Refusal::invalid(
            Finding::blocking(
                "rows_out_of_range",
                format!("文件应有 1 至 {ROWS_MAX} 行员工"),
                format!("a file holds 1 to {ROWS_MAX} rows"),
            )
            .field("file")
            .remedy("请核对文件，或分批导入", "check the file, or import it in parts"),
        ));
    }
    Ok(rows
        .into_iter()
        .map(|row| typed_row(db, &layout, row.number, &row.cells, today))
        .collect())
}

fn typed_row(db: &Db, layout: &Layout, number: u32, cells: &[Cell], today: Date) -> Typed {
    let mut findings = Vec::new();
    let cell = |key: &str| layout.position(key).and_then(|at| cells.get(at)).filter(|cell| !cell.is_empty());
    let text = |key: &str| {
        cell(key)
            .map(Cell::shown)
            .map(|text| text.trim().to_string())
            .filter(|text| !text.is_empty())
    };
    for (key, _) in INPUTS {
        if let Some(Cell::Formula(_) | Cell::Error(_)) = cell(key) {
            findings.push(
                Finding::blocking("cell_is_formula", "单元格是公式或错误值", "the cell is a formula or an error")
                    .field(key)
                    .remedy("请粘贴为数值", "paste it as a value"),
            );
        }
    }
    let mut keep = |outcome: Result<(), Finding>| findings.extend(outcome.err());
    let mut change = Change::of(Uuid::nil(), today);
    if let Some(cell) = cell("from") {
        keep(day::read(cell).map(|day| change.from = day).map_err(|_| date_unreadable()));
    }
    change.department = text("department");
    change.position = text("position");
    if let Some(typed) = text("region") {
        keep(checks::city(&typed).map(|city| change.region = Some(city)));
    }
    if let Some(typed) = text("wage") {
        keep(checks::wage(&typed).map(|wage| change.wage = Some(wage)));
    }
    if let Some(typed) = text("prior_average") {
        let year = i32::from(today.year()) - 1;
        keep(
            checks::wage(&typed)
                .map(|average| change.prior_average = Some((year, average)))
                .map_err(|finding| finding.field("prior_average")),
        );
    }
    match reason_of(text("reason").as_deref()) {
        Ok(reason) => change.reason = reason,
        Err(refusal) => findings.extend(refusal.findings),
    }
    let mut hash = None;
    if let Some(typed) = text("id_number").filter(|typed| !typed.contains('*')) {
        match IdNumber::parse(&typed) {
            Ok(number) => hash = Some(db.cipher().id_hash(&number)),
            Err(finding) => findings.push(finding.field("id_number")),
        }
    }
    Typed {
        row: number,
        number: text("number").and_then(|text| text.parse().ok()),
        hash,
        change,
        findings,
    }
}

fn date_unreadable() -> Finding {
    Finding::blocking("date_unreadable", "生效日期无法识别", "the day cannot be read")
        .field("from")
        .remedy("请填写日期，如 2026-12-01", "write a day such as 2026-12-01")
}

/// The employees a file names.
struct Known {
    by_number: HashMap<i64, Uuid>,
    by_hash: HashMap<[u8; 32], Uuid>,
}

impl Known {
    async fn read(q: &mut impl Query, employer_id: Uuid, typed: &[Typed]) -> Result<Known, Refusal> {
        let mut known = Known {
            by_number: HashMap::new(),
            by_hash: HashMap::new(),
        };
        for part in typed.chunks(5_000) {
            let numbers: Vec<i64> = part.iter().filter_map(|row| row.number).collect();
            let mut bound = args![employer_id];
            bound.extend(numbers.iter().copied());
            let sql = format!(
                "SELECT id, number FROM employer_employee WHERE employer_id = $1 AND merged_into IS NULL AND number IN {}",
                in_list(numbers.len(), 2)
            );
            for row in q.all(&sql, bound).await? {
                known.by_number.insert(row.get("number")?, row.get("id")?);
            }
            let hashes: Vec<IdHash> = part.iter().filter_map(|row| row.hash).collect();
            let mut bound = args![employer_id];
            bound.extend(hashes.iter().copied());
            let sql = format!(
                "SELECT id, id_hash FROM employer_employee WHERE employer_id = $1 AND merged_into IS NULL AND id_hash IN {}",
                in_list(hashes.len(), 2)
            );
            for row in q.all(&sql, bound).await? {
                known.by_hash.insert(row.get::<IdHash>("id_hash")?.0, row.get("id")?);
            }
        }
        Ok(known)
    }

    fn find(&self, row: &Typed) -> Result<Uuid, Finding> {
        let numbered = row.number.and_then(|number| self.by_number.get(&number));
        let hashed = row.hash.and_then(|hash| self.by_hash.get(&hash.0));
        match (numbered, hashed) {
            (Some(one), Some(other)) if one != other => Err(Finding::blocking(
                "number_and_id_differ",
                "工号与证件号码不是同一员工",
                "the staff number and the ID number are not of one person",
            )
            .field("id_number")
            .remedy("请核对这一行", "check this row")),
            (Some(id), _) | (None, Some(id)) => Ok(*id),
            (None, None) => Err(Finding::blocking("employee_not_found", "没有找到该员工", "no such employee")
                .field(if row.number.is_some() { "number" } else { "id_number" })
                .remedy(
                    "请核对工号或证件号码；新员工请走入职",
                    "check the number; new people are hired first",
                )),
        }
    }
}

/// The refused rows of a file, with a note and a red fill on each wrong cell, to be mended and imported again.
pub async fn import_errors(actor: &Actor, db: &Db, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let outcome = import(actor, db, bytes, false).await?;
    let sheet = read_sheet(bytes)?;
    let layout = layout(&sheet)?;
    write_errors(&sheet, &layout, &outcome).map_err(Refusal::internal)
}

fn write_errors(sheet: &Sheet, layout: &Layout, outcome: &ImportOutcome) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let head = Format::new().set_bold();
    let wrong = Format::new()
        .set_background_color(Color::RGB(0x00FF_C7CE))
        .set_font_color(Color::RGB(0x009C_0006));
    let header = &sheet.rows[layout.header].cells;
    for (at, cell) in (0_u16..).zip(header) {
        page.write_string_with_format(0, at, cell.shown(), &head)?;
    }
    let last = u16::try_from(header.len()).unwrap_or(u16::MAX - 1);
    page.write_string_with_format(0, last, "错误原因", &head)?;
    page.set_column_width(last, 60)?;
    let refused = outcome.rows.iter().filter(|row| row.findings.iter().any(Finding::is_blocking));
    for (line, row) in (1_u32..).zip(refused) {
        let Some(raw) = sheet.rows.iter().find(|raw| raw.number == row.row) else {
            continue;
        };
        for (at, cell) in (0_u16..).zip(&raw.cells) {
            page.write_string(line, at, cell.shown())?;
        }
        let texts: Vec<String> = row.findings.iter().map(said).collect();
        page.write_string(line, last, texts.join("；"))?;
        for finding in &row.findings {
            let at = finding.field.as_deref().and_then(|field| layout.position(field));
            let Some(at) = at.and_then(|at| u16::try_from(at).ok()) else {
                continue;
            };
            let shown = raw.cells.get(usize::from(at)).map(Cell::shown).unwrap_or_default();
            page.write_string_with_format(line, at, shown, &wrong)?;
            page.insert_note(line, at, &Note::new(said(finding)).add_author_prefix(false))?;
        }
    }
    book.save_to_buffer()
}

fn said(finding: &Finding) -> String {
    match &finding.remedy {
        Some(remedy) => format!("{}（{}）", finding.message.zh, remedy.zh),
        None => finding.message.zh.clone(),
    }
}
