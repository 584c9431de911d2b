//! 员工材料: files about an employee. What a file is is told by its content; the content lies encrypted; each reading leaves a trace.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::Serialize;
use serde_json::json;
use standard::{Finding, Refusal, Timestamp};
use store::{BlobId, Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store as rows;
use crate::employer_of;

/// Largest file, in bytes.
pub const BYTES_MAX: usize = 10 << 20;
/// Most files of one employee.
const FILES_MAX: usize = 100;
const NAME_CHARS: usize = 120;

/// Kinds of material, and their words on screen.
pub const KINDS: [(&str, &str); 10] = [
    ("id_card", "身份证"),
    ("contract", "劳动合同"),
    ("photo", "证件照"),
    ("diploma", "学历学位证书"),
    ("certificate", "职业资格或上岗证"),
    ("health", "健康证或体检报告"),
    ("bank_card", "银行卡"),
    ("leaving", "离职证明"),
    ("family", "扣除项目证明"),
    ("other", "其他"),
];

/// A file as listed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EmployeeDocument {
    /// Key.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// The kind's word on screen.
    pub kind_name: String,
    /// 文件名.
    pub file_name: String,
    /// What the content is.
    pub media_type: String,
    /// How large.
    pub bytes: i64,
    /// Who uploaded it.
    pub entered_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Timestamp,
}

/// A file with its content.
pub struct Opened {
    /// 文件名.
    pub file_name: String,
    /// What the content is.
    pub media_type: String,
    /// The content.
    pub content: Vec<u8>,
}

/// What the content is, by its first bytes: PDF, PNG or JPEG.
pub fn sniff(content: &[u8]) -> Option<&'static str> {
    let begins = |magic: &[u8]| content.starts_with(magic);
    match () {
        () if begins(b"%PDF-") => Some("application/pdf"),
        () if begins(b"\x89PNG\r\n\x1a\n") => Some("image/png"),
        () if begins(b"\xff\xd8\xff") => Some("image/jpeg"),
        () => None,
    }
}

/// Keeps a file.
pub async fn add(
    actor: &Actor,
    db: &Db,
    employee_id: Uuid,
    kind: &str,
    file_name: &str,
    content: &[u8],
) -> Result<EmployeeDocument, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let (media_type, file_name) = weigh(kind, file_name, content)?;
    rows::get(&mut db.read(), employer_id, employee_id).await?;
    let digest: String = standard::sm::sm3(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let present = list(&mut db.read(), employer_id, employee_id).await?;
    if present.len() >= FILES_MAX {
        return Err(Refusal::invalid(
            Finding::blocking(
                "documents_too_many",
                format!("每人最多 {FILES_MAX} 份材料"),
                "there are too many files",
            )
            .remedy("请先删除不再需要的材料", "remove some first"),
        ));
    }
    // Content first: a row never points at nothing. A blob whose row was not written is only a few bytes of waste.
    let blob = db.blobs().put(content).await?;
    let (id, now) = (Uuid::now_v7(), clock::now());
    let mut tx = db.begin().await?;
    tx.execute(
        "INSERT INTO employer_document (employer_id, id, employee_id, kind, file_name, media_type, bytes, digest, blob, entered_by,
             entered_name, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            employer_id,
            id,
            employee_id,
            kind,
            &file_name,
            media_type,
            content.len() as i64,
            digest,
            blob,
            actor.user_id,
            &actor.name,
            now
        ],
    )
    .await?;
    let after = json!({ "document": id, "kind": kind, "bytes": content.len() });
    audit::record(&mut tx, actor, "employee.document", "employee", employee_id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(EmployeeDocument {
        id,
        kind: kind.to_string(),
        kind_name: kind_name(kind).unwrap_or_default().to_string(),
        file_name,
        media_type: media_type.to_string(),
        bytes: content.len() as i64,
        entered_name: actor.name.clone(),
        entered_at: now,
    })
}

fn kind_name(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|(key, _)| *key == kind).map(|(_, name)| *name)
}

fn weigh(kind: &str, file_name: &str, content: &[u8]) -> Result<(&'static str, String), Refusal> {
    if kind_name(kind).is_none() {
        return Err(Refusal::invalid(
            Finding::blocking("document_kind_unknown", "没有这种材料", "there is no such kind of file").field("kind"),
        ));
    }
    if content.len() > BYTES_MAX {
        let limit = BYTES_MAX >> 20;
        return Err(Refusal::too_large(
            "document_too_large",
            format!("文件超过 {limit} MB"),
            format!("the file is larger than {limit} MB"),
        )
        .remedy("请压缩或分成几份上传", "compress or split it"));
    }
    let media_type = sniff(content).ok_or_else(|| {
        Refusal::invalid(
            Finding::blocking(
                "document_not_readable_kind",
                "文件内容不是 PDF、PNG 或 JPEG",
                "the content is no PDF, PNG or JPEG",
            )
            .field("file")
            .remedy("请转换为 PDF 或图片后上传", "convert it to PDF or a picture"),
        )
    })?;
    // Only the name itself: no folders, no control characters.
    let name: String = file_name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARS)
        .collect();
    let name = if name.trim().is_empty() { "文件".to_string() } else { name };
    Ok((media_type, name))
}

/// The files of an employee, newest first.
pub(crate) async fn list(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<EmployeeDocument>, Refusal> {
    let rows = q
        .all(
            "SELECT id, kind, file_name, media_type, bytes, entered_name, entered_at FROM employer_document
             WHERE employer_id = $1 AND employee_id = $2 AND removed_at IS NULL ORDER BY entered_at DESC, id DESC",
            args![employer_id, employee_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let kind: String = row.get("kind")?;
            Ok(EmployeeDocument {
                id: row.get("id")?,
                kind_name: kind_name(&kind).unwrap_or_default().to_string(),
                kind,
                file_name: row.get("file_name")?,
                media_type: row.get("media_type")?,
                bytes: row.get("bytes")?,
                entered_name: row.get("entered_name")?,
                entered_at: row.get("entered_at")?,
            })
        })
        .collect()
}

/// Reads a file; the reading is written to the trail.
pub async fn open(actor: &Actor, db: &Db, employee_id: Uuid, document_id: Uuid) -> Result<Opened, Refusal> {
    actor.require(Permission::RevealSensitive)?;
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let row = db
        .read()
        .optional(
            "SELECT file_name, media_type, blob FROM employer_document
             WHERE employer_id = $1 AND id = $2 AND employee_id = $3 AND removed_at IS NULL",
            args![employer_id, document_id, employee_id],
        )
        .await?
        .ok_or_else(not_found)?;
    let content = db.blobs().get(row.get::<BlobId>("blob")?).await?;
    audit::access_alone(
        db,
        actor,
        "employee.document_read",
        "employee",
        employee_id,
        &document_id.to_string(),
    )
    .await?;
    Ok(Opened {
        file_name: row.get("file_name")?,
        media_type: row.get("media_type")?,
        content,
    })
}

fn not_found() -> Refusal {
    Refusal::not_found("document_not_found", "没有找到该材料", "no such file")
}

/// Takes a file off the list. Its row stays and says who removed it.
pub async fn remove(actor: &Actor, db: &Db, employee_id: Uuid, document_id: Uuid) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let changed = tx
        .execute(
            "UPDATE employer_document SET removed_at = $4, removed_name = $5
             WHERE employer_id = $1 AND id = $2 AND employee_id = $3 AND removed_at IS NULL",
            args![employer_id, document_id, employee_id, clock::now(), &actor.name],
        )
        .await?;
    if changed == 0 {
        return Err(not_found());
    }
    let before = json!({ "document": document_id });
    audit::record(
        &mut tx,
        actor,
        "employee.document_remove",
        "employee",
        employee_id,
        Some(before),
        None,
    )
    .await?;
    tx.commit().await
}
