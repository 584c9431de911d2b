//! A declaration entered at the counter, typed or from a file: what the clerk gives becomes the same declaration an employer files.

use std::collections::HashMap;

use control::clock;
use control::identity::{Actor, Permission};
use control::review::NewCase;
use exchange::message::{Declaration, DeclarationLine, EmployerParty, MONTH_LINES_MAX};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use standard::{CreditCode, Date, Finding, IdNumber, Insurance, Money, Month, Refusal};
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::DECLARATION;
use super::inbound::form;
use crate::assessment::Insurances;
use crate::desk;
use crate::employers::{self, Unit};
use crate::enrolment::PersonId;
use crate::filing::{subject, to_form};
use crate::load::cells::{Cell, Kind};
use crate::load::{sheet, source};

/// Faults shown of a file or a typed form.
const FAULTS_MAX: usize = 50;

/// Heads of the file's columns; the first three must be filled.
const HEADS: [&str; 5] = ["证件号码", "姓名", "申报工资", "险种", "入职日期"];

/// One person as the clerk gives it.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterLine {
    /// 证件号码.
    pub id_number: String,
    /// 姓名.
    pub name: String,
    /// 申报工资, fen.
    pub wage_fen: i64,
    /// 险种; nothing takes those the person has on the employer's roll.
    pub insurances: Vec<Insurance>,
    /// 入职日期, when hired in the month.
    pub hired_on: Option<String>,
}

/// Debug shows no ID number.
impl std::fmt::Debug for CounterLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CounterLine")
            .field("wage_fen", &self.wage_fen)
            .finish_non_exhaustive()
    }
}

/// A declaration as the clerk gives it.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterDeclaration {
    /// The employer, from the register.
    pub employer_id: Uuid,
    /// 费款所属期, "2026-11".
    pub month: String,
    /// 工伤行业类别 1–8.
    pub industry_class: Option<i32>,
    /// What the employer expects to pay, fen; nothing asks for no comparison beyond zero.
    pub expected_fen: i64,
    /// The people.
    pub lines: Vec<CounterLine>,
}

/// The case of a declaration, to be kept as a draft of the actor's agency. Refused with every fault that keeps it from being
/// a declaration at all; the rest is found line by line when it is submitted.
pub async fn new_case(actor: &Actor, tx: &mut Tx, book: &RuleBook, typed: &CounterDeclaration) -> Result<NewCase, Refusal> {
    actor.require(Permission::CaseMake)?;
    let region = desk::region_of(actor)?;
    let unit = employers::find(tx, region, typed.employer_id)
        .await?
        .ok_or_else(employers::unknown)?;
    let month = Month::parse(&typed.month).map_err(|finding| finding.field("month"))?;
    if typed.lines.is_empty() || typed.lines.len() > MONTH_LINES_MAX {
        return Err(Finding::blocking(
            "lines_out_of_range",
            "申报明细为空或超过一万行",
            "A declaration has 1 to 10,000 lines",
        )
        .field("lines")
        .remedy("超过一万人的单位请分份申报", "An employer of more people files in parts")
        .into());
    }
    let lines = read_lines(tx, &unit, month, &typed.lines).await?;
    let declaration = Declaration {
        declaration_id: Uuid::now_v7(),
        round: 1,
        part: 1,
        parts: 1,
        employer: EmployerParty {
            id: unit.employer_id,
            name: unit.name.clone(),
            credit_code: CreditCode::parse(&unit.credit_code)?,
            contact: unit.contact.clone(),
            phone: String::new(),
        },
        region,
        month,
        industry_class: typed.industry_class,
        lines,
        expected_fen: Money::from_fen(typed.expected_fen),
        filed_on: clock::today(),
    };
    let form = form(tx, book, &unit, declaration).await?;
    Ok(NewCase {
        business: DECLARATION.to_owned(),
        subject: subject(&unit),
        form: to_form(&form)?,
        before: None,
    })
}

async fn read_lines(tx: &mut Tx, unit: &Unit, month: Month, typed: &[CounterLine]) -> Result<Vec<DeclarationLine>, Refusal> {
    let roll: HashMap<PersonId, Insurances> = employers::roll_of(tx, unit.region, unit.employer_id, month)
        .await?
        .into_iter()
        .map(|one| (one.person_id, one.insurances))
        .collect();
    let db = tx.db().clone();
    let (mut lines, mut faults) = (Vec::with_capacity(typed.len()), Vec::new());
    for (number, one) in (1_u32..).zip(typed) {
        match read_line(one, number) {
            Ok((id_number, hired_on)) => {
                let held = roll.get(&PersonId::of(&db.cipher().id_hash(&id_number))).copied();
                let insurances = if one.insurances.is_empty() {
                    held.unwrap_or(Insurances::ALL).list()
                } else {
                    one.insurances.clone()
                };
                lines.push(DeclarationLine {
                    line: number,
                    id_number,
                    name: one.name.trim().to_owned(),
                    insurances,
                    wage_fen: Money::from_fen(one.wage_fen),
                    hired_on,
                });
            }
            Err(found) => faults.extend(found),
        }
        if faults.len() >= FAULTS_MAX {
            break;
        }
    }
    if faults.is_empty() {
        Ok(lines)
    } else {
        Err(Refusal::invalid_all(faults))
    }
}

fn read_line(one: &CounterLine, number: u32) -> Result<(IdNumber, Option<Date>), Vec<Finding>> {
    let mut faults = Vec::new();
    let at = |finding: Finding, column: &str| {
        let mut finding = finding.field(format!("lines.{number}.{column}"));
        finding.message.zh = format!("第{number}行：{}", finding.message.zh);
        finding.message.en = format!("Line {number}: {}", finding.message.en);
        finding
    };
    let id_number = IdNumber::parse(&one.id_number)
        .map_err(|finding| faults.push(at(finding, "id_number")))
        .ok();
    let name = one.name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        faults.push(at(
            Finding::blocking("field_missing", "姓名未填写或超过60个字", "The name is missing or too long"),
            "name",
        ));
    }
    let hired_on = match one.hired_on.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => text
            .parse::<Date>()
            .map_err(|_| {
                faults.push(at(
                    Finding::blocking(
                        "date_unreadable",
                        "入职日期无法读取，应为 2026-11-05",
                        "The hire date cannot be read",
                    ),
                    "hired_on",
                ))
            })
            .ok(),
        None => None,
    };
    match id_number {
        Some(id_number) if faults.is_empty() => Ok((id_number, hired_on)),
        _ => Err(faults),
    }
}

/// The lines of a file: CSV (UTF-8 or GBK) or an Excel workbook with the heads of [`template`]. Refused as a whole, with every
/// faulty row, before anything is kept.
pub fn from_file(bytes: &[u8]) -> Result<Vec<CounterLine>, Refusal> {
    let file = tempfile::NamedTempFile::new().map_err(|error| Refusal::internal(format!("a file for an upload: {error}")))?;
    std::fs::write(file.path(), bytes).map_err(|error| Refusal::internal(format!("a file for an upload: {error}")))?;
    let (source, _) = source::open(file.path())?;
    let (mut columns, mut lines, mut faults): (Option<[Option<usize>; 5]>, Vec<CounterLine>, Vec<Finding>) = (None, Vec::new(), Vec::new());
    let unread = sheet::each_row(source, &HEADS, &mut |row, cells, _| {
        let Some(at) = &columns else {
            columns = Some(heads(cells)?);
            return Ok(());
        };
        if lines.len() >= MONTH_LINES_MAX {
            return Err(Refusal::too_large(
                "file_too_many_rows",
                "文件超过一万行，请分份申报。",
                "The file has more than 10,000 rows; file it in parts.",
            ));
        }
        match line(cells, at) {
            Ok(line) => lines.push(line),
            Err(finding) if faults.len() < FAULTS_MAX => faults.push(finding.field(format!("row.{row}"))),
            Err(_) => {}
        }
        Ok(())
    })?;
    if let Some(name) = unread.first() {
        faults.push(
            Finding::blocking(
                "sheet_not_read",
                format!("工作表“{name}”也有数据，一次只读取一个工作表"),
                format!("The sheet {name} has rows too; one sheet is read at a time"),
            )
            .remedy(
                "请合并到一个工作表，或分别上传",
                "Put all rows in one sheet, or upload them one by one",
            ),
        );
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid_all(faults));
    }
    Ok(lines)
}

fn heads(cells: &[Cell<'_>]) -> Result<[Option<usize>; 5], Refusal> {
    let found = HEADS.map(|head| cells.iter().position(|cell| cell.text.trim() == head));
    let missing: Vec<&str> = HEADS
        .into_iter()
        .zip(found)
        .take(3)
        .filter(|(_, at)| at.is_none())
        .map(|(head, _)| head)
        .collect();
    if missing.is_empty() {
        return Ok(found);
    }
    Err(Finding::blocking(
        "column_missing",
        format!("文件缺少列：{}", missing.join("、")),
        format!("The file lacks columns: {}", missing.join(", ")),
    )
    .remedy("请使用下载的模板，不要改动表头", "Use the template and leave its heads as they are")
    .into())
}

fn line(cells: &[Cell<'_>], columns: &[Option<usize>; 5]) -> Result<CounterLine, Finding> {
    let cell = |which: usize| columns[which].and_then(|at| cells.get(at));
    if cells.iter().any(|cell| matches!(cell.kind, Kind::Formula | Kind::Fault)) {
        return Err(Finding::blocking(
            "formula_cell",
            "含公式或错误单元格，请粘贴为数值",
            "The row holds a formula; paste values",
        ));
    }
    if cell(0).is_some_and(|cell| cell.kind == Kind::Number) {
        return Err(Finding::blocking(
            "id_number_as_number",
            "证件号码为数字格式，末位可能已丢失，请设为文本后重新填写",
            "The ID number is kept as a number and may have lost digits",
        ));
    }
    let text = |which: usize| cell(which).map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
    let insurances = text(3);
    let names = insurances.split(['、', ',', '，', ' ', '/']).filter(|name| !name.is_empty());
    Ok(CounterLine {
        id_number: text(0),
        name: text(1),
        wage_fen: Money::from_yuan(&text(2).replace(',', ""))?.fen(),
        insurances: names.map(Insurance::parse_zh).collect::<Result<_, _>>()?,
        hired_on: Some(text(4)).filter(|text| !text.is_empty()),
    })
}

/// An empty file to fill in: CSV in UTF-8 with a byte order mark, as spreadsheets open it.
pub fn template() -> Vec<u8> {
    format!("\u{feff}{}\r\n", HEADS.join(",")).into_bytes()
}
