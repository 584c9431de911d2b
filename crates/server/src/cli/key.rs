//! `shebao key`: an organisation's public key, for the `[[peers]]` of others.

use super::DataArgs;
use clap::Args;
use standard::{Organisation, Refusal};
use std::process::ExitCode;

/// `shebao key`.
#[derive(Args)]
pub struct KeyArgs {
    /// 机构 Organisation: agency:430100, platform or employer:<uuid>
    organisation: Organisation,
    #[command(flatten)]
    data: DataArgs,
}

/// Makes the key at first use and prints its public half.
pub async fn run(args: KeyArgs) -> Result<ExitCode, Refusal> {
    let db = store::Db::open(&args.data.config()?.store()).await?;
    let mut tx = db.begin().await?;
    let key = control::seal::organisation_key(&mut tx, &args.organisation).await?;
    tx.commit().await?;
    println!("{}", key.public().to_hex());
    Ok(ExitCode::SUCCESS)
}
