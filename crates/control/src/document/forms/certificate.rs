//! 基本养老保险参保缴费凭证: 国办发〔2009〕66号第三条, issued by the region a person leaves.

use serde::Serialize;

use super::{AgencyBlock, Form, PersonBlock, Template};
use crate::document::Entry;

/// The contribution certificate.
#[derive(Clone, Serialize)]
pub struct ContributionCertificate {
    /// 凭证编号
    pub number: Entry,
    /// 参保人员
    pub person: PersonBlock,
    /// AAE140 险种
    pub insurance: Entry,
    /// AAE041 本地缴费起始年月
    pub local_from: Entry,
    /// AAE042 本地缴费终止年月
    pub local_to: Entry,
    /// AAE201 本地缴费月数
    pub local_months: Entry,
    /// AAE240 本地个人账户储存额
    pub balance: Entry,
    /// 开具机构
    pub agency: AgencyBlock,
    /// AAE011 经办人
    pub maker: Entry,
    /// 开具日期
    pub issued_on: Entry,
}

impl Form for ContributionCertificate {
    const TEMPLATE: Template = Template::ContributionCertificate;
}
