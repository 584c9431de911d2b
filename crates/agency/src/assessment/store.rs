//! The rows of assessments.

use standard::{Insurance, Money, Refusal, RegionCode};
use store::{Query, Row, args};
use uuid::Uuid;

use super::{AssessedRow, Insurances};
use crate::enrolment::PersonId;

/// The amount columns of an insurance: base, employer, employee.
const COLUMNS: [[&str; 3]; 5] = [
    ["pension_base_fen", "pension_employer_fen", "pension_employee_fen"],
    ["medical_base_fen", "medical_employer_fen", "medical_employee_fen"],
    ["unemployment_base_fen", "unemployment_employer_fen", "unemployment_employee_fen"],
    ["injury_base_fen", "injury_employer_fen", "injury_employee_fen"],
    ["maternity_base_fen", "maternity_employer_fen", "maternity_employee_fen"],
];

pub(crate) const READ: &str = "SELECT a.person_id, a.employer_id, a.month, a.insurances, a.wage_fen,
        a.pension_base_fen, a.medical_base_fen, a.unemployment_base_fen, a.injury_base_fen, a.maternity_base_fen,
        a.pension_employer_fen, a.medical_employer_fen, a.unemployment_employer_fen, a.injury_employer_fen, a.maternity_employer_fen,
        a.pension_employee_fen, a.medical_employee_fen, a.unemployment_employee_fen, a.injury_employee_fen, a.maternity_employee_fen
     FROM agency_assessment a";

/// What an order collects or gives back, person by person and month by month; voided rows are left out.
pub async fn rows_of_order(q: &mut dyn Query, region: RegionCode, order_id: Uuid) -> Result<Vec<AssessedRow>, Refusal> {
    let sql = format!("{READ} WHERE a.region = $1 AND a.order_id = $2 AND a.voided = FALSE ORDER BY a.person_id, a.month");
    q.all(&sql, args![region, order_id]).await?.iter().map(read).collect()
}

pub(crate) fn read(row: &Row) -> Result<AssessedRow, Refusal> {
    let column = |which: usize| -> Result<[Money; 5], Refusal> {
        let mut all = [Money::ZERO; 5];
        for insurance in Insurance::ALL {
            all[insurance as usize] = row.get(COLUMNS[insurance as usize][which])?;
        }
        Ok(all)
    };
    Ok(AssessedRow {
        person_id: PersonId(row.get("person_id")?),
        employer_id: row.get("employer_id")?,
        month: row.get("month")?,
        insurances: Insurances(row.get::<u8>("insurances")?),
        wage: row.get("wage_fen")?,
        bases: column(0)?,
        employer: column(1)?,
        employee: column(2)?,
    })
}
