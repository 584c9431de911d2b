//! 薪酬项目: what makes up a person's pay, and the scheme of a company: its components in order and its way of prorating.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use standard::Finding;
use utoipa::ToSchema;

use super::formula::{Formula, FormulaFault};

/// Components a scheme may have.
const COMPONENTS_MAX: usize = 60;

/// 收入, 扣款 or 说明.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayKind {
    /// 收入: adds to the gross.
    Earning,
    /// 扣款: lowers the gross when it is before tax (缺勤扣款), else the net.
    Deduction,
    /// 说明: is shown and moves nothing.
    Note,
}

/// How a component stands to income tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxTreatment {
    /// 计税; of a deduction: before tax.
    Taxed,
    /// 免税; of a deduction: after tax.
    Free,
    /// 全年一次性奖金: taxed on its own (公告2023年第30号).
    YearlyBonus,
}

/// One component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Component {
    /// Stable: small letters, digits, underscores.
    pub code: String,
    /// On the payslip.
    pub name: String,
    /// What it is.
    pub kind: PayKind,
    /// The formula.
    pub formula: String,
    /// Tax.
    pub tax: TaxTreatment,
    /// Counts to next year's contribution base (国家统计局 工资总额).
    pub counts_to_base: bool,
    /// Shared out over the days in employment and the wage steps of the month.
    pub prorated: bool,
    /// 依据: the rule or agreement behind it, shown with the line.
    pub basis: String,
    /// Switched off without being forgotten.
    pub active: bool,
}

/// How a part of a month is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proration {
    /// 按当月计薪天数: days in employment ÷ paid days of the month. A month's parts always make up the whole.
    Scheduled,
    /// 按21.75天: days in employment ÷ 21.75, never above the month's wage; a full month is paid in full.
    LawDays,
}

/// A company's components and rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scheme {
    /// In the order of the payslip.
    pub components: Vec<Component>,
    /// Parts of months.
    pub proration: Proration,
    /// Counts up with every change; 0: the built-in components.
    pub version: i64,
}

/// A component ready to be computed.
#[derive(Debug, Clone)]
pub struct Ready {
    /// As it was defined.
    pub component: Component,
    /// Compiled.
    pub formula: Formula,
}

impl Scheme {
    /// What a fresh company begins with.
    pub fn built_in() -> Scheme {
        Scheme {
            components: built_in(),
            proration: Proration::Scheduled,
            version: 0,
        }
    }

    /// Every formula, compiled once for all people of a run.
    pub fn compile(&self) -> Result<Vec<Ready>, Finding> {
        self.components
            .iter()
            .filter(|component| component.active)
            .map(|component| {
                let formula = Formula::parse(&component.formula).map_err(|fault| fault.finding.field(component.code.clone()))?;
                Ok(Ready {
                    component: component.clone(),
                    formula,
                })
            })
            .collect()
    }

    /// What keeps the scheme from being used; the field is the component's code.
    pub fn findings(&self) -> Vec<Finding> {
        let mut all = Vec::new();
        if self.components.len() > COMPONENTS_MAX {
            all.push(Finding::blocking(
                "components_too_many",
                format!("薪酬项目最多 {COMPONENTS_MAX} 个"),
                format!("At most {COMPONENTS_MAX} components"),
            ));
            return all;
        }
        let mut codes = BTreeSet::new();
        for component in &self.components {
            all.extend(component.findings());
            if !codes.insert(component.code.as_str()) {
                all.push(
                    Finding::blocking(
                        "component_code_twice",
                        format!("项目代码“{}”重复", component.code),
                        format!("The code {} is used twice", component.code),
                    )
                    .field(component.code.clone()),
                );
            }
        }
        all
    }
}

impl Component {
    fn findings(&self) -> Vec<Finding> {
        let mut all = Vec::new();
        let code_ok = (1..=32).contains(&self.code.len())
            && self
                .code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !code_ok {
            all.push(Finding::blocking(
                "component_code",
                "项目代码只能用小写字母、数字和下划线，最长 32 位",
                "A code has small letters, digits and underscores, at most 32",
            ));
        }
        let name = self.name.trim().chars().count();
        if !(1..=20).contains(&name) || self.basis.chars().count() > 200 {
            all.push(Finding::blocking(
                "component_name",
                "项目名称 1—20 个字，依据最多 200 个字",
                "A name has 1 to 20 characters, its basis at most 200",
            ));
        }
        if self.tax == TaxTreatment::YearlyBonus && self.kind != PayKind::Earning {
            all.push(Finding::blocking(
                "component_bonus",
                "只有收入项目可以按全年一次性奖金计税",
                "Only an earning is taxed as the yearly bonus",
            ));
        }
        if let Err(fault) = self.parsed() {
            all.push(fault.finding);
        }
        all.into_iter().map(|finding| finding.field(self.code.clone())).collect()
    }

    fn parsed(&self) -> Result<Formula, FormulaFault> {
        Formula::parse(&self.formula)
    }

    /// True when its amounts come from what was entered, one line an entry.
    pub fn is_entered(&self) -> bool {
        self.formula.trim() == "录入"
    }
}

/// (code, name, kind, formula, tax, counts to the base, prorated, basis)
type Row = (
    &'static str,
    &'static str,
    PayKind,
    &'static str,
    TaxTreatment,
    bool,
    bool,
    &'static str,
);

const OVERTIME: &str = "劳动法第四十四条";
const BUILT_IN: [Row; 13] = {
    use PayKind::{Deduction, Earning};
    use TaxTreatment::{Free, Taxed, YearlyBonus};
    [
        (
            "base",
            "基本工资",
            Earning,
            "月工资",
            Taxed,
            true,
            true,
            "劳动合同；月中入离职和调薪按当月计薪天数折算",
        ),
        (
            "overtime_workday",
            "平日加班费",
            Earning,
            "平日加班费",
            Taxed,
            true,
            false,
            OVERTIME,
        ),
        (
            "overtime_restday",
            "休息日加班费",
            Earning,
            "休息日加班费",
            Taxed,
            true,
            false,
            OVERTIME,
        ),
        (
            "overtime_holiday",
            "节假日加班费",
            Earning,
            "节假日加班费",
            Taxed,
            true,
            false,
            OVERTIME,
        ),
        ("allowance", "津贴补贴", Earning, "录入", Taxed, true, false, "用人单位规定"),
        ("bonus", "奖金", Earning, "录入", Taxed, true, false, "用人单位规定"),
        (
            "back_pay",
            "补发工资",
            Earning,
            "录入",
            Taxed,
            true,
            false,
            "补发以前月份工资，并入发放当月计税",
        ),
        (
            "sick_deduction",
            "病假扣款",
            Deduction,
            "如果(应出勤小时 > 0, 折算工资 * 病假小时 / 最大(应出勤小时, 1), 0)",
            Taxed,
            true,
            false,
            "病假期间工资另计",
        ),
        (
            "sick_pay",
            "病假工资",
            Earning,
            "如果(应出勤小时 > 0, 最大(折算工资 * 0.6, 最低工资 * 0.8) * 病假小时 / 最大(应出勤小时, 1), 0)",
            Taxed,
            true,
            false,
            "劳部发〔1995〕309号第59条：不低于最低工资标准的80%",
        ),
        (
            "leave_deduction",
            "事假、旷工扣款",
            Deduction,
            "如果(应出勤小时 > 0, 折算工资 * (事假小时 + 旷工小时) / 最大(应出勤小时, 1), 0)",
            Taxed,
            true,
            false,
            "未提供劳动的时间不计发工资",
        ),
        (
            "yearly_bonus",
            "全年一次性奖金",
            Earning,
            "录入",
            YearlyBonus,
            true,
            false,
            "财政部 税务总局公告2023年第30号",
        ),
        ("reimbursement", "免税补助", Earning, "录入", Free, false, false, "依法免税的补助"),
        (
            "other_deduction",
            "其他扣款",
            Deduction,
            "录入",
            Free,
            false,
            false,
            "代扣款项，须有书面约定或法律依据",
        ),
    ]
};

fn built_in() -> Vec<Component> {
    BUILT_IN
        .iter()
        .map(|(code, name, kind, formula, tax, counts, prorated, basis)| Component {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            kind: *kind,
            formula: (*formula).to_owned(),
            tax: *tax,
            counts_to_base: *counts,
            prorated: *prorated,
            basis: (*basis).to_owned(),
            active: true,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_built_in_scheme_is_sound() {
        let scheme = Scheme::built_in();
        assert_eq!(scheme.findings(), []);
        assert_eq!(scheme.compile().unwrap().len(), scheme.components.len());
    }

    #[test]
    fn a_scheme_names_what_is_wrong_with_it() {
        let mut scheme = Scheme::built_in();
        scheme.components[1].code = "base".to_owned();
        scheme.components[2].formula = "月薪".to_owned();
        scheme.components[3].name = String::new();
        scheme.components[8].tax = TaxTreatment::YearlyBonus;
        scheme.components[7].tax = TaxTreatment::YearlyBonus;
        scheme.components[4].code = "Ä".to_owned();
        let mut rules: Vec<String> = scheme.findings().into_iter().map(|finding| finding.rule).collect();
        rules.sort();
        let expected = [
            "component_bonus",
            "component_code",
            "component_code_twice",
            "component_name",
            "formula_unknown_name",
        ];
        assert_eq!(rules, expected);
    }
}
