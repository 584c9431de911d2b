//! 打卡导入: files of attendance machines (.xlsx, .csv in UTF-8, UTF-16 or GBK). A row that cannot be used is reported
//! with its number and the others are taken; the same file again changes nothing.

mod columns;
mod moment;
mod read;
pub mod service;

pub use read::{Line, Reading, read};

use standard::{Finding, Refusal};

/// A refused row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = PunchRowError)]
pub struct RowError {
    /// The row's number in the file, counted from 1.
    pub row: u32,
    /// What is the matter and what to do.
    pub finding: Finding,
}

fn faulty(rule: &str, zh: &str, en: &str, remedy_zh: &str, remedy_en: &str) -> Finding {
    Finding::blocking(rule, zh, en).remedy(remedy_zh, remedy_en)
}

/// The refusals of the sheet reader, in the words of punches.
fn reworded(mut refusal: Refusal) -> Refusal {
    for finding in &mut refusal.findings {
        finding.rule = finding.rule.replace("roster_", "punches_");
        for text in [Some(&mut finding.message), finding.remedy.as_mut()].into_iter().flatten() {
            text.zh = text
                .zh
                .replace("名单", "打卡表")
                .replace("下载模板，填写后上传", "从考勤机重新导出后上传");
            text.en = text
                .en
                .replace("roster", "table")
                .replace("download the template, fill it in", "export it again");
        }
    }
    refusal
}
