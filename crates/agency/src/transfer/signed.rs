//! The employer's signature under the application: checked, and the signed PDF kept for the clerks.

use ::store::Tx;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::clock;
use control::document::Template;
use control::seal::{self, ReceivedDocument, VerifyCode};
use exchange::message::{SignedDocument, TransferApplication};
use standard::sm::{PublicKey, Signature, sm3_hex};
use standard::{Finding, Organisation, Refusal};

use super::events::masked_name;
use crate::inbound::Received;

/// 《电子签名法》第十三条: whether the signature fits the digest under the key given.
pub fn fits(document: &SignedDocument) -> bool {
    let (Ok(digest), Ok(signature), Ok(key)) = (
        hex::decode(&document.digest),
        Signature::from_hex(&document.signature),
        PublicKey::from_hex(&document.public_key),
    ) else {
        return false;
    };
    key.verify(&digest, &signature)
}

/// Whether the key that signed is the employer's, where this process knows it; elsewhere the envelope, signed with
/// the same key, has proven it.
pub async fn is_employers(tx: &mut Tx, application: &TransferApplication) -> Result<bool, Refusal> {
    let employer = Organisation::Employer(application.employer.id);
    let known = seal::organisation_public_key(tx, &employer).await?;
    Ok(known.is_none_or(|key| key.to_hex() == application.document.public_key))
}

/// What HR reads when the signature does not hold.
pub fn invalid() -> Finding {
    Finding::blocking(
        "signature_invalid",
        "电子签名验证未通过",
        "The electronic signature does not verify",
    )
    .field("document")
    .remedy("重新签署申请表后提交", "Sign the form again and submit")
}

/// Keeps the signed PDF with the agency's documents and gives the application without it. A PDF that is not what was
/// signed is not kept, and its signature is dropped, so that the accuracy check returns the application.
pub async fn keep(tx: &mut Tx, received: &Received, mut application: TransferApplication) -> Result<TransferApplication, Refusal> {
    let Some(pdf) = application.document.pdf_base64.take() else {
        return Ok(application);
    };
    let pdf = STANDARD.decode(pdf).unwrap_or_default();
    let document = &application.document;
    let code = VerifyCode::parse(&document.verify_code);
    let (true, true, Ok(code)) = (fits(document), sm3_hex(&pdf) == document.digest.to_ascii_lowercase(), code) else {
        application.document.signature.clear();
        return Ok(application);
    };
    let kept = ReceivedDocument {
        code,
        kind: Template::TransferApplication,
        pdf: &pdf,
        signed_by: received.from,
        office_name: &application.employer.name,
        signed_at: clock::now(),
        signature: &document.signature,
        public_key: &document.public_key,
        subject: &masked_name(&application.person.name),
        reference: Some(application.transfer_id),
    };
    seal::keep_received(tx, &Organisation::Agency(received.region), kept).await?;
    Ok(application)
}
