//! The command line: the same calls as the HTTP interface, on the same data.

pub mod demo;
mod key;
mod openapi;
mod serve;

use crate::{
    app::App,
    config::{Config, ServeRole},
};
use clap::{Args, Parser, Subcommand};
use standard::{Refusal, RegionCode};
use std::{path::PathBuf, process::ExitCode};

/// 社保通：用人单位、经办机构与全国平台的社会保险系统
#[derive(Parser)]
#[command(name = "shebao", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务 Serve the organisations of this process
    Serve(serve::ServeArgs),
    /// 生成演示数据并启动 Fill made-up data and serve
    Demo(demo::DemoArgs),
    /// 导入经办机构已有的参保关系 Load an agency's existing relations
    LoadRelations(load_relations::LoadArgs),
    /// 一个月的三方对账 A month's reconciliation: policy, bill and payroll
    Reconcile(reconcile::ReconcileArgs),
    /// 查询一个人的全国参保状态 A person's nationwide status
    Status(status::StatusArgs),
    /// 入职名册批量预检 Check a roster of new hires
    Preflight(preflight::PreflightArgs),
    /// 计算器：逐行读入算例 Answer calculation lines from standard input
    Calc(calc::CalcArgs),
    /// 缴费测算：名册进，明细出 Assess a roster's contributions
    Assess(assess::AssessArgs),
    /// 批量核定一个统筹区 Assess a whole region for a month
    AssessRegion(assess_region::RegionArgs),
    /// 法规参数：检查、查看、比较、打包、验签 The law's parameters
    Law(law::LawArgs),
    /// 显示本机构的公钥 Print an organisation's public key, for its peers' configuration
    Key(key::KeyArgs),
    /// 建立用人单位和首批账号 The first employer and logins of an installation
    User(user::UserArgs),
    /// 输出接口文档 Print the OpenAPI document
    Openapi,
}

pub mod assess;
pub mod assess_region;
pub mod calc;
pub mod law;
pub mod load_relations;
pub mod preflight;
pub mod reconcile;
pub mod status;
mod user;

/// Where the data lies: every command that needs it takes these.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// 数据目录 Folder of the embedded database
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub data: Option<PathBuf>,
    /// 配置文件 Configuration file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl DataArgs {
    /// The configuration these arguments mean.
    pub fn config(&self) -> Result<Config, Refusal> {
        match (&self.config, &self.data) {
            (Some(file), _) => Config::read(file),
            (None, Some(folder)) => Ok(Config {
                data_dir: folder.clone(),
                ..Config::default()
            }),
            (None, None) => Ok(Config::default()),
        }
    }

    /// Opens the process on that data; an empty folder becomes a database with the twelve regions' agencies.
    pub async fn open(&self) -> Result<App, Refusal> {
        App::open(self.config()?).await
    }
}

/// Which organisations to serve, on top of the configuration.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeOverrides {
    /// 本进程承担的角色 Serve only these organisations
    #[arg(long)]
    pub role: Option<ServeRole>,
    /// 经办机构的统筹区 Regions of an agency process
    #[arg(long = "region", value_name = "CODE")]
    pub regions: Vec<RegionCode>,
    /// 监听地址 Address to listen on
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

impl ServeOverrides {
    /// Lays these over `config`.
    pub fn apply(&self, mut config: Config) -> Result<Config, Refusal> {
        if let Some(role) = self.role {
            config.role = role;
        }
        if !self.regions.is_empty() {
            config.regions.clone_from(&self.regions);
        }
        if let Some(listen) = &self.listen {
            config.listen.clone_from(listen);
        }
        config.check()?;
        Ok(config)
    }
}

/// Says a refusal to a person: what, why, what to do next.
pub fn say(refusal: &Refusal) {
    for finding in &refusal.findings {
        eprintln!("错误 [{}] {}\n      {}", finding.rule, finding.message.zh, finding.message.en);
        if let Some(remedy) = &finding.remedy {
            eprintln!("处理 {}\n      {}", remedy.zh, remedy.en);
        }
    }
    if let Some(detail) = &refusal.detail {
        eprintln!("详情 {detail}");
    }
}

fn log_to_stderr(default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SHEBAO_LOG").unwrap_or_else(|_| default.into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var_os("SHEBAO_LOG_JSON").is_some() {
        builder.json().init()
    } else {
        builder.with_target(false).init()
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(if matches!(cli.command, Command::Serve(_) | Command::Demo(_)) {
        "warn"
    } else {
        "error"
    });
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("错误 [runtime] 无法启动：{error}");
            return ExitCode::FAILURE;
        }
    };
    let done = match cli.command {
        Command::Calc(args) => return calc::run(args),
        Command::Assess(args) => return assess::run(args),
        Command::Law(args) => return law::run(args),
        Command::Openapi => openapi::run(),
        Command::Serve(args) => runtime.block_on(serve::run(args)),
        Command::Demo(args) => runtime.block_on(demo::run(args)),
        Command::LoadRelations(args) => runtime.block_on(load_relations::run(args)),
        Command::AssessRegion(args) => runtime.block_on(assess_region::run(args)),
        Command::Reconcile(args) => runtime.block_on(reconcile::run(args)),
        Command::Status(args) => runtime.block_on(status::run(args)),
        Command::Preflight(args) => runtime.block_on(preflight::run(args)),
        Command::Key(args) => runtime.block_on(key::run(args)),
        Command::User(args) => runtime.block_on(user::run(args)),
    };
    match done {
        Ok(code) => code,
        Err(refusal) => {
            say(&refusal);
            ExitCode::FAILURE
        }
    }
}
