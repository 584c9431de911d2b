//! `shebao load-relations`: an agency's existing relations from a file, all rows or none.

use super::DataArgs;
use crate::app::App;
use agency::load::{self, Findings, Loaded, Progress, RowFinding};
use clap::Args;
use control::{clock, identity::Actor};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use standard::{Organisation, Refusal, RegionCode};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Errors shown on the screen; all of them are in the file beside.
const SHOWN_MAX: usize = 50;

/// `shebao load-relations`.
#[derive(Args)]
pub struct LoadArgs {
    /// 统筹区 Region whose agency loads the file
    #[arg(long, value_name = "CODE")]
    region: RegionCode,
    /// 文件：CSV（UTF-8 或 GBK）或 .xlsx，列为 证件号码 姓名 险种 参保状态 起始年月 终止年月 月缴费基数 单位名称；
    /// 一行一段月份，每人每险种的参保状态以终止年月最晚的一行为准（相同则以后一行为准）
    /// The status of a relation is that of the row with the latest last month, of two such the later row
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 不显示进度条 No progress bar
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Loads the file. With one wrong row nothing is stored: the errors are shown and written to `FILE.errors.csv`.
pub async fn run(args: LoadArgs) -> Result<ExitCode, Refusal> {
    let app = args.data.open().await?;
    let office = app.agency_here(args.region)?;
    let bar = Bar::new(args.quiet);
    let mut shown = |progress: Progress| bar.show(progress);
    let today = clock::today();
    let mut book = load::read(&args.file, today, &mut shown)?;
    if !book.findings.is_clean() {
        return report(&args.file, &book.findings);
    }
    let mut tx = app.db.begin().await?;
    let loaded = match load::apply(&mut tx, &Actor::system(office), app.book, args.region, &mut book, today, &mut shown).await {
        Ok(loaded) => loaded,
        Err(refusal) if book.findings.is_clean() => return Err(refusal),
        // Rows that contradict what the books hold: dropping the transaction leaves nothing of the file.
        Err(_) => return report(&args.file, &book.findings),
    };
    tell_platform(&app, &mut tx, args.region, &loaded).await?;
    tx.commit().await?;
    bar.done();
    print(&loaded, &book.findings);
    Ok(ExitCode::SUCCESS)
}

/// The platform of this process learns at once, in the same transaction; another is told by messages.
pub async fn tell_platform(app: &App, tx: &mut store::Tx, region: RegionCode, loaded: &Loaded) -> Result<(), Refusal> {
    if !app.config.hosts(&Organisation::Platform) {
        return load::announce(tx, region, &loaded.added).await;
    }
    for update in load::directory_updates(region, &loaded.added) {
        platform::directory::apply(tx, &Organisation::Agency(region), &update).await?;
    }
    Ok(())
}

fn report(file: &Path, findings: &Findings) -> Result<ExitCode, Refusal> {
    eprintln!(
        "文件有 {} 处错误，整个文件未导入。{} errors; nothing was loaded.",
        findings.error_count, findings.error_count
    );
    for error in findings.errors.iter().take(SHOWN_MAX) {
        eprintln!("{}", line(error));
    }
    if findings.error_count > SHOWN_MAX as u64 {
        eprintln!("…… 另有 {} 处", findings.error_count - SHOWN_MAX as u64);
    }
    let mut list = file.as_os_str().to_owned();
    list.push(".errors.csv");
    let list = PathBuf::from(list);
    match findings.write_errors(&list) {
        Ok(()) => eprintln!("错误清单 {}", list.display()),
        Err(error) => eprintln!("错误清单无法写入 {}：{error}", list.display()),
    }
    Ok(ExitCode::FAILURE)
}

fn line(found: &RowFinding) -> String {
    let place = match found.row {
        0 => String::new(),
        row => format!("第 {row} 行 "),
    };
    format!("{place}{} [{}] {}", found.column, found.finding.rule, found.finding.message.zh)
}

fn print(loaded: &Loaded, findings: &Findings) {
    println!(
        "导入完成：新增 {} 行，已有 {} 行；新增人员 {}；新建关系 {}，更新关系 {}；开立个人账户 {} 元，统筹基金 {} 元",
        loaded.rows_new,
        loaded.rows_skipped,
        loaded.persons_new,
        loaded.relations_new,
        loaded.relations_changed,
        standard::Money::from_fen(loaded.personal_fen).to_yuan(),
        standard::Money::from_fen(loaded.pooled_fen).to_yuan(),
    );
    if findings.warning_count > 0 {
        eprintln!("提示 {} 处：", findings.warning_count);
        for warning in findings.warnings.iter().take(SHOWN_MAX) {
            eprintln!("{}", line(warning));
        }
    }
}

struct Bar(ProgressBar);

impl Bar {
    fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(
            Some(0),
            if quiet {
                ProgressDrawTarget::hidden()
            } else {
                ProgressDrawTarget::stderr()
            },
        );
        if let Ok(style) = ProgressStyle::with_template("{msg:12} [{bar:40}] {percent:>3}% {elapsed_precise}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn show(&self, progress: Progress) {
        self.0.set_message(progress.stage.zh());
        self.0.set_length(progress.total.max(1));
        self.0.set_position(progress.done);
    }

    fn done(&self) {
        self.0.finish_and_clear();
    }
}
