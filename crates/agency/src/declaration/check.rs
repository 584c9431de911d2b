//! Line by line: who can be assessed, on what, and why the others cannot.

use std::collections::{HashMap, HashSet};

use exchange::message::{Declaration, DeclarationLine};
use standard::{Date, Finding, Money, Month, Refusal, RegionCode, RelationStatus};
use store::{Cipher, Query, args, in_list};
use uuid::Uuid;

use super::settle;
use crate::assessment::{Insurances, Insured, assessed_of};
use crate::employers::{self, Stretch};
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, line_fault, name_differs};
use crate::status::folded;

/// A declaration for a month longer ago than this is a back payment (补缴) and goes another way.
const MONTHS_BACK_MAX: i32 = 12;

/// What the books know of a person.
pub(crate) struct Known {
    /// 姓名.
    pub name: String,
    /// 个人编号.
    pub number: String,
    /// Insurances that run here.
    pub active: Insurances,
    /// Of those, the ones recorded with an employer of the unit's name.
    pub by_name: Insurances,
}

/// The persons of a region, with their relations, in a few queries.
pub(crate) async fn known(
    q: &mut dyn Query,
    region: RegionCode,
    unit_name: &str,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Known>, Refusal> {
    let mut found: HashMap<PersonId, Known> = HashMap::with_capacity(persons.len());
    for some in persons.chunks(500) {
        let sql = format!(
            "SELECT p.person_id, p.name, p.person_number, r.insurance, r.status, r.employer_name
             FROM agency_person p LEFT JOIN agency_relation r ON r.person_id = p.person_id AND r.region = p.region
             WHERE p.region = $1 AND p.person_id IN {}",
            in_list(some.len(), 2)
        );
        let mut values = args![region];
        values.extend(some.iter().map(|person| person.0));
        for row in q.all(&sql, values).await? {
            let person = PersonId(row.get("person_id")?);
            let entry = match found.entry(person) {
                std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Known {
                    name: row.get("name")?,
                    number: row.get("person_number")?,
                    active: Insurances::NONE,
                    by_name: Insurances::NONE,
                }),
            };
            let Some(insurance) = row.get("insurance")? else { continue };
            if row.get::<Option<RelationStatus>>("status")? == Some(RelationStatus::Active) {
                let one = Insurances::of(&[insurance]);
                entry.active = entry.active.or(one);
                if folded(&row.get::<String>("employer_name")?) == folded(unit_name) {
                    entry.by_name = entry.by_name.or(one);
                }
            }
        }
    }
    Ok(found)
}

/// One line as the books see it.
pub(crate) struct Checked {
    /// Its number.
    pub line: u32,
    /// The person.
    pub person: PersonId,
    /// 个人编号, when known.
    pub number: Option<String>,
    /// Insurances declared.
    pub insurances: Insurances,
    /// Wage declared.
    pub wage: Money,
    /// The hire date that counts.
    pub hired_on: Option<Date>,
    /// How the person stands on the employer's roll.
    pub standing: Option<Stretch>,
    /// Insurances taken over from older records that name the employer.
    pub adopted: Insurances,
    /// Why the line cannot be assessed.
    pub faults: Vec<Finding>,
    /// What the clerk should look at.
    pub notes: Vec<Finding>,
}

impl FiledLine for Checked {
    fn line(&self) -> u32 {
        self.line
    }

    fn faults(&self) -> &[Finding] {
        &self.faults
    }
}

impl Checked {
    /// As the assessor takes it.
    pub fn insured(&self, employer_id: Uuid, class: Option<i32>) -> Insured {
        Insured {
            person_id: self.person,
            employer_id,
            class,
            insurances: self.insurances,
            wage: self.wage,
            hired_on: self.hired_on,
        }
    }
}

/// What is wrong with the declaration as a whole, from itself alone.
pub(super) fn whole(declaration: &Declaration, today: Date) -> Vec<Finding> {
    let mut found = Vec::new();
    let this = Month::of(today);
    if declaration.month > this {
        found.push(
            Finding::blocking(
                "month_in_future",
                format!("费款所属期 {} 尚未开始", declaration.month),
                "The month has not begun",
            )
            .field("month")
            .remedy("请在当月申报", "Declare it in its month"),
        );
    }
    if declaration.month.until(this) > MONTHS_BACK_MAX {
        found.push(
            Finding::blocking(
                "month_closed",
                format!("费款所属期 {} 已超过一年", declaration.month),
                "The month is over a year ago",
            )
            .field("month")
            .remedy("请办理补缴", "File a back payment"),
        );
    }
    if declaration.lines.is_empty() || declaration.lines.len() > exchange::message::MONTH_LINES_MAX {
        found.push(
            Finding::blocking(
                "lines_out_of_range",
                "申报明细为空或超过一万行",
                "A declaration has 1 to 10,000 lines",
            )
            .field("lines")
            .remedy("超过一万人的单位请分份申报", "An employer of more people files in parts"),
        );
    }
    if declaration.part == 0 || declaration.part > declaration.parts || declaration.parts > 100 {
        found.push(Finding::blocking("part_out_of_range", "申报分份编号有误", "The part number is wrong").field("part"));
    }
    if declaration.industry_class.is_some_and(|class| !(1..=8).contains(&class)) {
        found.push(Finding::blocking("class_out_of_range", "工伤行业类别应为1至8", "The injury class is 1 to 8").field("industry_class"));
    }
    found
}

/// What is wrong with one line, from itself alone.
fn alone(line: &DeclarationLine, month: Month) -> Vec<Finding> {
    let mut found = Vec::new();
    let at = line.line;
    if line.wage_fen.fen() <= 0 || line.wage_fen.fen() > 10_000_000_000 {
        found.push(
            line_fault(
                "wage_out_of_range",
                at,
                format!("第{at}行：申报工资须大于0"),
                format!("Line {at}: the wage must be over 0"),
            )
            .remedy("请填写本月缴费工资", "Give the month's wage"),
        );
    }
    if line.insurances.is_empty() {
        found.push(
            line_fault(
                "insurances_missing",
                at,
                format!("第{at}行：未选择险种"),
                format!("Line {at}: no insurance is chosen"),
            )
            .remedy("请选择该员工参加的险种", "Choose the person's insurances"),
        );
    }
    if line.hired_on.is_some_and(|on| Month::of(on) != month) {
        found.push(
            line_fault(
                "entry_date_outside",
                at,
                format!("第{at}行：入职日期不在费款所属期内"),
                format!("Line {at}: the hire date is not in the month declared"),
            )
            .remedy(
                "仅当月入职的员工填写入职日期",
                "Give a hire date only for who was hired in the month",
            ),
        );
    }
    found
}

/// Every line of a declaration against the books of its region.
pub(crate) async fn examine(
    q: &mut dyn Query,
    cipher: &Cipher,
    declaration: &Declaration,
    employer_id: Uuid,
) -> Result<Vec<Checked>, Refusal> {
    let (region, month) = (declaration.region, declaration.month);
    let persons: Vec<PersonId> = declaration
        .lines
        .iter()
        .map(|line| PersonId::of(&cipher.id_hash(&line.id_number)))
        .collect();
    let books = known(q, region, &declaration.employer.name, &persons).await?;
    let roll: HashMap<PersonId, Stretch> = employers::roll_of(q, region, employer_id, month)
        .await?
        .into_iter()
        .map(|one| (one.person_id, one))
        .collect();
    let mut elsewhere: HashMap<PersonId, Insurances> = HashMap::new();
    for one in employers::held_elsewhere(q, region, employer_id, &persons, month).await? {
        let held = elsewhere.entry(one.person_id).or_default();
        *held = held.or(one.insurances);
    }
    let mut paid: HashMap<PersonId, Insurances> = HashMap::new();
    // What a run assumed of an employer that had declared nothing gives way to what it declares.
    let assumed = settle::assumed(q, declaration, employer_id).await?.is_some();
    for (_, row) in assessed_of(q, region, &persons, month, month)
        .await?
        .into_iter()
        .filter(|(kind, row)| *kind == exchange::message::OrderKind::Regular && !(assumed && row.employer_id == employer_id))
    {
        let held = paid.entry(row.person_id).or_default();
        *held = held.or(row.insurances);
    }
    let mut seen = HashSet::with_capacity(persons.len());
    Ok(declaration
        .lines
        .iter()
        .zip(persons)
        .map(|(line, person)| {
            let standing = roll.get(&person).cloned();
            let of = |map: &HashMap<PersonId, Insurances>| map.get(&person).copied().unwrap_or_default();
            let mut checked = Checked {
                line: line.line,
                person,
                number: books.get(&person).map(|known| known.number.clone()),
                insurances: Insurances::of(&line.insurances),
                wage: line.wage_fen,
                hired_on: line.hired_on.or_else(|| standing.as_ref().and_then(|one| one.hired_within(month))),
                standing,
                adopted: Insurances::NONE,
                faults: alone(line, month),
                notes: Vec::new(),
            };
            if !seen.insert(person) {
                checked.faults.push(duplicate(line.line));
            }
            against_books(&mut checked, line, books.get(&person), of(&elsewhere), of(&paid));
            checked
        })
        .collect())
}

fn against_books(checked: &mut Checked, line: &DeclarationLine, known: Option<&Known>, elsewhere: Insurances, paid: Insurances) {
    let at = line.line;
    let Some(known) = known else {
        checked.faults.push(not_enrolled(at, &line.name, "本地无该人员参保登记"));
        return;
    };
    if folded(&known.name) != folded(&line.name) {
        checked.faults.push(name_differs(at));
    }
    let held = checked.standing.as_ref().map_or(Insurances::NONE, |one| one.insurances);
    // Records older than the roll know the employer by name only.
    checked.adopted = known.by_name.without(held).without(elsewhere).and(checked.insurances);
    let lacking = checked.insurances.without(held).without(checked.adopted);
    if !lacking.is_none() {
        let names: Vec<&str> = lacking.list().into_iter().map(standard::Insurance::zh).collect();
        checked
            .faults
            .push(not_enrolled(at, &line.name, &format!("{}未在本单位正常参保", names.join("、"))));
    }
    if !paid.and(checked.insurances).is_none() {
        checked.faults.push(
            line_fault(
                "month_already_assessed",
                at,
                format!("第{at}行：{}该月已核定", line.name),
                format!("Line {at}: the month is assessed already"),
            )
            .remedy("如需调整请办理补缴或退费", "To change it file an adjustment"),
        );
    }
    let last = checked.standing.as_ref().map_or(Money::ZERO, |one| one.wage);
    // House rule for attention, not law: less than half of what was declared before.
    if line.wage_fen.fen() > 0 && line.wage_fen.fen().saturating_mul(2) < last.fen() {
        checked.notes.push(line_fault(
            "wage_far_below",
            at,
            format!("第{at}行：{}申报工资由 {last} 降至 {}", line.name, line.wage_fen),
            format!("Line {at}: the wage fell from {last} to {}", line.wage_fen),
        ));
    }
}

fn duplicate(at: u32) -> Finding {
    line_fault(
        "duplicate_line",
        at,
        format!("第{at}行：该人员重复申报"),
        format!("Line {at}: the person is declared twice"),
    )
    .remedy("请合并为一行", "Merge into one line")
}

fn not_enrolled(at: u32, name: &str, why: &str) -> Finding {
    line_fault(
        "person_not_enrolled",
        at,
        format!("第{at}行：{name}，{why}"),
        format!("Line {at}: the person is not enrolled with this employer in all insurances declared"),
    )
    .remedy("请先办理参保登记，再补报本月", "Enrol the person first, then declare the month")
    .action("enrol")
    .who("hr")
}
