//! The status query of the onboarding form: identity, nationwide answer, findings.

use std::time::Instant;

use control::identity::{Actor, Permission};
use control::{audit, clock};
use exchange::StatusAnswer;
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, IdNumber, Refusal, RegionCode, Sex, Timestamp};
use store::Db;
use utoipa::ToSchema;

use super::{Advice, StatusSource, Subject, Verdict, judge};
use crate::employer_of;
use crate::people::{checks, company, hire::duplicate_of, namesake, store as people};

/// Why the agencies are asked from the onboarding form; it goes with the question.
const PURPOSE: &str = "新员工入职参保核查";

/// What the form sends as soon as name and number are complete. Not `Debug`: it holds a plain ID number.
#[derive(Clone, Deserialize, ToSchema)]
pub struct StatusQuery {
    /// 姓名.
    pub name: String,
    /// 证件号码.
    pub id_number: String,
    /// 参保城市; the employer's own when absent.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// 户籍所在地, if known.
    #[serde(default)]
    pub household_region: Option<RegionCode>,
    /// 入职日期, if already typed.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub hired_on: Option<Date>,
}

/// What an ID number says by itself.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IdentityView {
    /// 出生日期.
    #[schema(value_type = String, format = Date)]
    pub birth_date: Date,
    /// 性别.
    pub sex: Sex,
    /// 性别 in Chinese.
    pub sex_name: String,
    /// Whole years of age today.
    pub age: i16,
    /// Where the number was issued.
    pub region_name: String,
}

/// The form's answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusReport {
    /// What the number says by itself.
    pub identity: IdentityView,
    /// What the nation knows; absent when the platform itself did not answer.
    pub answer: Option<StatusAnswer>,
    /// What can be done.
    pub verdict: Verdict,
    /// The reasons, most pressing first.
    pub findings: Vec<Advice>,
    /// Regions to transfer from.
    pub from_regions: Vec<RegionCode>,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub queried_at: Timestamp,
    /// How long the answer took.
    pub elapsed_ms: u64,
}

/// Reads an ID number for the form: birth date, sex and place of issue. No permission needed beyond being HR;
/// nothing is looked up.
pub fn identity(id_number: &IdNumber, today: Date) -> IdentityView {
    IdentityView {
        birth_date: id_number.birth_date(),
        sex: id_number.sex(),
        sex_name: id_number.sex().zh().to_string(),
        age: id_number.age_on(today),
        region_name: id_number.region().full_name(),
    }
}

/// Asks the nation about a person and judges the answer. The question is audited.
pub async fn query(actor: &Actor, db: &Db, source: &dyn StatusSource, input: StatusQuery) -> Result<StatusReport, Refusal> {
    actor.require(Permission::StatusQuery)?;
    let employer_id = employer_of(actor)?;
    let today = clock::today();
    let (name, id_number) = read(&input, today)?;
    let mut q = db.read();
    let target = match input.region {
        Some(region) => region,
        None => company::get(&mut q, employer_id).await?.region,
    };
    let mut findings = Vec::new();
    if let Some(hired_on) = input.hired_on {
        findings.extend(checks::hire_date(&id_number, hired_on, today).into_iter().map(Advice::plain));
    }
    let (queried_at, started) = (clock::now(), Instant::now());
    // At the same time, because all wait; no answer is given before the question is on the trail for good.
    let id_hash = db.cipher().id_hash(&id_number);
    let mut others = db.read();
    let (noted, existing, namesakes, outcome) = futures::join!(
        note(actor, db, &id_number),
        people::by_hash(&mut q, employer_id, &id_hash),
        namesake::others(&mut others, employer_id, &id_number, &name),
        source.status(&id_number, &name, PURPOSE),
    );
    noted?;
    if let Some(existing) = existing? {
        findings.insert(0, duplicate_of(&existing));
    }
    findings.extend(namesakes?);
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let identity = identity(&id_number, today);
    let subject = Subject {
        id_number,
        household: input.household_region,
        target,
        hired_on: input.hired_on,
    };
    let (answer, verdict, from_regions) = match outcome {
        Ok(answer) => {
            let judgment = judge(&subject, &answer, today);
            findings.extend(judgment.findings);
            (Some(answer), judgment.verdict, judgment.from_regions)
        }
        Err(refusal) if refusal.kind == standard::RefusalKind::Unavailable => {
            findings.push(Advice::plain(crate::people::hire::platform_silent()));
            (None, Verdict::Unanswered, Vec::new())
        }
        Err(refusal) => return Err(refusal),
    };
    Ok(StatusReport {
        identity,
        answer: answer.map(|answer| shown(answer, verdict)),
        verdict,
        findings,
        from_regions,
        queried_at,
        elapsed_ms,
    })
}

/// Relations under another name are someone else's: they are not shown.
fn shown(mut answer: StatusAnswer, verdict: Verdict) -> StatusAnswer {
    if verdict == Verdict::BadData {
        answer.relations.clear();
        answer.months_total.clear();
    }
    answer
}

fn read(input: &StatusQuery, today: Date) -> Result<(String, IdNumber), Refusal> {
    let name = checks::name(&input.name);
    let number = IdNumber::parse(&input.id_number)
        .and_then(|number| number.check_on(today).map(|()| number))
        .map_err(|finding| finding.field("id_number"));
    match (name, number) {
        (Ok(name), Ok(number)) => Ok((name, number)),
        (name, number) => Err(Refusal::invalid_all(
            [name.err(), number.err()].into_iter().flatten().collect::<Vec<Finding>>(),
        )),
    }
}

/// The trail: who asked about whom.
async fn note(actor: &Actor, db: &Db, id_number: &IdNumber) -> Result<(), Refusal> {
    audit::access_alone(db, actor, "status.query", "person", id_number.masked(), PURPOSE).await
}
