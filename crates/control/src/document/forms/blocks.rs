//! Blocks that several forms share.

use serde::Serialize;

use crate::document::Entry;

/// The insured person.
#[derive(Clone, Serialize)]
pub struct PersonBlock {
    /// AAC003 姓名
    pub name: Entry,
    /// AAC004 性别
    pub sex: Entry,
    /// AAC058 证件类型
    pub id_kind: Entry,
    /// AAC147 证件号码
    pub id_number: Entry,
    /// AAC006 出生日期
    pub birth_date: Entry,
    /// AAC001 个人编号, in the region whose form it is
    pub personal_number: Entry,
    /// AAC010 户口所在地
    pub household: Entry,
    /// AAE005 联系电话
    pub phone: Entry,
    /// AAE006 地址
    pub address: Entry,
}

/// A social insurance agency (社会保险经办机构), with the account it receives transfers on.
#[derive(Clone, Serialize)]
pub struct AgencyBlock {
    /// 机构名称; the seal on its documents bears the same name
    pub name: Entry,
    /// AAB301 行政区划代码
    pub region_code: Entry,
    /// AAE005 联系电话
    pub phone: Entry,
    /// AAE006 地址
    pub address: Entry,
    /// AAE007 邮政编码
    pub postcode: Entry,
    /// AAE008 开户银行名称
    pub bank_name: Entry,
    /// 开户银行行号
    pub bank_number: Entry,
    /// AAE009 开户全称 (户名)
    pub account_name: Entry,
    /// AAE010 账号
    pub account: Entry,
}
