//! The same person under another ID number: seen before the record is made twice, not only afterwards.

use standard::{Finding, IdNumber, Refusal};
use store::{Lookup, Query, args};
use uuid::Uuid;

use super::store::{Employee, read};
use crate::insurance::preflight::Advice;

/// Namesakes named at once; with more the name is a common one.
const NAMED_MOST: usize = 3;

/// Employees of the unit with this name and birth date under another number. Records merged into another are not named.
pub(crate) async fn others(q: &mut impl Query, employer_id: Uuid, number: &IdNumber, name: &str) -> Result<Vec<Advice>, Refusal> {
    let rows = q.look_up(&BY_NAME, args![employer_id, number.birth_date(), name]).await?;
    let mut same: Vec<Employee> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // The mask hides the birth date only: with the same one, another mask is another number.
    same.retain(|one| one.merged_into.is_none() && one.id_masked != number.masked());
    same.sort_by_key(|one| one.number);
    Ok(same.iter().take(NAMED_MOST).map(namesake).collect())
}

fn namesake(one: &Employee) -> Advice {
    let (name, number, masked, birth) = (&one.name, one.number, &one.id_masked, one.birth_date);
    Advice::plain(
        Finding::warning(
            "same_person_other_number",
            format!("本单位已有同名、同出生日期（{birth}）的员工：{name}（工号 {number}，证件号码 {masked}）"),
            format!("the unit has an employee of this name and birth date ({birth}): {name} (no. {number}, ID number {masked})"),
        )
        .field("id_number")
        .remedy(
            "请核对身份证原件：是同一人的，请打开该员工的档案办理，不要用另一号码再录入；确是两人的可以继续",
            "compare with the ID card: if it is one person, use that record; if they are two, go on",
        )
        .action("open_employee")
        .who("hr"),
    )
    .of_employee(one.id)
}

static BY_NAME: Lookup = Lookup::new(
    "SELECT * FROM employer_employee WHERE (employer_id, birth_date, name) IN {keys}",
    &["employer_id", "birth_date", "name"],
);
