//! The whole file read and checked, held compactly: a row is forty bytes, a name is kept once.

use std::collections::HashMap;
use std::path::Path;

use standard::{Date, Finding, IdNumber, Insurance, Money, Month, Refusal, RelationStatus};

use super::row::{self, Heading, Row};
use super::{COLUMNS, Findings, Progress, Stage, sheet, source};

/// A file without an error, ready to be applied.
#[derive(Debug, Default)]
pub struct Book {
    /// The persons of the file.
    pub persons: Vec<PersonIn>,
    /// The rows, by person, insurance, months, and last by their place in the file.
    pub lines: Vec<Line>,
    /// Names of employers; a line holds the place.
    pub employers: Vec<Box<str>>,
    /// Rows that said of a stretch only another 参保状态; of those the last is kept.
    pub merged: u64,
    /// What was found.
    pub findings: Findings,
}

/// A person of the file.
#[derive(Debug, Clone)]
pub struct PersonIn {
    /// 证件号码.
    pub id_number: IdNumber,
    /// 姓名.
    pub name: Box<str>,
    /// The row they first stand in.
    pub row: u32,
}

/// A row of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Place of the person in [`Book::persons`].
    pub person: u32,
    /// Row in the file.
    pub row: u32,
    /// 险种.
    pub insurance: Insurance,
    /// 参保状态.
    pub status: RelationStatus,
    /// 起始年月.
    pub from: Month,
    /// 终止年月.
    pub to: Month,
    /// 月缴费基数.
    pub base: Money,
    /// Place of the employer in [`Book::employers`].
    pub employer: u32,
}

/// Reads and checks `path`. Row errors are in [`Book::findings`]; a file that cannot be read at all is a refusal.
pub fn read(path: &Path, today: Date, progress: &mut dyn FnMut(Progress)) -> Result<Book, Refusal> {
    let (opened, bytes) = source::open(path)?;
    let mut reading = Reading::default();
    let mut heading: Option<Heading> = None;
    let mut heading_seen = false;
    let mut rows: u64 = 0;
    let headings = COLUMNS.map(|(name, _)| name);
    let unread = sheet::each_row(opened, &headings, &mut |row, cells, read_bytes| {
        if !heading_seen {
            heading_seen = true;
            heading = Heading::find(row, cells, &mut reading.book.findings);
            return Ok(());
        }
        if let Some(heading) = &heading
            && let Some(checked) = row::check(row, cells, heading, today, &mut reading.book.findings)
        {
            reading.take(row, &checked);
        }
        rows += 1;
        if rows.is_multiple_of(8192) {
            progress(Progress {
                stage: Stage::Reading,
                done: read_bytes,
                total: bytes,
            });
        }
        Ok(())
    })?;
    for name in unread {
        reading.book.findings.add(0, "", sheet_not_read(&name));
    }
    if rows == 0 {
        let finding = Finding::blocking("file_without_rows", "文件没有数据行。", "The file has no rows of data.")
            .remedy("请检查导出是否完整", "Check that the export is whole");
        reading.book.findings.add(0, "", finding);
    }
    let mut book = reading.book;
    sort_and_compare(&mut book);
    book.findings.errors.sort_by_key(|error| error.row);
    book.findings.warnings.sort_by_key(|warning| warning.row);
    progress(Progress {
        stage: Stage::Reading,
        done: bytes,
        total: bytes,
    });
    Ok(book)
}

fn sheet_not_read(name: &str) -> Finding {
    let name: String = name.chars().take(31).collect();
    Finding::warning(
        "sheet_not_read",
        format!("工作表“{name}”也有数据，本次没有读取"),
        format!("The sheet {name} has rows too; it was not read"),
    )
    .remedy("请另存为单独的文件后导入", "Save it as a file of its own and load that")
}

#[derive(Default)]
struct Reading {
    book: Book,
    person_of: HashMap<IdNumber, u32>,
    employer_of: HashMap<Box<str>, u32>,
}

impl Reading {
    fn take(&mut self, row: u64, checked: &Row<'_>) {
        let row_number = u32::try_from(row).unwrap_or(u32::MAX);
        let next = self.book.persons.len() as u32;
        let person = *self.person_of.entry(checked.id_number).or_insert(next);
        if person == next {
            self.book.persons.push(PersonIn {
                id_number: checked.id_number,
                name: checked.name.as_str().into(),
                row: row_number,
            });
        }
        let first = &self.book.persons[person as usize];
        if *first.name != checked.name {
            let finding = Finding::blocking(
                "person_has_two_names",
                format!("同一证件号码与第 {} 行的姓名不同", first.row),
                format!("The same ID number has another name in row {}", first.row),
            )
            .field("name")
            .remedy("请核实姓名或证件号码", "Verify the name or the ID number");
            self.book.findings.add(row, "姓名", finding);
        }
        let employer = match self.employer_of.get(checked.employer_name) {
            Some(place) => *place,
            None => {
                let place = self.book.employers.len() as u32;
                self.book.employers.push(checked.employer_name.into());
                self.employer_of.insert(checked.employer_name.into(), place);
                place
            }
        };
        self.book.lines.push(Line {
            person,
            row: row_number,
            insurance: checked.insurance,
            status: checked.status,
            from: checked.from,
            to: checked.to,
            base: checked.base,
            employer,
        });
    }
}

/// Sorts the rows and reports those that repeat (`row_repeated`, an error), that say of the same stretch another
/// status (`status_said_twice`, a warning: the later row counts) or overlap (`months_overlap`, a warning:
/// accepted, and shown as duplicates before a transfer).
fn sort_and_compare(book: &mut Book) {
    book.lines
        .sort_unstable_by_key(|line| (line.person, line.insurance, line.from, line.to, line.base, line.employer, line.row));
    let rows_before = book.lines.len();
    let findings = &mut book.findings;
    book.lines.dedup_by(|later, kept| {
        if (Line {
            row: kept.row,
            status: kept.status,
            ..*later
        }) != *kept
        {
            return false;
        }
        findings.add(u64::from(later.row), "", said_twice(kept, later));
        *kept = *later;
        true
    });
    book.merged = (rows_before - book.lines.len()) as u64;
    for relation in book.lines.chunk_by(|a, b| (a.person, a.insurance) == (b.person, b.insurance)) {
        let mut latest = relation[0];
        for line in &relation[1..] {
            if line.from <= latest.to {
                let finding = Finding::warning(
                    "months_overlap",
                    format!("与第 {} 行的缴费月份重叠，转出前需合并", latest.row),
                    format!("Months overlap those of row {}; merge them before a transfer", latest.row),
                );
                findings.add(u64::from(line.row), "起始年月", finding);
            }
            if line.to > latest.to {
                latest = *line;
            }
        }
    }
}

fn said_twice(first: &Line, second: &Line) -> Finding {
    let row = first.row;
    if first.status == second.status {
        return Finding::blocking(
            "row_repeated",
            format!("与第 {row} 行完全相同"),
            format!("The row repeats row {row}"),
        )
        .remedy("请删除重复行", "Delete the repeated row");
    }
    Finding::warning(
        "status_said_twice",
        format!("与第 {row} 行仅参保状态不同，以本行为准"),
        format!("Only the status differs from row {row}; this row counts"),
    )
}
