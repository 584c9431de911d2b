//! The rows that say what an employer's month was assessed from.

use standard::{Money, Month, Refusal, RegionCode, Timestamp};
use store::{Args, Query, Row, Tx, args};
use uuid::Uuid;

/// What a month was assessed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Basis {
    /// A declaration.
    Declared,
    /// The wages of the roll, because nothing was declared.
    LastMonth,
    /// 110 % of the month before, because nothing was declared (社会保险法第六十二条).
    Estimated,
}

impl Basis {
    pub fn key(self) -> &'static str {
        match self {
            Basis::Declared => "declared",
            Basis::LastMonth => "last_month",
            Basis::Estimated => "estimated",
        }
    }
}

/// One declaration, or one employer of a run over the region.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub region: RegionCode,
    pub declaration_id: Uuid,
    pub employer_id: Uuid,
    pub month: Month,
    pub basis: Basis,
    pub state: String,
    pub part: i64,
    pub parts: i64,
    pub round: i64,
    pub content_hash: Option<Vec<u8>>,
    pub case_id: Option<Uuid>,
    pub run_id: Option<Uuid>,
    pub order_id: Option<Uuid>,
    /// What the month comes to above the rows, as an order of its own (社会保险法第六十二条).
    pub surcharge_order_id: Option<Uuid>,
    pub seq: i64,
    pub people: i64,
    pub refused: i64,
    pub employer: Money,
    pub employee: Money,
}

const COLUMNS: [&str; 20] = [
    "region",
    "declaration_id",
    "employer_id",
    "month",
    "basis",
    "state",
    "part",
    "parts",
    "round",
    "content_hash",
    "case_id",
    "run_id",
    "order_id",
    "surcharge_order_id",
    "seq",
    "people",
    "refused",
    "employer_fen",
    "employee_fen",
    "updated_at",
];

fn values(r: &Record, now: Timestamp) -> Args {
    args![
        r.region,
        r.declaration_id,
        r.employer_id,
        r.month,
        r.basis.key(),
        r.state,
        r.part,
        r.parts,
        r.round,
        r.content_hash,
        r.case_id,
        r.run_id,
        r.order_id,
        r.surcharge_order_id,
        r.seq,
        r.people,
        r.refused,
        r.employer,
        r.employee,
        now
    ]
}

/// Writes a record, whether new or changed.
pub(crate) async fn put(tx: &mut Tx, record: &Record) -> Result<(), Refusal> {
    let places: Vec<String> = (1..=COLUMNS.len()).map(|n| format!("${n}")).collect();
    let changed: Vec<String> = COLUMNS[2..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let sql = format!(
        "INSERT INTO agency_declaration ({}) VALUES ({}) ON CONFLICT (region, declaration_id) DO UPDATE SET {}",
        COLUMNS.join(", "),
        places.join(", "),
        changed.join(", ")
    );
    tx.execute(&sql, values(record, Timestamp::now())).await?;
    Ok(())
}

/// Writes new records of a run.
pub(crate) async fn put_all(tx: &mut Tx, records: &[Record]) -> Result<(), Refusal> {
    let now = Timestamp::now();
    let mut sink = tx.bulk("agency_declaration", &COLUMNS).await?;
    for record in records {
        sink.push(values(record, now)).await?;
    }
    sink.finish().await?;
    Ok(())
}

/// A declaration as known.
pub(super) struct Known {
    pub declaration_id: Uuid,
    pub state: String,
    pub part: i64,
    pub parts: i64,
    pub round: i64,
    pub case_id: Option<Uuid>,
    pub content_hash: Option<Vec<u8>>,
    /// Assessed by a run over the region because nothing was declared: gives way to a declaration.
    pub by_run: bool,
    pub order_id: Option<Uuid>,
    pub surcharge_order_id: Option<Uuid>,
}

fn known(row: &Row) -> Result<Known, Refusal> {
    Ok(Known {
        declaration_id: row.get("declaration_id")?,
        state: row.get("state")?,
        part: row.get("part")?,
        parts: row.get("parts")?,
        round: row.get("round")?,
        case_id: row.get("case_id")?,
        content_hash: row.get("content_hash")?,
        by_run: row.get::<Option<Uuid>>("run_id")?.is_some(),
        order_id: row.get("order_id")?,
        surcharge_order_id: row.get("surcharge_order_id")?,
    })
}

/// Every record of an employer's month, a run's too.
pub(super) async fn of_month(q: &mut dyn Query, region: RegionCode, employer_id: Uuid, month: Month) -> Result<Vec<Known>, Refusal> {
    let sql = "SELECT declaration_id, state, part, parts, round, case_id, content_hash, run_id, order_id, surcharge_order_id FROM agency_declaration
         WHERE region = $1 AND employer_id = $2 AND month = $3";
    q.all(sql, args![region, employer_id, month]).await?.iter().map(known).collect()
}

/// What the newest assessed month before `month` came to: people, employer, employee.
pub(super) async fn month_before(
    q: &mut dyn Query,
    region: RegionCode,
    employer_id: Uuid,
    month: Month,
) -> Result<Option<(Month, i64, Money, Money)>, Refusal> {
    let sql = "SELECT month, SUM(people) AS people, SUM(employer_fen) AS employer, SUM(employee_fen) AS employee FROM agency_declaration
         WHERE region = $1 AND employer_id = $2 AND month < $3 AND state = 'assessed' GROUP BY month ORDER BY month DESC LIMIT 1";
    let Some(row) = q.optional(sql, args![region, employer_id, month]).await? else {
        return Ok(None);
    };
    Ok(Some((
        row.get("month")?,
        row.get("people")?,
        row.get("employer")?,
        row.get("employee")?,
    )))
}

/// Changes the state of one record.
pub(super) async fn set_state_of(tx: &mut Tx, region: RegionCode, declaration_id: Uuid, state: &str) -> Result<(), Refusal> {
    let sql = "UPDATE agency_declaration SET state = $3, updated_at = $4 WHERE region = $1 AND declaration_id = $2";
    tx.execute(sql, args![region, declaration_id, state, Timestamp::now()]).await?;
    Ok(())
}

/// Changes the state of a case's record.
pub(super) async fn set_state(tx: &mut Tx, region: RegionCode, case_id: Uuid, state: &str) -> Result<(), Refusal> {
    let sql = "UPDATE agency_declaration SET state = $3, updated_at = $4 WHERE region = $1 AND case_id = $2";
    tx.execute(sql, args![region, case_id, state, Timestamp::now()]).await?;
    Ok(())
}

/// The employers between two keys, the first not counted, that need no assessment in `month`: assessed already, or with a
/// declaration that waits for a decision.
pub(crate) async fn assessed_between(
    q: &mut dyn Query,
    region: RegionCode,
    month: Month,
    after: Uuid,
    to: Uuid,
) -> Result<Vec<Uuid>, Refusal> {
    let sql = "SELECT DISTINCT employer_id FROM agency_declaration
         WHERE region = $1 AND employer_id > $2 AND employer_id <= $3 AND month = $4 AND state IN ('assessed', 'pending')
         ORDER BY employer_id";
    q.all(sql, args![region, after, to, month])
        .await?
        .iter()
        .map(|row| row.get("employer_id"))
        .collect()
}
