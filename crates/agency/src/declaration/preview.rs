//! What a declaration would come to, beside the month before, and what the clerk must look at.

use std::collections::{HashMap, HashSet};

use ::store::{Cipher, Query, Tx};
use exchange::message::Declaration;
use policy::RuleBook;
use standard::{Finding, Insurance, Money, Refusal};
use uuid::Uuid;

use super::check::{Checked, examine, known};
use super::{Preview, Sums, store};
use crate::assessment::{AssessedRow, Assessor, people_of_orders, totals_of};
use crate::employers::{self, Stretch, Unit};
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, shown, yuan};

/// Names shown of people who joined or left.
const NAMES_MAX: usize = 10;
/// More than this share of people at the floor is unusual, in percent; a house rule for attention, not law.
const FLOOR_PERCENT_MAX: usize = 30;
/// Below so many people the share at the floor says nothing.
const FLOOR_PEOPLE_MIN: usize = 5;

/// A declaration against law and books.
pub(super) struct Assessed {
    /// Every line.
    pub lines: Vec<Checked>,
    /// The rows of the sound ones, in their order.
    pub rows: Vec<AssessedRow>,
    /// Insurances with a side whose rate is not encoded.
    pub missing: Vec<Insurance>,
    /// The lowest pension base.
    pub floor: Money,
}

/// Examines and assesses; nothing is written. A month without encoded law is refused.
pub(super) async fn assess(
    q: &mut dyn Query,
    cipher: &Cipher,
    book: &RuleBook,
    unit: &Unit,
    declaration: &Declaration,
) -> Result<Assessed, Refusal> {
    let lines = examine(q, cipher, declaration, unit.employer_id).await?;
    rows(book, unit, declaration, lines).map_err(Refusal::invalid)
}

fn rows(book: &RuleBook, unit: &Unit, declaration: &Declaration, lines: Vec<Checked>) -> Result<Assessed, Finding> {
    let assessor = Assessor::new(book, declaration.region, declaration.month)?;
    let class = declaration.industry_class.or(unit.injury_class);
    let insured: Vec<_> = lines
        .iter()
        .filter(|line| line.is_sound())
        .map(|line| line.insured(unit.employer_id, class))
        .collect();
    Ok(Assessed {
        rows: assessor.assess(&insured)?,
        missing: assessor.missing(class),
        floor: assessor.floor(Insurance::Pension),
        lines,
    })
}

/// The preview of an assessed declaration.
pub(super) async fn preview(tx: &mut Tx, unit: &Unit, declaration: &Declaration, assessed: &Assessed) -> Result<Preview, Refusal> {
    let totals = totals_of(&assessed.rows)?;
    let now = Sums {
        people: count(assessed.rows.len()),
        wage_fen: Money::sum(assessed.rows.iter().map(|row| row.wage))?,
        employer_fen: Money::sum(totals.employer)?,
        employee_fen: Money::sum(totals.employee)?,
    };
    let refused = count(assessed.lines.iter().filter(|line| !line.is_sound()).count());
    let last = store::month_before(tx, unit.region, unit.employer_id, declaration.month).await?;
    let Some((_, people, employer_fen, employee_fen)) = last else {
        return Ok(Preview {
            now,
            refused,
            ..Preview::default()
        });
    };
    let then = employers::roll_of(tx, unit.region, unit.employer_id, declaration.month.previous()).await?;
    let before = Sums {
        people,
        wage_fen: Money::sum(then.iter().map(|one| one.wage))?,
        employer_fen,
        employee_fen,
    };
    let was: HashMap<PersonId, &Stretch> = then.iter().map(|one| (one.person_id, one)).collect();
    let here: HashSet<PersonId> = assessed.lines.iter().map(|line| line.person).collect();
    let names: HashMap<u32, &str> = declaration.lines.iter().map(|line| (line.line, line.name.as_str())).collect();
    let joined: Vec<&Checked> = assessed
        .lines
        .iter()
        .filter(|line| line.is_sound() && !was.contains_key(&line.person))
        .collect();
    let left: Vec<PersonId> = if declaration.parts > 1 {
        Vec::new()
    } else {
        then.iter()
            .map(|one| one.person_id)
            .filter(|person| !here.contains(person))
            .collect()
    };
    let changed = assessed.lines.iter().filter(|line| {
        was.get(&line.person)
            .is_some_and(|one| one.wage != line.wage && !one.wage.is_zero())
    });
    Ok(Preview {
        now,
        before: Some(before),
        refused,
        joined: joined
            .iter()
            .filter_map(|line| names.get(&line.line))
            .take(NAMES_MAX)
            .map(|name| (*name).to_owned())
            .collect(),
        joined_count: count(joined.len()),
        left: names_of(tx, unit, &left).await?,
        left_count: count(left.len()),
        changed: count(changed.count()),
    })
}

/// The names of the first few of `persons`.
async fn names_of(q: &mut dyn Query, unit: &Unit, persons: &[PersonId]) -> Result<Vec<String>, Refusal> {
    let some = &persons[..persons.len().min(NAMES_MAX)];
    let known = known(q, unit.region, &unit.name, some).await?;
    Ok(some
        .iter()
        .filter_map(|person| known.get(person))
        .map(|known| known.name.clone())
        .collect())
}

/// Everything the clerk must look at before passing.
pub(super) async fn findings(tx: &mut Tx, unit: &Unit, declaration: &Declaration, assessed: &Assessed) -> Result<Vec<Finding>, Refusal> {
    let refused = assessed.lines.iter().filter(|line| !line.is_sound()).count();
    let mut found = Vec::new();
    if refused > 0 {
        found.push(
            Finding::warning(
                "lines_refused",
                format!("{refused} 行不能核定，其余照常核定"),
                format!("{refused} lines cannot be assessed; the others go on"),
            )
            .remedy("办结后逐行回告单位", "The employer is told line by line when the case takes effect"),
        );
    }
    dropped(tx, unit, declaration, assessed, &mut found).await?;
    expected(declaration, assessed, &mut found)?;
    at_floor(assessed, &mut found);
    for insurance in &assessed.missing {
        found.push(Finding::warning(
            "rate_not_encoded",
            format!("{}费率尚未收录，本次未计入", insurance.zh()),
            format!("A rate of {insurance:?} is not encoded and counts nothing"),
        ));
    }
    let adopted = assessed
        .lines
        .iter()
        .filter(|line| line.is_sound() && !line.adopted.is_none())
        .count();
    if adopted > 0 {
        found.push(Finding::info(
            "taken_over_from_records",
            format!("{adopted} 人按参保记录中的单位名称归入本单位名册"),
            format!("{adopted} people are put on the roll by the employer's name in older records"),
        ));
    }
    if employers::bearers(tx, unit.region, &unit.credit_code).await? > 1 {
        found.push(Finding::warning(
            "unit_code_shared",
            "另有单位登记了相同的统一社会信用代码",
            "Another employer is registered under the same credit code",
        ));
    }
    found.extend(shown(
        assessed
            .lines
            .iter()
            .flat_map(|line| line.faults.iter().chain(&line.notes).cloned())
            .collect(),
    ));
    Ok(found)
}

/// People on the roll whom the declaration leaves out without a stop.
async fn dropped(
    q: &mut dyn Query,
    unit: &Unit,
    declaration: &Declaration,
    assessed: &Assessed,
    found: &mut Vec<Finding>,
) -> Result<(), Refusal> {
    let mut here: HashSet<PersonId> = assessed.lines.iter().map(|line| line.person).collect();
    if declaration.parts > 1 && !parts(q, unit, declaration, &mut here, found).await? {
        return Ok(());
    }
    let roll = employers::roll_of(q, unit.region, unit.employer_id, declaration.month).await?;
    let left: Vec<PersonId> = roll
        .iter()
        .map(|one| one.person_id)
        .filter(|person| !here.contains(person))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    let names = names_of(q, unit, &left).await?;
    found.push(
        Finding::warning(
            "people_dropped",
            format!("{} 人在册未申报且未停保：{}", left.len(), names.join("、")),
            format!("{} people on the roll are neither declared nor stopped", left.len()),
        )
        .remedy("请单位补报，或为离职人员办理停保", "Have them declared, or stopped if they left")
        .who("hr"),
    );
    Ok(())
}

/// Who the other parts of the month are about, added to `here`; `false` while one of them is not in effect, for until then nobody can
/// be missing.
async fn parts(
    q: &mut dyn Query,
    unit: &Unit,
    declaration: &Declaration,
    here: &mut HashSet<PersonId>,
    found: &mut Vec<Finding>,
) -> Result<bool, Refusal> {
    found.push(Finding::info(
        "declared_in_parts",
        format!("本单位分 {} 份申报，本份为第 {} 份", declaration.parts, declaration.part),
        format!("Part {} of {}", declaration.part, declaration.parts),
    ));
    let known = store::of_month(q, declaration.region, unit.employer_id, declaration.month).await?;
    let others: Vec<_> = known
        .iter()
        .filter(|one| {
            !one.by_run && one.declaration_id != declaration.declaration_id && ["pending", "assessed"].contains(&one.state.as_str())
        })
        .collect();
    if others.iter().any(|one| one.parts != i64::from(declaration.parts)) {
        found.push(
            Finding::warning(
                "parts_differ",
                "同一月份各份申报所写的总份数不一致",
                "The parts of the month do not agree on how many there are",
            )
            .remedy("请向单位核实分份情况", "Ask the employer how the month is divided"),
        );
    }
    let in_effect = others.iter().filter(|one| one.state == "assessed").count();
    let orders: Vec<Uuid> = others.iter().filter_map(|one| one.order_id).collect();
    here.extend(people_of_orders(q, declaration.region, &orders).await?);
    Ok(in_effect + 1 >= usize::try_from(declaration.parts).unwrap_or(usize::MAX))
}

fn expected(declaration: &Declaration, assessed: &Assessed, found: &mut Vec<Finding>) -> Result<(), Refusal> {
    let assessed = totals_of(&assessed.rows)?.sum()?;
    if assessed != declaration.expected_fen {
        let (ours, theirs) = (yuan(assessed), yuan(declaration.expected_fen));
        found.push(Finding::warning(
            "expected_differs",
            format!("单位预计应缴 {theirs}，核定 {ours}"),
            format!("The employer expects {theirs}, the assessment is {ours}"),
        ));
    }
    Ok(())
}

fn at_floor(assessed: &Assessed, found: &mut Vec<Finding>) {
    let people = assessed.rows.len();
    let low = assessed.rows.iter().filter(|row| row.wage <= assessed.floor).count();
    if people >= FLOOR_PEOPLE_MIN && low * 100 > people * FLOOR_PERCENT_MAX {
        found.push(Finding::warning(
            "many_at_floor",
            format!("{people} 人中 {low} 人按缴费基数下限核定，请关注申报工资是否属实"),
            format!("{low} of {people} people are at the floor of the base"),
        ));
    }
}

pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
