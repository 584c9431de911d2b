//! 基本养老保险转移基金付款通知 (AD12): what was paid for whom, so that the new region can post it.

use serde::Serialize;

use super::{AgencyBlock, Form, PersonBlock, Template};
use crate::document::Entry;

/// The payment notice.
#[derive(Clone, Serialize)]
pub struct FundNotice {
    /// 通知编号
    pub number: Entry,
    /// AAE270 联系函编号
    pub letter_number: Entry,
    /// 参保人员
    pub person: PersonBlock,
    /// AAE140 险种
    pub insurance: Entry,
    /// ④ AIC083 个人账户转移额
    pub account: Entry,
    /// ⑤ AIC084 统筹转移额
    pub pooled: Entry,
    /// ⑥ AIC102 转移总金额
    pub total: Entry,
    /// 付款方 (转出地)
    pub from_agency: AgencyBlock,
    /// 收款方 (转入地)
    pub to_agency: AgencyBlock,
    /// 付款日期
    pub paid_on: Entry,
    /// 银行回单号
    pub bank_serial: Entry,
    /// 财务经办人
    pub maker: Entry,
    /// 复核人
    pub checker: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for FundNotice {
    const TEMPLATE: Template = Template::FundNotice;
}
