//! 《基本养老保险关系转移接续申请表》 (IC89): 国办发〔2009〕66号第八条, written by the person or the new employer.

use serde::Serialize;

use super::{AgencyBlock, Form, PersonBlock, Template};
use crate::document::Entry;

/// The application.
#[derive(Clone, Serialize)]
pub struct TransferApplication {
    /// 申请编号
    pub number: Entry,
    /// AAE127 申请日期
    pub applied_on: Entry,
    /// 参保人员
    pub person: PersonBlock,
    /// AAE140 险种
    pub insurance: Entry,
    /// AAE173 转移类型
    pub transfer_kind: Entry,
    /// AAC070 转移方向
    pub direction: Entry,
    /// 原个人编号: AAC001 in the old region
    pub old_personal_number: Entry,
    /// AAA300 原参保所在地区名称
    pub old_region: Entry,
    /// 原参保地社会保险经办机构 (only name, code, phone, address and postcode are printed)
    pub old_agency: AgencyBlock,
    /// 新参保地
    pub new_region: Entry,
    /// 新参保地社会保险经办机构
    pub new_agency: Entry,
    /// 代办人
    pub proxy: ProxyBlock,
    /// 新就业单位
    pub employer: EmployerBlock,
    /// AJC050 本次参加工作日期 (入职日期)
    pub hired_on: Entry,
}

impl Form for TransferApplication {
    const TEMPLATE: Template = Template::TransferApplication;
}

/// Someone who acts for the person; all empty when the person acts.
#[derive(Clone, Serialize)]
pub struct ProxyBlock {
    /// 代办人姓名
    pub name: Entry,
    /// 代办人电话
    pub phone: Entry,
    /// 与申请人关系
    pub relation: Entry,
    /// 代办人地址
    pub address: Entry,
    /// 代办人邮编
    pub postcode: Entry,
}

impl ProxyBlock {
    /// Nobody acts for the person.
    pub fn nobody() -> ProxyBlock {
        ProxyBlock {
            name: Entry::none(),
            phone: Entry::none(),
            relation: Entry::none(),
            address: Entry::none(),
            postcode: Entry::none(),
        }
    }
}

/// The employer that files the application.
#[derive(Clone, Serialize)]
pub struct EmployerBlock {
    /// AAB004 单位名称; the seal bears the same name
    pub name: Entry,
    /// AAB001 单位编号
    pub number: Entry,
    /// 统一社会信用代码 (GB 32100-2015)
    pub credit_code: Entry,
    /// AAE004 联系人
    pub contact: Entry,
    /// AAE005 联系电话
    pub phone: Entry,
}
