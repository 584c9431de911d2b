//! The agency's sealed 征集单 and 缴费回执 of a bill: kept as they came, and opened by whoever sees bills. They name no person.

use ::store::{Db, Tx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::document::Template;
use control::identity::{Actor, Permission};
use control::seal::{self, ReceivedDocument, VerifyCode};
use exchange::message::SignedDocument;
use serde::Serialize;
use standard::{Organisation, Refusal, Text, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Bill};
use crate::employer_of;

/// A sealed document of a bill.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = BillDocument)]
pub struct DocumentView {
    /// Key.
    pub id: Uuid,
    /// `collection_order` or `payment_receipt`.
    pub kind: String,
    /// What people call it.
    pub title: Text,
    /// 验证码.
    pub verify_code: String,
    /// Who sealed it.
    pub office: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
}

/// What came with a document.
pub(super) struct Sealed<'a> {
    pub kind: Template,
    pub office: &'a str,
    pub document: &'a SignedDocument,
    pub at: Timestamp,
}

/// Keeps a document of the agency with its bill and gives its key. One whose seal does not hold is not kept: the money it tells of
/// counts all the same, and the agency can be asked for another.
pub(super) async fn keep(
    tx: &mut Tx,
    from: &Organisation,
    employer_id: Uuid,
    bill: &Bill,
    sealed: Sealed<'_>,
) -> Result<Option<Uuid>, Refusal> {
    let document = sealed.document;
    let pdf = document.pdf_base64.as_deref().and_then(|pdf| STANDARD.decode(pdf).ok());
    let (Some(pdf), Ok(code)) = (pdf, VerifyCode::parse(&document.verify_code)) else {
        return Ok(None);
    };
    // Where this process does not know the agency's key, the envelope, signed with it, has proven who sent this.
    let known = seal::organisation_public_key(tx, from).await?;
    if known.is_some_and(|key| key.to_hex() != document.public_key) {
        tracing::warn!(
            order = bill.order_number,
            "a document of an order is sealed with another key than the agency's"
        );
        return Ok(None);
    }
    let received = ReceivedDocument {
        code,
        kind: sealed.kind,
        pdf: &pdf,
        signed_by: *from,
        office_name: sealed.office,
        signed_at: sealed.at,
        signature: &document.signature,
        public_key: &document.public_key,
        subject: &bill.order_number,
        reference: Some(bill.id),
    };
    match seal::keep_received(tx, &Organisation::Employer(employer_id), received).await {
        Ok(kept) => Ok(Some(kept.id)),
        Err(refusal) if refusal.kind == standard::RefusalKind::Internal => Err(refusal),
        Err(refusal) => {
            tracing::warn!(%refusal, order = bill.order_number, "a document of an order does not verify and is not kept");
            Ok(None)
        }
    }
}

/// The documents of a bill, oldest first.
pub(super) async fn of_bill(db: &Db, actor: &Actor, id: Uuid) -> Result<Vec<DocumentView>, Refusal> {
    let documents = seal::documents_of(db, &actor.organisation, id).await?;
    Ok(documents
        .into_iter()
        .map(|document| DocumentView {
            id: document.id,
            kind: document.kind.key().to_string(),
            title: document.title(),
            verify_code: document.code.clone(),
            office: document.office_name.clone(),
            signed_at: document.signed_at,
        })
        .collect())
}

/// One document of a bill as PDF, checked against its digest.
pub async fn pdf(actor: &Actor, db: &Db, id: Uuid, document: Uuid) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::BillView)?;
    store::get(&mut db.read(), employer_of(actor)?, id).await?;
    seal::open_document(actor, db, &[id], document, "bill.document_pdf", "查看征集单或回执").await
}
