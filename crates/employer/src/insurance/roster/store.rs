//! Rows of rosters. Cells are sealed; what the screen lists stands beside them.

use standard::{Finding, Refusal, RegionCode, Timestamp};
use store::{Cipher, Query, Row as DbRow, Tx, args};
use uuid::Uuid;

use super::check::RowResult;
use super::columns::Layout;
use super::row::Roster;
use super::sheet::RawRow;
use super::shown::{shown_id, shown_name};
use super::view::{Counts, RosterState};
use crate::insurance::preflight::{Advice, Verdict};
use exchange::RelationView;

const ROW_TABLE: &str = "employer_roster_row";

/// A roster without its rows.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Key.
    pub id: Uuid,
    /// The uploaded file's name.
    pub file_name: String,
    /// Where it stands.
    pub state: RosterState,
    /// The header row's number and the columns.
    pub header: Header,
    /// Rows above the header, encrypted.
    pub above_sealed: Vec<u8>,
    /// Rows of people.
    pub total: i64,
    /// Rows weighed.
    pub done: i64,
    /// How they came out.
    pub counts: Counts,
    /// Employees made from it.
    pub created: i64,
    /// Who uploaded it.
    pub uploaded_by: Uuid,
    /// Their name.
    pub uploader_name: String,
    /// When.
    pub created_at: Timestamp,
    /// When the check was through.
    pub finished_at: Option<Timestamp>,
}

/// The header as stored.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Header {
    /// The header row's number, counted from 1.
    pub number: u32,
    /// The columns.
    pub layout: Layout,
    /// What there is to say of the file as a whole.
    #[serde(default)]
    pub notes: Vec<Finding>,
}

/// A row as stored, opened.
pub struct StoredRow {
    /// The row as uploaded.
    pub raw: RawRow,
    /// 姓名, as far as readable.
    pub name: String,
    /// 证件号码 with its middle hidden.
    pub id_masked: String,
    /// In one word; none until weighed.
    pub verdict: Option<Verdict>,
    /// Regions to transfer from.
    pub from_regions: Vec<RegionCode>,
    /// Every reason.
    pub findings: Vec<Advice>,
    /// The relations found.
    pub relations: Vec<RelationView>,
    /// The employee made from it.
    pub employee_id: Option<Uuid>,
}

impl StoredRow {
    /// The result, once weighed.
    pub fn result(&self) -> Option<RowResult> {
        Some(RowResult {
            number: self.raw.number,
            verdict: self.verdict?,
            from_regions: self.from_regions.clone(),
            findings: self.findings.clone(),
            relations: self.relations.clone(),
            employee_id: self.employee_id,
        })
    }
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::internal(format!("a stored roster does not read: line {}", error.line())))
}

fn row_key(roster_id: Uuid, number: i64) -> Vec<u8> {
    let mut key = roster_id.as_bytes().to_vec();
    key.extend(number.to_be_bytes());
    key
}

/// Who uploads what, for `insert`.
pub struct Upload<'a> {
    /// Whose roster.
    pub employer_id: Uuid,
    /// Key.
    pub id: Uuid,
    /// The file's name.
    pub file_name: &'a str,
    /// SM3 of the file.
    pub digest: String,
    /// Who.
    pub user_id: Uuid,
    /// Their name.
    pub user_name: &'a str,
    /// When.
    pub at: Timestamp,
    /// What there is to say of the file as a whole.
    pub notes: Vec<Finding>,
}

/// Writes a roster and all its rows. Rows with faults are 数据有误 at once; the others wait for the check.
pub async fn insert(tx: &mut Tx, upload: &Upload<'_>, roster: &Roster) -> Result<(), Refusal> {
    let db = tx.db().clone();
    let cipher = db.cipher();
    let header = Header {
        number: roster.header_number,
        layout: roster.layout.clone(),
        notes: upload.notes.clone(),
    };
    let above = cipher.seal("employer_roster", "above_sealed", upload.id, json(&roster.above)?.as_bytes())?;
    let bad = roster.rows.iter().filter(|row| row.good.is_none()).count() as i64;
    tx.execute(
        "INSERT INTO employer_roster (employer_id, id, file_name, file_digest, state, header, above_sealed, total, done, direct,
             transfer, bad, unanswered, created, uploaded_by, uploader_name, created_at)
         VALUES ($1, $2, $3, $4, 'checking', $5, $6, $7, $8, 0, 0, $8, 0, 0, $9, $10, $11)",
        args![
            upload.employer_id,
            upload.id,
            upload.file_name,
            &upload.digest,
            json(&header)?,
            above,
            roster.rows.len() as i64,
            bad,
            upload.user_id,
            upload.user_name,
            upload.at
        ],
    )
    .await?;
    let columns = [
        "employer_id",
        "roster_id",
        "row_number",
        "cells_sealed",
        "name",
        "id_masked",
        "verdict",
        "from_regions",
        "findings",
        "relations",
        "employee_id",
    ];
    let mut sink = tx.bulk(ROW_TABLE, &columns).await?;
    for row in &roster.rows {
        let number = i64::from(row.raw.number);
        let sealed = cipher.seal(ROW_TABLE, "cells_sealed", row_key(upload.id, number), json(&row.raw)?.as_bytes())?;
        let faults: Vec<Advice> = row.faults.iter().cloned().map(Advice::plain).collect();
        let verdict = row.good.is_none().then_some(Verdict::BadData.as_str());
        sink.push(args![
            upload.employer_id,
            upload.id,
            number,
            sealed,
            shown_name(row, &roster.layout),
            shown_id(row, &roster.layout),
            verdict,
            "[]",
            json(&faults)?,
            "[]",
            None::<Uuid>
        ])
        .await?;
    }
    sink.finish().await?;
    Ok(())
}

fn read(row: &DbRow) -> Result<Stored, Refusal> {
    let state: String = row.get("state")?;
    Ok(Stored {
        id: row.get("id")?,
        file_name: row.get("file_name")?,
        state: RosterState::parse(&state).ok_or_else(|| Refusal::internal("a roster has an unknown state"))?,
        header: from_json(&row.get::<String>("header")?)?,
        above_sealed: row.get("above_sealed")?,
        total: row.get("total")?,
        done: row.get("done")?,
        counts: Counts {
            direct: row.get("direct")?,
            transfer: row.get("transfer")?,
            bad: row.get("bad")?,
            unanswered: row.get("unanswered")?,
        },
        created: row.get("created")?,
        uploaded_by: row.get("uploaded_by")?,
        uploader_name: row.get("uploader_name")?,
        created_at: row.get("created_at")?,
        finished_at: row.get("finished_at")?,
    })
}

/// One roster of the employer.
pub async fn get(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Stored, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_roster WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?
        .ok_or_else(|| Refusal::not_found("roster_not_found", "没有找到该名单", "no such roster"))?;
    read(&row)
}

/// The employer's rosters, newest first.
pub async fn list(q: &mut impl Query, employer_id: Uuid, limit: i64) -> Result<Vec<Stored>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_roster WHERE employer_id = $1 ORDER BY id DESC LIMIT $2",
            args![employer_id, limit],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Rows above the header.
pub fn above(cipher: &Cipher, roster: &Stored) -> Result<Vec<RawRow>, Refusal> {
    let plain = cipher.open("employer_roster", "above_sealed", roster.id, &roster.above_sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Refusal::internal("a stored roster does not read"))
}

fn read_row(cipher: &Cipher, roster_id: Uuid, row: &DbRow) -> Result<StoredRow, Refusal> {
    let number: i64 = row.get("row_number")?;
    let sealed: Vec<u8> = row.get("cells_sealed")?;
    let plain = cipher.open(ROW_TABLE, "cells_sealed", row_key(roster_id, number), &sealed)?;
    let raw = serde_json::from_slice(&plain).map_err(|_| Refusal::internal("a stored roster row does not read"))?;
    Ok(StoredRow {
        raw,
        name: row.get("name")?,
        id_masked: row.get("id_masked")?,
        verdict: row.get::<Option<String>>("verdict")?.and_then(|word| Verdict::parse(&word)),
        from_regions: from_json(&row.get::<String>("from_regions")?)?,
        findings: from_json(&row.get::<String>("findings")?)?,
        relations: from_json(&row.get::<String>("relations")?)?,
        employee_id: row.get("employee_id")?,
    })
}

/// Which rows to read.
#[derive(Debug, Clone, Default)]
pub struct RowFilter {
    /// Only rows with this verdict.
    pub verdict: Option<Verdict>,
    /// Only rows not yet weighed.
    pub open: bool,
    /// Only rows after this number.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

/// Rows in the file's order.
pub async fn rows(
    q: &mut impl Query,
    cipher: &Cipher,
    employer_id: Uuid,
    roster_id: Uuid,
    filter: &RowFilter,
) -> Result<Vec<StoredRow>, Refusal> {
    let mut args = args![employer_id, roster_id, filter.after];
    let mut clause = "employer_id = $1 AND roster_id = $2 AND row_number > $3".to_string();
    if let Some(verdict) = filter.verdict {
        let n = args.push(verdict.as_str());
        clause.push_str(&format!(" AND verdict = ${n}"));
    }
    if filter.open {
        clause.push_str(" AND verdict IS NULL");
    }
    let n = args.push(filter.limit);
    let sql = format!("SELECT * FROM {ROW_TABLE} WHERE {clause} ORDER BY row_number LIMIT ${n}");
    let found = q.all(&sql, args).await?;
    found.iter().map(|row| read_row(cipher, roster_id, row)).collect()
}

/// Stores results of rows that have none yet: a batch done twice changes nothing the second time.
pub async fn put_results(tx: &mut Tx, employer_id: Uuid, roster_id: Uuid, results: &[RowResult]) -> Result<(), Refusal> {
    for result in results {
        tx.execute(
            "UPDATE employer_roster_row SET verdict = $4, from_regions = $5, findings = $6, relations = $7,
                 employee_id = COALESCE(employee_id, $8)
             WHERE employer_id = $1 AND roster_id = $2 AND row_number = $3 AND verdict IS NULL",
            args![
                employer_id,
                roster_id,
                i64::from(result.number),
                result.verdict.as_str(),
                json(&result.from_regions)?,
                json(&result.findings)?,
                json(&result.relations)?,
                result.employee_id
            ],
        )
        .await?;
    }
    Ok(())
}

/// Counts the rows anew and stores the counts: whatever was interrupted, they are right.
pub async fn recount(tx: &mut Tx, employer_id: Uuid, roster_id: Uuid) -> Result<(i64, Counts), Refusal> {
    let rows = tx
        .all(
            "SELECT verdict, COUNT(*) AS n FROM employer_roster_row
             WHERE employer_id = $1 AND roster_id = $2 AND verdict IS NOT NULL GROUP BY verdict",
            args![employer_id, roster_id],
        )
        .await?;
    let mut counts = Counts::default();
    for row in &rows {
        let n: i64 = row.get("n")?;
        match Verdict::parse(&row.get::<String>("verdict")?) {
            Some(Verdict::Direct) => counts.direct = n,
            Some(Verdict::NeedsTransfer) => counts.transfer = n,
            Some(Verdict::BadData) => counts.bad = n,
            Some(Verdict::Unanswered) => counts.unanswered = n,
            None => return Err(Refusal::internal("a roster row has an unknown verdict")),
        }
    }
    let done = counts.direct + counts.transfer + counts.bad + counts.unanswered;
    tx.execute(
        "UPDATE employer_roster SET done = $3, direct = $4, transfer = $5, bad = $6, unanswered = $7 WHERE employer_id = $1 AND id = $2",
        args![
            employer_id,
            roster_id,
            done,
            counts.direct,
            counts.transfer,
            counts.bad,
            counts.unanswered
        ],
    )
    .await?;
    Ok((done, counts))
}

/// Moves a roster to another state.
pub async fn set_state(
    tx: &mut Tx,
    employer_id: Uuid,
    id: Uuid,
    state: RosterState,
    finished_at: Option<Timestamp>,
) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_roster SET state = $3, finished_at = COALESCE($4, finished_at) WHERE employer_id = $1 AND id = $2",
        args![employer_id, id, state.key(), finished_at],
    )
    .await?;
    Ok(())
}

/// Forgets the results of unanswered rows, so that they are asked again.
pub async fn reopen_unanswered(tx: &mut Tx, employer_id: Uuid, id: Uuid) -> Result<u64, Refusal> {
    tx.execute(
        "UPDATE employer_roster_row SET verdict = NULL, findings = '[]' WHERE employer_id = $1 AND roster_id = $2 AND verdict = 'unanswered'",
        args![employer_id, id],
    )
    .await
}

/// Ties a row to the employee made from it.
pub async fn set_employee(tx: &mut Tx, employer_id: Uuid, id: Uuid, number: u32, employee_id: Uuid) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_roster_row SET employee_id = $4 WHERE employer_id = $1 AND roster_id = $2 AND row_number = $3",
        args![employer_id, id, i64::from(number), employee_id],
    )
    .await?;
    Ok(())
}
