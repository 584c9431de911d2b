//! Many employees at once, from a source already checked: the demonstration, benches and tests.

use standard::{Date, IdNumber, Money, Refusal, RegionCode};
use store::{Db, Tx};
use uuid::Uuid;

use super::checks;
use super::history::{POSITION_COLUMNS, Place, WAGE_COLUMNS, position_values, wage_values};
use super::month::WageStep;
use super::store::{COLUMNS, Employee, seal_id, seal_phone, values};
use super::view::EmployeeState;
use crate::counter;

/// An employee to be entered as given.
#[derive(Clone)]
pub struct SeedPerson {
    /// 证件号码.
    pub id_number: IdNumber,
    /// 姓名.
    pub name: String,
    /// 手机号码.
    pub phone: Option<String>,
    /// 参保城市.
    pub region: RegionCode,
    /// 部门, a path.
    pub department: String,
    /// 岗位.
    pub position: String,
    /// 入职日期.
    pub hired_on: Date,
    /// 离职日期.
    pub left_on: Option<Date>,
    /// The wage history, ascending.
    pub wages: Vec<WageStep>,
    /// 上年度月平均工资 and its year.
    pub prior_average: Option<(i32, Money)>,
    /// Where they stand with social insurance.
    pub state: EmployeeState,
}

impl SeedPerson {
    /// An insured employee with one wage since the day of hire.
    pub fn new(id_number: IdNumber, name: &str, region: RegionCode, hired_on: Date, monthly: Money) -> SeedPerson {
        SeedPerson {
            id_number,
            name: name.to_string(),
            phone: None,
            region,
            department: String::new(),
            position: String::new(),
            hired_on,
            left_on: None,
            wages: vec![WageStep { from: hired_on, monthly }],
            prior_average: None,
            state: EmployeeState::Insured,
        }
    }
}

/// From so many people on, the tables are counted anew, so that the first month after finds its way.
const MANY_PEOPLE: usize = 500;

/// Enters them in bulk; yields their keys in order. A number the unit already has refuses all of them.
pub async fn seed(tx: &mut Tx, db: &Db, employer_id: Uuid, people: &[SeedPerson]) -> Result<Vec<Uuid>, Refusal> {
    let now = control::clock::now();
    let first = counter::take(tx, employer_id, "employee", people.len() as i64).await?;
    let cipher = db.cipher();
    let mut ids = Vec::with_capacity(people.len());
    let mut sink = tx.bulk(super::store::TABLE, &COLUMNS).await?;
    for (number, person) in (first..).zip(people) {
        let id = Uuid::now_v7();
        ids.push(id);
        let sealed = seal_id(cipher, id, &person.id_number)?;
        let phone = person.phone.as_deref();
        let employee = Employee {
            employer_id,
            id,
            number,
            name: person.name.clone(),
            id_hash: cipher.id_hash(&person.id_number),
            id_sealed: sealed,
            id_masked: person.id_number.masked(),
            sex: person.id_number.sex(),
            birth_date: person.id_number.birth_date(),
            phone_sealed: phone.map(|phone| seal_phone(cipher, id, phone)).transpose()?,
            phone_masked: phone.map(checks::mask_phone),
            phone_hash: phone.map(|phone| super::store::phone_hash(cipher, phone)),
            hired_on: person.hired_on,
            left_on: person.left_on,
            region: person.region,
            department: person.department.clone(),
            position: person.position.clone(),
            wage_fen: person.wages.last().map(|step| step.monthly),
            state: person.state,
            source: "import".to_string(),
            checked_at: Some(now),
            ..Employee::blank(employer_id, id, &person.id_number, now)
        };
        sink.push(values(&employee)).await?;
    }
    sink.finish().await?;
    histories(tx, employer_id, people, &ids).await?;
    let named: std::collections::BTreeSet<&str> = people.iter().map(|person| person.department.as_str()).collect();
    for path in named {
        super::department::ensure(tx, employer_id, path).await?;
    }
    if people.len() >= MANY_PEOPLE {
        tx.count_anew(&[super::store::TABLE, "employer_position", "employer_wage", "employer_prior_average"])
            .await?;
    }
    Ok(ids)
}

async fn histories(tx: &mut Tx, employer_id: Uuid, people: &[SeedPerson], ids: &[Uuid]) -> Result<(), Refusal> {
    let now = control::clock::now();
    let mut sink = tx.bulk("employer_position", &POSITION_COLUMNS).await?;
    for (id, person) in ids.iter().zip(people) {
        let place = Place {
            from: person.hired_on,
            department: person.department.clone(),
            position: person.position.clone(),
            region: person.region,
        };
        sink.push(position_values(employer_id, *id, &place, now)).await?;
    }
    sink.finish().await?;
    let mut sink = tx.bulk("employer_wage", &WAGE_COLUMNS).await?;
    for (id, person) in ids.iter().zip(people) {
        for step in &person.wages {
            sink.push(wage_values(employer_id, *id, step.from, step.monthly, now)).await?;
        }
    }
    sink.finish().await?;
    let columns = [
        "employer_id",
        "employee_id",
        "year",
        "seq",
        "average_fen",
        "entered_name",
        "entered_at",
    ];
    let mut sink = tx.bulk("employer_prior_average", &columns).await?;
    for (id, person) in ids.iter().zip(people) {
        if let Some((year, average)) = person.prior_average {
            sink.push(store::args![employer_id, *id, i64::from(year), 1_i64, average, "", now])
                .await?;
        }
    }
    sink.finish().await?;
    Ok(())
}
