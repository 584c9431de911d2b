//! The messages, one type a kind.

mod directory;
mod enrolment;
mod month;
mod party;
mod transfer;
mod transfer_form;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use standard::Refusal;

pub use directory::{DIRECTORY_UPDATE_ENTRIES_MAX, DirectoryUpdate};
pub use enrolment::{EnrolmentApplication, EnrolmentOutcome, EnrolmentResult};
pub use month::{
    AdjustmentApplication, AdjustmentLine, AdjustmentReason, AdjustmentResult, ArrearsNotice, CollectionOrder, Declaration,
    DeclarationLine, DeclarationResult, FilingOutcome, MONTH_LINES_MAX, OrderCancelled, OrderDocument, OrderItem, OrderKind, OrderLine,
    PaymentReceipt, RefundNotice, RefusedLine, StopApplication, StopLine, StopReason, StopResult,
};
pub use party::{AgencyParty, EmployerParty, OfficeRef, PersonParty, Reason, SignedDocument};
pub use transfer::{
    AccountKind, ContactLetter, DeclineKind, FundNotice, InformationForm, Stretch, TransferApplication, TransferCompleted, TransferDecline,
    TransferEvent, TransferStep,
};
pub use transfer_form::{AgentParty, ApplicationForm, FormOne, YearRow};

use crate::envelope::{unknown_kind, unreadable_body};

/// Everything one organisation may send another. Debug shows the kind only: bodies hold personal data.
#[expect(clippy::large_enum_variant, reason = "one at a time is in memory, and never for long")]
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Message {
    /// Employer → agency: insure this person.
    EnrolmentApplication(EnrolmentApplication),
    /// Agency → employer: done, returned or refused.
    EnrolmentResult(EnrolmentResult),
    /// Employer → new agency: 《基本养老保险关系转移接续申请表》.
    TransferApplication(TransferApplication),
    /// Agency → employer: a step was taken.
    TransferEvent(TransferEvent),
    /// New agency → old agency: 联系函.
    ContactLetter(ContactLetter),
    /// Old agency → new agency: 信息表 with the fund notice.
    InformationForm(InformationForm),
    /// Either agency → the other: returned or refused.
    TransferDecline(TransferDecline),
    /// New agency → old agency: history and money are posted.
    TransferCompleted(TransferCompleted),
    /// Agency → platform: who is and is no longer insured here.
    DirectoryUpdate(DirectoryUpdate),
    /// Employer → agency: stop these people (停保).
    StopApplication(StopApplication),
    /// Agency → employer: what became of the stop.
    StopResult(StopResult),
    /// Employer → agency: 缴费工资申报 of a month.
    Declaration(Declaration),
    /// Agency → employer: what became of the declaration.
    DeclarationResult(DeclarationResult),
    /// Agency → employer: the bill (征集单).
    CollectionOrder(CollectionOrder),
    /// Agency → employer: money received and posted (回执).
    PaymentReceipt(PaymentReceipt),
    /// Agency → employer: an order is past its last day (催缴).
    ArrearsNotice(ArrearsNotice),
    /// Employer → agency: 补缴 or 退费 of past months.
    AdjustmentApplication(AdjustmentApplication),
    /// Agency → employer: what became of the adjustment.
    AdjustmentResult(AdjustmentResult),
    /// Agency → employer: money went back (退费).
    RefundNotice(RefundNotice),
    /// Agency → employer: an order is void (作废).
    OrderCancelled(OrderCancelled),
    /// Agency → employer: the sealed 征集单.
    OrderDocument(OrderDocument),
}

/// All kinds, for tests and for the document of the interface.
pub const KINDS: [&str; 21] = [
    "enrolment_application",
    "enrolment_result",
    "transfer_application",
    "transfer_event",
    "contact_letter",
    "information_form",
    "transfer_decline",
    "transfer_completed",
    "directory_update",
    "stop_application",
    "stop_result",
    "declaration",
    "declaration_result",
    "collection_order",
    "payment_receipt",
    "arrears_notice",
    "adjustment_application",
    "adjustment_result",
    "refund_notice",
    "order_cancelled",
    "order_document",
];

impl Message {
    /// The kind, as the envelope names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Message::EnrolmentApplication(_) => KINDS[0],
            Message::EnrolmentResult(_) => KINDS[1],
            Message::TransferApplication(_) => KINDS[2],
            Message::TransferEvent(_) => KINDS[3],
            Message::ContactLetter(_) => KINDS[4],
            Message::InformationForm(_) => KINDS[5],
            Message::TransferDecline(_) => KINDS[6],
            Message::TransferCompleted(_) => KINDS[7],
            Message::DirectoryUpdate(_) => KINDS[8],
            Message::StopApplication(_) => KINDS[9],
            Message::StopResult(_) => KINDS[10],
            Message::Declaration(_) => KINDS[11],
            Message::DeclarationResult(_) => KINDS[12],
            Message::CollectionOrder(_) => KINDS[13],
            Message::PaymentReceipt(_) => KINDS[14],
            Message::ArrearsNotice(_) => KINDS[15],
            Message::AdjustmentApplication(_) => KINDS[16],
            Message::AdjustmentResult(_) => KINDS[17],
            Message::RefundNotice(_) => KINDS[18],
            Message::OrderCancelled(_) => KINDS[19],
            Message::OrderDocument(_) => KINDS[20],
        }
    }

    /// The body alone, as the envelope and the outbox hold it.
    pub fn body_json(&self) -> Value {
        match self {
            Message::EnrolmentApplication(body) => json!(body),
            Message::EnrolmentResult(body) => json!(body),
            Message::TransferApplication(body) => json!(body),
            Message::TransferEvent(body) => json!(body),
            Message::ContactLetter(body) => json!(body),
            Message::InformationForm(body) => json!(body),
            Message::TransferDecline(body) => json!(body),
            Message::TransferCompleted(body) => json!(body),
            Message::DirectoryUpdate(body) => json!(body),
            Message::StopApplication(body) => json!(body),
            Message::StopResult(body) => json!(body),
            Message::Declaration(body) => json!(body),
            Message::DeclarationResult(body) => json!(body),
            Message::CollectionOrder(body) => json!(body),
            Message::PaymentReceipt(body) => json!(body),
            Message::ArrearsNotice(body) => json!(body),
            Message::AdjustmentApplication(body) => json!(body),
            Message::AdjustmentResult(body) => json!(body),
            Message::RefundNotice(body) => json!(body),
            Message::OrderCancelled(body) => json!(body),
            Message::OrderDocument(body) => json!(body),
        }
    }

    /// Reads a kind and a body: refused as `envelope_unknown_kind` or `envelope_body`.
    pub fn from_parts(kind: &str, body: Value) -> Result<Message, Refusal> {
        if !KINDS.contains(&kind) {
            return Err(unknown_kind());
        }
        serde_json::from_value(json!({ "kind": kind, "body": body })).map_err(|error| unreadable_body(&error))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind())
    }
}
