//! 工资条: one person's month, each line with its figures and its basis.

use serde::Serialize;

use super::{Form, Template};
use crate::document::Entry;

/// The payslip.
#[derive(Clone, Serialize)]
pub struct Payslip {
    /// 用人单位
    pub employer: Entry,
    /// 工资所属月份
    pub month: Entry,
    /// 工号
    pub number: Entry,
    /// 姓名
    pub name: Entry,
    /// 部门
    pub department: Entry,
    /// 参保城市
    pub region: Entry,
    /// 应发工资
    pub gross: Entry,
    /// 实发工资
    pub net: Entry,
    /// 应发项目
    pub earnings: Vec<PayslipLine>,
    /// 代扣和扣款
    pub deductions: Vec<PayslipLine>,
    /// 单位承担, for the reader
    pub employer_costs: Vec<PayslipLine>,
    /// The version of the law it was computed with.
    pub law: String,
}

impl Form for Payslip {
    const TEMPLATE: Template = Template::Payslip;
}

/// A line of a payslip.
#[derive(Clone, Serialize)]
pub struct PayslipLine {
    /// What it is.
    pub name: String,
    /// How much.
    pub amount: Entry,
    /// How it came about.
    pub figures: String,
    /// The law or agreement behind it.
    pub basis: String,
}
