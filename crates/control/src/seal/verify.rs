//! Verification: is this document what that organisation signed?

use serde::Serialize;
use standard::sm::{PublicKey, Signature, sm3, sm3_hex};
use standard::{Finding, Organisation, Refusal, Text, Timestamp};
use store::Db;
use utoipa::ToSchema;

use super::code::VerifyCode;
use super::document::{SealedDocument, find_by_code};

/// Largest PDF accepted for verification (bytes).
pub const DETACHED_PDF_BYTES_MAX: usize = 20 << 20;

/// The answer to a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VerificationVerdict)]
pub enum Verdict {
    /// Signed by the organisation named, not changed since, not revoked.
    Valid,
    /// The bytes differ from what was signed, or the record was tampered with.
    Altered,
    /// No document has this code.
    Unknown,
    /// It was signed, but its organisation has declared it void.
    Revoked,
}

/// What anyone who holds the code may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the document may be relied on.
    pub valid: bool,
    /// Whether the caller's file was compared, or only the record was checked.
    pub compared: bool,
    /// The verdict as a sentence.
    pub reason: Text,
    /// The document; absent when unknown.
    pub document: Option<VerifiedDocument>,
}

/// The document of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VerifiedDocument {
    /// The code in groups of four.
    pub code: String,
    /// Which document it is (`transfer_application`…).
    pub kind: String,
    /// What people call it.
    pub title: Text,
    /// The organisation that signed (`employer:…`, `agency:430100`).
    #[schema(value_type = String)]
    pub signed_by: Organisation,
    /// Its name as printed on the seal.
    pub office_name: String,
    /// When it was signed.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
    /// Whom it is about (masked name).
    pub subject: String,
    /// SM3 digest of the PDF, hexadecimal.
    pub digest: String,
    /// SM2 signature, hexadecimal.
    pub signature: String,
    /// The key that signed, hexadecimal.
    pub public_key: String,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    pub revoked_reason: Option<String>,
}

/// Verifies by code; with the `pdf` in hand also compares every byte of it. A mistyped code is refused
/// (`verify_code_invalid`), a well-formed one that nobody has is `unknown`.
pub async fn verify(db: &Db, code: &str, pdf: Option<&[u8]>) -> Result<Verification, Refusal> {
    let code = VerifyCode::parse(code)?;
    if pdf.is_some_and(|pdf| pdf.len() > DETACHED_PDF_BYTES_MAX) {
        return Err(too_large());
    }
    let Some(document) = find_by_code(db, &code).await? else {
        return Ok(answer(Verdict::Unknown, pdf.is_some(), None));
    };
    // The record itself must still be what the key signed, whether or not the caller has the file.
    let genuine = signature_fits(&document)?;
    let same = pdf.is_none_or(|pdf| sm3_hex(pdf) == document.digest);
    let verdict = match (genuine && same, document.revoked_at) {
        (false, _) => Verdict::Altered,
        (true, Some(_)) => Verdict::Revoked,
        (true, None) => Verdict::Valid,
    };
    Ok(answer(verdict, pdf.is_some(), Some(shown(&code, document))))
}

/// Whether `signature` is that of the holder of `public_key` over exactly these bytes; both in hexadecimal. Needs no
/// database, so any organisation that got the three in a message can ask. The caller decides whose key it is.
pub fn verify_detached(pdf: &[u8], signature: &str, public_key: &str) -> Result<bool, Finding> {
    let signature = Signature::from_hex(signature)?;
    let key = PublicKey::from_hex(public_key)?;
    Ok(key.verify(&sm3(pdf), &signature))
}

fn signature_fits(document: &SealedDocument) -> Result<bool, Refusal> {
    let Ok(digest) = hex::decode(&document.digest) else {
        return Ok(false);
    };
    let signature = Signature::from_hex(&document.signature)?;
    let key = PublicKey::from_hex(&document.public_key)?;
    Ok(key.verify(&digest, &signature))
}

fn shown(code: &VerifyCode, document: SealedDocument) -> VerifiedDocument {
    VerifiedDocument {
        code: code.grouped(),
        kind: document.kind.key().to_owned(),
        title: document.title(),
        signed_by: document.signed_by,
        office_name: document.office_name,
        signed_at: document.signed_at,
        subject: document.subject,
        digest: document.digest,
        signature: document.signature,
        public_key: document.public_key,
        revoked_at: document.revoked_at,
        revoked_reason: document.revoked_reason,
    }
}

fn answer(verdict: Verdict, compared: bool, document: Option<VerifiedDocument>) -> Verification {
    let reason = match (verdict, compared) {
        (Verdict::Valid, true) => Text::new(
            "核验通过：文件与签署时一致，签名有效。",
            "Valid: the file is exactly what was signed.",
        ),
        (Verdict::Valid, false) => Text::new(
            "该校验码对应的文件存在，签名有效。上传 PDF 可核对内容是否被改动。",
            "A document with this code exists and its signature is valid. Upload the PDF to compare its content.",
        ),
        (Verdict::Altered, _) => Text::new(
            "核验不通过：文件内容与签署时不一致，请勿采信，并向签署单位索取原件。",
            "Not valid: the content differs from what was signed. Do not rely on it; ask the signing organisation for the original.",
        ),
        (Verdict::Unknown, _) => Text::new(
            "没有查到该校验码对应的文件，请核对校验码或向出具单位查询。",
            "No document has this code. Check the code, or ask the organisation that issued it.",
        ),
        (Verdict::Revoked, _) => Text::new(
            "该文件已被签署单位作废，请勿使用。",
            "The signing organisation has revoked this document. Do not use it.",
        ),
    };
    Verification {
        verdict,
        valid: verdict == Verdict::Valid,
        compared,
        reason,
        document,
    }
}

fn too_large() -> Refusal {
    Refusal::too_large(
        "file_too_large",
        "文件超过 20 MB，不是本系统出具的文件",
        "The file exceeds 20 MB; this system issues no such document",
    )
    .remedy("请上传原始 PDF", "Upload the original PDF")
}
