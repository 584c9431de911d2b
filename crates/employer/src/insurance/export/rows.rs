//! Who stands in a file, read in sets.

use std::collections::BTreeMap;

use ::store::{Db, Query, Row, Tx, args, in_list};
use exchange::message::StopReason;
use standard::{Date, IdNumber, Insurance, Money, Month, Refusal, RegionCode};
use uuid::Uuid;

use crate::insurance::amounts::of_mask;
use crate::insurance::declaration::store as declarations;
use crate::people::leave;
use crate::people::month::id_numbers;

/// Most people of one file.
const MOST: i64 = 10_000;

/// One person of a file. Debug shows no ID number.
pub(super) struct Person {
    pub id_number: IdNumber,
    pub name: String,
    pub phone: Option<String>,
    pub person_number: Option<String>,
    pub department: String,
    pub position: String,
    pub household: Option<RegionCode>,
    pub hired_on: Date,
    pub wage: Option<Money>,
    pub insurances: Vec<Insurance>,
    pub last_month: Option<Month>,
    pub reason: Option<StopReason>,
    pub left_on: Option<Date>,
}

fn employee(row: &Row, db: &Db, numbers: &BTreeMap<Uuid, IdNumber>) -> Result<Person, Refusal> {
    let id: Uuid = row.get("id")?;
    let phone: Option<Vec<u8>> = row.get("phone_sealed")?;
    let phone = match phone {
        Some(sealed) => {
            let plain = db.cipher().open("employer_employee", "phone_sealed", id, &sealed)?;
            Some(String::from_utf8(plain).map_err(|_| Refusal::internal("a sealed phone number is no text"))?)
        }
        None => None,
    };
    Ok(Person {
        id_number: numbers
            .get(&id)
            .copied()
            .ok_or_else(|| Refusal::internal("an employee without an ID number"))?,
        name: row.get("name")?,
        phone,
        person_number: row.get("person_number")?,
        department: row.get("department")?,
        position: row.get("position")?,
        household: row.get("household_region")?,
        hired_on: row.get("hired_on")?,
        wage: row.get("wage_fen")?,
        insurances: Insurance::ALL.to_vec(),
        last_month: None,
        reason: None,
        left_on: row.get("left_on")?,
    })
}

/// Employees by key, with the 个人编号 of their last enrolment.
const EMPLOYEES: &str =
    "SELECT e.id, e.name, e.phone_sealed, e.department, e.position, e.household_region, e.hired_on, e.wage_fen, e.left_on,
    (SELECT MAX(a.person_number) FROM employer_enrolment a WHERE a.employer_id = e.employer_id AND a.employee_id = e.id) AS person_number
    FROM employer_employee e WHERE e.employer_id = $1";

async fn by_key(db: &Db, tx: &mut Tx, employer_id: Uuid, keys: &[Uuid]) -> Result<BTreeMap<Uuid, Person>, Refusal> {
    let numbers = id_numbers(db, tx, employer_id, keys).await?;
    let mut people = BTreeMap::new();
    for chunk in keys.chunks(10_000) {
        let mut args = args![employer_id];
        args.extend(chunk.iter().copied());
        let sql = format!("{EMPLOYEES} AND e.id IN {}", in_list(chunk.len(), 2));
        for row in tx.all(&sql, args).await? {
            people.insert(row.get("id")?, employee(&row, db, &numbers)?);
        }
    }
    Ok(people)
}

/// Hired and not enrolled, with no application on its way.
pub(super) async fn joiners(db: &Db, tx: &mut Tx, employer_id: Uuid, region: RegionCode, today: Date) -> Result<Vec<Person>, Refusal> {
    let rows = tx
        .all(
            "SELECT e.id AS id FROM employer_employee e
             WHERE e.employer_id = $1 AND e.region = $2 AND e.hired_on <= $3 AND (e.left_on IS NULL OR e.left_on >= $3)
                 AND e.merged_into IS NULL AND e.state NOT IN ('insured', 'bad_data') AND NOT EXISTS (
                     SELECT 1 FROM employer_enrolment a WHERE a.employer_id = e.employer_id AND a.employee_id = e.id AND a.state = 'filed')
             ORDER BY e.number LIMIT $4",
            args![employer_id, region, today, MOST],
        )
        .await?;
    let keys: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    let mut people = by_key(db, tx, employer_id, &keys).await?;
    Ok(keys.iter().filter_map(|key| people.remove(key)).collect())
}

/// The leavers of an application.
pub(super) async fn leavers(db: &Db, tx: &mut Tx, employer_id: Uuid, stop_id: Uuid) -> Result<(RegionCode, Vec<Person>), Refusal> {
    let rows = tx
        .all(
            "SELECT l.*, s.region AS region FROM employer_stop_line l JOIN employer_stop s ON s.employer_id = l.employer_id AND s.id = l.stop_id
             WHERE l.employer_id = $1 AND l.stop_id = $2 ORDER BY l.line",
            args![employer_id, stop_id],
        )
        .await?;
    let region = match rows.first() {
        Some(row) => row.get("region")?,
        None => {
            return Err(Refusal::not_found(
                "stop_not_found",
                "没有找到该停保申报",
                "no such stop application",
            ));
        }
    };
    let keys: Vec<Uuid> = rows.iter().map(|row| row.get("employee_id")).collect::<Result<_, _>>()?;
    let mut people = by_key(db, tx, employer_id, &keys).await?;
    let mut leavers = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(mut person) = people.remove(&row.get::<Uuid>("employee_id")?) else {
            continue;
        };
        person.insurances = of_mask(row.get("insurances")?);
        person.last_month = Some(row.get("last_month")?);
        person.left_on = Some(row.get("left_on")?);
        person.reason = leave::parse_reason(&row.get::<String>("reason")?);
        leavers.push(person);
    }
    Ok((region, leavers))
}

/// The people of a declaration with the wages declared.
pub(super) async fn declared(db: &Db, tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<(RegionCode, Vec<Person>), Refusal> {
    let declaration = declarations::get(tx, employer_id, id).await?;
    let lines = declarations::all_lines(tx, employer_id, id).await?;
    let keys: Vec<Uuid> = lines.iter().map(|line| line.employee_id).collect();
    let mut people = by_key(db, tx, employer_id, &keys).await?;
    let mut declared = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(mut person) = people.remove(&line.employee_id) else {
            continue;
        };
        person.insurances = of_mask(line.insurances);
        person.wage = Some(line.base.wage);
        declared.push(person);
    }
    Ok((declaration.region, declared))
}
