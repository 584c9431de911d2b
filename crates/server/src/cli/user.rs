//! `shebao user`: the first logins of an organisation; further ones are made in the browser by those who may.

use super::DataArgs;
use crate::app::App;
use clap::{Args, Subcommand};
use control::identity::{self, Actor, NewUser, Role};
use employer::people::company::{self, Company};
use standard::{CreditCode, Finding, Organisation, Refusal, RegionCode};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use store::{Query, Tx, args};
use uuid::Uuid;

/// `shebao user`.
#[derive(Args)]
pub struct UserArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 新建账号；密码在终端输入，或从标准输入读取一行 Add a login; the password is asked for, or read from standard input
    Add(AddArgs),
}

/// `shebao user add`.
#[derive(Args)]
struct AddArgs {
    /// 登录名 Name to sign in with
    username: String,
    /// 姓名 Name shown
    #[arg(long)]
    name: String,
    /// 角色，如 hr_manager、agency_clerk、agency_reviewer、platform_operator Role
    #[arg(long, value_parser = role)]
    role: Role,
    /// 机构：employer（默认）、employer:<uuid>、agency:430100 或 platform Organisation
    #[arg(long, default_value = "employer")]
    organisation: String,
    /// 新建用人单位的名称 Name of a new employer
    #[arg(long, requires_all = ["credit_code", "region"])]
    employer_name: Option<String>,
    /// 新建用人单位的统一社会信用代码 Credit code of a new employer
    #[arg(long, requires = "employer_name")]
    credit_code: Option<String>,
    /// 新建用人单位的参保城市 Region of a new employer
    #[arg(long, value_name = "CODE", requires = "employer_name")]
    region: Option<RegionCode>,
    #[command(flatten)]
    data: DataArgs,
}

/// An employee's login belongs to a record and is made there; the system signs in nowhere.
fn role(word: &str) -> Result<Role, String> {
    let offered = || Role::ALL.iter().filter(|role| !matches!(role, Role::Employee | Role::System));
    offered().find(|role| role.key() == word).copied().ok_or_else(|| {
        format!(
            "可用的角色 roles: {}",
            offered().map(|role| role.key()).collect::<Vec<_>>().join("、")
        )
    })
}

/// Adds the login, and the employer when one is described; all of it or nothing.
pub async fn run(args: UserArgs) -> Result<ExitCode, Refusal> {
    let What::Add(add) = args.what;
    // Asked before anything is begun: nobody else waits while it is typed.
    let password = password()?;
    let app = add.data.open().await?;
    let mut tx = app.db.begin().await?;
    let organisation = organisation(&app, &mut tx, &add).await?;
    let new = NewUser {
        username: add.username,
        name: add.name,
        role: add.role,
        password,
        must_change: false,
    };
    let user = identity::create_user(&Actor::system(organisation), &mut tx, &new).await?;
    tx.commit().await?;
    println!("已建立账号 {}（{}），机构 {organisation}", user.username, user.name);
    Ok(ExitCode::SUCCESS)
}

async fn organisation(app: &App, tx: &mut Tx, add: &AddArgs) -> Result<Organisation, Refusal> {
    if let (Some(name), Some(code), Some(region)) = (&add.employer_name, &add.credit_code, add.region) {
        return found(tx, name, code, region).await;
    }
    let organisation = match add.organisation.as_str() {
        "employer" => match company::ids(tx).await?[..] {
            [only] => Organisation::Employer(only),
            [] => return Err(employer_wanted("还没有用人单位", "there is no employer yet")),
            _ => return Err(employer_wanted("有多个用人单位", "there are several employers")),
        },
        other => other.parse::<Organisation>()?,
    };
    if !app.config.hosts(&organisation) {
        return Err(Refusal::conflict(
            "organisation_not_here",
            format!("{organisation} 不由本系统服务"),
            format!("{organisation} is not served here"),
        )
        .remedy("请用该机构的配置文件运行本命令", "run this with that organisation's configuration"));
    }
    if let Organisation::Employer(id) = organisation {
        company::get(tx, id).await?;
    }
    Ok(organisation)
}

fn employer_wanted(zh: &str, en: &str) -> Refusal {
    Refusal::conflict("employer_wanted", zh, en).remedy(
        "新建：--employer-name 名称 --credit-code 代码 --region 430100；已有的：--organisation employer:<uuid>",
        "make one with --employer-name NAME --credit-code CODE --region 430100, or name it with --organisation employer:<uuid>",
    )
}

/// A new employer; one with the same credit code is not made twice.
async fn found(tx: &mut Tx, name: &str, code: &str, region: RegionCode) -> Result<Organisation, Refusal> {
    let credit_code = CreditCode::parse(code).map_err(|finding| finding.field("credit_code"))?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Finding::blocking(
            "employer_name_invalid",
            "单位名称应为 1 至 100 个字",
            "an employer's name has 1 to 100 characters",
        )
        .field("employer_name")
        .remedy("请按营业执照填写单位全称", "write the full registered name")
        .into());
    }
    let region = employer::insurance::connected::check(region.city())?;
    let there = tx
        .optional(
            "SELECT employer_id FROM employer_company WHERE credit_code = $1",
            args![credit_code.to_string()],
        )
        .await?;
    if let Some(row) = there {
        let id = Organisation::Employer(row.get("employer_id")?);
        return Err(Refusal::conflict(
            "employer_exists",
            format!("该统一社会信用代码的用人单位已存在：{id}"),
            format!("an employer with this credit code exists: {id}"),
        )
        .remedy(
            format!("为它建立账号请用 --organisation {id}"),
            format!("add a login to it with --organisation {id}"),
        ));
    }
    let company = Company {
        employer_id: Uuid::now_v7(),
        name: name.to_owned(),
        credit_code,
        region,
        address: String::new(),
        contact_name: String::new(),
        contact_phone: String::new(),
    };
    company::put(tx, &company).await?;
    Ok(Organisation::Employer(company.employer_id))
}

/// One line: typed twice on a terminal, where it is not shown; else read from standard input.
fn password() -> Result<String, Refusal> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return line();
    }
    let _hidden = Hidden::begin();
    eprint!("密码 password: ");
    let first = line()?;
    eprint!("\n再输一次 again: ");
    let again = line()?;
    eprintln!();
    if first == again {
        return Ok(first);
    }
    Err(
        Finding::blocking("password_mistyped", "两次输入的密码不同", "the two passwords differ")
            .remedy("请重新运行命令", "run the command again")
            .into(),
    )
}

fn line() -> Result<String, Refusal> {
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text).map_err(Refusal::internal)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The terminal does not show what is typed until this is dropped.
struct Hidden;

impl Hidden {
    fn begin() -> Hidden {
        let _ = std::process::Command::new("stty").arg("-echo").status();
        Hidden
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = std::process::Command::new("stty").arg("echo").status();
    }
}
