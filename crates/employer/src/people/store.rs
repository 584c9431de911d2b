//! Rows of employees. ID and phone numbers are sealed; the keyed hash finds a number again.

use exchange::message::StopReason;
use standard::{Date, IdNumber, Insurance, Money, Refusal, RegionCode, Sex, Timestamp};
use store::{Cipher, IdHash, Lookup, Query, Row, Tx, args};
use uuid::Uuid;

use super::leave;
use super::view::EmployeeState;

pub(crate) use super::relations::put_relations;
pub use super::relations::relations;

pub(super) const TABLE: &str = "employer_employee";

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
    /// 离职日期: the last day of employment.
    pub left_on: Option<Date>,
    /// 离职原因.
    pub leave_reason: Option<StopReason>,
    /// What was noted on leaving.
    pub leave_note: Option<String>,
    /// The year of the first employment ever, for which the tax deduction counts from January.
    pub first_work_year: Option<i64>,
    /// Which insurances the unit pays; none named: all five.
    pub insurances: Option<Vec<Insurance>>,
    /// Whether the housing fund is paid.
    pub fund_joined: bool,
    /// 公积金缴存基数, where it differs from the wage.
    pub fund_base_fen: Option<Money>,
    /// The fields of the industry's template, a JSON object.
    pub extra: String,
    /// Keyed hash of the phone number, to find a person entered twice.
    pub phone_hash: Option<Vec<u8>>,
    /// The record this one was merged into.
    pub merged_into: Option<Uuid>,
    /// Counts edits.
    pub version: i64,
    /// When entered.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

impl Employee {
    /// A record that says nothing yet but whose it is and the number it was made from; the sealed fields are empty.
    pub(super) fn blank(employer_id: Uuid, id: Uuid, number: &IdNumber, now: Timestamp) -> Employee {
        Employee {
            employer_id,
            id,
            number: 0,
            name: String::new(),
            id_hash: IdHash([0; 32]),
            id_sealed: Vec::new(),
            id_masked: number.masked(),
            sex: number.sex(),
            birth_date: number.birth_date(),
            phone_sealed: None,
            phone_masked: None,
            household_region: None,
            hired_on: control::clock::date_of(now),
            region: number.region(),
            department: String::new(),
            position: String::new(),
            wage_fen: None,
            state: EmployeeState::Unchecked,
            source: String::new(),
            override_reason: None,
            checked_at: None,
            left_on: None,
            leave_reason: None,
            leave_note: None,
            first_work_year: None,
            insurances: None,
            fund_joined: true,
            fund_base_fen: None,
            extra: "{}".to_string(),
            phone_hash: None,
            merged_into: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The ID number in the open.
    pub fn id_number(&self, cipher: &Cipher) -> Result<IdNumber, Refusal> {
        open_id(cipher, self.id, &self.id_sealed)
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

/// The insurances of a stored list of words.
pub(super) fn read_insurances(words: &str) -> Vec<Insurance> {
    Insurance::ALL
        .into_iter()
        .filter(|insurance| words.split(',').any(|word| word == insurance.code()))
        .collect()
}

/// The insurances as stored: their codes, parted by commas.
pub(super) fn write_insurances(insurances: &[Insurance]) -> String {
    insurances.iter().map(|insurance| insurance.code()).collect::<Vec<_>>().join(",")
}

/// Opens the ID number of an employee's row.
pub(super) fn open_id(cipher: &Cipher, id: Uuid, sealed: &[u8]) -> Result<IdNumber, Refusal> {
    let plain = cipher.open(TABLE, "id_sealed", id, sealed)?;
    let text = String::from_utf8(plain).map_err(|_| Refusal::internal("a sealed ID number is no text"))?;
    Ok(IdNumber::parse(&text)?)
}

/// The keyed hash a phone number is found again by.
pub(super) fn phone_hash(cipher: &Cipher, phone: &str) -> Vec<u8> {
    cipher.text_hash("employee_phone", phone).to_vec()
}

/// Encrypts an ID number for an employee's row.
pub(crate) fn seal_id(cipher: &Cipher, id: Uuid, number: &IdNumber) -> Result<Vec<u8>, Refusal> {
    cipher.seal(TABLE, "id_sealed", id, number.reveal().as_bytes())
}

/// Encrypts a phone number for an employee's row.
pub(crate) fn seal_phone(cipher: &Cipher, id: Uuid, phone: &str) -> Result<Vec<u8>, Refusal> {
    cipher.seal(TABLE, "phone_sealed", id, phone.as_bytes())
}

pub(super) fn read(row: &Row) -> Result<Employee, Refusal> {
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
        left_on: row.get("left_on")?,
        leave_reason: row
            .get::<Option<String>>("leave_reason")?
            .and_then(|word| leave::parse_reason(&word)),
        leave_note: row.get("leave_note")?,
        first_work_year: row.get("first_work_year")?,
        insurances: row.get::<Option<String>>("insurances")?.map(|words| read_insurances(&words)),
        fund_joined: row.get("fund_joined")?,
        fund_base_fen: row.get("fund_base_fen")?,
        extra: row.get("extra")?,
        phone_hash: row.get("phone_hash")?,
        merged_into: row.get("merged_into")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// Columns in the order `values` gives them, for bulk writing.
pub(crate) const COLUMNS: [&str; 34] = [
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
    "left_on",
    "leave_reason",
    "leave_note",
    "first_work_year",
    "insurances",
    "fund_joined",
    "fund_base_fen",
    "extra",
    "phone_hash",
    "merged_into",
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
        e.left_on,
        e.leave_reason.map(leave::reason_key),
        &e.leave_note,
        e.first_work_year,
        e.insurances.as_deref().map(write_insurances),
        e.fund_joined,
        e.fund_base_fen,
        &e.extra,
        &e.phone_hash,
        e.merged_into,
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

static BY_HASH: Lookup = Lookup::new(
    "SELECT * FROM employer_employee WHERE (employer_id, id_hash) IN {keys}",
    &["employer_id", "id_hash"],
);

/// Stores every changeable field if nobody changed the row meanwhile.
pub(crate) async fn update(tx: &mut Tx, e: &Employee) -> Result<(), Refusal> {
    let changed = tx
        .execute(
            "UPDATE employer_employee SET name = $4, phone_sealed = $5, phone_masked = $6, household_region = $7,
                 hired_on = $8, region = $9, department = $10, position = $11, wage_fen = $12, state = $13,
                 override_reason = $14, checked_at = $15, updated_at = $16, left_on = $17, leave_reason = $18, leave_note = $19,
                 first_work_year = $20, insurances = $21, fund_joined = $22, fund_base_fen = $23, extra = $24, phone_hash = $25,
                 version = version + 1
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
                e.updated_at,
                e.left_on,
                e.leave_reason.map(leave::reason_key),
                &e.leave_note,
                e.first_work_year,
                e.insurances.as_deref().map(write_insurances),
                e.fund_joined,
                e.fund_base_fen,
                &e.extra,
                &e.phone_hash
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
