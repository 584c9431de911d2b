//! `shebao reconcile`: a month's policy amount, agency bill and payroll side by side, to the fen.

use super::DataArgs;
use clap::Args;
use employer::{insurance::reconcile, people::company};
use standard::{CreditCode, Finding, Month, Refusal};
use std::process::ExitCode;
use uuid::Uuid;

/// `shebao reconcile`.
#[derive(Args)]
pub struct ReconcileArgs {
    #[command(flatten)]
    data: DataArgs,
    /// 费款所属期，如 2026-09 The month
    #[arg(long)]
    month: String,
    /// 统一社会信用代码；只有一家单位时可省略 Which employer, when there are several
    #[arg(long)]
    employer: Option<String>,
    /// 输出 JSON Print JSON
    #[arg(long)]
    json: bool,
}

/// Reconciles and prints. Ends with failure when a difference has no explanation.
pub async fn run(args: ReconcileArgs) -> Result<ExitCode, Refusal> {
    let month = Month::parse(&args.month)?;
    let app = args.data.open().await?;
    let mut q = app.db.read();
    let employer_id = employer_of(&mut q, args.employer.as_deref()).await?;
    let outcome = reconcile::reconcile(&mut q, app.book, employer_id, month).await?;
    if args.json {
        let text = serde_json::to_string_pretty(&outcome).map_err(Refusal::internal)?;
        println!("{text}");
    } else {
        println!("所属期 {month}，{} 人", outcome.people);
        for (name, amount) in [
            ("政策应缴", outcome.policy_fen),
            ("机构账单", outcome.billed_fen),
            ("工资入账", outcome.deducted_fen),
            ("已缴", outcome.paid_fen),
        ] {
            println!("  {name}  {:>16} 元", amount.to_yuan());
        }
        for one in &outcome.differences {
            println!("  {} {} {} 元  {}", one.person, one.insurance, one.fen.to_yuan(), one.reason.zh());
        }
        println!("差异 {} 项，未说明 {} 项", outcome.differences.len(), outcome.unexplained);
    }
    Ok(if outcome.unexplained == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The named employer, or the only one.
async fn employer_of(q: &mut impl store::Query, code: Option<&str>) -> Result<Uuid, Refusal> {
    let ids = company::ids(q).await?;
    let Some(code) = code else {
        return match ids.as_slice() {
            [one] => Ok(*one),
            [] => Err(Refusal::not_found(
                "employer_not_found",
                "数据目录中还没有用人单位",
                "there is no employer in this data",
            )),
            _ => Err(Refusal::invalid(
                Finding::blocking(
                    "employer_ambiguous",
                    "数据目录中有多家用人单位",
                    "there are several employers in this data",
                )
                .remedy("请用 --employer 写明统一社会信用代码", "name one with --employer CREDIT_CODE"),
            )),
        };
    };
    let code = CreditCode::parse(code)?;
    for id in ids {
        if company::get(q, id).await?.credit_code == code {
            return Ok(id);
        }
    }
    Err(Refusal::not_found("employer_not_found", "没有找到该单位", "no such employer"))
}
