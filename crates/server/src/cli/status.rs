//! `shebao status`: what the nationwide query answers about one person, as JSON or as a table.

use super::DataArgs;
use crate::app::App;
use clap::Args;
use control::clock;
use employer::insurance::preflight::StatusSource;
use employer::people::{checks, company};
use exchange::StatusAnswer;
use serde_json::{Value, json};
use standard::{IdNumber, Organisation, Refusal};
use std::process::ExitCode;

/// `shebao status`.
#[derive(Args)]
pub struct StatusArgs {
    /// 姓名 Name
    #[arg(long)]
    name: String,
    /// 证件号码 ID number
    #[arg(long, value_name = "NUMBER")]
    id: String,
    /// 以 JSON 输出 Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Asks and prints. A person nobody knows is an answer, not an error; a wrong number is an error.
pub async fn run(args: StatusArgs) -> Result<ExitCode, Refusal> {
    let id_number = IdNumber::parse(&args.id)?;
    id_number.check_on(clock::today())?;
    let name = checks::name(&args.name)?;
    let app = args.data.open().await?;
    let source = app.status_source_of(asker(&app).await?);
    let answer = source.status(&id_number, &name, "cli").await?;
    if args.json {
        let text = serde_json::to_string_pretty(&as_json(&answer)).map_err(Refusal::internal)?;
        println!("{text}");
    } else {
        print_table(&answer);
    }
    Ok(ExitCode::SUCCESS)
}

/// In whose name the command line asks: the first employer here, or the agency or platform this process is.
pub(super) async fn asker(app: &App) -> Result<Organisation, Refusal> {
    if let Some(employer) = company::ids(&mut app.db.read()).await?.first() {
        return Ok(Organisation::Employer(*employer));
    }
    if app.config.hosts(&Organisation::Platform) {
        return Ok(Organisation::Platform);
    }
    let agency = app.config.hosted_regions().first().copied().map(Organisation::Agency);
    agency.ok_or_else(|| {
        Refusal::conflict(
            "nobody_asks",
            "本进程还没有用人单位，平台不知道是谁在查询",
            "there is no employer here yet: the platform would not know who asks",
        )
        .remedy(
            "请先用 shebao user add 建立用人单位及其账号，再把 shebao key 显示的公钥交给平台",
            "make the employer and its first login with shebao user add, and give the platform the key that shebao key prints",
        )
    })
}

/// The documented shape: exactly these keys, in this order.
fn as_json(answer: &StatusAnswer) -> Value {
    let relations: Vec<Value> = answer
        .relations
        .iter()
        .map(|r| {
            json!({
                "region": r.region,
                "insurance": r.insurance,
                "status": r.status,
                "months": r.months,
                "first_month": r.first_month,
                "last_month": r.last_month,
            })
        })
        .collect();
    json!({
        "person_found": answer.person_found,
        "name_matches": answer.name_matches,
        "relations": relations,
        "months_total": answer.months_total,
        "unanswered": answer.unanswered,
    })
}

fn print_table(answer: &StatusAnswer) {
    if !answer.person_found {
        println!("没有找到参保记录 No record found");
    } else if !answer.name_matches {
        println!("姓名与参保记录不一致 The name differs from the record");
    }
    for r in &answer.relations {
        let month = |month: Option<standard::Month>| month.map_or_else(|| "-".to_string(), |month| month.to_string());
        println!(
            "{}\t{}\t{}\t{} 个月\t{} 至 {}",
            r.region.name(),
            r.insurance.zh(),
            r.status.zh(),
            r.months,
            month(r.first_month),
            month(r.last_month)
        );
    }
    for (insurance, months) in &answer.months_total {
        println!("{} 累计 {months} 个月", insurance.zh());
    }
    for region in &answer.unanswered {
        println!("{} 未答复 did not answer", region.name());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_printed_shape_is_the_documented_one() {
        let answer: StatusAnswer = serde_json::from_value(json!({
            "person_found": true,
            "name_matches": true,
            "relations": [{
                "region": "420100", "insurance": "pension", "status": "active", "months": 38,
                "first_month": "2022-03", "last_month": "2025-04", "spans": "202203-202504"
            }],
            "months_total": { "pension": 38 },
            "unanswered": [],
            "asked_at": "2026-11-21T08:00:00Z"
        }))
        .unwrap();
        let expected = concat!(
            r#"{"person_found":true,"name_matches":true,"relations":[{"region":"420100","insurance":"pension","status":"active","#,
            r#""months":38,"first_month":"2022-03","last_month":"2025-04"}],"months_total":{"pension":38},"unanswered":[]}"#
        );
        assert_eq!(as_json(&answer).to_string(), expected);
    }
}
