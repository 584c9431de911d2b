//! The forms of a transfer, field by field: 申请表 (IC89), 信息表(一) (IC90), 信息表(二) (IC91).

use std::fmt;

use serde::{Deserialize, Serialize};
use standard::{Date, IdNumber, Insurance, Money, Month, Rate, RegionCode, Sex};

/// 代办人: who files for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentParty {
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 与参保人关系.
    pub relation: String,
    /// 地址.
    #[serde(default)]
    pub address: String,
    /// 邮编.
    #[serde(default)]
    pub postcode: String,
}

/// 《基本养老保险关系转移接续申请表》. Debug shows the masked ID number only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationForm {
    /// AAE173 转移类型.
    pub transfer_type: String,
    /// AAC070 转移方向.
    pub direction: String,
    /// AAE140 险种.
    pub insurance: Insurance,
    /// 原个人编号.
    #[serde(default)]
    pub former_person_number: Option<String>,
    /// 原参保所在地区名称.
    pub former_region_name: String,
    /// 原社保机构行政区划代码.
    pub former_region: RegionCode,
    /// 原社保机构名称.
    pub former_agency_name: String,
    /// 原社保机构电话.
    pub former_agency_phone: String,
    /// 原社保机构地址.
    pub former_agency_address: String,
    /// 原社保机构邮编.
    pub former_agency_postcode: String,
    /// 代办人.
    #[serde(default)]
    pub agent: Option<AgentParty>,
    /// AAC001 个人编号 in the new region.
    #[serde(default)]
    pub person_number: Option<String>,
    /// AAC003 姓名.
    pub name: String,
    /// AAC004 性别.
    pub sex: Sex,
    /// AAC058 证件类型, 01 for the ID card.
    pub certificate_type: String,
    /// AAC147 证件号码.
    pub certificate_number: IdNumber,
    /// AAC006 出生日期.
    pub birth_date: Date,
}

impl fmt::Debug for ApplicationForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationForm")
            .field("certificate_number", &self.certificate_number)
            .finish_non_exhaustive()
    }
}

/// 信息表(一).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOne {
    /// 转出单位名称.
    pub employer_name: String,
    /// AAC007 参加工作时间.
    #[serde(default)]
    pub work_started_on: Option<Date>,
    /// AAB305 首次参保地实行个人缴费时间.
    #[serde(default)]
    pub region_individual_payment_from: Option<Month>,
    /// 本人首次缴费时间.
    pub first_paid_month: Month,
    /// AAC032 建立个人账户时间.
    pub account_opened_month: Month,
    /// 本地缴费起.
    pub local_first_month: Month,
    /// 本地缴费止.
    pub local_last_month: Month,
    /// AAE201 本地实际缴费月数.
    pub local_months: i64,
    /// AAE035 转移时间.
    pub transferred_on: Date,
    /// ① AIC093 1998年前个人缴费累计本息.
    pub before_1998_fen: Money,
    /// ② AIC089 1998年至上年末个人账户累计储存额.
    pub until_last_year_fen: Money,
    /// ③ AIC082 当年记账本金.
    pub this_year_fen: Money,
    /// ④ AIC083 = ① + ② + ③ 个人账户转移额.
    pub account_fen: Money,
    /// ⑤ AIC084 统筹基金转移额.
    pub pooled_fen: Money,
    /// ⑥ AIC102 = ④ + ⑤ 转移总额.
    pub total_fen: Money,
}

/// One row of 信息表(二): a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearRow {
    /// 行政区划.
    pub region: RegionCode,
    /// 地区名称.
    pub region_name: String,
    /// AAE001 年度.
    pub year: i32,
    /// AAE041 开始年月.
    pub from: Month,
    /// AAE042 终止年月.
    pub to: Month,
    /// AAE202 月数.
    pub months: i64,
    /// AAE180 月缴费基数, the average of the months paid.
    pub base_fen: Money,
    /// AAA042 单位缴费比例.
    pub employer_rate: Rate,
    /// AAA043 划入个人账户比例.
    pub account_rate: Rate,
    /// AAA041 个人缴费比例.
    pub employee_rate: Rate,
    /// AAE381 当年记账金额.
    pub credited_fen: Money,
    /// 其中个人缴费.
    pub credited_employee_fen: Money,
    /// AAE269 当年记账利息.
    pub interest_fen: Money,
    /// 其中个人缴费利息.
    pub interest_employee_fen: Money,
    /// AAE382 年末累计储存额.
    pub balance_fen: Money,
    /// 其中个人缴费.
    pub balance_employee_fen: Money,
    /// AAE013 备注.
    #[serde(default)]
    pub remark: String,
}
