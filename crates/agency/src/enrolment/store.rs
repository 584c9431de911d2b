//! The rows of persons and their relations.

use standard::{Date, IdNumber, Insurance, Refusal, RegionCode, RelationStatus, Timestamp};
use std::collections::HashMap;
use store::{Args, Cipher, Query, Row, Tx, args, in_list};

use super::{AccountKind, Person, PersonId, Relation};

/// A person to be written into a region's books for the first time.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The region.
    pub region: RegionCode,
    /// 证件号码.
    pub id_number: IdNumber,
    /// 姓名.
    pub name: String,
    /// 移动电话.
    pub phone: Option<String>,
    /// 户口所在地.
    pub household_region: Option<RegionCode>,
}

/// The columns of a person, for bulk inserts.
pub const PERSON_COLUMNS: [&str; 12] = [
    "person_id",
    "region",
    "id_hash",
    "name",
    "id_sealed",
    "person_number",
    "sex",
    "birth_date",
    "phone_sealed",
    "household_region",
    "retired",
    "created_at",
];

/// The values of [`PERSON_COLUMNS`]; the ID number leaves this process sealed.
pub fn person_args(cipher: &Cipher, new: &NewPerson, number: i64, now: Timestamp) -> Result<(PersonId, Args), Refusal> {
    let hash = cipher.id_hash(&new.id_number);
    let person = PersonId::of(&hash);
    let id_sealed = cipher.seal("agency_person", "id_sealed", person.0, new.id_number.reveal().as_bytes())?;
    let phone_sealed = match &new.phone {
        Some(phone) => Some(cipher.seal("agency_person", "phone_sealed", person.0, phone.as_bytes())?),
        None => None,
    };
    let args = args![
        person.0,
        new.region,
        hash,
        new.name,
        id_sealed,
        person_number(new.region, number),
        new.id_number.sex(),
        new.id_number.birth_date(),
        phone_sealed,
        new.household_region,
        false,
        now,
    ];
    Ok((person, args))
}

/// 个人编号: the region and ten digits.
fn person_number(region: RegionCode, number: i64) -> String {
    format!("{}{number:010}", region.number())
}

/// Writes a person unless the region knows the ID number already; the key either way.
pub async fn insert_person(tx: &mut Tx, cipher: &Cipher, new: &NewPerson) -> Result<PersonId, Refusal> {
    let person = PersonId::of(&cipher.id_hash(&new.id_number));
    if find_person(tx, person, new.region).await?.is_some() {
        return Ok(person);
    }
    let number = next_number(tx, new.region, "person", 1).await?;
    let (person, args) = person_args(cipher, new, number, Timestamp::now())?;
    tx.execute(
        "INSERT INTO agency_person (person_id, region, id_hash, name, id_sealed, person_number, sex, birth_date,
             phone_sealed, household_region, retired, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (person_id, region) DO NOTHING",
        args,
    )
    .await?;
    Ok(person)
}

/// Takes `count` running numbers of a region and gives the first.
pub async fn next_number(tx: &mut Tx, region: RegionCode, name: &str, count: i64) -> Result<i64, Refusal> {
    let row = tx
        .one(
            "INSERT INTO agency_counter (region, name, last) VALUES ($1, $2, $3)
             ON CONFLICT (region, name) DO UPDATE SET last = agency_counter.last + excluded.last
             RETURNING last",
            args![region, name, count],
        )
        .await?;
    Ok(row.get::<i64>("last")? - count + 1)
}

const PERSON: &str = "SELECT person_id, region, name, person_number, sex, birth_date, household_region, retired FROM agency_person";

fn read_person(row: &Row) -> Result<Person, Refusal> {
    Ok(Person {
        person_id: PersonId(row.get("person_id")?),
        region: row.get("region")?,
        name: row.get("name")?,
        person_number: row.get("person_number")?,
        sex: row.get("sex")?,
        birth_date: row.get::<Date>("birth_date")?,
        household_region: row.get("household_region")?,
        retired: row.get("retired")?,
    })
}

/// A person of a region's books, if there.
pub async fn find_person(q: &mut dyn Query, person: PersonId, region: RegionCode) -> Result<Option<Person>, Refusal> {
    let sql = format!("{PERSON} WHERE person_id = $1 AND region = $2");
    q.optional(&sql, args![person.0, region])
        .await?
        .as_ref()
        .map(read_person)
        .transpose()
}

/// A person of a region's books, or the refusal `person_not_found`.
pub async fn person(q: &mut dyn Query, person: PersonId, region: RegionCode) -> Result<Person, Refusal> {
    find_person(q, person, region).await?.ok_or_else(|| {
        Refusal::not_found(
            "person_not_found",
            "本地没有该人员的参保记录。",
            "This region has no record of the person.",
        )
    })
}

/// Persons of a region whose name is exactly `name`, at most `limit`.
pub async fn search_by_name(q: &mut dyn Query, region: RegionCode, name: &str, limit: i64) -> Result<Vec<Person>, Refusal> {
    let sql = format!("{PERSON} WHERE region = $1 AND name = $2 ORDER BY person_number LIMIT $3");
    q.all(&sql, args![region, name, limit]).await?.iter().map(read_person).collect()
}

/// The ID numbers of persons of a region, from one query; who is not of the region is left out. The caller audits the access.
pub async fn id_numbers(
    q: &mut dyn Query,
    cipher: &Cipher,
    persons: &[PersonId],
    region: RegionCode,
) -> Result<HashMap<PersonId, IdNumber>, Refusal> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let mut args = args![region];
    args.extend(persons.iter().map(|person| person.0));
    let sql = format!(
        "SELECT person_id, id_sealed FROM agency_person WHERE region = $1 AND person_id IN {}",
        in_list(persons.len(), 2)
    );
    let rows = q.all(&sql, args).await?;
    rows.iter()
        .map(|row| {
            let person = PersonId(row.get("person_id")?);
            Ok((person, unsealed(cipher, person, row)?))
        })
        .collect()
}

/// The ID number of a person. The caller audits the access.
pub async fn id_number(q: &mut dyn Query, cipher: &Cipher, person: PersonId, region: RegionCode) -> Result<IdNumber, Refusal> {
    let row = q
        .one(
            "SELECT id_sealed FROM agency_person WHERE person_id = $1 AND region = $2",
            args![person.0, region],
        )
        .await?;
    unsealed(cipher, person, &row)
}

fn unsealed(cipher: &Cipher, person: PersonId, row: &Row) -> Result<IdNumber, Refusal> {
    let sealed: Vec<u8> = row.get("id_sealed")?;
    let plain = cipher.open_text("agency_person", "id_sealed", person.0, &sealed)?;
    IdNumber::parse(&plain).map_err(|_| Refusal::internal("a sealed ID number is not valid"))
}

/// Keeps what an enrolment says of a person beside its identity; what is not stated stays as it was.
pub async fn keep_details(
    tx: &mut Tx,
    cipher: &Cipher,
    person: PersonId,
    region: RegionCode,
    household: Option<RegionCode>,
    social_card: Option<&str>,
) -> Result<(), Refusal> {
    if let Some(household) = household {
        let sql = "UPDATE agency_person SET household_region = $3 WHERE person_id = $1 AND region = $2";
        tx.execute(sql, args![person.0, region, household]).await?;
    }
    if let Some(card) = social_card {
        let sealed = cipher.seal("agency_person", "card_sealed", person.0, card.as_bytes())?;
        let sql = "UPDATE agency_person SET card_sealed = $3 WHERE person_id = $1 AND region = $2";
        tx.execute(sql, args![person.0, region, sealed]).await?;
    }
    Ok(())
}

/// 社会保障卡号 of a person, when one was given.
pub async fn social_card(q: &mut dyn Query, cipher: &Cipher, person: PersonId, region: RegionCode) -> Result<Option<String>, Refusal> {
    let sql = "SELECT card_sealed FROM agency_person WHERE person_id = $1 AND region = $2";
    let Some(row) = q.optional(sql, args![person.0, region]).await? else {
        return Ok(None);
    };
    let sealed: Option<Vec<u8>> = row.get("card_sealed")?;
    sealed
        .map(|sealed| cipher.open_text("agency_person", "card_sealed", person.0, &sealed))
        .transpose()
}

/// Marks whether the person draws a pension (离退休标志).
pub async fn set_retired(tx: &mut Tx, person: PersonId, region: RegionCode, retired: bool) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE agency_person SET retired = $3 WHERE person_id = $1 AND region = $2",
        args![person.0, region, retired],
    )
    .await?;
    Ok(())
}

/// The columns of a relation, for bulk inserts.
pub const RELATION_COLUMNS: [&str; 15] = [
    "person_id",
    "region",
    "insurance",
    "status",
    "account_kind",
    "months",
    "first_month",
    "last_month",
    "spans",
    "duplicates",
    "arrears_fen",
    "lump_months",
    "before_1998_fen",
    "employer_name",
    "updated_at",
];

/// The values of [`RELATION_COLUMNS`].
pub fn relation_args(relation: &Relation, now: Timestamp) -> Args {
    args![
        relation.person_id.0,
        relation.region,
        relation.insurance,
        relation.status,
        relation.account_kind.key(),
        relation.spans.len(),
        relation.spans.first(),
        relation.spans.last(),
        relation.spans.to_string(),
        relation.duplicates,
        relation.arrears,
        relation.lump_months,
        relation.before_1998,
        relation.employer_name,
        now,
    ]
}

/// Writes a relation, whether new or changed.
pub async fn save_relation(tx: &mut Tx, relation: &Relation) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_relation (person_id, region, insurance, status, account_kind, months, first_month, last_month,
             spans, duplicates, arrears_fen, lump_months, before_1998_fen, employer_name, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (person_id, region, insurance) DO UPDATE SET
             status = excluded.status, account_kind = excluded.account_kind, months = excluded.months,
             first_month = excluded.first_month, last_month = excluded.last_month, spans = excluded.spans,
             duplicates = excluded.duplicates, arrears_fen = excluded.arrears_fen, lump_months = excluded.lump_months,
             before_1998_fen = excluded.before_1998_fen, employer_name = excluded.employer_name, updated_at = excluded.updated_at",
        relation_args(relation, Timestamp::now()),
    )
    .await?;
    Ok(())
}

const RELATION: &str = "SELECT person_id, region, insurance, status, account_kind, spans, duplicates, arrears_fen, lump_months,
        before_1998_fen, employer_name
     FROM agency_relation";

pub(crate) fn read_relation(row: &Row) -> Result<Relation, Refusal> {
    let account_kind: String = row.get("account_kind")?;
    let spans: String = row.get("spans")?;
    Ok(Relation {
        person_id: PersonId(row.get("person_id")?),
        region: row.get("region")?,
        insurance: row.get("insurance")?,
        status: row.get::<RelationStatus>("status")?,
        account_kind: AccountKind::parse(&account_kind)
            .ok_or_else(|| Refusal::internal(format!("unknown kind of account {account_kind}")))?,
        spans: spans.parse()?,
        duplicates: row.get("duplicates")?,
        arrears: row.get("arrears_fen")?,
        lump_months: row.get("lump_months")?,
        before_1998: row.get("before_1998_fen")?,
        employer_name: row.get("employer_name")?,
    })
}

/// One relation, if there.
pub async fn find_relation(
    q: &mut dyn Query,
    person: PersonId,
    region: RegionCode,
    insurance: Insurance,
) -> Result<Option<Relation>, Refusal> {
    let sql = format!("{RELATION} WHERE person_id = $1 AND region = $2 AND insurance = $3");
    q.optional(&sql, args![person.0, region, insurance])
        .await?
        .as_ref()
        .map(read_relation)
        .transpose()
}

/// Every relation of a person in a region.
pub async fn relations(q: &mut dyn Query, person: PersonId, region: RegionCode) -> Result<Vec<Relation>, Refusal> {
    let sql = format!("{RELATION} WHERE person_id = $1 AND region = $2 ORDER BY insurance");
    q.all(&sql, args![person.0, region]).await?.iter().map(read_relation).collect()
}
