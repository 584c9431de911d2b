//! A signed bundle of law files: who issued it, by which document, approved by two people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use standard::sm::{PublicKey, SecretKey, Signature};
use standard::{Finding, Refusal};

use crate::RuleBook;

/// The only form there is so far.
const VERSION: u32 = 1;
/// No bundle is larger.
const BYTES_MAX: usize = 16 << 20;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundle {
    version: u32,
    content: Content,
    approvals: Vec<Approval>,
}

/// What is signed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    issuer: String,
    document: String,
    approvers: Vec<String>,
    files: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    name: String,
    public_key: String,
    signature: String,
}

/// A bundle that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who issued the law.
    pub issuer: String,
    /// By which document.
    pub document: String,
    /// The two or more who approved it.
    pub approvers: Vec<String>,
    /// (`430100-changsha/pension.toml`, text), safe to unpack: the names cannot leave the folder.
    pub files: Vec<(String, String)>,
}

fn refuse(rule: &str, zh: &str, en: &str) -> Refusal {
    Refusal::invalid(Finding::blocking(rule, zh, en).remedy("请向发布方重新索取法规包", "Ask the issuer for the bundle again"))
}

/// The bytes that are signed: the content as JSON with files in order of name.
fn signed_bytes(content: &Content) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(content).map_err(Refusal::internal)
}

/// Packs files that load without refusal, signed by at least two different people with different keys.
pub fn pack(files: &[(String, String)], issuer: String, document: String, approvers: &[(String, SecretKey)]) -> Result<String, Refusal> {
    RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    if issuer.trim().is_empty() || document.trim().is_empty() {
        return Err(refuse(
            "bundle_no_source",
            "法规包须写明发布机关和依据文件",
            "A bundle names its issuer and document",
        )
        .remedy("请填写发布机关和依据文件", "Give the issuer and the document"));
    }
    let names: Vec<String> = approvers.iter().map(|(name, _)| name.clone()).collect();
    let content = Content {
        issuer,
        document,
        approvers: names,
        files: files.iter().cloned().collect(),
    };
    let bytes = signed_bytes(&content)?;
    let approvals: Result<Vec<Approval>, Finding> = approvers
        .iter()
        .map(|(name, key)| {
            Ok(Approval {
                name: name.clone(),
                public_key: key.public().to_hex(),
                signature: key.sign(&bytes)?.to_hex(),
            })
        })
        .collect();
    let approvals = approvals?;
    // here the packer is at fault, not the issuer of a bundle received
    two_people(&approvals).map_err(|refusal| {
        let (zh, en) = (
            "请指明两名审批人，各用自己的密钥文件",
            "Name two approvers, each with a key file of their own",
        );
        refusal.remedy(zh, en)
    })?;
    serde_json::to_string_pretty(&Bundle {
        version: VERSION,
        content,
        approvals,
    })
    .map_err(Refusal::internal)
}

fn two_people(approvals: &[Approval]) -> Result<(), Refusal> {
    let names: BTreeSet<&str> = approvals
        .iter()
        .map(|approval| approval.name.trim())
        .filter(|name| !name.is_empty())
        .collect();
    let keys: BTreeSet<&str> = approvals.iter().map(|approval| approval.public_key.as_str()).collect();
    if names.len() < 2 || keys.len() < 2 {
        return Err(refuse(
            "bundle_two_approvers",
            "法规包须由两个不同的人以各自的密钥签署",
            "Two different people sign a bundle, each with their own key",
        ));
    }
    Ok(())
}

/// Refuses what is unsigned, altered, signed by fewer than two trusted people, or does not load as law.
pub fn verify(text: &str, trusted_keys: &[String]) -> Result<Verified, Refusal> {
    if text.len() > BYTES_MAX {
        return Err(Refusal::too_large("bundle_too_large", "法规包过大", "The bundle is too large"));
    }
    let bundle: Bundle =
        serde_json::from_str(text).map_err(|_| refuse("bundle_unreadable", "不是法规包", "This is not a bundle of law"))?;
    if bundle.version != VERSION {
        return Err(refuse(
            "bundle_version",
            "法规包版本不受支持",
            "The bundle's version is not supported",
        ));
    }
    if bundle.approvals.is_empty() {
        return Err(refuse("bundle_unsigned", "法规包没有签名", "The bundle is not signed"));
    }
    two_people(&bundle.approvals)?;
    let bytes = signed_bytes(&bundle.content)?;
    for approval in &bundle.approvals {
        let trusted = trusted_keys.iter().any(|key| key.trim().eq_ignore_ascii_case(&approval.public_key));
        if !trusted {
            return Err(refuse("bundle_untrusted", "有签署人不在受信任之列", "A signer is not trusted"));
        }
        let altered = || {
            refuse(
                "bundle_altered",
                "法规包内容与签名不符，可能被改动",
                "The bundle does not match its signatures; it may have been altered",
            )
        };
        let key = PublicKey::from_hex(&approval.public_key).map_err(|_| altered())?;
        let signature = Signature::from_hex(&approval.signature).map_err(|_| altered())?;
        if !key.verify(&bytes, &signature) {
            return Err(altered());
        }
    }
    let names: Vec<String> = bundle.approvals.iter().map(|approval| approval.name.clone()).collect();
    if names != bundle.content.approvers {
        return Err(refuse(
            "bundle_altered",
            "签署人名单与内容不符",
            "The signers differ from those named in the content",
        ));
    }
    let files: Vec<(String, String)> = bundle.content.files.into_iter().collect();
    if let Some((name, _)) = files.iter().find(|(name, _)| !safe(name)) {
        let shown: String = name.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
        return Err(refuse(
            "bundle_file_name",
            &format!("文件名不合规：{shown}"),
            &format!("A file name is not allowed: {shown}"),
        ));
    }
    RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    Ok(Verified {
        issuer: bundle.content.issuer,
        document: bundle.content.document,
        approvers: names,
        files,
    })
}

/// `000000-name/topic.toml` of plain letters: it can only land inside the folder it is unpacked to.
fn safe(name: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    };
    name.split_once('/')
        .is_some_and(|(folder, file)| plain(folder) && file.strip_suffix(".toml").is_some_and(plain))
}
