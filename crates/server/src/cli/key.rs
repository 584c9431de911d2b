//! `shebao key`: an organisation's public key, for the `[[peers]]` of others.

use super::DataArgs;
use clap::Args;
use standard::{Organisation, Refusal};
use std::process::ExitCode;

/// `shebao key`.
#[derive(Args)]
pub struct KeyArgs {
    /// 机构 Organisation: agency:430100, platform, employer:<uuid>, or gateway for the local payment gateway
    organisation: Whose,
    #[command(flatten)]
    data: DataArgs,
}

/// Whose key: an organisation's, or the local payment gateway's.
#[derive(Clone)]
enum Whose {
    Organisation(Organisation),
    Gateway,
}

impl std::str::FromStr for Whose {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "gateway" {
            return Ok(Self::Gateway);
        }
        text.parse().map(Self::Organisation).map_err(|finding| {
            let remedy = finding.remedy.map(|remedy| remedy.zh).unwrap_or_default();
            format!("{}；{remedy}，或 gateway。", finding.message.zh)
        })
    }
}

/// Makes the key at first use and prints its public half.
pub async fn run(args: KeyArgs) -> Result<ExitCode, Refusal> {
    let db = store::Db::open(&args.data.config()?.store()).await?;
    let key = match &args.organisation {
        Whose::Gateway => crate::gateway::key_of(&db)?,
        Whose::Organisation(organisation) => {
            let mut tx = db.begin().await?;
            let key = control::seal::organisation_key(&mut tx, organisation).await?;
            tx.commit().await?;
            key
        }
    };
    println!("{}", key.public().to_hex());
    Ok(ExitCode::SUCCESS)
}
