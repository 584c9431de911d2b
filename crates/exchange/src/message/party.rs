//! Who is concerned by a message, and what several messages carry.

use std::fmt;

use serde::{Deserialize, Serialize};
use standard::{CreditCode, Date, IdNumber, RegionCode, Sex};
use utoipa::ToSchema;
use uuid::Uuid;

/// The employer of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerParty {
    /// Its identifier in the network.
    pub id: Uuid,
    /// AAB004 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: CreditCode,
    /// AAE004 联系人.
    pub contact: String,
    /// AAE005 联系电话.
    pub phone: String,
}

/// The person an application is about. Debug shows the masked ID number and no phone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonParty {
    /// AAC003 姓名.
    pub name: String,
    /// AAC002 社会保障号码.
    pub id_number: IdNumber,
    /// AAC004 性别.
    pub sex: Sex,
    /// AAC006 出生日期.
    pub birth_date: Date,
    /// AAC067 移动电话.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// AAC010 户口所在地.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_region: Option<RegionCode>,
}

impl fmt::Debug for PersonParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonParty")
            .field("id_number", &self.id_number)
            .finish_non_exhaustive()
    }
}

/// An agency as a letter and the contact book present it: how to reach it and where to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgencyParty {
    /// AAB301 行政区划代码.
    pub region: RegionCode,
    /// 社保机构名称.
    pub name: String,
    /// AAE005 电话.
    pub phone: String,
    /// AAE006 地址.
    pub address: String,
    /// AAE007 邮编.
    pub postcode: String,
    /// AAE008 开户银行名称.
    pub bank_name: String,
    /// 开户银行行号.
    pub bank_number: String,
    /// AAE009 开户全称.
    pub account_name: String,
    /// AAE010 银行账号.
    pub account: String,
}

/// The office that took a step, for the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeRef {
    /// Of the agency, or of the employer.
    pub name: String,
    /// The agency's region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// Where to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Who took the step: the surname only, 张**.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_masked: Option<String>,
}

/// A coded reason of a return or a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code of the opinion.
    pub code: String,
    /// What is the matter, in Chinese.
    pub text_zh: String,
    /// What is the matter, in English.
    pub text_en: String,
    /// What to do next, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy_zh: Option<String>,
    /// What to do next, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy_en: Option<String>,
}

/// A document signed by the sender: at least what is needed to verify a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedDocument {
    /// The verification code printed in its QR code.
    pub verify_code: String,
    /// SM3 of the PDF, hexadecimal.
    pub digest: String,
    /// SM2 over the digest, hexadecimal.
    pub signature: String,
    /// The signer's public key, hexadecimal.
    pub public_key: String,
    /// The PDF itself, where the receiver should keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_base64: Option<String>,
}
