//! `shebao preflight`: a roster of new hires in, the same roster with a verdict beside each row out.

use super::{DataArgs, status};
use clap::Args;
use control::clock;
use employer::insurance::preflight::Verdict;
use employer::insurance::roster::check::{self, RowResult};
use employer::insurance::roster::row::Roster;
use employer::insurance::roster::{MAX_BYTES, faults, known, read_roster, row, workbook};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use standard::{Finding, Organisation, Refusal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// `shebao preflight`.
#[derive(Args)]
pub struct PreflightArgs {
    /// 新员工名单：.xlsx 或 .csv（UTF-8 或 GBK） The roster
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// 结果文件（.xlsx） Where the result goes
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 不显示进度条 No progress bar
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Reads, asks, writes. A roster that is refused leaves no result file.
pub async fn run(args: PreflightArgs) -> Result<ExitCode, Refusal> {
    if same_file(&args.roster, &args.out) {
        return Err(would_overwrite());
    }
    let bytes = read_file(&args.roster)?;
    let today = clock::today();
    let found = read_roster(&bytes)?;
    drop(bytes);
    let notes = found.notes();
    let roster = row::weigh(found.sheet, found.layout, today)?;
    let app = args.data.open().await?;
    let asker = status::asker(&app).await?;
    let source = app.status_source_of(asker);
    let bar = bar(args.quiet, roster.rows.len());
    let progress = |done: usize, _total: usize| bar.set_position(done as u64);
    let mut results = check::check_rows(&source, &roster.rows, today, "cli", &progress).await?;
    if let Organisation::Employer(employer) = asker {
        known::mark(&mut app.db.read(), app.db.cipher(), employer, &roster.rows, &mut results).await?;
    }
    bar.finish_and_clear();
    let book = workbook::result((&roster).into(), roster.rows.iter().map(|row| &row.raw).zip(&results))?;
    std::fs::write(&args.out, book).map_err(|error| cannot_write(&args.out, &error))?;
    summarise(&roster, &results, &args.out);
    for note in notes {
        eprintln!("提示 [{}] {}", note.rule, note.message.zh);
        if let Some(remedy) = note.remedy {
            eprintln!("处理 {}", remedy.zh);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the result would be written over the roster, by whatever path.
fn same_file(roster: &Path, out: &Path) -> bool {
    match (roster.canonicalize(), out.canonicalize()) {
        (Ok(roster), Ok(out)) => roster == out,
        _ => roster == out,
    }
}

fn would_overwrite() -> Refusal {
    Refusal::invalid(
        Finding::blocking(
            "result_over_roster",
            "结果文件与名单是同一个文件，会覆盖名单",
            "the result would be written over the roster",
        )
        .field("out")
        .remedy("请用 --out 指定另一个文件", "name another file with --out"),
    )
}

/// Looks at the size before reading, so that a huge file is refused and not loaded.
fn read_file(path: &Path) -> Result<Vec<u8>, Refusal> {
    let cannot = |error: std::io::Error| {
        Refusal::invalid(
            Finding::blocking(
                "roster_not_readable",
                format!("无法读取文件 {}：{error}", path.display()),
                format!("cannot read {}: {error}", path.display()),
            )
            .field("roster")
            .remedy("请检查文件路径和权限", "check the path and its permissions"),
        )
    };
    let size = std::fs::metadata(path).map_err(cannot)?.len();
    if size > MAX_BYTES as u64 {
        return Err(faults::file_too_large(usize::try_from(size).unwrap_or(usize::MAX)));
    }
    std::fs::read(path).map_err(cannot)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::invalid(
        Finding::blocking(
            "result_not_writable",
            format!("无法写入结果文件 {}：{error}", path.display()),
            format!("cannot write {}: {error}", path.display()),
        )
        .field("out")
        .remedy(
            "请检查文件夹是否存在、是否有权限、文件是否正在 Excel 中打开",
            "check the folder, its permissions, and that Excel has not the file open",
        ),
    )
}

fn bar(quiet: bool, rows: usize) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(rows as u64), target);
    if let Ok(style) = ProgressStyle::with_template("核查 [{bar:40}] {pos}/{len} {elapsed_precise}") {
        bar.set_style(style);
    }
    bar
}

fn summarise(roster: &Roster, results: &[RowResult], out: &Path) {
    let count = |verdict: Verdict| results.iter().filter(|result| result.verdict == verdict).count();
    println!("共 {} 人 → {}", roster.rows.len(), out.display());
    for verdict in [Verdict::Direct, Verdict::NeedsTransfer, Verdict::BadData, Verdict::Unanswered] {
        let number = count(verdict);
        if number > 0 || verdict != Verdict::Unanswered {
            println!("{} {number}", verdict.zh());
        }
    }
}
