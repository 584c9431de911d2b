//! 《基本养老保险参保缴费信息表》 one (IC90) and two (IC91): what the old region hands over.

use serde::Serialize;

use super::{AgencyBlock, Form, PersonBlock, Template};
use crate::document::Entry;

/// Both parts of the information form.
#[derive(Clone, Serialize)]
pub struct InformationForm {
    /// AAE270 联系函编号
    pub letter_number: Entry,
    /// 信息表编号
    pub number: Entry,
    /// 参保人员
    pub person: PersonBlock,
    /// AAB004 转出单位名称
    pub employer_name: Entry,
    /// AAC007 参加工作时间
    pub work_began: Entry,
    /// AAB305 首次参保地实行个人缴费时间
    pub region_began: Entry,
    /// AAC049 本人首次缴费时间
    pub first_paid: Entry,
    /// AAC032 建立个人账户时间
    pub account_opened: Entry,
    /// AAE041 本地缴费起始年月
    pub local_from: Entry,
    /// AAE042 本地缴费终止年月
    pub local_to: Entry,
    /// AAE201 本地实际缴费月数
    pub local_months: Entry,
    /// AAE035 转移时间
    pub moved_on: Entry,
    /// 转移基金 ①–⑥
    pub sums: TransferSums,
    /// 转出地社会保险经办机构
    pub from_agency: AgencyBlock,
    /// AAE011 经办人
    pub maker: Entry,
    /// 复核人
    pub checker: Entry,
    /// 开具日期
    pub issued_on: Entry,
    /// Part two, one row a year.
    pub years: Vec<YearRow>,
    /// The sums below part two.
    pub years_total: YearsTotal,
}

impl Form for InformationForm {
    const TEMPLATE: Template = Template::InformationForm;
}

/// 国办发〔2009〕66号第四条: ④ = ① + ② + ③, ⑥ = ④ + ⑤. The caller computes; the template only shows.
#[derive(Clone, Serialize)]
pub struct TransferSums {
    /// ① AIC093 1998年1月1日前个人缴费部分累计本息
    pub before_1998: Entry,
    /// ② AIC089 1998年1月1日后至上年末个人账户累计储存额
    pub after_1998: Entry,
    /// ③ AIC082 当年记账本金
    pub current_year: Entry,
    /// ④ AIC083 个人账户转移额
    pub account: Entry,
    /// ⑤ AIC084 统筹基金转移额
    pub pooled: Entry,
    /// ⑥ AIC102 转移总金额
    pub total: Entry,
}

/// One year of part two (IC91). Money in yuan, rates in percent.
#[derive(Clone, Serialize)]
pub struct YearRow {
    /// AAB301 行政区划
    pub region_code: Entry,
    /// AAA300 地区名称
    pub region_name: Entry,
    /// AAE001 年度
    pub year: Entry,
    /// AAE041 开始年月
    pub from: Entry,
    /// AAE042 终止年月
    pub to: Entry,
    /// AAE202 月数
    pub months: Entry,
    /// AAE180 月缴费基数
    pub base: Entry,
    /// AAA042 单位缴费比例
    pub employer_rate: Entry,
    /// AAA043 划入账户比例
    pub account_rate: Entry,
    /// AAA041 个人缴费比例
    pub person_rate: Entry,
    /// AAE381 当年记账金额
    pub credited: Entry,
    /// AAE381 其中个人
    pub credited_person: Entry,
    /// AAE269 当年记账利息
    pub interest: Entry,
    /// AAE269 其中个人
    pub interest_person: Entry,
    /// AAE382 年末累计储存额
    pub balance: Entry,
    /// AAE382 其中个人
    pub balance_person: Entry,
    /// AAE013 备注
    pub note: Entry,
}

/// The sums below part two.
#[derive(Clone, Serialize)]
pub struct YearsTotal {
    /// 月数
    pub months: Entry,
    /// 当年记账金额
    pub credited: Entry,
    /// 当年记账金额其中个人
    pub credited_person: Entry,
    /// 当年记账利息
    pub interest: Entry,
    /// 当年记账利息其中个人
    pub interest_person: Entry,
}
