//! 社会保险费征集单 and 缴费回执: what an employer is to pay, and the proof that it paid.

use serde::Serialize;

use super::{Form, Template};
use crate::document::Entry;

/// 社会保险费征集单.
#[derive(Clone, Serialize)]
pub struct CollectionOrder {
    /// 征集单号
    pub number: Entry,
    /// 征集类型: 正常应缴, 补缴, 退费
    pub kind: Entry,
    /// AAB004 单位名称
    pub employer_name: Entry,
    /// AAE003 费款所属期
    pub month: Entry,
    /// 人数
    pub people: Entry,
    /// One line an insurance.
    pub amounts: Vec<OrderAmount>,
    /// 合计
    pub total: Entry,
    /// 缴费截止日
    pub due_on: Entry,
    /// 征收机构; the seal bears the same name
    pub office: Entry,
    /// AAE009 收款户名
    pub account_name: Entry,
    /// AAE010 收款账号
    pub account: Entry,
    /// AAE008 开户银行
    pub bank_name: Entry,
    /// 咨询电话
    pub phone: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for CollectionOrder {
    const TEMPLATE: Template = Template::CollectionOrder;
}

/// An insurance on an order.
#[derive(Clone, Serialize)]
pub struct OrderAmount {
    /// 险种
    pub insurance: String,
    /// AAE020 单位应缴
    pub employer: Entry,
    /// AAE022 个人应缴
    pub employee: Entry,
    /// 小计
    pub sum: Entry,
}

/// 社会保险费缴费回执.
#[derive(Clone, Serialize)]
pub struct PaymentReceipt {
    /// 缴费编号
    pub number: Entry,
    /// 征集单号
    pub order_number: Entry,
    /// 征集类型
    pub kind: Entry,
    /// AAB004 单位名称
    pub employer_name: Entry,
    /// AAE003 费款所属期
    pub month: Entry,
    /// 缴费方式
    pub way: Entry,
    /// 银行或网关流水号
    pub reference: Entry,
    /// 到账日期
    pub paid_on: Entry,
    /// 社会保险费
    pub principal: Entry,
    /// 滞纳金
    pub late_fee: Entry,
    /// 暂收款
    pub suspense: Entry,
    /// 到账合计
    pub total: Entry,
    /// 尚欠
    pub open: Entry,
    /// 征收机构; the seal bears the same name
    pub office: Entry,
    /// 咨询电话
    pub phone: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for PaymentReceipt {
    const TEMPLATE: Template = Template::PaymentReceipt;
}
