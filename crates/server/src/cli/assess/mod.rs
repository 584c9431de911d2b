//! `shebao assess`: a roster in, what each person's insurances cost out. No server and no database.

mod detail;
mod person;
mod roster;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use employer::insurance::roster as table;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use policy::RuleBook;
use standard::{Finding, Month, Refusal, RegionCode};

use super::say;
use detail::Detail;
use person::Assessor;

/// 缴费测算：读入名册（姓名 证件号码 月工资 [上年度月平均工资 入职日期 离职日期 行业类别 参保城市 实发工资]），写出明细、依据和问题
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// 统筹区代码或城市名；名册有“参保城市”列时可省略 Region code or city; may be left out when the roster has a city column
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// 费款所属期，如 2025-06 The month
    #[arg(long, value_name = "MONTH")]
    month: String,
    /// 名册：.xlsx 或 .csv The roster
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// 明细文件（.xlsx） Where the detail goes
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 不显示进度条 No progress bar
    #[arg(long)]
    quiet: bool,
}

/// Exits 0 when the detail was written, 1 when the roster, the month or the region was refused.
pub fn run(args: AssessArgs) -> ExitCode {
    match assess(&args) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            say(&refusal);
            ExitCode::FAILURE
        }
    }
}

fn assess(args: &AssessArgs) -> Result<String, Refusal> {
    let month = Month::parse(&args.month).map_err(|finding| finding.field("month"))?;
    let region = args.region.as_deref().map(read_region).transpose()?;
    check_ending(&args.out)?;
    let book = RuleBook::embedded();
    if let Some(region) = region {
        book.at(region, month)?;
    }
    let sheet = table::read_sheet(&read_file(&args.roster)?)?;
    let layout = roster::find_layout(&sheet)?;
    if region.is_none() && !layout.has_city() {
        return Err(Refusal::invalid(
            Finding::blocking(
                "region_missing",
                "没有指定地区，名册也没有“参保城市”列",
                "Neither a region nor a 参保城市 column is given",
            )
            .field("region")
            .remedy(
                "请加上 --region 430100，或在名册中加“参保城市”列",
                "Add --region 430100, or a 参保城市 column",
            ),
        ));
    }
    let rows = &sheet.rows[layout.first_row..];
    let bar = Bar::new(args.quiet, rows.len());
    let mut assessor = Assessor::new(book, region, month);
    let mut detail = Detail::start(month)?;
    for (index, row) in rows.iter().enumerate() {
        let assessed = assessor.assess(&layout.read(row));
        detail.person(row.number, &assessed)?;
        bar.at(index);
    }
    bar.finish();
    let counts = detail.counts();
    detail.finish(&assessor, book, &args.out)?;
    Ok(format!(
        "共 {} 人，已测算 {} 人，问题 {} 条；单位合计 {} 元，个人合计 {} 元 → {}",
        rows.len(),
        counts.assessed,
        counts.findings,
        counts.employer,
        counts.employee,
        args.out.display()
    ))
}

/// The detail is an Excel workbook whatever the file is called: another ending would mislead who opens it.
fn check_ending(out: &Path) -> Result<(), Finding> {
    if out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        return Ok(());
    }
    let refused = Finding::blocking("out_not_xlsx", "明细文件应以 .xlsx 结尾", "The detail is an .xlsx file");
    Err(refused
        .field("out")
        .remedy("请改为如 明细.xlsx 的文件名", "Name it like detail.xlsx"))
}

fn read_region(text: &str) -> Result<RegionCode, Finding> {
    RegionCode::parse(text)
        .or_else(|finding| RegionCode::by_name(text).ok_or(finding))
        .map_err(|finding| finding.field("region"))
}

/// Looks at the size before reading, so that a huge file is refused and not loaded.
fn read_file(path: &Path) -> Result<Vec<u8>, Refusal> {
    let cannot = |error: std::io::Error| {
        let (zh, en) = (
            format!("无法读取名册 {}：{error}", path.display()),
            format!("Cannot read {}: {error}", path.display()),
        );
        Refusal::invalid(
            Finding::blocking("roster_not_readable", zh, en)
                .field("roster")
                .remedy("请检查路径与权限", "Check the path and its permissions"),
        )
    };
    let size = std::fs::metadata(path).map_err(cannot)?.len();
    if size > table::MAX_BYTES as u64 {
        return Err(table::faults::file_too_large(usize::try_from(size).unwrap_or(usize::MAX)));
    }
    std::fs::read(path).map_err(cannot)
}

/// A progress bar that shows itself only once the work has taken a second.
struct Bar {
    bar: ProgressBar,
    start: Instant,
    quiet: bool,
}

impl Bar {
    fn new(quiet: bool, rows: usize) -> Bar {
        let bar = ProgressBar::with_draw_target(Some(rows as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("测算 [{bar:40}] {pos}/{len} {elapsed_precise}") {
            bar.set_style(style);
        }
        Bar {
            bar,
            start: Instant::now(),
            quiet,
        }
    }

    fn at(&self, index: usize) {
        if self.quiet || !index.is_multiple_of(1_000) {
            return;
        }
        if self.bar.is_hidden() && self.start.elapsed() > Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(index as u64);
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests;
