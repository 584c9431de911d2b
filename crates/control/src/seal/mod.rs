//! Electronic seals: each organisation's SM2 key, signed documents, and their verification by anyone.
//!
//! 《电子签名法》第十三条: an electronic signature is reliable when its data belongs to the signer alone, only the signer
//! controls it, and every later change to the signature or to the content can be found. Here: one key an
//! organisation, kept encrypted; the signature covers the SM3 digest of the finished PDF, so one changed byte fails.
//!
//! The order is fixed by the verify code being printed inside what is signed: [`VerifyCode::new`], render the PDF
//! with it (outside any transaction), then [`sign_document`].

mod code;
mod document;
mod key;
mod verify;

pub use code::VerifyCode;
pub use document::{
    ReceivedDocument, SealedDocument, SignRequest, document, document_pdf, documents_of, keep_received, open_document, revoke_document,
    sign_document, supersede_documents,
};
pub use key::{organisation_key, organisation_public_key, replace_key};
pub use verify::{DETACHED_PDF_BYTES_MAX, Verdict, Verification, VerifiedDocument, verify, verify_detached};

#[cfg(test)]
mod tests;
