//! The forms: one struct a template, its fields named after the form's places, indicator codes in the docs.

mod application;
mod blocks;
mod certificate;
mod collection;
mod contact_letter;
mod decline;
mod fund_notice;
mod information;
mod payslip;
mod receipt;

pub use application::{EmployerBlock, ProxyBlock, TransferApplication};
pub use blocks::{AgencyBlock, PersonBlock};
pub use certificate::ContributionCertificate;
pub use collection::{CollectionOrder, OrderAmount, PaymentReceipt};
pub use contact_letter::ContactLetter;
pub use decline::{Decline, DeclineReason};
pub use fund_notice::FundNotice;
pub use information::{InformationForm, TransferSums, YearRow, YearsTotal};
pub use payslip::{Payslip, PayslipLine};
pub use receipt::{Item, Receipt};

use serde::Serialize;
use standard::Text;

/// A form that has a template.
pub trait Form: Serialize {
    /// Its template.
    const TEMPLATE: Template;
}

/// The documents this crate can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Template {
    /// 基本养老保险关系转移接续申请表
    TransferApplication,
    /// 基本养老保险关系转移接续联系函
    ContactLetter,
    /// 基本养老保险参保缴费信息表
    InformationForm,
    /// 基本养老保险转移基金付款通知
    FundNotice,
    /// 社会保险业务办理回执
    Receipt,
    /// 基本养老保险参保缴费凭证
    ContributionCertificate,
    /// 不予办理通知书, 补正通知书
    Decline,
    /// 工资条
    Payslip,
    /// 社会保险费征集单
    CollectionOrder,
    /// 社会保险费缴费回执
    PaymentReceipt,
}

impl Template {
    /// Every document.
    pub const ALL: [Template; 10] = [
        Template::TransferApplication,
        Template::ContactLetter,
        Template::InformationForm,
        Template::FundNotice,
        Template::Receipt,
        Template::ContributionCertificate,
        Template::Decline,
        Template::Payslip,
        Template::CollectionOrder,
        Template::PaymentReceipt,
    ];

    /// Stable name, kept in the database and the API.
    pub const fn key(self) -> &'static str {
        match self {
            Template::TransferApplication => "transfer_application",
            Template::ContactLetter => "contact_letter",
            Template::InformationForm => "information_form",
            Template::FundNotice => "fund_notice",
            Template::Receipt => "receipt",
            Template::ContributionCertificate => "contribution_certificate",
            Template::Decline => "decline",
            Template::Payslip => "payslip",
            Template::CollectionOrder => "collection_order",
            Template::PaymentReceipt => "payment_receipt",
        }
    }

    /// The document with this key.
    pub fn by_key(key: &str) -> Option<Template> {
        Template::ALL.into_iter().find(|template| template.key() == key)
    }

    /// What people call it.
    pub fn title(self) -> Text {
        match self {
            Template::TransferApplication => Text::new("基本养老保险关系转移接续申请表", "Pension transfer application"),
            Template::ContactLetter => Text::new("基本养老保险关系转移接续联系函", "Contact letter"),
            Template::InformationForm => Text::new("基本养老保险参保缴费信息表", "Contribution information form"),
            Template::FundNotice => Text::new("基本养老保险转移基金付款通知", "Transfer payment notice"),
            Template::Receipt => Text::new("社会保险业务办理回执", "Receipt"),
            Template::ContributionCertificate => Text::new("基本养老保险参保缴费凭证", "Contribution certificate"),
            Template::Decline => Text::new("不予办理（补正）通知书", "Notice of refusal or correction"),
            Template::Payslip => Text::new("工资条", "Payslip"),
            Template::CollectionOrder => Text::new("社会保险费征集单", "Collection order"),
            Template::PaymentReceipt => Text::new("社会保险费缴费回执", "Payment receipt"),
        }
    }

    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Template::TransferApplication => "transfer_application.typ",
            Template::ContactLetter => "contact_letter.typ",
            Template::InformationForm => "information_form.typ",
            Template::FundNotice => "fund_notice.typ",
            Template::Receipt => "receipt.typ",
            Template::ContributionCertificate => "contribution_certificate.typ",
            Template::Decline => "decline.typ",
            Template::Payslip => "payslip.typ",
            Template::CollectionOrder => "collection_order.typ",
            Template::PaymentReceipt => "payment_receipt.typ",
        }
    }
}
