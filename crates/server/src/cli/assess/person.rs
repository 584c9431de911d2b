//! Assesses one person: which base, which region, what each side pays, and what is odd.

use std::collections::{BTreeMap, HashSet};

use policy::contribution::{self, Case, Contributions};
use policy::{RuleBook, Rules, Silent};
use standard::{Finding, IdNumber, Insurance, Money, Month, RegionCode};

use super::roster::Entry;

/// What came of one row.
pub(super) struct Assessed {
    pub(super) name: String,
    pub(super) id_number: String,
    pub(super) region: Option<RegionCode>,
    /// The wage the bases were taken from.
    pub(super) wage: Option<Money>,
    /// Nothing where the row cannot be assessed, or nothing is due.
    pub(super) contributions: Option<Contributions>,
    pub(super) findings: Vec<Finding>,
}

/// Assesses rows; remembers which rules were used.
pub(super) struct Assessor<'a> {
    book: &'a RuleBook,
    default_region: Option<RegionCode>,
    pub(super) month: Month,
    /// The rules of each region used, or why there are none.
    pub(super) rules: BTreeMap<RegionCode, Result<Rules<'a>, Finding>>,
    seen: HashSet<String>,
}

impl<'a> Assessor<'a> {
    pub(super) fn new(book: &'a RuleBook, default_region: Option<RegionCode>, month: Month) -> Assessor<'a> {
        Assessor {
            book,
            default_region,
            month,
            rules: BTreeMap::new(),
            seen: HashSet::new(),
        }
    }

    pub(super) fn assess(&mut self, entry: &Entry) -> Assessed {
        let mut findings = Vec::new();
        self.check_identity(entry, &mut findings);
        let region = self.region(entry, &mut findings);
        let mut done = Assessed {
            name: entry.name.clone(),
            id_number: entry.id_number.clone(),
            region,
            wage: None,
            contributions: None,
            findings,
        };
        match self.amounts(entry, region, &mut done.findings) {
            Ok(Some((wage, contributions))) => {
                done.wage = Some(wage);
                done.contributions = Some(contributions);
            }
            Ok(None) => {}
            Err(finding) => done.findings.push(finding),
        }
        // A row with a blocking finding counts in no total: a person corrects it first.
        if done.findings.iter().any(Finding::is_blocking) {
            done.contributions = None;
        }
        done
    }

    fn check_identity(&mut self, entry: &Entry, findings: &mut Vec<Finding>) {
        if entry.name.is_empty() {
            findings.push(
                Finding::blocking("name_missing", "姓名为空", "The name is empty")
                    .field("name")
                    .remedy("请填写姓名", "Enter the name"),
            );
        }
        match IdNumber::parse(&entry.id_number) {
            Err(finding) => findings.push(finding.field("id_number")),
            Ok(id) => {
                if !self.seen.insert(id.reveal().to_owned()) {
                    let finding = Finding::warning(
                        "duplicate_person",
                        "同一证件号码在名册中出现多次，已分别测算",
                        "The ID number appears more than once; each row was assessed",
                    );
                    findings.push(finding.field("id_number").remedy("请核对是否重复", "Check for a double"));
                }
            }
        }
    }

    fn region(&mut self, entry: &Entry, findings: &mut Vec<Finding>) -> Option<RegionCode> {
        if entry.city.is_empty() {
            if self.default_region.is_none() {
                findings.push(
                    Finding::blocking("region_missing", "没有参保城市", "There is no city")
                        .field("city")
                        .remedy("请填写参保城市，或用 --region 指定", "Enter the city, or give --region"),
                );
            }
            return self.default_region;
        }
        let region = RegionCode::by_name(&entry.city)
            .or_else(|| RegionCode::parse(&entry.city).ok())
            .map(RegionCode::city);
        if region.is_none() {
            findings.push(
                Finding::blocking("city_unknown", "参保城市无法识别", "The city is not known")
                    .field("city")
                    .remedy("请填写如 长沙 的城市名", "Enter a city such as 长沙"),
            );
        }
        region
    }

    /// The wage used and what it costs; nothing when nothing is due this month.
    fn amounts(
        &mut self,
        entry: &Entry,
        region: Option<RegionCode>,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<(Money, Contributions)>, Finding> {
        let Some(region) = region else { return Ok(None) };
        let (book, month) = (self.book, self.month);
        let rules = self.rules.entry(region).or_insert_with(|| book.at(region, month)).clone()?;
        let (wage, prior) = (entry.wage.clone()?, entry.prior_average.clone()?);
        let (hired_on, left_on) = (entry.hired_on.clone()?, entry.left_on.clone()?);
        if let Some(left_on) = left_on.filter(|left| *left < month.first_day()) {
            let (zh, en) = (
                format!("{left_on} 已离职，早于费款所属期 {month}，本月不缴费"),
                format!("Left on {left_on}, before {month}; nothing is due"),
            );
            findings.push(
                Finding::warning("left_before_month", zh, en)
                    .field("left_on")
                    .remedy("请核对离职日期并办理停保", "Check the date and stop the insurance"),
            );
            return Ok(None);
        }
        if let (Some(hired), Some(left)) = (hired_on, left_on)
            && left < hired
        {
            return Err(
                Finding::blocking("left_before_hired", "离职日期早于入职日期", "Left before being hired")
                    .field("left_on")
                    .remedy("请核对两个日期", "Check both dates"),
            );
        }
        let used = wage_used(wage, prior, hired_on.map(Month::of), month, findings);
        if entry.net_pay.clone()? == Some(wage) && !wage.is_zero() {
            let finding = Finding::warning(
                "base_equals_net_pay",
                "月工资与实发工资相同：缴费基数应按税前应发工资申报",
                "The wage equals the net pay; the base is the gross wage",
            );
            findings.push(finding.field("wage").remedy("请改填税前应发工资", "Enter the gross wage"));
        }
        let case = Case {
            wage: used,
            hired_on,
            industry_class: entry.industry_class.clone()?,
        };
        let contributions = contribution::contributions(&rules, &case, &mut Silent)?;
        limits_findings(&rules, used, findings)?;
        Ok(Some((used, contributions)))
    }
}

/// 国发〔1995〕6号, 劳社险中心函〔2006〕60号: the base of a year is the prior year's monthly average; someone hired this year is assessed by the month's wage.
fn wage_used(wage: Money, prior: Option<Money>, hired: Option<Month>, month: Month, findings: &mut Vec<Finding>) -> Money {
    let Some(prior) = prior else { return wage };
    if hired.is_some_and(|hired| hired.year() >= month.year()) {
        let finding = Finding::info(
            "new_hire_by_month",
            "本年新入职，按当月工资而不按上年度月平均工资",
            "Hired this year: assessed by the month's wage, not the prior average",
        );
        findings.push(finding.field("prior_average"));
        return wage;
    }
    prior
}

fn limits_findings(rules: &Rules<'_>, wage: Money, findings: &mut Vec<Finding>) -> Result<(), Finding> {
    let limits = rules.limits(Insurance::Pension)?;
    let (floor, ceiling) = (limits.value.floor, limits.value.ceiling);
    if wage < floor {
        let (zh, en) = (
            format!("工资 {wage} 低于下限 {floor}，按下限缴费"),
            format!("The wage {wage} is below the floor {floor}; the floor is used"),
        );
        findings.push(Finding::info("wage_below_floor", zh, en).field("wage"));
    }
    if wage > ceiling {
        let (zh, en) = (
            format!("工资 {wage} 高于上限 {ceiling}，按上限缴费"),
            format!("The wage {wage} is above the ceiling {ceiling}; the ceiling is used"),
        );
        findings.push(Finding::info("wage_above_ceiling", zh, en).field("wage"));
    }
    Ok(())
}
