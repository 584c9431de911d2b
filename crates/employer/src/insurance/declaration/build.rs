//! From a month's people to lines and findings. Pure.

use std::collections::{BTreeMap, BTreeSet};

use policy::Rules;
use policy::contribution::Share;
use standard::{Finding, Insurance, Money, Month, Refusal, RegionCode};
use uuid::Uuid;

use super::LeftOut;
use super::store::Line;
use crate::insurance::amounts::{compute, mask};
use crate::insurance::base::{Base, BaseOrigin, equals_net};
use crate::people::month::MonthPerson;
use crate::people::view::EmployeeState;
use crate::people::wage::Bounds;

/// What is known of the unit's people beside the month's list.
pub(super) struct Known {
    /// Where each employee stands with social insurance.
    pub states: BTreeMap<Uuid, EmployeeState>,
    /// The last month a stopped leaver pays here.
    pub stopped_after: BTreeMap<Uuid, Month>,
    /// Regions of a pension that runs elsewhere by the last nationwide answer.
    pub elsewhere: BTreeMap<Uuid, RegionCode>,
    /// Net pay of the month before.
    pub nets: BTreeMap<Uuid, Money>,
    /// Already with the agency or accepted.
    pub declared: BTreeSet<Uuid>,
    /// 工伤行业类别 of the unit.
    pub class: Option<i32>,
}

/// One person: a line, a reason why not, or nothing (already declared).
pub(super) enum Built {
    Line(Box<Line>),
    Left(Box<LeftOut>),
    Nothing,
}

/// Weighs one person of the region.
pub(super) fn person(rules: &Rules<'_>, person: &MonthPerson, base: Option<&Base>, known: &Known) -> Result<Built, Refusal> {
    if known.declared.contains(&person.employee_id) {
        return Ok(Built::Nothing);
    }
    if let Some(finding) = kept_out(person, base, rules.month, known) {
        return Ok(left(person, finding));
    }
    let Some(base) = base else { return Ok(Built::Nothing) };
    let computed = compute(rules, base.wage, Some(person.hired_on), known.class, &person.insurances)?;
    if computed.share == Share::None {
        return Ok(left(person, next_month(person)));
    }
    let mut findings = weigh(rules, person, base, known)?;
    findings.extend((computed.missing != 0).then(|| not_encoded(rules, computed.missing)));
    Ok(Built::Line(Box::new(Line {
        line: 0,
        employee_id: person.employee_id,
        name: person.name.clone(),
        id_masked: String::new(),
        insurances: mask(&person.insurances),
        base: base.clone(),
        hired_on: Some(person.hired_on).filter(|day| Month::of(*day) == rules.month),
        amounts: computed.amounts,
        state: "draft".to_string(),
        findings,
        reasons: Vec::new(),
    })))
}

fn left(person: &MonthPerson, finding: Finding) -> Built {
    Built::Left(Box::new(LeftOut {
        employee_id: person.employee_id,
        name: person.name.clone(),
        finding,
    }))
}

/// Why someone cannot be declared: no wage, not enrolled, stopped before.
fn kept_out(person: &MonthPerson, base: Option<&Base>, month: Month, known: &Known) -> Option<Finding> {
    match known.states.get(&person.employee_id) {
        Some(EmployeeState::Insured) => {}
        Some(EmployeeState::Stopped) => {
            if known.stopped_after.get(&person.employee_id).is_none_or(|last| *last < month) {
                return Some(Finding::info(
                    "stopped_before_month",
                    format!("{month} 之前已停保，不再申报"),
                    format!("stopped before {month}, no longer declared"),
                ));
            }
        }
        Some(EmployeeState::Enrolling) => return Some(not_enrolled("参保登记办理中", "the enrolment is on its way")),
        _ => return Some(not_enrolled("尚未办理参保登记", "not enrolled yet")),
    }
    if base.is_none() {
        return Some(
            Finding::blocking(
                "wage_missing",
                "员工档案没有月工资，无法申报",
                "the record has no wage: nothing can be declared",
            )
            .field("wage")
            .remedy("请在员工档案中填写月工资", "enter the monthly wage in the employee's record")
            .action("edit"),
        );
    }
    None
}

fn not_enrolled(zh: &str, en: &str) -> Finding {
    Finding::blocking("not_enrolled", zh, en)
        .remedy(
            "参保登记生效后重新生成，即可补充申报",
            "prepare again once the enrolment is in effect; a further declaration is made",
        )
        .action("enrol")
}

fn next_month(person: &MonthPerson) -> Finding {
    Finding::info(
        "entry_next_month",
        format!("{} 入职，按当地规定次月起缴", person.hired_on),
        format!(
            "hired on {}: by the region's rule the first contribution is next month's",
            person.hired_on
        ),
    )
}

fn not_encoded(rules: &Rules<'_>, missing: u16) -> Finding {
    let zh: Vec<&str> = Insurance::ALL
        .into_iter()
        .filter(|insurance| missing >> (2 * (*insurance as u16)) & 3 != 0)
        .map(Insurance::zh)
        .collect();
    Finding::warning(
        "law_not_encoded",
        format!("{}的{}费率没有收录，预计金额不含这部分", rules.place.name(), zh.join("、")),
        format!("some rates of {} are not encoded; the expected amounts leave them out", rules.place),
    )
    .remedy("以核定单为准", "the agency's order counts")
}

/// What HR should look at before filing.
fn weigh(rules: &Rules<'_>, person: &MonthPerson, base: &Base, known: &Known) -> Result<Vec<Finding>, Refusal> {
    let mut findings = Vec::new();
    let bounds = Bounds::of(rules)?;
    let (floor, ceiling) = (bounds.floor, bounds.ceiling);
    if bounds.raises(base.wage) {
        findings.push(
            Finding::warning(
                "base_below_floor",
                format!("缴费工资 {} 元低于下限 {floor} 元，按下限缴费", base.wage),
                format!("the wage {} is below the floor {floor}, which counts", base.wage),
            )
            .field("wage")
            .remedy("请确认工资无误", "make sure the wage is right"),
        );
    }
    if bounds.cuts(base.wage) {
        findings.push(
            Finding::info(
                "base_above_ceiling",
                format!("缴费工资 {} 元高于上限 {ceiling} 元，按上限缴费", base.wage),
                format!("the wage {} is above the ceiling {ceiling}, which counts", base.wage),
            )
            .field("wage"),
        );
    }
    if base.origin == BaseOrigin::Adjusted {
        findings.extend(equals_net(base.wage, known.nets.get(&person.employee_id).copied()));
    }
    if let Some(other) = known.elsewhere.get(&person.employee_id) {
        findings.push(
            Finding::warning(
                "enrolled_elsewhere",
                format!("最近一次全国查询显示在{}仍有在缴养老保险", other.name()),
                format!("by the last nationwide answer a pension runs in {other}"),
            )
            .remedy("请先办理转移，避免重复参保", "transfer it first, so that nobody is insured twice")
            .action(format!("start_transfer:{}:pension", other.number())),
        );
    }
    Ok(findings)
}
