//! The rows of the register. An employer is registered when it first files; its number never changes.

use exchange::message::EmployerParty;
use standard::sm::sm3;
use standard::{Refusal, RegionCode, Timestamp};
use store::{Query, Row, Tx, args};
use uuid::Uuid;

use super::Unit;
use crate::enrolment::next_number;

/// The employer of `party` in the register, made known with its first filing. What one that files by itself now says of itself
/// is taken over.
///
/// An employer that only ever comes to the counter has no identifier of its own in the network (nil): it is found by its
/// credit code, or given one derived from it. One that begins to file by itself takes over what stood under that.
pub async fn register(tx: &mut Tx, region: RegionCode, party: &EmployerParty) -> Result<Unit, Refusal> {
    tx.lock(&format!("unit:{region}:{}", party.credit_code.as_str())).await?;
    let online = !party.id.is_nil();
    let derived = derived_id(party.credit_code.as_str());
    let employer_id = if online {
        adopt(tx, region, derived, party.id).await?;
        party.id
    } else {
        by_code(tx, region, party.credit_code.as_str())
            .await?
            .map_or(derived, |unit| unit.employer_id)
    };
    let known = find(tx, region, employer_id).await?;
    if let Some(unit) = known.as_ref().filter(|_| !online) {
        // What a clerk typed at the counter says nothing new of an employer the register knows.
        return Ok(unit.clone());
    }
    let phone = tx
        .db()
        .cipher()
        .seal("agency_unit", "phone_sealed", employer_id, party.phone.as_bytes())?;
    let number = match &known {
        Some(unit) => unit.number.clone(),
        None => unit_number(region, next_number(tx, region, "unit", 1).await?),
    };
    let unit = Unit {
        region,
        employer_id,
        number,
        name: party.name.trim().to_owned(),
        credit_code: party.credit_code.as_str().to_owned(),
        injury_class: known.as_ref().and_then(|unit| unit.injury_class),
        contact: party.contact.clone(),
        online: online || known.as_ref().is_some_and(|unit| unit.online),
    };
    if known.as_ref() != Some(&unit) {
        save(tx, &unit, &phone).await?;
    }
    Ok(unit)
}

/// 单位编号: the region and eight digits.
pub(crate) fn unit_number(region: RegionCode, number: i64) -> String {
    format!("{}{number:08}", region.number())
}

/// Identifies an employer known by its credit code only (RFC 9562 version 8: the layout is ours).
fn derived_id(credit_code: &str) -> Uuid {
    let digest = sm3(format!("agency_unit{credit_code}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn save(tx: &mut Tx, unit: &Unit, phone: &[u8]) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_unit (region, employer_id, number, name, credit_code, injury_class, contact, phone_sealed, online,
             registered_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
         ON CONFLICT (region, employer_id) DO UPDATE SET name = excluded.name, credit_code = excluded.credit_code,
             contact = excluded.contact, phone_sealed = excluded.phone_sealed, online = excluded.online, updated_at = excluded.updated_at",
        args![
            unit.region,
            unit.employer_id,
            unit.number,
            unit.name,
            unit.credit_code,
            unit.injury_class,
            unit.contact,
            phone,
            unit.online,
            Timestamp::now()
        ],
    )
    .await?;
    Ok(())
}

/// An employer once known by its credit code files by itself: its number and roll go over to its own identifier.
async fn adopt(tx: &mut Tx, region: RegionCode, derived: Uuid, id: Uuid) -> Result<(), Refusal> {
    if find(tx, region, derived).await?.is_none() || find(tx, region, id).await?.is_some() {
        return Ok(());
    }
    for table in ["agency_unit", "agency_roll", "agency_declaration", "agency_filing"] {
        let sql = format!("UPDATE {table} SET employer_id = $3 WHERE region = $1 AND employer_id = $2");
        tx.execute(&sql, args![region, derived, id]).await?;
    }
    Ok(())
}

/// Keeps the injury class an employer declared.
pub(crate) async fn set_class(tx: &mut Tx, region: RegionCode, employer_id: Uuid, class: i32) -> Result<(), Refusal> {
    let sql = "UPDATE agency_unit SET injury_class = $3, updated_at = $4
         WHERE region = $1 AND employer_id = $2 AND (injury_class IS NULL OR injury_class <> $3)";
    tx.execute(sql, args![region, employer_id, class, Timestamp::now()]).await?;
    Ok(())
}

pub(super) const UNIT: &str = "SELECT region, employer_id, number, name, credit_code, injury_class, contact, online FROM agency_unit";

pub(super) fn read(row: &Row) -> Result<Unit, Refusal> {
    Ok(Unit {
        region: row.get("region")?,
        employer_id: row.get("employer_id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        credit_code: row.get("credit_code")?,
        injury_class: row.get("injury_class")?,
        contact: row.get("contact")?,
        online: row.get("online")?,
    })
}

/// The employer in the register of `region`, if there.
pub async fn find(q: &mut dyn Query, region: RegionCode, employer_id: Uuid) -> Result<Option<Unit>, Refusal> {
    let sql = format!("{UNIT} WHERE region = $1 AND employer_id = $2");
    q.optional(&sql, args![region, employer_id]).await?.as_ref().map(read).transpose()
}

async fn by_code(q: &mut dyn Query, region: RegionCode, code: &str) -> Result<Option<Unit>, Refusal> {
    let sql = format!("{UNIT} WHERE region = $1 AND credit_code = $2 ORDER BY registered_at LIMIT 1");
    q.optional(&sql, args![region, code]).await?.as_ref().map(read).transpose()
}

/// How many employers of the region bear this credit code; more than one is for the clerk to look at.
pub(crate) async fn bearers(q: &mut dyn Query, region: RegionCode, code: &str) -> Result<i64, Refusal> {
    let sql = "SELECT COUNT(*) AS n FROM agency_unit WHERE region = $1 AND credit_code = $2";
    q.one(sql, args![region, code]).await?.get("n")
}

/// The employers registered under a credit code with their names, the oldest first.
pub(crate) async fn names_of(q: &mut dyn Query, region: RegionCode, code: &str) -> Result<Vec<(Uuid, String)>, Refusal> {
    let sql = "SELECT employer_id, name FROM agency_unit WHERE region = $1 AND credit_code = $2 ORDER BY registered_at LIMIT 20";
    let rows = q.all(sql, args![region, code]).await?;
    rows.iter().map(|row| Ok((row.get("employer_id")?, row.get("name")?))).collect()
}

/// 单位编号 of an employer, if registered.
pub async fn number_of(q: &mut dyn Query, region: RegionCode, employer_id: Uuid) -> Result<Option<String>, Refusal> {
    Ok(find(q, region, employer_id).await?.map(|unit| unit.number))
}
