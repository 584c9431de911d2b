//! Line by line: what the month should have cost, what was assessed, and whether the employer comes to the same difference.

use std::collections::{BTreeMap, HashMap, HashSet};

use exchange::message::{AdjustmentApplication, AdjustmentLine, AdjustmentReason, OrderKind};
use policy::RuleBook;
use standard::{Date, Finding, Insurance, Money, Month, MonthSet, Refusal};
use store::{Cipher, Query, args, in_list};
use uuid::Uuid;

use crate::assessment::{AssessedRow, Assessor, Insurances, Insured, assessed_of};
use crate::employers::{self, Stretch, Unit};
use crate::enrolment::PersonId;
use crate::filing::{FiledLine, line_fault, name_differs};
use crate::status::folded;

/// How far back a line may go; older history is put right by transfer or correction.
const YEARS_BACK_MAX: i32 = 15;

/// One line as the agency sees it.
pub(crate) struct Checked {
    /// Its number.
    pub line: u32,
    /// The person.
    pub person: PersonId,
    /// 个人编号, when known.
    pub number: Option<String>,
    /// 费款所属期.
    pub month: Month,
    /// The insurance.
    pub insurance: Insurance,
    /// 申报工资 that should have counted.
    pub wage: Money,
    /// 缴费基数 by the agency's figures.
    pub base: Money,
    /// The agency's difference on the employer's side, fen; negative goes back.
    pub employer: Money,
    /// The agency's difference on the employee's side, fen.
    pub employee: Money,
    /// Why the line takes no effect.
    pub faults: Vec<Finding>,
}

impl FiledLine for Checked {
    fn line(&self) -> u32 {
        self.line
    }

    fn faults(&self) -> &[Finding] {
        &self.faults
    }
}

struct Known {
    name: String,
    number: String,
    paid: HashMap<Insurance, MonthSet>,
}

/// What is wrong with the application as a whole, from itself alone.
pub(super) fn whole(application: &AdjustmentApplication) -> Vec<Finding> {
    let mut found = Vec::new();
    if application.lines.is_empty() || application.lines.len() > exchange::message::MONTH_LINES_MAX {
        found.push(Finding::blocking("lines_out_of_range", "明细为空或超过一万行", "An application has 1 to 10,000 lines").field("lines"));
    }
    let needs_note = matches!(application.reason, AdjustmentReason::Omitted | AdjustmentReason::WageCorrected);
    if needs_note && application.note.trim().chars().count() < 4 {
        found.push(
            Finding::blocking("note_missing", "补登或更正须说明情况和依据", "Say what happened and what proves it")
                .field("note")
                .remedy(
                    "请写明漏报或错报的原因，以及工资凭证等依据",
                    "Name the cause and the evidence, such as payrolls",
                ),
        );
    }
    if application.note.chars().count() > 1_000 {
        found.push(Finding::blocking("text_too_long", "说明超过1000个字", "The note is longer than 1,000 characters").field("note"));
    }
    found
}

/// Every line against law and books.
pub(crate) async fn examine(
    q: &mut dyn Query,
    cipher: &Cipher,
    book: &RuleBook,
    unit: &Unit,
    application: &AdjustmentApplication,
    today: Date,
) -> Result<Vec<Checked>, Refusal> {
    let persons: Vec<PersonId> = application
        .lines
        .iter()
        .map(|line| PersonId::of(&cipher.id_hash(&line.id_number)))
        .collect();
    let books = Books::read(q, book, unit, application, &persons).await?;
    let mut seen = HashSet::new();
    Ok(application
        .lines
        .iter()
        .zip(persons)
        .map(|(line, person)| {
            let mut checked = Checked {
                line: line.line,
                person,
                number: books.known.get(&person).map(|known| known.number.clone()),
                month: line.month,
                insurance: line.insurance,
                wage: line.wage_fen,
                base: Money::ZERO,
                employer: Money::ZERO,
                employee: Money::ZERO,
                faults: Vec::new(),
            };
            if !seen.insert((person, line.month, line.insurance)) {
                checked.faults.push(line_fault(
                    "duplicate_line",
                    line.line,
                    format!("第{}行：同一人员、月份和险种重复", line.line),
                    format!("Line {}: person, month and insurance stand twice", line.line),
                ));
            }
            books.judge(&mut checked, line, application.reason, unit, today);
            checked
        })
        .collect())
}

/// What the lines are judged by, read once.
struct Books {
    known: HashMap<PersonId, Known>,
    roll: HashMap<PersonId, Vec<Stretch>>,
    assessed: HashMap<(PersonId, Month), Vec<(OrderKind, AssessedRow)>>,
    law: BTreeMap<Month, Result<Assessor, Finding>>,
}

impl Books {
    async fn read(
        q: &mut dyn Query,
        book: &RuleBook,
        unit: &Unit,
        application: &AdjustmentApplication,
        persons: &[PersonId],
    ) -> Result<Books, Refusal> {
        let mut distinct = persons.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let months: Vec<Month> = application.lines.iter().map(|line| line.month).collect();
        let (from, to) = (months.iter().min().copied(), months.iter().max().copied());
        let mut assessed: HashMap<(PersonId, Month), Vec<(OrderKind, AssessedRow)>> = HashMap::new();
        if let (Some(from), Some(to)) = (from, to) {
            for (kind, row) in assessed_of(q, unit.region, &distinct, from, to).await? {
                if row.employer_id == unit.employer_id {
                    assessed.entry((row.person_id, row.month)).or_default().push((kind, row));
                }
            }
        }
        let mut roll: HashMap<PersonId, Vec<Stretch>> = HashMap::new();
        for one in employers::stretches(q, unit.region, unit.employer_id, &distinct).await? {
            roll.entry(one.person_id).or_default().push(one);
        }
        let mut law = BTreeMap::new();
        for month in months {
            law.entry(month).or_insert_with(|| Assessor::new(book, unit.region, month));
        }
        Ok(Books {
            known: known(q, unit, &distinct).await?,
            roll,
            assessed,
            law,
        })
    }

    fn judge(&self, checked: &mut Checked, line: &AdjustmentLine, reason: AdjustmentReason, unit: &Unit, today: Date) {
        let at = line.line;
        let Some(known) = self.known.get(&checked.person) else {
            checked.faults.push(not_enrolled(at, &line.name));
            return;
        };
        if folded(&known.name) != folded(&line.name) {
            checked.faults.push(name_differs(at));
        }
        let this = Month::of(today);
        if line.month > this || line.month.until(this) > YEARS_BACK_MAX * 12 {
            checked.faults.push(line_fault(
                "month_out_of_range",
                at,
                format!("第{at}行：费款所属期 {} 不在可办理范围", line.month),
                format!("Line {at}: the month is out of range"),
            ));
        }
        let stretches = self.roll.get(&checked.person).map_or(&[][..], Vec::as_slice);
        if stretches.is_empty() {
            checked.faults.push(not_enrolled(at, &line.name));
        }
        if reason != AdjustmentReason::NotOwed && line.wage_fen.fen() <= 0 {
            checked.faults.push(line_fault(
                "wage_out_of_range",
                at,
                format!("第{at}行：工资须大于0"),
                format!("Line {at}: the wage must be over 0"),
            ));
        }
        if !checked.is_sound() {
            return;
        }
        match self.difference(checked, reason, unit, stretches) {
            Ok(()) => self.compare(checked, line, known),
            Err(finding) => checked.faults.push(line_fault(
                &finding.rule,
                at,
                format!("第{at}行：{}", finding.message.zh),
                format!("Line {at}: {}", finding.message.en),
            )),
        }
    }

    /// What the month should have cost less what was assessed.
    fn difference(&self, checked: &mut Checked, reason: AdjustmentReason, unit: &Unit, stretches: &[Stretch]) -> Result<(), Finding> {
        let k = checked.insurance as usize;
        let (mut employer, mut employee) = (Money::ZERO, Money::ZERO);
        if reason != AdjustmentReason::NotOwed {
            let one = Insured {
                person_id: checked.person,
                employer_id: unit.employer_id,
                class: unit.injury_class,
                insurances: Insurances::of(&[checked.insurance]),
                wage: checked.wage,
                hired_on: stretches.iter().find_map(|one| one.hired_within(checked.month)),
            };
            let law = self.law.get(&checked.month).map(Result::as_ref);
            let law = law
                .unwrap_or_else(|| unreachable!("the law of every line's month was read"))
                .map_err(Clone::clone)?;
            let rows = law.assess(&[one])?;
            for row in rows {
                checked.base = row.bases[k];
                (employer, employee) = (row.employer[k], row.employee[k]);
            }
        }
        for (kind, row) in self.assessed.get(&(checked.person, checked.month)).map_or(&[][..], Vec::as_slice) {
            if *kind == OrderKind::Refund {
                employer = employer.try_add(row.employer[k])?;
                employee = employee.try_add(row.employee[k])?;
            } else {
                employer = employer.try_sub(row.employer[k])?;
                employee = employee.try_sub(row.employee[k])?;
            }
        }
        checked.employer = employer;
        checked.employee = employee;
        Ok(())
    }

    fn compare(&self, checked: &mut Checked, line: &AdjustmentLine, known: &Known) {
        let at = line.line;
        let assessed = self.assessed.get(&(checked.person, checked.month));
        let here = assessed.is_some_and(|rows| rows.iter().any(|(_, row)| row.insurances.has(checked.insurance)));
        let paid = known.paid.get(&checked.insurance).is_some_and(|months| months.contains(line.month));
        if paid && !here {
            checked.faults.push(
                line_fault(
                    "month_from_older_records",
                    at,
                    format!("第{at}行：{} 的缴费来自旧记录或其他单位，没有核定金额", line.month),
                    format!("Line {at}: the month is paid by an older record or another employer"),
                )
                .remedy("请携带当月核定单到经办窗口办理", "Bring the month's assessment to the counter"),
            );
        } else if checked.employer.is_zero() && checked.employee.is_zero() {
            checked.faults.push(
                line_fault(
                    "nothing_to_adjust",
                    at,
                    format!("第{at}行：应缴与已核定一致，无需调整"),
                    format!("Line {at}: nothing differs"),
                )
                .remedy("请核对申报工资", "Check the wage"),
            );
        } else if (checked.employer.is_negative() || checked.employee.is_negative()) && !paid {
            checked.faults.push(
                line_fault(
                    "month_not_paid",
                    at,
                    format!("第{at}行：{} 尚未缴费，不能退费", line.month),
                    format!("Line {at}: the month is not paid"),
                )
                .remedy(
                    "未缴费的月份请申请撤销核定后重新申报",
                    "Have the unpaid assessment undone and declare again",
                ),
            );
        }
        if (checked.employer, checked.employee) != (line.employer_fen, line.employee_fen) {
            let (zh, en) = (
                format!(
                    "第{at}行：核算 单位 {}、个人 {}，申报 单位 {}、个人 {}",
                    checked.employer, checked.employee, line.employer_fen, line.employee_fen
                ),
                format!(
                    "Line {at}: the agency comes to {} and {}, the employer to {} and {}",
                    checked.employer, checked.employee, line.employer_fen, line.employee_fen
                ),
            );
            checked.faults.push(line_fault("amount_differs", at, zh, en).remedy(
                "请按核算金额更正，或核对工资、险种和所属期",
                "Correct the amounts, or check wage, insurance and month",
            ));
        }
    }
}

fn not_enrolled(at: u32, name: &str) -> Finding {
    line_fault(
        "person_not_enrolled",
        at,
        format!("第{at}行：{name}未在本单位参保"),
        format!("Line {at}: the person is not enrolled with this employer"),
    )
    .remedy("请先办理参保登记", "Enrol the person first")
    .who("hr")
}

async fn known(q: &mut dyn Query, unit: &Unit, persons: &[PersonId]) -> Result<HashMap<PersonId, Known>, Refusal> {
    let mut found: HashMap<PersonId, Known> = HashMap::with_capacity(persons.len());
    for some in persons.chunks(500) {
        let sql = format!(
            "SELECT p.person_id, p.name, p.person_number, r.insurance, r.spans
             FROM agency_person p LEFT JOIN agency_relation r ON r.person_id = p.person_id AND r.region = p.region
             WHERE p.region = $1 AND p.person_id IN {}",
            in_list(some.len(), 2)
        );
        let mut values = args![unit.region];
        values.extend(some.iter().map(|person| person.0));
        for row in q.all(&sql, values).await? {
            let person = PersonId(row.get::<Uuid>("person_id")?);
            let entry = found.entry(person).or_insert_with(|| Known {
                name: String::new(),
                number: String::new(),
                paid: HashMap::new(),
            });
            entry.name = row.get("name")?;
            entry.number = row.get("person_number")?;
            if let (Some(insurance), Some(spans)) = (row.get("insurance")?, row.get::<Option<String>>("spans")?) {
                entry.paid.insert(insurance, spans.parse()?);
            }
        }
    }
    Ok(found)
}
