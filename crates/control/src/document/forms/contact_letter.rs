//! 《基本养老保险关系转移接续联系函》 (IC89): the new region agrees to receive.

use serde::Serialize;

use super::{AgencyBlock, Form, PersonBlock, Template};
use crate::document::Entry;

/// The contact letter.
#[derive(Clone, Serialize)]
pub struct ContactLetter {
    /// AAE270 联系函编号
    pub letter_number: Entry,
    /// AAZ341 系统跟踪流水号
    pub system_serial: Entry,
    /// 参保人员; its personal number is that of the new region
    pub person: PersonBlock,
    /// AAE140 险种
    pub insurance: Entry,
    /// AAB004 新就业单位
    pub employer_name: Entry,
    /// zhlb 账户类别: `general` 一般账户, `temporary` 临时基本养老保险缴费账户
    pub account_kind: String,
    /// AAC001 in the old region
    pub old_personal_number: Entry,
    /// AAA300 原参保地
    pub old_region: Entry,
    /// The agency addressed (原参保地)
    pub from_agency: AgencyBlock,
    /// The agency that writes (新就业地), with its account
    pub to_agency: AgencyBlock,
    /// AAE011 经办人
    pub maker: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for ContactLetter {
    const TEMPLATE: Template = Template::ContactLetter;
}
