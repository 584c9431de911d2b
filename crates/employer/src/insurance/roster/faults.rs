//! Every way a roster file as a whole can be refused: what is wrong, why, and what to do next.

use standard::{Finding, Refusal, RefusalKind};

use super::{MAX_BYTES, MAX_COLUMNS, MAX_ROWS};

const MEGABYTE: usize = 1024 * 1024;

fn invalid(finding: Finding) -> Refusal {
    Refusal::invalid(finding.field("file"))
}

fn too_large(finding: Finding) -> Refusal {
    Refusal::new(RefusalKind::TooLarge, finding.field("file"))
}

/// The file itself is too big.
pub fn file_too_large(bytes: usize) -> Refusal {
    let limit = MAX_BYTES / MEGABYTE;
    let size = bytes.div_ceil(MEGABYTE);
    too_large(
        Finding::blocking(
            "roster_too_large",
            format!("文件有 {size} MB，超过 {limit} MB 的上限，未读取"),
            format!("the file is {size} MB, over the limit of {limit} MB; it was not read"),
        )
        .remedy(
            format!("请删除图片和多余的列，或拆分为多个文件（每个不超过 {MAX_ROWS} 行）后重新上传"),
            format!("remove pictures and spare columns, or split it (at most {MAX_ROWS} rows each)"),
        ),
    )
}

/// Small packed, huge unpacked.
pub fn zip_bomb() -> Refusal {
    too_large(
        Finding::blocking(
            "roster_zip_bomb",
            "该文件解压后的体积异常庞大，已停止读取",
            "the file unpacks to an abnormal size; reading stopped",
        )
        .remedy(
            "请把名单复制到新的工作簿，另存为 .xlsx 后重新上传",
            "copy the roster into a new workbook, save as .xlsx and upload again",
        ),
    )
}

/// More text than a roster can need.
pub fn too_much_text() -> Refusal {
    too_large(
        Finding::blocking(
            "roster_too_much_text",
            "表格内的文字总量超出上限，已停止读取",
            "the cells hold more text than a roster can need; reading stopped",
        )
        .remedy("请删除与名单无关的列后重新上传", "remove columns that are not part of the roster"),
    )
}

/// Too many rows.
pub fn too_many_rows() -> Refusal {
    too_large(
        Finding::blocking(
            "roster_too_many_rows",
            format!("名单超过 {MAX_ROWS} 行的上限"),
            format!("the roster has more than {MAX_ROWS} rows"),
        )
        .remedy("请拆分为多个文件上传", "split it into several files"),
    )
}

/// Too many columns.
pub fn too_many_columns() -> Refusal {
    too_large(
        Finding::blocking(
            "roster_too_many_columns",
            format!("表格超过 {MAX_COLUMNS} 列的上限"),
            format!("the table has more than {MAX_COLUMNS} columns"),
        )
        .remedy("请删除与名单无关的列后重新上传", "remove columns that are not part of the roster"),
    )
}

/// Nothing inside.
pub fn file_empty() -> Refusal {
    invalid(
        Finding::blocking("roster_empty", "文件是空的，没有任何内容", "the file is empty")
            .remedy("请下载模板，填写后上传", "download the template, fill it in and upload it"),
    )
}

/// A header but nobody below it.
pub fn no_rows() -> Refusal {
    invalid(
        Finding::blocking("roster_no_rows", "表头下面没有任何员工", "there is nobody below the header row")
            .remedy("请至少填写一名员工", "enter at least one person"),
    )
}

/// The old binary Excel format.
pub fn old_excel() -> Refusal {
    invalid(
        Finding::blocking(
            "roster_old_excel",
            "不支持旧版 .xls 或加密的工作簿",
            "the old .xls format and encrypted workbooks are not read",
        )
        .remedy(
            "请在 Excel 中取消密码并另存为 .xlsx 后重新上传",
            "remove the password, save as .xlsx in Excel and upload again",
        ),
    )
}

/// A zip that is no workbook, or a broken one.
pub fn unreadable_workbook() -> Refusal {
    invalid(
        Finding::blocking(
            "roster_unreadable",
            "文件损坏或不是 Excel 工作簿，无法读取",
            "the file is damaged or no Excel workbook",
        )
        .remedy(
            "请用 Excel 打开确认内容，另存为 .xlsx 后重新上传",
            "open it in Excel, save as .xlsx and upload again",
        ),
    )
}

/// Text in no encoding we know, or no text at all.
pub fn unknown_encoding() -> Refusal {
    invalid(
        Finding::blocking(
            "roster_unknown_encoding",
            "无法识别文件的文字编码，或这不是文本文件",
            "the text encoding is not recognised, or this is no text file",
        )
        .remedy(
            "请另存为 .xlsx，或“CSV UTF-8（逗号分隔）”后重新上传",
            "save as .xlsx or as CSV UTF-8 and upload again",
        ),
    )
}

/// No row looks like the header.
pub fn header_missing(columns: &str) -> Refusal {
    invalid(
        Finding::blocking(
            "roster_column_missing",
            format!("找不到必需的列：{columns}"),
            format!("required columns are missing: {columns}"),
        )
        .remedy(
            "请按模板的表头填写：姓名、证件号码、手机号码、入职日期、参保城市、部门、岗位、月工资（顺序不限）；CSV 各列以逗号、制表符、分号或竖线分隔",
            "use the template's headers (any order): 姓名 证件号码 手机号码 入职日期 参保城市 部门 岗位 月工资; cells of a CSV are parted by commas, tabs, semicolons or bars",
        ),
    )
}

/// Further sheets of the workbook hold people too.
pub fn sheets_unread(names: &[String]) -> Finding {
    let named = names.iter().take(10).map(|name| format!("“{name}”")).collect::<Vec<_>>().join("、");
    Finding::warning(
        "roster_sheets_unread",
        format!("工作表{named}也有员工，本次没有读取"),
        format!("the sheets {named} hold people too; they were not read"),
    )
    .field("file")
    .remedy("请把它们另存为单独的文件后上传", "save them as files of their own and upload those")
}

/// The same column twice.
pub fn header_twice(column: &str) -> Refusal {
    invalid(
        Finding::blocking(
            "roster_column_twice",
            format!("列“{column}”出现了两次，无法判断以哪一列为准"),
            format!("the column {column} appears twice"),
        )
        .remedy("请删除或改名其中一列", "delete or rename one of them"),
    )
}
