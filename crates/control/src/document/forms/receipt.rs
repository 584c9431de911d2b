//! 社会保险业务办理回执: numbered proof that a case was accepted or took effect.

use serde::Serialize;

use super::{Form, Template};
use crate::document::Entry;

/// The receipt.
#[derive(Clone, Serialize)]
pub struct Receipt {
    /// AAZ002 业务流水号
    pub case_number: Entry,
    /// 业务名称
    pub business: Entry,
    /// 办理对象: the person's or employer's name
    pub subject: Entry,
    /// The person's ID number in its masked form
    pub id_masked: Entry,
    /// 申请单位
    pub applicant: Entry,
    /// 受理机构; the seal bears the same name
    pub office: Entry,
    /// 受理日期
    pub accepted_on: Entry,
    /// 办结日期
    pub finished_on: Entry,
    /// 办理结果
    pub result: Entry,
    /// What was done, in the business's own words.
    pub items: Vec<Item>,
    /// 后续事项
    pub next_steps: Vec<String>,
    /// AAE011 经办人 (masked)
    pub maker: Entry,
    /// 复核人 (masked)
    pub checker: Entry,
    /// 咨询电话
    pub phone: Entry,
    /// 应办结期限
    pub due_on: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for Receipt {
    const TEMPLATE: Template = Template::Receipt;
}

/// A line of a receipt.
#[derive(Clone, Serialize)]
pub struct Item {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: Entry,
}
