//! Line by line: who is on the employer's roll and may be stopped, and why the others may not.

use std::collections::{HashMap, HashSet};

use exchange::message::{StopApplication, StopLine};
use standard::{Date, Finding, Insurance, Month, Refusal, RelationStatus};
use store::{Cipher, Query, args, in_list};
use uuid::Uuid;

use crate::assessment::Insurances;
use crate::employers::{self, Stretch};
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, line_fault, name_differs};
use crate::status::folded;

/// What the books know of a person.
#[derive(Default)]
struct Known {
    name: String,
    number: String,
    /// Relations that run, with the last month paid and whether the record names this employer.
    active: Vec<(Insurance, Option<Month>, bool)>,
}

/// One line as the books see it.
pub(crate) struct Checked {
    /// Its number.
    pub line: u32,
    /// The person.
    pub person: PersonId,
    /// 个人编号, when known.
    pub number: Option<String>,
    /// Insurances that would stop.
    pub insurances: Insurances,
    /// Of those, the ones known by the employer's name in older records only.
    pub adopted: Insurances,
    /// The last month paid by this employer.
    pub last: Month,
    /// Why the line takes no effect.
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

/// What is wrong with the application as a whole, from itself alone.
pub(super) fn whole(application: &StopApplication) -> Vec<Finding> {
    if application.lines.is_empty() || application.lines.len() > exchange::message::MONTH_LINES_MAX {
        return vec![
            Finding::blocking(
                "lines_out_of_range",
                "停保明细为空或超过一万行",
                "An application has 1 to 10,000 lines",
            )
            .field("lines"),
        ];
    }
    Vec::new()
}

fn alone(line: &StopLine, today: Date) -> Vec<Finding> {
    let at = line.line;
    let mut found = Vec::new();
    if line.insurances.is_empty() {
        found.push(
            line_fault(
                "insurances_missing",
                at,
                format!("第{at}行：未选择险种"),
                format!("Line {at}: no insurance is chosen"),
            )
            .remedy("请选择停保险种", "Choose the insurances to stop"),
        );
    }
    if line.last_month > Month::of(today).plus(1) {
        found.push(
            line_fault(
                "last_month_too_late",
                at,
                format!("第{at}行：最后缴费月 {} 晚于下月", line.last_month),
                format!("Line {at}: the last month is later than the next"),
            )
            .remedy("请在离职当月或之后办理停保", "File the stop in the month of leaving or later"),
        );
    }
    if line.last_month < Month::of(line.left_on).plus(-1) {
        found.push(
            line_fault(
                "last_month_before_leaving",
                at,
                format!("第{at}行：最后缴费月 {} 早于离职月的上月", line.last_month),
                format!("Line {at}: the last month lies before the month of leaving"),
            )
            .remedy(
                "在职期间的月份应当缴费，请核对离职日期",
                "Months of employment are to be paid; check the day of leaving",
            ),
        );
    }
    found
}

/// Every line against the books of its region.
pub(crate) async fn examine(
    q: &mut dyn Query,
    cipher: &Cipher,
    application: &StopApplication,
    employer_id: Uuid,
    today: Date,
) -> Result<Vec<Checked>, Refusal> {
    let persons: Vec<PersonId> = application
        .lines
        .iter()
        .map(|line| PersonId::of(&cipher.id_hash(&line.id_number)))
        .collect();
    let books = known(q, application, &persons).await?;
    let mut roll: HashMap<PersonId, Vec<Stretch>> = HashMap::new();
    for one in employers::stretches(q, application.region, employer_id, &persons).await? {
        roll.entry(one.person_id).or_default().push(one);
    }
    let mut elsewhere: HashMap<PersonId, Insurances> = HashMap::new();
    for one in employers::held_elsewhere(q, application.region, employer_id, &persons, Month::of(today)).await? {
        let held = elsewhere.entry(one.person_id).or_default();
        *held = held.or(one.insurances);
    }
    let mut seen: HashSet<(PersonId, Insurance)> = HashSet::new();
    Ok(application
        .lines
        .iter()
        .zip(persons)
        .map(|(line, person)| {
            let mut checked = Checked {
                line: line.line,
                person,
                number: books.get(&person).map(|known| known.number.clone()),
                insurances: Insurances::of(&line.insurances),
                adopted: Insurances::NONE,
                last: line.last_month,
                faults: alone(line, today),
                notes: Vec::new(),
            };
            if line.insurances.iter().any(|insurance| !seen.insert((person, *insurance))) {
                checked.faults.push(line_fault(
                    "duplicate_line",
                    line.line,
                    format!("第{}行：该人员同一险种重复申报", line.line),
                    format!("Line {}: an insurance of the person stands twice", line.line),
                ));
            }
            let stretches = roll.get(&person).map_or(&[][..], Vec::as_slice);
            against_books(
                &mut checked,
                line,
                books.get(&person),
                stretches,
                elsewhere.get(&person).copied().unwrap_or_default(),
            );
            checked
        })
        .collect())
}

fn against_books(checked: &mut Checked, line: &StopLine, known: Option<&Known>, roll: &[Stretch], elsewhere: Insurances) {
    let at = line.line;
    let Some(known) = known else {
        checked.faults.push(not_on_roll(at, &line.name, "本地无该人员参保登记"));
        return;
    };
    if folded(&known.name) != folded(&line.name) {
        checked.faults.push(name_differs(at));
    }
    let open = roll
        .iter()
        .filter(|one| one.until.is_none_or(|until| until > checked.last))
        .fold(Insurances::NONE, |mask, one| mask.or(one.insurances));
    let ended = roll
        .iter()
        .fold(Insurances::NONE, |mask, one| mask.or(one.insurances))
        .without(open);
    let by_name = Insurances::of(
        &known
            .active
            .iter()
            .filter(|(_, _, here)| *here)
            .map(|(one, ..)| *one)
            .collect::<Vec<_>>(),
    );
    checked.adopted = by_name.without(open).without(ended).without(elsewhere).and(checked.insurances);
    let lacking = checked.insurances.without(open).without(checked.adopted);
    let stopped = lacking.and(ended);
    if !stopped.is_none() {
        checked.faults.push(
            line_fault(
                "already_stopped",
                at,
                format!("第{at}行：{}的{}已停保", line.name, names(stopped)),
                format!("Line {at}: the person is stopped already"),
            )
            .remedy("无需重复办理", "Nothing more is needed"),
        );
    }
    let never = lacking.without(ended);
    if !never.is_none() {
        checked
            .faults
            .push(not_on_roll(at, &line.name, &format!("{}未在本单位参保", names(never))));
    }
    let paid = known
        .active
        .iter()
        .filter(|(insurance, ..)| checked.insurances.has(*insurance))
        .filter_map(|(_, last, _)| *last)
        .max();
    if let Some(paid) = paid.filter(|paid| *paid > checked.last) {
        checked.notes.push(
            line_fault(
                "paid_beyond_stop",
                at,
                format!("第{at}行：{}已缴至 {paid}，晚于停保月 {}", line.name, checked.last),
                format!("Line {at}: months are paid up to {paid}, beyond {}", checked.last),
            )
            .remedy(
                "停保生效后可为多缴月份申请退费",
                "A refund of the months beyond may be filed after the stop",
            ),
        );
    }
}

fn names(insurances: Insurances) -> String {
    insurances.list().into_iter().map(Insurance::zh).collect::<Vec<_>>().join("、")
}

fn not_on_roll(at: u32, name: &str, why: &str) -> Finding {
    line_fault(
        "not_on_roll",
        at,
        format!("第{at}行：{name}，{why}"),
        format!("Line {at}: the person is not on this employer's roll"),
    )
    .remedy("请核对参保地区和用人单位", "Check the region and the employer")
    .who("hr")
}

async fn known(q: &mut dyn Query, application: &StopApplication, persons: &[PersonId]) -> Result<HashMap<PersonId, Known>, Refusal> {
    let here = folded(&application.employer.name);
    let mut found: HashMap<PersonId, Known> = HashMap::with_capacity(persons.len());
    for some in persons.chunks(500) {
        let sql = format!(
            "SELECT p.person_id, p.name, p.person_number, r.insurance, r.status, r.last_month, r.employer_name
             FROM agency_person p LEFT JOIN agency_relation r ON r.person_id = p.person_id AND r.region = p.region
             WHERE p.region = $1 AND p.person_id IN {}",
            in_list(some.len(), 2)
        );
        let mut values = args![application.region];
        values.extend(some.iter().map(|person| person.0));
        for row in q.all(&sql, values).await? {
            let entry = found.entry(PersonId(row.get("person_id")?)).or_default();
            entry.name = row.get("name")?;
            entry.number = row.get("person_number")?;
            let Some(insurance) = row.get("insurance")? else { continue };
            if row.get::<Option<RelationStatus>>("status")? == Some(RelationStatus::Active) {
                let ours = folded(&row.get::<String>("employer_name")?) == here;
                entry.active.push((insurance, row.get("last_month")?, ours));
            }
        }
    }
    Ok(found)
}
