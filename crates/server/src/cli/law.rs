//! `shebao law`: check, show, compare, pack and verify the dated parameters of the law.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use policy::book::load::read_folder;
use policy::law::{bundle, diff, show};
use policy::{Place, RuleBook};
use standard::{Finding, Month, Refusal, RegionCode};

use super::say;

/// 法规参数：检查、查看、比较、打包、验签
#[derive(Debug, Args)]
pub struct LawArgs {
    #[command(subcommand)]
    command: LawCommand,
}

#[derive(Debug, Subcommand)]
enum LawCommand {
    /// 检查目录中的每一行 Check every row of a folder
    Check {
        /// 法规目录；省略则检查程序内置的 Folder; the built-in law when left out
        dir: Option<PathBuf>,
    },
    /// 某地某月有效的全部参数及来源 Everything in force in a region and month, with its source
    Show {
        /// 六位地区代码或地名，000000 或“全国”为国家 Region: code or name; 000000 is the nation
        #[arg(long)]
        region: String,
        /// 年月 Month
        #[arg(long)]
        month: String,
        /// 法规目录；省略则用程序内置的 Folder; the built-in law when left out
        #[arg(long)]
        dir: Option<PathBuf>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 比较两个目录：什么变了、自何时、影响何地 What changes between two folders, from when, for whom
    Diff {
        /// 原目录 Before
        before: PathBuf,
        /// 新目录 After
        after: PathBuf,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 打成经两人签署的法规包 Pack a folder into a bundle signed by two approvers
    Pack {
        /// 法规目录 Folder
        dir: PathBuf,
        /// 输出文件 Bundle to write
        #[arg(long)]
        out: PathBuf,
        /// 发布机关 Issuer
        #[arg(long)]
        issuer: String,
        /// 依据文件 Document
        #[arg(long)]
        document: String,
        /// 审批人及其密钥文件，形如 姓名=文件，须两人 Approver and key file, twice
        #[arg(long = "approver", value_name = "NAME=KEYFILE", num_args = 1)]
        approvers: Vec<String>,
    },
    /// 验证法规包；未签、被改动或签署人不受信任即拒绝 Verify a bundle: unsigned, altered or untrusted ones are refused
    Verify {
        /// 法规包 Bundle
        bundle: PathBuf,
        /// 受信任的公钥（十六进制），可多次 Trusted public keys in hex
        #[arg(long = "trust", value_name = "HEX", required = true)]
        trusted: Vec<String>,
        /// 验证通过后解开到此目录 Unpack here once verified
        #[arg(long)]
        unpack: Option<PathBuf>,
    },
}

/// Prints lines; a reader that went away, such as `head`, is no fault.
fn print(lines: impl IntoIterator<Item = String>) {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in lines {
        if writeln!(output, "{line}").is_err() {
            return;
        }
    }
}

/// Exits 0 when all is well, 1 when something is refused.
pub fn run(args: LawArgs) -> ExitCode {
    let done = match args.command {
        LawCommand::Check { dir } => check(dir.as_deref()),
        LawCommand::Show { region, month, dir, json } => show_all(&region, &month, dir.as_deref(), json),
        LawCommand::Diff { before, after, json } => compare(&before, &after, json),
        LawCommand::Pack {
            dir,
            out,
            issuer,
            document,
            approvers,
        } => pack(&dir, &out, issuer, document, &approvers),
        LawCommand::Verify { bundle, trusted, unpack } => verify(&bundle, &trusted, unpack.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            say(&refusal);
            ExitCode::FAILURE
        }
    }
}

/// A folder's law, or the built-in one.
fn with_book<R>(dir: Option<&Path>, act: impl FnOnce(&RuleBook) -> R) -> Result<R, Refusal> {
    match dir {
        Some(dir) => Ok(act(&RuleBook::load(dir)?)),
        None => Ok(act(RuleBook::embedded())),
    }
}

fn check(dir: Option<&Path>) -> Result<(), Refusal> {
    with_book(dir, |book| {
        let warnings = book
            .warnings()
            .iter()
            .map(|warning| format!("提醒 [{}] {}", warning.rule, warning.message.zh));
        let (places, series, rows) = show::extent(book);
        let (count, version) = (book.warnings().len(), book.version());
        let sum = format!("通过：{places} 个地区，{series} 个序列，{rows} 行，{count} 条提醒，版本 {version}");
        print(warnings.chain([sum]));
    })
}

fn show_all(region: &str, month: &str, dir: Option<&Path>, json: bool) -> Result<(), Refusal> {
    let place = read_place(region)?;
    let month = Month::parse(month)?;
    let values = with_book(dir, |book| show::in_force(book, place, month))??;
    let lines = if json {
        vec![to_json(&values)?]
    } else {
        let title = format!("{} {month} 有效的参数", place.name());
        [title].into_iter().chain(values.iter().map(show::Value::line)).collect()
    };
    print(lines);
    Ok(())
}

fn read_place(text: &str) -> Result<Place, Finding> {
    let named = || match text.trim() {
        "全国" | "国家" => Some(Place::NATION),
        name => RegionCode::by_name(name).map(Place::from),
    };
    Place::parse(text.trim()).or_else(|finding| {
        named().ok_or_else(|| {
            finding.remedy(
                "请填写如 430100 的代码，或如 长沙 的地名",
                "Enter a code such as 430100, or a name such as 长沙",
            )
        })
    })
}

fn compare(before: &Path, after: &Path, json: bool) -> Result<(), Refusal> {
    let changes = diff::diff(&RuleBook::load(before)?, &RuleBook::load(after)?);
    print(match (json, changes.is_empty()) {
        (true, _) => vec![to_json(&changes)?],
        (false, true) => vec!["没有变化".to_owned()],
        (false, false) => changes.iter().map(diff::Change::line).collect(),
    });
    Ok(())
}

fn pack(dir: &Path, out: &Path, issuer: String, document: String, approvers: &[String]) -> Result<(), Refusal> {
    let keys: Result<Vec<(String, standard::sm::SecretKey)>, Refusal> = approvers.iter().map(|approver| read_approver(approver)).collect();
    let keys = keys?;
    let text = bundle::pack(&read_folder(dir)?, issuer, document, &keys)?;
    std::fs::write(out, text).map_err(|error| unwritable(out, &error))?;
    // What whoever verifies the bundle is told beforehand, by another way than the bundle.
    let public = keys.iter().map(|(name, key)| format!("{name} 公钥 {}", key.public().to_hex()));
    print(public.chain([format!("已写出 {}", out.display())]));
    Ok(())
}

fn read_approver(text: &str) -> Result<(String, standard::sm::SecretKey), Refusal> {
    let wrong = || {
        Refusal::invalid(
            Finding::blocking(
                "approver",
                "审批人应写作 姓名=密钥文件，文件内为64位十六进制私钥",
                "An approver is NAME=KEYFILE, the file holding 64 hex digits",
            )
            .remedy("请检查参数与密钥文件", "Check the argument and the key file"),
        )
    };
    let (name, file) = text.split_once('=').ok_or_else(wrong)?;
    let hex_key = std::fs::read_to_string(file).map_err(|_| wrong())?;
    let mut bytes = [0_u8; 32];
    hex::decode_to_slice(hex_key.trim(), &mut bytes).map_err(|_| wrong())?;
    let key = standard::sm::SecretKey::from_bytes(bytes).map_err(|_| wrong())?;
    Ok((name.to_owned(), key))
}

fn verify(path: &Path, trusted: &[String], unpack: Option<&Path>) -> Result<(), Refusal> {
    let text = std::fs::read_to_string(path).map_err(|error| unwritable(path, &error))?;
    let verified = bundle::verify(&text, trusted)?;
    print([format!(
        "有效：{}《{}》，审批人 {}，{} 个文件",
        verified.issuer,
        verified.document,
        verified.approvers.join("、"),
        verified.files.len()
    )]);
    if let Some(root) = unpack {
        refuse_leftovers(root, &verified.files)?;
        for (name, text) in &verified.files {
            let file = root.join(name);
            let folder = file.parent().unwrap_or(root);
            std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
            std::fs::write(&file, text).map_err(|error| unwritable(&file, &error))?;
        }
        print([format!("已解开到 {}", root.display())]);
    }
    Ok(())
}

/// Law that lies in the folder already and is not of this bundle would be taken for the bundle's.
fn refuse_leftovers(root: &Path, files: &[(String, String)]) -> Result<(), Refusal> {
    if !root.exists() {
        return Ok(());
    }
    let own: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let Some((name, _)) = read_folder(root)?.into_iter().find(|(name, _)| !own.contains(name.as_str())) else {
        return Ok(());
    };
    Err(Refusal::invalid(
        Finding::blocking(
            "unpack_leftovers",
            format!("{} 中已有不属于该法规包的文件 {name}", root.display()),
            format!("{} holds {name}, which is not of this bundle", root.display()),
        )
        .field("unpack")
        .remedy("请解开到一个空目录", "Unpack into an empty folder"),
    ))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Refusal {
    let (zh, en) = (
        format!("无法读写 {}：{error}", path.display()),
        format!("Cannot read or write {}: {error}", path.display()),
    );
    Refusal::invalid(Finding::blocking("file", zh, en).remedy("请检查路径与权限", "Check the path and its permissions"))
}

fn to_json(value: &impl serde::Serialize) -> Result<String, Refusal> {
    serde_json::to_string_pretty(value).map_err(Refusal::internal)
}
