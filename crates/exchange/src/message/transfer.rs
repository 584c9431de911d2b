//! 转移接续: the messages of one transfer, in the order they are sent (国办发〔2009〕66号 第八条).

use serde::{Deserialize, Serialize};
use standard::{Date, Insurance, Money, Month, Organisation, RegionCode, Timestamp};
use uuid::Uuid;

use super::{AgencyParty, ApplicationForm, EmployerParty, FormOne, OfficeRef, PersonParty, Reason, SignedDocument, YearRow};

/// Employer → new agency: take over this person's relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferApplication {
    /// Names the transfer from first to last message.
    pub transfer_id: Uuid,
    /// 1, and one more each time it is corrected and filed again.
    #[serde(default = "first_round")]
    pub round: u32,
    /// Who applies.
    pub employer: EmployerParty,
    /// For whom.
    pub person: PersonParty,
    /// Which insurance.
    pub insurance: Insurance,
    /// The old region.
    pub from_region: RegionCode,
    /// The new region.
    pub to_region: RegionCode,
    /// The form as filled.
    pub form: ApplicationForm,
    /// The form as signed.
    pub document: SignedDocument,
    /// When it was filed.
    pub applied_on: Date,
}

fn first_round() -> u32 {
    1
}

/// What the new agency opens for the person (66号 第五条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 一般账户.
    General,
    /// 临时基本养老保险缴费账户: never transferred, never pays.
    Temporary,
}

/// New agency → old agency: 联系函, we take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLetter {
    /// Of the transfer.
    pub transfer_id: Uuid,
    /// AAE270 联系函编号.
    pub letter_number: String,
    /// AAZ341 系统跟踪流水号.
    pub system_serial: String,
    /// What was applied for.
    pub application: TransferApplication,
    /// The old agency.
    pub from_agency: AgencyParty,
    /// The new agency: how to reach it and where to pay.
    pub to_agency: AgencyParty,
    /// What the new agency opens.
    pub account_kind: AccountKind,
    /// When it was issued.
    pub issued_on: Date,
    /// The letter as sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
}

/// A stretch of months paid on one base for one employer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// First month.
    pub from: Month,
    /// Last month, counted.
    pub to: Month,
    /// Monthly contribution base.
    pub base_fen: Money,
    /// 单位名称.
    pub employer_name: String,
}

/// The notice that the money was paid (转移基金).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundNotice {
    /// All of it, ⑥.
    pub amount_fen: Money,
    /// The personal account, ④.
    pub account_fen: Money,
    /// The pooled fund, ⑤.
    pub pooled_fen: Money,
    /// The payee, as the contact letter gave it.
    pub payee: AgencyParty,
    /// The bank's or the fund's reference.
    pub reference: String,
    /// When it was paid.
    pub paid_on: Date,
}

/// Old agency → new agency: 信息表 (一) and (二), the fund notice and the history itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationForm {
    /// Of the transfer.
    pub transfer_id: Uuid,
    /// 信息表(一), IC90.
    pub form_one: FormOne,
    /// 信息表(二), IC91, one row a year.
    pub form_two: Vec<YearRow>,
    /// The money.
    pub fund_notice: FundNotice,
    /// The months.
    pub history: Vec<Stretch>,
    /// When it was issued.
    pub issued_on: Date,
    /// The form as sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
}

/// Whether a transfer may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineKind {
    /// Not possible.
    Refused,
    /// To be corrected and filed again.
    Returned,
}

/// Either agency → the other: this transfer does not go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferDecline {
    /// Of the transfer.
    pub transfer_id: Uuid,
    /// Who declines.
    pub by: Organisation,
    /// At which stage: `transfer_in`, `transfer_out` or `transfer_posting`.
    pub stage: String,
    /// Whether it may be tried again.
    pub kind: DeclineKind,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// New agency → old agency: history and money are posted here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferCompleted {
    /// Of the transfer.
    pub transfer_id: Uuid,
    /// When it was posted.
    pub posted_on: Date,
    /// What was posted.
    pub amount_fen: Money,
}

/// A step of a transfer, as the employer's timeline shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferStep {
    /// 转移申请已提交.
    Submitted,
    /// 新参保地已受理.
    AcceptedNew,
    /// 联系函已发出.
    ContactSent,
    /// 原参保地已受理.
    OldAccepted,
    /// 原参保地已审核.
    OldReviewed,
    /// 资金已划出.
    FundsSent,
    /// 资金已到账.
    FundsReceived,
    /// 转移已完成.
    Completed,
    /// 退回补正.
    Returned,
    /// 不予办理.
    Refused,
}

impl TransferStep {
    /// The name in the interface and the API: `accepted_new`….
    pub const fn name(self) -> &'static str {
        match self {
            TransferStep::Submitted => "submitted",
            TransferStep::AcceptedNew => "accepted_new",
            TransferStep::ContactSent => "contact_sent",
            TransferStep::OldAccepted => "old_accepted",
            TransferStep::OldReviewed => "old_reviewed",
            TransferStep::FundsSent => "funds_sent",
            TransferStep::FundsReceived => "funds_received",
            TransferStep::Completed => "completed",
            TransferStep::Returned => "returned",
            TransferStep::Refused => "refused",
        }
    }

    /// As the timeline shows it.
    pub const fn zh(self) -> &'static str {
        match self {
            TransferStep::Submitted => "转移申请已提交",
            TransferStep::AcceptedNew => "新参保地已受理",
            TransferStep::ContactSent => "联系函已发出",
            TransferStep::OldAccepted => "原参保地已受理",
            TransferStep::OldReviewed => "原参保地已审核",
            TransferStep::FundsSent => "资金已划出",
            TransferStep::FundsReceived => "资金已到账",
            TransferStep::Completed => "转移已完成",
            TransferStep::Returned => "退回补正",
            TransferStep::Refused => "不予办理",
        }
    }

    /// As the timeline shows it in English.
    pub const fn en(self) -> &'static str {
        match self {
            TransferStep::Submitted => "application filed",
            TransferStep::AcceptedNew => "accepted by the new region",
            TransferStep::ContactSent => "contact letter sent",
            TransferStep::OldAccepted => "accepted by the old region",
            TransferStep::OldReviewed => "reviewed by the old region",
            TransferStep::FundsSent => "money sent",
            TransferStep::FundsReceived => "money received",
            TransferStep::Completed => "transfer completed",
            TransferStep::Returned => "returned for correction",
            TransferStep::Refused => "refused",
        }
    }
}

/// Agency → employer: a step was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferEvent {
    /// Of the transfer.
    pub transfer_id: Uuid,
    /// Of the application it concerns.
    #[serde(default = "first_round")]
    pub round: u32,
    /// Which step.
    pub step: TransferStep,
    /// When it was taken.
    pub at: Timestamp,
    /// Who took it.
    pub office: OfficeRef,
    /// The statutory last day of the step that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Date>,
    /// The deadline lies in a year whose days off are not announced.
    #[serde(default)]
    pub deadline_estimated: bool,
    /// The step that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<TransferStep>,
    /// Why it was returned or refused.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// More to show: letter number, amount….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<serde_json::Value>,
}
