//! Rows of employees. ID and phone numbers are sealed; the keyed hash finds a number again.

use standard::{Date, IdNumber, Insurance, Money, MonthSet, Refusal, RegionCode, Sex, Timestamp};
use store::{Cipher, IdHash, Lookup, Query, Row, Tx, args};
use uuid::Uuid;

use super::view::{EmployeeState, KnownRelation};
use exchange::RelationView;

const TABLE: &str = "employer_employee";

/// An employee as stored. Not `Debug`: opened numbers could reach a log.
#[derive(Clone)]
pub struct Employee {
    /// Whose employee.
    pub employer_id: Uuid,
    /// Key.
    pub id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// Keyed hash of the ID number.
    pub id_hash: IdHash,
    /// The ID number, encrypted.
    pub id_sealed: Vec<u8>,
    /// The ID number with its middle hidden.
    pub id_masked: String,
    /// 性别.
    pub sex: Sex,
    /// 出生日期.
    pub birth_date: Date,
    /// The phone number, encrypted.
    pub phone_sealed: Option<Vec<u8>>,
    /// The phone number with its middle hidden.
    pub phone_masked: Option<String>,
    /// 户籍所在地.
    pub household_region: Option<RegionCode>,
    /// 入职日期.
    pub hired_on: Date,
    /// 参保城市.
    pub region: RegionCode,
    /// 部门.
    pub department: String,
    /// 岗位.
    pub position: String,
    /// 月工资.
    pub wage_fen: Option<Money>,
    /// Where they stand with social insurance.
    pub state: EmployeeState,
    /// form or roster.
    pub source: String,
    /// Why a blocking finding was overruled.
    pub override_reason: Option<String>,
    /// When the nationwide check was last answered.
    pub checked_at: Option<Timestamp>,
    /// Counts edits.
    pub version: i64,
    /// When entered.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

impl Employee {
    /// The ID number in the open.
    pub fn id_number(&self, cipher: &Cipher) -> Result<IdNumber, Refusal> {
        let plain = cipher.open(TABLE, "id_sealed", self.id, &self.id_sealed)?;
        let text = String::from_utf8(plain).map_err(|_| Refusal::internal("a sealed ID number is no text"))?;
        Ok(IdNumber::parse(&text)?)
    }

    /// The phone number in the open.
    pub fn phone(&self, cipher: &Cipher) -> Result<Option<String>, Refusal> {
        let Some(sealed) = &self.phone_sealed else { return Ok(None) };
        let plain = cipher.open(TABLE, "phone_sealed", self.id, sealed)?;
        String::from_utf8(plain)
            .map(Some)
            .map_err(|_| Refusal::internal("a sealed phone number is no text"))
    }
}

/// Encrypts an ID number for an employee's row.
pub(crate) fn seal_id(cipher: &Cipher, id: Uuid, number: &IdNumber) -> Result<Vec<u8>, Refusal> {
    cipher.seal(TABLE, "id_sealed", id, number.reveal().as_bytes())
}

/// Encrypts a phone number for an employee's row.
pub(crate) fn seal_phone(cipher: &Cipher, id: Uuid, phone: &str) -> Result<Vec<u8>, Refusal> {
    cipher.seal(TABLE, "phone_sealed", id, phone.as_bytes())
}

fn read(row: &Row) -> Result<Employee, Refusal> {
    let state: String = row.get("state")?;
    Ok(Employee {
        employer_id: row.get("employer_id")?,
        id: row.get("id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        id_hash: row.get("id_hash")?,
        id_sealed: row.get("id_sealed")?,
        id_masked: row.get("id_masked")?,
        sex: row.get("sex")?,
        birth_date: row.get("birth_date")?,
        phone_sealed: row.get("phone_sealed")?,
        phone_masked: row.get("phone_masked")?,
        household_region: row.get("household_region")?,
        hired_on: row.get("hired_on")?,
        region: row.get("region")?,
        department: row.get("department")?,
        position: row.get("position")?,
        wage_fen: row.get("wage_fen")?,
        state: EmployeeState::parse(&state).ok_or_else(|| Refusal::internal("an employee has an unknown state"))?,
        source: row.get("source")?,
        override_reason: row.get("override_reason")?,
        checked_at: row.get("checked_at")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Columns in the order `values` gives them, for bulk writing.
pub(crate) const COLUMNS: [&str; 24] = [
    "employer_id",
    "id",
    "number",
    "name",
    "id_hash",
    "id_sealed",
    "id_masked",
    "sex",
    "birth_date",
    "phone_sealed",
    "phone_masked",
    "household_region",
    "hired_on",
    "region",
    "department",
    "position",
    "wage_fen",
    "state",
    "source",
    "override_reason",
    "checked_at",
    "version",
    "created_at",
    "updated_at",
];

pub(crate) fn values(e: &Employee) -> store::Args {
    args![
        e.employer_id,
        e.id,
        e.number,
        &e.name,
        e.id_hash,
        &e.id_sealed,
        &e.id_masked,
        e.sex,
        e.birth_date,
        &e.phone_sealed,
        &e.phone_masked,
        e.household_region,
        e.hired_on,
        e.region,
        &e.department,
        &e.position,
        e.wage_fen,
        e.state.key(),
        &e.source,
        &e.override_reason,
        e.checked_at,
        e.version,
        e.created_at,
        e.updated_at
    ]
}

/// Writes a new employee.
pub(crate) async fn insert(tx: &mut Tx, employee: &Employee) -> Result<(), Refusal> {
    let places: Vec<String> = (1..=COLUMNS.len()).map(|n| format!("${n}")).collect();
    let sql = format!("INSERT INTO {TABLE} ({}) VALUES ({})", COLUMNS.join(", "), places.join(", "));
    tx.execute(&sql, values(employee)).await?;
    Ok(())
}

/// One employee of the employer.
pub async fn get(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Employee, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_employee WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(|| Refusal::not_found("employee_not_found", "没有找到该员工", "no such employee"))?;
    read(&row)
}

/// The employee with this number, if the unit has one.
pub async fn by_hash(q: &mut impl Query, employer_id: Uuid, id_hash: &IdHash) -> Result<Option<Employee>, Refusal> {
    let rows = q.look_up(&BY_HASH, args![employer_id, *id_hash]).await?;
    rows.first().map(read).transpose()
}

static BY_HASH: Lookup = Lookup {
    sql: "SELECT * FROM employer_employee WHERE (employer_id, id_hash) IN {keys}",
    key: &["employer_id", "id_hash"],
};

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of a name or of a masked number.
    pub text: Option<String>,
    /// Exactly this number.
    pub id_hash: Option<IdHash>,
    /// Only this state.
    pub state: Option<EmployeeState>,
    /// Only 工号 below this one.
    pub below: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

/// Employees that match, newest first, and how many match in all.
pub async fn list(q: &mut impl Query, employer_id: Uuid, filter: &Filter) -> Result<(Vec<Employee>, i64), Refusal> {
    let mut args = args![employer_id];
    let mut clause = "employer_id = $1".to_string();
    if let Some(text) = &filter.text {
        let n = args.push(format!("%{}%", escape_like(text)));
        clause.push_str(&format!(" AND (name LIKE ${n} ESCAPE '!' OR id_masked LIKE ${n} ESCAPE '!')"));
    }
    if let Some(hash) = &filter.id_hash {
        let n = args.push(*hash);
        clause.push_str(&format!(" AND id_hash = ${n}"));
    }
    if let Some(state) = filter.state {
        let n = args.push(state.key());
        clause.push_str(&format!(" AND state = ${n}"));
    }
    let total = q
        .one(&format!("SELECT COUNT(*) AS n FROM {TABLE} WHERE {clause}"), args.clone())
        .await?
        .get("n")?;
    if let Some(below) = filter.below {
        let n = args.push(below);
        clause.push_str(&format!(" AND number < ${n}"));
    }
    let n = args.push(filter.limit);
    let sql = format!("SELECT * FROM {TABLE} WHERE {clause} ORDER BY number DESC LIMIT ${n}");
    let rows = q.all(&sql, args).await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, total))
}

fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Stores every changeable field if nobody changed the row meanwhile.
pub(crate) async fn update(tx: &mut Tx, e: &Employee) -> Result<(), Refusal> {
    let changed = tx
        .execute(
            "UPDATE employer_employee SET name = $4, phone_sealed = $5, phone_masked = $6, household_region = $7,
                 hired_on = $8, region = $9, department = $10, position = $11, wage_fen = $12, state = $13,
                 override_reason = $14, checked_at = $15, updated_at = $16, version = version + 1
             WHERE employer_id = $1 AND id = $2 AND version = $3",
            args![
                e.employer_id,
                e.id,
                e.version,
                &e.name,
                &e.phone_sealed,
                &e.phone_masked,
                e.household_region,
                e.hired_on,
                e.region,
                &e.department,
                &e.position,
                e.wage_fen,
                e.state.key(),
                &e.override_reason,
                e.checked_at,
                e.updated_at
            ],
        )
        .await?;
    if changed == 0 {
        return Err(stale());
    }
    Ok(())
}

/// The row was changed by someone else meanwhile.
pub(crate) fn stale() -> Refusal {
    Refusal::conflict(
        "version_conflict",
        "该记录已被他人修改",
        "someone else changed this record meanwhile",
    )
    .remedy("请刷新后重新操作", "reload and try again")
}

/// Moves an employee to another state.
pub(crate) async fn set_state(tx: &mut Tx, employer_id: Uuid, id: Uuid, state: EmployeeState, at: Timestamp) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_employee SET state = $3, updated_at = $4, version = version + 1 WHERE employer_id = $1 AND id = $2",
        args![employer_id, id, state.key(), at],
    )
    .await?;
    Ok(())
}

/// Replaces what is known of an employee's relations by what was heard now.
pub(crate) async fn put_relations(
    tx: &mut Tx,
    employer_id: Uuid,
    employee_id: Uuid,
    relations: &[RelationView],
    at: Timestamp,
) -> Result<(), Refusal> {
    tx.execute(
        "DELETE FROM employer_relation WHERE employer_id = $1 AND employee_id = $2",
        args![employer_id, employee_id],
    )
    .await?;
    for r in relations {
        tx.execute(
            "INSERT INTO employer_relation
                 (employer_id, employee_id, region, insurance, status, months, first_month, last_month, spans, checked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (employer_id, employee_id, region, insurance) DO NOTHING",
            args![
                employer_id,
                employee_id,
                r.region,
                r.insurance,
                r.status,
                r.months,
                r.first_month,
                r.last_month,
                r.spans.to_string(),
                at
            ],
        )
        .await?;
    }
    Ok(())
}

/// What is known of an employee's relations, and the pension months over all regions, overlaps counted once.
pub async fn relations(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<(Vec<KnownRelation>, i64), Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_relation WHERE employer_id = $1 AND employee_id = $2 ORDER BY insurance, region",
            args![employer_id, employee_id],
        )
        .await?;
    let mut all = MonthSet::new();
    let mut known = Vec::with_capacity(rows.len());
    for row in &rows {
        let region: RegionCode = row.get("region")?;
        let insurance: Insurance = row.get("insurance")?;
        if insurance == Insurance::Pension {
            let spans: MonthSet = row.get::<String>("spans")?.parse()?;
            all = all.union(&spans);
        }
        known.push(KnownRelation {
            region,
            region_name: region.name().to_string(),
            insurance,
            status: row.get("status")?,
            months: row.get("months")?,
            first_month: row.get("first_month")?,
            last_month: row.get("last_month")?,
            checked_at: row.get("checked_at")?,
        });
    }
    Ok((known, all.len()))
}
