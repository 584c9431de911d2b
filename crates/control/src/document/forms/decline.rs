//! 不予办理通知书 and 补正通知书: every reason at once, coded, with what to do.

use serde::Serialize;

use super::{Form, Template};
use crate::document::Entry;

/// A refusal (`is_final`) or a return for correction.
#[derive(Clone, Serialize)]
pub struct Decline {
    /// Whether the case is refused for good (不予办理) or returned for correction (补正).
    #[serde(rename = "final")]
    pub is_final: bool,
    /// AAZ002 业务流水号
    pub case_number: Entry,
    /// 通知编号
    pub number: Entry,
    /// Whom it is addressed to
    pub to: Entry,
    /// AAE127 申请日期
    pub applied_on: Entry,
    /// 业务名称
    pub business: Entry,
    /// 办理对象
    pub subject: Entry,
    /// The person's ID number in its masked form
    pub id_masked: Entry,
    /// Last day to correct; empty on a refusal
    pub correct_by: Entry,
    /// Every reason, each once.
    pub reasons: Vec<DeclineReason>,
    /// 办理机构; the seal bears the same name
    pub office: Entry,
    /// 办理环节
    pub stage: Entry,
    /// AAE011 经办人 (masked)
    pub maker: Entry,
    /// 咨询电话
    pub phone: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for Decline {
    const TEMPLATE: Template = Template::Decline;
}

/// One coded reason.
#[derive(Clone, Serialize)]
pub struct DeclineReason {
    /// Stable code of the reason (the rule's name).
    pub code: Entry,
    /// What is the matter.
    pub text: Entry,
    /// What to do.
    pub remedy: Entry,
    /// The article it rests on.
    pub basis: Entry,
}
