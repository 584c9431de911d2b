//! Reads `law/` from the program itself or from a folder.

use std::path::Path;
use std::{fs, io};

use standard::{Finding, Refusal};

use super::series::Tables;
use super::{RuleBook, fields};
use crate::Place;

include!(concat!(env!("OUT_DIR"), "/law.rs"));

/// No law file is larger; a larger one is a mistake or an attack.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// And there are not more files.
const FILES_MAX: usize = 10_000;

/// The files of a law folder as (`430100-changsha/pension.toml`, text), in order of name.
pub fn read_folder(root: &Path) -> Result<Vec<(String, String)>, Refusal> {
    let unreadable = |path: &Path, error: io::Error| {
        let (zh, en) = (
            format!("无法读取 {}：{error}", path.display()),
            format!("Cannot read {}: {error}", path.display()),
        );
        Refusal::invalid(
            Finding::blocking("law_unreadable", zh, en)
                .remedy("请检查目录是否存在、是否可读", "Check that the folder exists and can be read"),
        )
    };
    let entries = |path: &Path| -> Result<Vec<_>, Refusal> {
        let all: io::Result<Vec<_>> = fs::read_dir(path).and_then(|all| all.map(|entry| entry.map(|entry| entry.path())).collect());
        let mut all = all.map_err(|error| unreadable(path, error))?;
        all.sort();
        Ok(all)
    };
    let mut files = Vec::new();
    for folder in entries(root)?.into_iter().filter(|path| path.is_dir()) {
        for file in entries(&folder)?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        {
            let size = fs::metadata(&file).map_err(|error| unreadable(&file, error))?.len();
            if size > FILE_BYTES_MAX || files.len() >= FILES_MAX {
                return Err(Refusal::too_large(
                    "law_too_large",
                    "规定文件过大或过多",
                    "A law file is too large, or there are too many",
                ));
            }
            let text = fs::read_to_string(&file).map_err(|error| unreadable(&file, error))?;
            let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((format!("{}/{}", name(&folder), name(&file)), text));
        }
    }
    Ok(files)
}

/// The files carried inside the program.
pub fn embedded_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied()
}

impl RuleBook {
    /// Loads a folder such as `law/`, refusing everything that is wrong with it at once.
    pub fn load(root: &Path) -> Result<RuleBook, Refusal> {
        let files = read_folder(root)?;
        RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// Reads files given as (`430100-changsha/pension.toml`, text).
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<RuleBook, Refusal> {
        let mut book = RuleBook::default();
        let mut found = Vec::new();
        let mut digest = Vec::new();
        for (name, text) in files {
            digest.extend_from_slice(&standard::sm::sm3(format!("{name}\n{text}").as_bytes()));
            if let Err(finding) = book.read_file(name, text, &mut found) {
                found.push(finding);
            }
            book.files.push((name.to_owned(), text.to_owned()));
        }
        let (refusals, warnings): (Vec<_>, Vec<_>) = found.into_iter().partition(Finding::is_blocking);
        if !refusals.is_empty() {
            return Err(Refusal::invalid_all(refusals));
        }
        if digest.is_empty() {
            return Err(Refusal::invalid(
                Finding::blocking("law_empty", "目录中没有任何规定文件", "The folder holds no law file").remedy(
                    "目录下应有 地区/专题.toml，如 430100-changsha/pension.toml",
                    "Law stands as region/topic.toml, such as 430100-changsha/pension.toml",
                ),
            ));
        }
        book.warnings = warnings;
        book.version = hex::encode(&standard::sm::sm3(&digest)[..8]);
        Ok(book)
    }

    fn read_file(&mut self, name: &str, text: &str, found: &mut Vec<Finding>) -> Result<(), Finding> {
        let file = format!("law/{name}");
        let (folder, topic) = name
            .split_once('/')
            .and_then(|(folder, topic)| Some((folder, topic.strip_suffix(".toml")?)))
            .ok_or_else(|| {
                fields::refuse(
                    &file,
                    "law_unknown_file",
                    "文件名应为 地区/专题.toml",
                    "a file is named region/topic.toml",
                )
            })?;
        let place = folder.get(..6).and_then(|code| Place::parse(code).ok()).ok_or_else(|| {
            fields::refuse(
                &file,
                "law_unknown_file",
                "目录名应以六位地区代码开头",
                "a folder starts with a six-digit region code",
            )
        })?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let error = error.message().to_owned();
            fields::refuse(
                &file,
                "law_syntax",
                &format!("不是有效的 TOML：{error}"),
                &format!("not valid TOML: {error}"),
            )
        })?;
        let mut tables = Tables::new();
        for (series, value) in table {
            let rows: Option<Vec<toml::Table>> = match value {
                toml::Value::Array(rows) => rows.into_iter().map(|row| row.try_into().ok()).collect(),
                _ => None,
            };
            let rows = rows.ok_or_else(|| {
                fields::refuse(
                    &file,
                    "law_unknown_key",
                    &format!("“{series}”不是行的序列"),
                    &format!("{series:?} is not a series of rows"),
                )
            })?;
            tables.insert(series, rows);
        }
        let known = if place.is_nation() {
            self.nation.fill(place, topic, name, &mut tables, found)
        } else {
            self.regions.entry(place).or_default().fill(place, topic, name, &mut tables, found)
        };
        if !known {
            return Err(fields::refuse(&file, "law_unknown_file", "不认识的专题文件", "unknown topic"));
        }
        match tables.keys().next() {
            None => Ok(()),
            Some(series) => Err(fields::refuse(
                &file,
                "law_unknown_key",
                &format!("不认识的序列“{series}”"),
                &format!("unknown series {series:?}"),
            )),
        }
    }
}
