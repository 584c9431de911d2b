//! 批量导入参保关系: the relations an agency brings from its older system, a million rows in one go.
//!
//! Two steps. [`read`] goes through the whole file and finds every error; with one error nothing is
//! stored. [`apply`] writes persons, relations, history and opening balances in the caller's
//! transaction. Loading the same file again changes nothing; a file with later stretches extends.

mod apply;
mod book;
pub(crate) mod cells;
mod existing;
#[cfg(test)]
mod file_tests;
mod money;
mod row;
pub mod sample;
pub(crate) mod sheet;
pub(crate) mod source;
#[cfg(test)]
mod tests;
mod write;

use std::io::Write as _;
use std::path::Path;

use exchange::message::{DIRECTORY_UPDATE_ENTRIES_MAX, DirectoryUpdate};
use standard::{Finding, Refusal, RegionCode, Severity};
use store::{IdHash, Tx};

pub use apply::{Loaded, apply};
pub use book::{Book, read};

/// The columns a file must have, in any order: name, and the field findings use.
pub const COLUMNS: [(&str, &str); 8] = [
    ("证件号码", "id_number"),
    ("姓名", "name"),
    ("险种", "insurance"),
    ("参保状态", "status"),
    ("起始年月", "from_month"),
    ("终止年月", "to_month"),
    ("月缴费基数", "base"),
    ("单位名称", "employer_name"),
];

/// Most rows in one file; at about a hundred bytes a row this bounds the memory.
pub const ROWS_MAX: usize = 3_000_000;
/// Largest file, bytes; also the most a workbook may unpack to.
pub const FILE_BYTES_MAX: u64 = 1 << 30;
/// Most row errors kept; the rest are counted.
pub const ERRORS_MAX: usize = 100_000;

/// How far a load is; `total` is zero when not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Units done: bytes while reading, rows after.
    pub done: u64,
    /// Units in all.
    pub total: u64,
}

/// The stages of a load, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading and checking rows.
    Reading,
    /// Comparing with what the books hold.
    Comparing,
    /// Writing persons.
    Persons,
    /// Writing contribution history.
    History,
    /// Writing relations.
    Relations,
    /// Opening account balances.
    Ledger,
}

impl Stage {
    /// The Chinese name for a progress bar.
    pub fn zh(self) -> &'static str {
        match self {
            Stage::Reading => "读取校验",
            Stage::Comparing => "比对在库记录",
            Stage::Persons => "写入人员",
            Stage::History => "写入缴费记录",
            Stage::Relations => "写入参保关系",
            Stage::Ledger => "开立账户余额",
        }
    }
}

/// One thing found in one row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFinding {
    /// Row of the file as an editor or Excel numbers it; 0 means the whole file.
    pub row: u64,
    /// Name of the column, empty for the whole row.
    pub column: &'static str,
    /// What is wrong; never holds an ID number.
    pub finding: Finding,
}

/// What reading found, bounded.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The first errors, in the order of the file.
    pub errors: Vec<RowFinding>,
    /// How many errors there are.
    pub error_count: u64,
    /// The first warnings.
    pub warnings: Vec<RowFinding>,
    /// How many warnings there are.
    pub warning_count: u64,
}

impl Findings {
    /// Adds one, by its severity.
    pub fn add(&mut self, row: u64, column: &'static str, finding: Finding) {
        let (list, count) = if finding.severity == Severity::Blocking {
            (&mut self.errors, &mut self.error_count)
        } else {
            (&mut self.warnings, &mut self.warning_count)
        };
        *count += 1;
        if list.len() < ERRORS_MAX {
            list.push(RowFinding { row, column, finding });
        }
    }

    /// Whether the file may be loaded.
    pub fn is_clean(&self) -> bool {
        self.error_count == 0
    }

    /// The refusal of a file with errors (`rows_invalid`), naming the first.
    pub fn refusal(&self) -> Refusal {
        let mut findings: Vec<Finding> = self.errors.iter().take(50).map(|error| error.finding.clone()).collect();
        findings.insert(
            0,
            Finding::blocking(
                "rows_invalid",
                format!("文件有 {} 处错误，整个文件未导入。", self.error_count),
                format!("The file has {} errors; nothing was loaded.", self.error_count),
            )
            .remedy(
                "请按错误清单逐行更正后重新导入",
                "Correct the rows in the list of errors and load the file again",
            ),
        );
        let mut refusal = Refusal::invalid(findings[0].clone());
        refusal.findings = findings;
        refusal
    }

    /// Writes the errors as a CSV that spreadsheet programs open in UTF-8.
    pub fn write_errors(&self, path: &Path) -> std::io::Result<()> {
        let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
        file.write_all("\u{feff}".as_bytes())?;
        let mut csv = csv::Writer::from_writer(file);
        csv.write_record(["行号", "列", "规则", "问题", "处理办法"])?;
        for error in &self.errors {
            let remedy = error.finding.remedy.as_ref().map_or("", |text| text.zh.as_str());
            let row = error.row.to_string();
            csv.write_record([row.as_str(), error.column, &error.finding.rule, &error.finding.message.zh, remedy])?;
        }
        if self.error_count > self.errors.len() as u64 {
            let rest = format!("另有 {} 处错误未列出", self.error_count - self.errors.len() as u64);
            csv.write_record(["", "", "errors_not_listed", &rest, ""])?;
        }
        csv.flush()
    }
}

/// What the platform's directory must learn of a load, in messages of bounded size.
pub fn directory_updates(region: RegionCode, added: &[IdHash]) -> Vec<DirectoryUpdate> {
    added
        .chunks(DIRECTORY_UPDATE_ENTRIES_MAX)
        .map(|chunk| DirectoryUpdate {
            region,
            added: chunk.iter().map(ToString::to_string).collect(),
            removed: Vec::new(),
        })
        .collect()
}

/// Tells the platform by messages, in the transaction of the load.
pub async fn announce(tx: &mut Tx, region: RegionCode, added: &[IdHash]) -> Result<(), Refusal> {
    crate::transfer::events::tell_directory(tx, region, added).await
}
