//! `shebao demo`: made-up data, built by the code that runs it, then served.

pub mod fill;
pub mod months;
pub mod people;
pub mod staff;

use super::{DataArgs, ServeOverrides, serve};
use crate::{app::App, config::Config};
use clap::Args;
use standard::{Finding, Refusal, RegionCode};
use std::{path::Path, process::ExitCode};
use store::{Query, args};

/// The password of every demo login; the data behind it is made up.
pub const PASSWORD: &str = "Shebao-2026";

/// Stands in the data folder while the demo's data are being made.
const UNFINISHED: &str = "demo.unfinished";
/// Stands in the data folder while all data in it are the demo's.
const OF_THE_DEMO: &str = "demo.data";

/// `shebao demo`.
#[derive(Args)]
pub struct DemoArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    overrides: ServeOverrides,
    /// 清空后重建 Throw the data away and build it anew
    #[arg(long)]
    fresh: bool,
    /// 与 --fresh 同用：即使数据目录中有非演示数据也清空 With --fresh: also throw away data the demo did not make
    #[arg(long, requires = "fresh")]
    erase_real_data: bool,
    /// 只生成数据，不启动服务 Only build the data
    #[arg(long)]
    no_serve: bool,
    /// 每个地区另加的虚构参保人数 Further made-up persons in each region
    #[arg(long, default_value_t = 200)]
    people: u32,
    /// 虚构单位的员工人数，其最近三个月由程序结清 Made-up employees, whose last three months are closed
    #[arg(long, default_value_t = 36)]
    staff: u32,
    /// 结清最近三个月中的前几个月，其余留给读者办理 How many of the last three months are closed; the rest are left to the reader
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    months: u8,
}

/// Builds the data when there is none, says who can sign in, and serves.
pub async fn run(args: DemoArgs) -> Result<ExitCode, Refusal> {
    let config = args.overrides.apply(args.data.config()?)?;
    if args.fresh {
        if config.database.url.is_some() {
            return Err(Refusal::invalid(
                Finding::blocking(
                    "fresh_needs_embedded",
                    "--fresh 只清空内置数据库",
                    "--fresh only empties the embedded database",
                )
                .remedy("请自行清空 PostgreSQL 数据库", "empty the PostgreSQL database yourself"),
            ));
        }
        if !args.erase_real_data && holds_other_data(&config.data_dir) {
            return Err(not_of_the_demo(&config.data_dir));
        }
        clear(&config.data_dir)?;
    }
    let unfinished = config.data_dir.join(UNFINISHED);
    if unfinished.exists() {
        begin_anew(&config)?;
    }
    let app = App::open(config).await?;
    if is_empty(&app).await? {
        eprintln!("正在生成演示数据（全部虚构）… building made-up data…");
        std::fs::write(&unfinished, "").map_err(Refusal::internal)?;
        if is_untouched(&app).await? {
            std::fs::write(app.config.data_dir.join(OF_THE_DEMO), "").map_err(Refusal::internal)?;
        }
        fill::fill(&app, args.people, &fill::plan(args.staff, args.months)).await?;
        std::fs::remove_file(&unfinished).map_err(Refusal::internal)?;
    }
    introduce(&app);
    if !args.no_serve {
        serve::serve(app).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Half of the demo's data would look like a product that loses things: what a killed demo left is thrown away, where it is ours alone.
fn begin_anew(config: &Config) -> Result<(), Refusal> {
    if config.database.url.is_some() {
        return Err(Refusal::invalid(
            Finding::blocking(
                "demo_unfinished",
                "上次生成演示数据时中途停止，数据不完整",
                "the last start stopped while it built the made-up data; they are incomplete",
            )
            .remedy(
                format!("请清空 PostgreSQL 数据库，并删除数据目录中的 {UNFINISHED} 文件后重试"),
                format!("empty the PostgreSQL database, remove {UNFINISHED} from the data folder, and start again"),
            ),
        ));
    }
    eprintln!("上次生成演示数据时中途停止，现重新生成… the last start stopped half-way, beginning anew…");
    clear(&config.data_dir)
}

/// Whether the folder holds a database the demo did not make. What was loaded into a demo to try it goes with it.
fn holds_other_data(folder: &Path) -> bool {
    let ours = folder.join(OF_THE_DEMO).exists() || folder.join(UNFINISHED).exists();
    folder.join("shebao.db").exists() && !ours
}

fn not_of_the_demo(folder: &Path) -> Refusal {
    let folder = folder.display();
    Refusal::conflict(
        "data_not_of_the_demo",
        format!("数据目录 {folder} 中有不是演示生成的数据，未清空"),
        format!("the data folder {folder} holds data the demo did not make; it was not emptied"),
    )
    .remedy(
        "请用 --data 指定另一个目录；确实要全部删除的，再加 --erase-real-data",
        "name another folder with --data; to delete all of it add --erase-real-data",
    )
}

/// Removes what shebao itself made in the folder, and nothing else; refused while a process has the database open.
fn clear(folder: &Path) -> Result<(), Refusal> {
    if !folder.exists() {
        return Ok(());
    }
    let _alone = store::hold_folder_alone(folder)?;
    let gone = |result: std::io::Result<()>| match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Refusal::internal(error)),
        _ => Ok(()),
    };
    for name in ["shebao.db", "shebao.db-wal", "shebao.db-shm", "master.key", "directory.key"] {
        gone(std::fs::remove_file(folder.join(name)))?;
    }
    for name in ["blobs", "shebao.spool"] {
        gone(std::fs::remove_dir_all(folder.join(name)))?;
    }
    gone(std::fs::remove_file(folder.join(OF_THE_DEMO)))?;
    // last, so that a clearing cut short begins again
    gone(std::fs::remove_file(folder.join(UNFINISHED)))
}

/// Nobody is insured here yet.
async fn is_untouched(app: &App) -> Result<bool, Refusal> {
    let row = app
        .db
        .read()
        .optional("SELECT 1 AS found FROM agency_person LIMIT 1", args![])
        .await?;
    Ok(row.is_none())
}

async fn is_empty(app: &App) -> Result<bool, Refusal> {
    let row = app.db.read().one("SELECT COUNT(*) AS users FROM control_user", args![]).await?;
    Ok(row.get::<i64>("users")? == 0)
}

/// Pinyin of the twelve regions, for user names.
pub fn pinyin(region: RegionCode) -> &'static str {
    match region.number() {
        430_100 => "cs",
        420_100 => "wh",
        440_100 => "gz",
        440_300 => "sz",
        330_100 => "hz",
        110_000 => "bj",
        310_000 => "sh",
        510_100 => "cd",
        320_100 => "nj",
        610_100 => "xa",
        500_000 => "cq",
        120_000 => "tj",
        _ => "agency",
    }
}

fn introduce(app: &App) {
    println!("\n社保通演示（数据全部虚构） shebao demo (all data is made up)");
    println!("  网址 address   {}", app.config.public_url());
    println!("  密码 password  {PASSWORD}（所有账号相同 for every login）\n");
    for (username, who) in [
        ("hr_manager", "长沙星河制造有限公司 HR经理 HR manager"),
        ("hr_clerk", "长沙星河制造有限公司 HR专员（只读） HR clerk, read only"),
        ("finance", "长沙星河制造有限公司 财务 finance"),
        ("payroll", "长沙星河制造有限公司 薪酬复核 payroll reviewer"),
        ("employee", "长沙星河制造有限公司 员工（手机） employee, on the phone"),
        ("cs_clerk", "长沙市经办机构 经办 clerk, new region"),
        (
            "cs_clerk2",
            "长沙市经办机构 另一经办：审核前者柜面录入的业务 second clerk: checks what the first enters",
        ),
        ("cs_reviewer", "长沙市经办机构 复核 reviewer, new region"),
        ("cs_supervisor", "长沙市经办机构 主管 supervisor"),
        ("wh_clerk", "武汉市经办机构 经办 clerk, old region"),
        ("wh_reviewer", "武汉市经办机构 复核 reviewer, old region"),
        ("platform", "全国平台 运维 platform operator"),
    ] {
        println!("  {username:<16}{who}");
    }
    println!();
    println!("  其他地区 other regions: gz sz hz bj sh cd nj xa cq tj + _clerk / _clerk2 / _reviewer / _supervisor");
    println!("  试试在「新员工入职」输入 try in onboarding:");
    for name in ["周文静", "陈国强", "何丽娟", "王一鸣"] {
        let person = people::person(name);
        println!("    {}  {}  {}", person.name, person.id_number().reveal(), person.shows);
    }
    println!();
}
