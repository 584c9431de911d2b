//! People of a roster whom the unit employs already. They are told as such and not hired a second time; what their relations
//! elsewhere call for stays as it is.

use std::collections::HashMap;

use standard::{Finding, Refusal};
use store::{Cipher, IdHash, Query, args, in_list};
use uuid::Uuid;

use super::check::RowResult;
use super::row::Row;
use crate::insurance::preflight::{Advice, Verdict};

/// Numbers looked up with one statement.
const CHUNK: usize = 500;

/// Someone of the unit.
#[derive(Debug, Clone)]
pub struct Known {
    /// Their record.
    pub employee_id: Uuid,
    /// 姓名.
    pub name: String,
    /// 工号.
    pub number: i64,
}

/// Who of these numbers the unit has.
pub async fn find(q: &mut impl Query, employer_id: Uuid, hashes: &[IdHash]) -> Result<HashMap<[u8; 32], Known>, Refusal> {
    let mut known = HashMap::new();
    for part in hashes.chunks(CHUNK) {
        let mut args = args![employer_id];
        args.extend(part.iter().copied());
        let sql = format!(
            "SELECT id, id_hash, name, number, merged_into FROM employer_employee WHERE employer_id = $1 AND id_hash IN {}",
            in_list(part.len(), 2)
        );
        for row in q.all(&sql, args).await? {
            let found = Known {
                // A record that was merged into another leads there.
                employee_id: row.get::<Option<Uuid>>("merged_into")?.map_or_else(|| row.get("id"), Ok)?,
                name: row.get("name")?,
                number: row.get("number")?,
            };
            known.insert(row.get::<IdHash>("id_hash")?.0, found);
        }
    }
    Ok(known)
}

/// Adds `already_employed` to the rows of people the unit has, in the browser and on the command line alike.
pub async fn mark(q: &mut impl Query, cipher: &Cipher, employer_id: Uuid, rows: &[Row], results: &mut [RowResult]) -> Result<(), Refusal> {
    let hash = |row: &Row| row.good.as_ref().map(|good| cipher.id_hash(&good.id_number));
    let hashes: Vec<IdHash> = rows.iter().filter_map(hash).collect();
    let known = find(q, employer_id, &hashes).await?;
    if known.is_empty() {
        return Ok(());
    }
    for (row, result) in rows.iter().zip(results) {
        let Some(person) = hash(row).and_then(|hash| known.get(&hash.0)) else {
            continue;
        };
        result.findings.insert(0, Advice::plain(already_employed(person)));
        // Data in error act on nobody: the name may be another's.
        if result.verdict != Verdict::BadData {
            result.employee_id = Some(person.employee_id);
        }
    }
    Ok(())
}

fn already_employed(person: &Known) -> Finding {
    Finding::warning(
        "already_employed",
        format!(
            "本单位已有该证件号码的员工：{}（工号 {}），不会重复登记入职",
            person.name, person.number
        ),
        format!(
            "the unit already employs this person: {} (no. {}); nobody is hired twice",
            person.name, person.number
        ),
    )
    .field("id_number")
    .remedy("请打开该员工的档案继续办理", "go on in that employee's record")
    .action("open_employee")
}
