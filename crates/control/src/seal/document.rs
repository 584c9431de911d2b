//! Signed documents: made here, or received in a message; kept with their signature so that anyone can verify them.

use standard::sm::{PublicKey, Signature, sm3, sm3_hex};
use standard::{Organisation, Refusal, Text, Timestamp};
use store::{BlobId, Db, Query, Row, Tx, args};
use uuid::Uuid;

use super::code::VerifyCode;
use super::key::organisation_key;
use super::verify::verify_detached;
use crate::clock::now;
use crate::document::Template;
use crate::identity::{Actor, Permission};

const COLUMNS: &str = "owner, id, code, kind, signed_by, signer_name, office_name, signed_at, digest, signature, public_key, \
     subject, reference, blob_id, size_bytes, revoked_at, revoked_reason";

/// What to sign.
pub struct SignRequest<'a> {
    /// The code printed in the PDF.
    pub code: VerifyCode,
    /// Which document it is.
    pub kind: Template,
    /// The finished PDF.
    pub pdf: &'a [u8],
    /// The organisation's name as printed on its seal.
    pub office_name: &'a str,
    /// Whom the document is about, as the verify page may show it: a masked name, never an ID number.
    pub subject: &'a str,
    /// The case or transfer it belongs to.
    pub reference: Option<Uuid>,
    /// The moment printed in the PDF.
    pub signed_at: Timestamp,
}

/// A document that another organisation signed and sent.
pub struct ReceivedDocument<'a> {
    /// Its code.
    pub code: VerifyCode,
    /// Which document it is.
    pub kind: Template,
    /// The PDF as received.
    pub pdf: &'a [u8],
    /// Who signed.
    pub signed_by: Organisation,
    /// The signing organisation's name.
    pub office_name: &'a str,
    /// When, by its own word.
    pub signed_at: Timestamp,
    /// The signature in hexadecimal.
    pub signature: &'a str,
    /// The public key in hexadecimal. The caller has checked that it is the sender's.
    pub public_key: &'a str,
    /// Whom the document is about (masked name).
    pub subject: &'a str,
    /// The case or transfer it belongs to here.
    pub reference: Option<Uuid>,
}

/// The record of a signed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedDocument {
    /// Who keeps this record.
    pub owner: Organisation,
    /// Key of the record.
    pub id: Uuid,
    /// The verify code without hyphens.
    pub code: String,
    /// Which document it is.
    pub kind: Template,
    /// The organisation that signed.
    pub signed_by: Organisation,
    /// The person who had it signed; empty on a received document.
    pub signer_name: String,
    /// The signing organisation's name as printed on its seal.
    pub office_name: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// SM3 digest of the PDF, hexadecimal.
    pub digest: String,
    /// SM2 signature of the digest, hexadecimal.
    pub signature: String,
    /// The key that signed, hexadecimal.
    pub public_key: String,
    /// Whom it is about (masked name).
    pub subject: String,
    /// The case or transfer it belongs to.
    pub reference: Option<Uuid>,
    /// Where the PDF is.
    pub blob: BlobId,
    /// Size of the PDF (bytes).
    pub size_bytes: i64,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    pub revoked_reason: Option<String>,
}

impl SealedDocument {
    /// What people call it.
    pub fn title(&self) -> Text {
        self.kind.title()
    }
}

/// Signs the PDF with the key of the actor's organisation and keeps it. Render before the transaction begins: on SQLite
/// it holds the only writer.
pub async fn sign_document(tx: &mut Tx, actor: &Actor, request: SignRequest<'_>) -> Result<SealedDocument, Refusal> {
    require_signer(actor)?;
    let owner = actor.organisation;
    let key = organisation_key(tx, &owner).await?;
    let signature = key.sign(&sm3(request.pdf))?;
    let blob = tx.db().blobs().put(request.pdf).await?;
    let document = SealedDocument {
        owner,
        id: Uuid::now_v7(),
        code: request.code.as_str().to_owned(),
        kind: request.kind,
        signed_by: owner,
        signer_name: actor.name.clone(),
        office_name: request.office_name.to_owned(),
        signed_at: request.signed_at,
        digest: sm3_hex(request.pdf),
        signature: signature.to_hex(),
        public_key: key.public().to_hex(),
        subject: request.subject.to_owned(),
        reference: request.reference,
        blob,
        size_bytes: size_of(request.pdf),
        revoked_at: None,
        revoked_reason: None,
    };
    insert(tx, &document).await?;
    crate::audit::record(
        tx,
        actor,
        "document.sign",
        "document",
        document.id,
        None,
        Some(serde_json::json!({ "code": document.code, "kind": document.kind.key(), "digest": document.digest })),
    )
    .await?;
    Ok(document)
}

/// Keeps a document received from another organisation, so that its own staff can open and verify it. Refuses
/// (`document_signature_invalid`) when the signature does not fit the bytes. The same code again gives the first record.
pub async fn keep_received(tx: &mut Tx, owner: &Organisation, received: ReceivedDocument<'_>) -> Result<SealedDocument, Refusal> {
    // Read first what may be refused, so that nothing is stored for it.
    PublicKey::from_hex(received.public_key)?;
    Signature::from_hex(received.signature)?;
    if !verify_detached(received.pdf, received.signature, received.public_key)? {
        return Err(altered());
    }
    if let Some(row) = by_owner_and_code(tx, owner, &received.code).await? {
        let known = read(tx.db(), &row)?;
        return if known.digest == sm3_hex(received.pdf) {
            Ok(known)
        } else {
            Err(altered())
        };
    }
    let blob = tx.db().blobs().put(received.pdf).await?;
    let document = SealedDocument {
        owner: *owner,
        id: Uuid::now_v7(),
        code: received.code.as_str().to_owned(),
        kind: received.kind,
        signed_by: received.signed_by,
        signer_name: String::new(),
        office_name: received.office_name.to_owned(),
        signed_at: received.signed_at,
        digest: sm3_hex(received.pdf),
        signature: received.signature.to_owned(),
        public_key: received.public_key.to_owned(),
        subject: received.subject.to_owned(),
        reference: received.reference,
        blob,
        size_bytes: size_of(received.pdf),
        revoked_at: None,
        revoked_reason: None,
    };
    insert(tx, &document).await?;
    Ok(document)
}

/// One document of an organisation, or `document_not_found`.
pub async fn document(db: &Db, owner: &Organisation, id: Uuid) -> Result<SealedDocument, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM control_document WHERE owner = $1 AND id = $2");
    match db.read().optional(&sql, args![owner, id]).await? {
        Some(row) => read(db, &row),
        None => Err(not_found()),
    }
}

/// The documents of a case or transfer, oldest first.
pub async fn documents_of(db: &Db, owner: &Organisation, reference: Uuid) -> Result<Vec<SealedDocument>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM control_document WHERE owner = $1 AND reference = $2 ORDER BY id LIMIT 200");
    let rows = db.read().all(&sql, args![owner, reference]).await?;
    rows.iter().map(|row| read(db, row)).collect()
}

/// The PDF of a document. Refuses (`document_signature_invalid`) when what is stored is no longer what was signed.
pub async fn document_pdf(db: &Db, document: &SealedDocument) -> Result<Vec<u8>, Refusal> {
    let pdf = db.blobs().get(document.blob).await?;
    if sm3_hex(&pdf) != document.digest {
        return Err(altered());
    }
    Ok(pdf)
}

/// Opens one document of a case, transfer or order as PDF and puts that on the trail. `references` are what the caller has already
/// shown the actor; a document of anything else refuses (`document_not_found`) as if there were none.
pub async fn open_document(actor: &Actor, db: &Db, references: &[Uuid], id: Uuid, action: &str, purpose: &str) -> Result<Vec<u8>, Refusal> {
    let document = document(db, &actor.organisation, id).await?;
    if !document.reference.is_some_and(|reference| references.contains(&reference)) {
        return Err(not_found());
    }
    let mut tx = db.begin().await?;
    crate::audit::access(&mut tx, actor, action, "document", id, purpose).await?;
    tx.commit().await?;
    document_pdf(db, &document).await
}

/// Declares an own document void, with the reason; verification then says so. Again: nothing changes.
pub async fn revoke_document(tx: &mut Tx, actor: &Actor, id: Uuid, reason: &str) -> Result<(), Refusal> {
    require_signer(actor)?;
    let changed = tx
        .execute(
            "UPDATE control_document SET revoked_at = $3, revoked_reason = $4
             WHERE owner = $1 AND id = $2 AND signed_by = $1 AND revoked_at IS NULL",
            args![actor.organisation, id, now(), reason],
        )
        .await?;
    if changed == 0 {
        let known = tx
            .optional(
                "SELECT id FROM control_document WHERE owner = $1 AND id = $2 AND signed_by = $1",
                args![actor.organisation, id],
            )
            .await?;
        return if known.is_some() { Ok(()) } else { Err(not_found()) };
    }
    let after = serde_json::json!({ "reason": reason });
    crate::audit::record(tx, actor, "document.revoke", "document", id, None, Some(after)).await
}

/// Declares every own document of one kind of a case or transfer void but `kept`, naming what replaced them or why; returns how
/// many were valid until now. Documents void already get the newer reason and keep their time. Called inside the act that voids
/// the signature, which the caller has authorised: who may change a form need not be who may sign it.
pub async fn supersede_documents(
    tx: &mut Tx,
    actor: &Actor,
    reference: Uuid,
    kind: Template,
    kept: Option<Uuid>,
    reason: &str,
) -> Result<usize, Refusal> {
    let owner = actor.organisation;
    let rows = tx
        .all(
            "SELECT id, revoked_at FROM control_document WHERE owner = $1 AND reference = $2 AND kind = $3 AND signed_by = $1 LIMIT 200",
            args![owner, reference, kind.key()],
        )
        .await?;
    let mut voided = 0;
    for row in &rows {
        let id: Uuid = row.get("id")?;
        if kept == Some(id) {
            continue;
        }
        tx.execute(
            "UPDATE control_document SET revoked_at = COALESCE(revoked_at, $3), revoked_reason = $4 WHERE owner = $1 AND id = $2",
            args![owner, id, now(), reason],
        )
        .await?;
        if row.get::<Option<Timestamp>>("revoked_at")?.is_none() {
            voided += 1;
            let after = serde_json::json!({ "reason": reason, "replaced_by": kept });
            crate::audit::record(tx, actor, "document.supersede", "document", id, None, Some(after)).await?;
        }
    }
    Ok(voided)
}

/// The record under `code`: the signer's own before copies kept by others.
pub(super) async fn find_by_code(db: &Db, code: &VerifyCode) -> Result<Option<SealedDocument>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM control_document WHERE code = $1
         ORDER BY CASE WHEN owner = signed_by THEN 0 ELSE 1 END, id LIMIT 1"
    );
    match db.read().optional(&sql, args![code.as_str()]).await? {
        Some(row) => Ok(Some(read(db, &row)?)),
        None => Ok(None),
    }
}

async fn by_owner_and_code(tx: &mut Tx, owner: &Organisation, code: &VerifyCode) -> Result<Option<Row>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM control_document WHERE owner = $1 AND code = $2");
    tx.optional(&sql, args![owner, code.as_str()]).await
}

async fn insert(tx: &mut Tx, document: &SealedDocument) -> Result<(), Refusal> {
    let subject = tx
        .db()
        .cipher()
        .seal_text("control_document", "subject", document.id.as_bytes(), &document.subject)?;
    tx.execute(
        "INSERT INTO control_document (owner, id, code, kind, signed_by, signer_name, office_name, signed_at, digest,
             signature, public_key, subject, reference, blob_id, size_bytes, kept_at, revoked_at, revoked_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, NULL)",
        args![
            document.owner,
            document.id,
            document.code,
            document.kind.key(),
            document.signed_by,
            document.signer_name,
            document.office_name,
            document.signed_at,
            document.digest,
            document.signature,
            document.public_key,
            subject,
            document.reference,
            document.blob,
            document.size_bytes,
            now()
        ],
    )
    .await?;
    Ok(())
}

fn read(db: &Db, row: &Row) -> Result<SealedDocument, Refusal> {
    let id: Uuid = row.get("id")?;
    let kind: String = row.get("kind")?;
    let subject: Vec<u8> = row.get("subject")?;
    Ok(SealedDocument {
        owner: row.get("owner")?,
        id,
        code: row.get("code")?,
        kind: Template::by_key(&kind).ok_or_else(|| Refusal::internal(format!("unknown kind of document: {kind}")))?,
        signed_by: row.get("signed_by")?,
        signer_name: row.get("signer_name")?,
        office_name: row.get("office_name")?,
        signed_at: row.get("signed_at")?,
        digest: row.get("digest")?,
        signature: row.get("signature")?,
        public_key: row.get("public_key")?,
        subject: db.cipher().open_text("control_document", "subject", id.as_bytes(), &subject)?,
        reference: row.get("reference")?,
        blob: row.get("blob_id")?,
        size_bytes: row.get("size_bytes")?,
        revoked_at: row.get("revoked_at")?,
        revoked_reason: row.get("revoked_reason")?,
    })
}

/// Who may use the organisation's key: HR who files, the agency's clerks and reviewers for their cases, and the
/// system where an effect issues a document.
fn require_signer(actor: &Actor) -> Result<(), Refusal> {
    if actor.is_system() || actor.may(Permission::CasePass) || actor.may(Permission::CaseApprove) {
        return Ok(());
    }
    actor.require(Permission::InsuranceFile)
}

fn size_of(pdf: &[u8]) -> i64 {
    i64::try_from(pdf.len()).unwrap_or(i64::MAX)
}

fn not_found() -> Refusal {
    Refusal::not_found(
        "document_not_found",
        "没有找到这份文件，或它不属于本单位的这项业务",
        "No such document of this matter in your organisation",
    )
}

fn altered() -> Refusal {
    Refusal::conflict(
        "document_signature_invalid",
        "文件与其电子签名不一致：签署后内容被改动，或签名不属于该文件",
        "The document does not fit its signature: it was changed after signing, or the signature is another document's",
    )
    .remedy("请要求对方重新发送原件", "Ask the sender for the original again")
}
