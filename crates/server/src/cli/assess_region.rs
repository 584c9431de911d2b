//! `shebao assess-region`: the contributions of a whole region for one month, in the agency's books.

use super::DataArgs;
use crate::app::App;
use agency::assessment::run::{self, PIECE, Run, RunState};
use clap::Args;
use control::{clock, identity::Actor};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use standard::{Money, Month, Organisation, Refusal, RegionCode};
use std::process::ExitCode;

/// `shebao assess-region`.
#[derive(Args)]
pub struct RegionArgs {
    /// 统筹区 Region to assess
    #[arg(long, value_name = "CODE")]
    region: RegionCode,
    /// 费款所属期 Month, like 2026-09
    #[arg(long, value_name = "MONTH", value_parser = month)]
    month: Month,
    /// 每批人数 People of a piece; a kill loses at most one piece
    #[arg(long, default_value_t = PIECE, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    piece: i64,
    /// 以 JSON 输出结果 Print the result as JSON
    #[arg(long)]
    json: bool,
    /// 不显示进度条 No progress bar
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    data: DataArgs,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).map_err(|finding| finding.message.zh)
}

/// Assesses to the end; started again after a kill it goes on where the last piece left it.
pub async fn run(args: RegionArgs) -> Result<ExitCode, Refusal> {
    let app = args.data.open().await?;
    app.agency_here(args.region)?;
    let done = to_the_end(&app, &args).await?;
    if args.json {
        println!("{}", serde_json::json!(done));
    } else {
        println!(
            "{} {} 核定完成：经过 {} 人，核定未申报单位 {} 家，已申报或办理中 {} 家；单位应缴 {} 元，个人应缴 {} 元；已发送征集单 {} 张",
            args.region.name(),
            done.month,
            done.people,
            done.employers,
            done.skipped,
            done.employer_fen.to_yuan(),
            done.employee_fen.to_yuan(),
            done.sent,
        );
    }
    let whole = done.state == RunState::Done && done.employer_fen >= Money::ZERO;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn to_the_end(app: &App, args: &RegionArgs) -> Result<Run, Refusal> {
    let actor = Actor::system(Organisation::Agency(args.region));
    let mut tx = app.db.begin().await?;
    let mut state = run::start(&actor, &mut tx, app.book, args.month, clock::today()).await?;
    tx.commit().await?;
    let bar = bar(args.quiet);
    let pay_base = app.config.public_url();
    while state.state.is_open() {
        state = run::advance(&app.db, app.book, args.region, state.run_id, &pay_base, args.piece).await?;
        bar.set_length(state.total_people.unsigned_abs().max(1));
        bar.set_position(state.people.unsigned_abs());
        bar.set_message(if state.state == RunState::Sending {
            "发送征集单"
        } else {
            "核定"
        });
    }
    bar.finish_and_clear();
    Ok(state)
}

fn bar(quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{msg:12} [{bar:40}] {percent:>3}% {elapsed_precise}") {
        bar.set_style(style);
    }
    bar
}
