//! Rows of bills, their people, receipts and payments.

use ::store::{Query, Row, Tx, args};
use control::identity::{Actor, Permission};
use exchange::message::OrderKind;
use standard::{Date, Money, Month, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::{BillLineView, BillState, BillView, PaymentView, ReceiptView, kind_zh, not_found};
use crate::insurance::amounts::{Amounts, COLUMNS};

/// Most bills listed.
const LISTED: i64 = 300;

/// A bill as stored.
#[derive(Debug, Clone)]
pub(crate) struct Bill {
    pub id: Uuid,
    pub order_number: String,
    pub source: String,
    pub kind: OrderKind,
    pub region: RegionCode,
    pub month: Month,
    pub filing_id: Option<Uuid>,
    pub people: i64,
    pub parts: i64,
    pub parts_here: i64,
    pub total: Money,
    pub employer: Money,
    pub employee: Money,
    pub paid: Money,
    pub late_fee: Money,
    pub suspense: Money,
    pub refunded: Money,
    pub open: Money,
    pub state: BillState,
    pub issued_on: Date,
    pub due_on: Date,
    pub pay_url: Option<String>,
    pub office: String,
    pub days_late: Option<i64>,
    pub late_fee_due: Option<Money>,
    pub arrears_on: Option<Date>,
    pub received_at: Timestamp,
}

/// One person and month of a bill as stored.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub line: i64,
    pub month: Month,
    pub employee_id: Option<Uuid>,
    pub name: String,
    pub id_masked: String,
    pub person_number: String,
    /// 申报工资 the agency assessed by; nothing on bills read from a file.
    pub wage: Option<Money>,
    pub amounts: Amounts,
}

impl Bill {
    pub(super) fn view(self, actor: &Actor, today: Date) -> BillView {
        let mut allowed = Vec::new();
        if self.state.is_owed() && actor.require(Permission::PaymentMake).is_ok() {
            allowed.extend(self.pay_url.as_ref().map(|_| "pay_online".to_string()));
            allowed.push("pay_bank".to_string());
        }
        BillView {
            id: self.id,
            order_number: self.order_number,
            source: self.source,
            kind: self.kind,
            kind_name: kind_zh(self.kind).to_string(),
            region: self.region,
            region_name: self.region.name().to_string(),
            month: self.month,
            people: self.people,
            total_fen: self.total,
            employer_fen: self.employer,
            employee_fen: self.employee,
            paid_fen: self.paid,
            late_fee_fen: self.late_fee,
            suspense_fen: self.suspense,
            refunded_fen: self.refunded,
            open_fen: self.open,
            state: self.state,
            state_name: self.state.zh().to_string(),
            issued_on: self.issued_on,
            due_on: self.due_on,
            overdue: self.state.is_owed() && self.due_on < today,
            late_fee_due_fen: self.late_fee_due,
            arrears_on: self.arrears_on,
            office: self.office,
            received_at: self.received_at,
            allowed_actions: allowed,
        }
    }
}

impl Line {
    pub(super) fn view(self, people: bool, wages: bool) -> Result<BillLineView, Refusal> {
        Ok(BillLineView {
            line: self.line,
            month: self.month,
            employee_id: self.employee_id.filter(|_| people),
            name: people.then_some(self.name),
            id_masked: people.then_some(self.id_masked),
            person_number: people.then_some(self.person_number),
            total_fen: self.amounts.total()?,
            amounts: self.amounts.view(wages)?,
        })
    }
}

/// The word of a kind.
pub(crate) const fn kind_key(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Regular => "regular",
        OrderKind::Back => "back",
        OrderKind::Refund => "refund",
        OrderKind::Undeclared => "undeclared",
    }
}

fn kind_of(word: &str) -> Result<OrderKind, Refusal> {
    [OrderKind::Regular, OrderKind::Back, OrderKind::Refund, OrderKind::Undeclared]
        .into_iter()
        .find(|kind| kind_key(*kind) == word)
        .ok_or_else(|| Refusal::internal("a bill has an unknown kind"))
}

fn read(row: &Row) -> Result<Bill, Refusal> {
    let state: String = row.get("state")?;
    Ok(Bill {
        id: row.get("id")?,
        order_number: row.get("order_number")?,
        source: row.get("source")?,
        kind: kind_of(&row.get::<String>("kind")?)?,
        region: row.get("region")?,
        month: row.get("month")?,
        filing_id: row.get("filing_id")?,
        people: row.get("people")?,
        parts: row.get("parts")?,
        parts_here: row.get("parts_here")?,
        total: row.get("total_fen")?,
        employer: row.get("employer_fen")?,
        employee: row.get("employee_fen")?,
        paid: row.get("paid_fen")?,
        late_fee: row.get("late_fee_fen")?,
        suspense: row.get("suspense_fen")?,
        refunded: row.get("refunded_fen")?,
        open: row.get("open_fen")?,
        state: BillState::parse(&state).ok_or_else(|| Refusal::internal("a bill has an unknown state"))?,
        issued_on: row.get("issued_on")?,
        due_on: row.get("due_on")?,
        pay_url: row.get("pay_url")?,
        office: row.get("office")?,
        days_late: row.get("days_late")?,
        late_fee_due: row.get("late_fee_due_fen")?,
        arrears_on: row.get("arrears_on")?,
        received_at: row.get("received_at")?,
    })
}

/// Stores a bill as it is now, new or not; the caller holds its lock.
pub(crate) async fn put(tx: &mut Tx, employer_id: Uuid, b: &Bill) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_bill (employer_id, id, order_number, source, kind, region, month, filing_id, people, parts, parts_here,
             total_fen, employer_fen, employee_fen, paid_fen, late_fee_fen, suspense_fen, refunded_fen, open_fen, state, issued_on,
             due_on, pay_url, office, days_late, late_fee_due_fen, arrears_on, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
             $27, $28)
         ON CONFLICT (employer_id, id) DO UPDATE SET people = excluded.people, parts_here = excluded.parts_here,
             employer_fen = excluded.employer_fen, employee_fen = excluded.employee_fen, paid_fen = excluded.paid_fen,
             late_fee_fen = excluded.late_fee_fen, suspense_fen = excluded.suspense_fen, refunded_fen = excluded.refunded_fen,
             open_fen = excluded.open_fen, state = excluded.state, days_late = excluded.days_late,
             late_fee_due_fen = excluded.late_fee_due_fen, arrears_on = excluded.arrears_on",
        args![
            employer_id,
            b.id,
            &b.order_number,
            &b.source,
            kind_key(b.kind),
            b.region,
            b.month,
            b.filing_id,
            b.people,
            b.parts,
            b.parts_here,
            b.total,
            b.employer,
            b.employee,
            b.paid,
            b.late_fee,
            b.suspense,
            b.refunded,
            b.open,
            b.state.key(),
            b.issued_on,
            b.due_on,
            &b.pay_url,
            &b.office,
            b.days_late,
            b.late_fee_due,
            b.arrears_on,
            b.received_at
        ],
    )
    .await?;
    Ok(())
}

/// The bill, if it is here.
pub(crate) async fn find(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Option<Bill>, Refusal> {
    let row = q
        .optional(
            "SELECT * FROM employer_bill WHERE employer_id = $1 AND id = $2",
            args![employer_id, id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn get(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Bill, Refusal> {
    find(q, employer_id, id).await?.ok_or_else(not_found)
}

pub(crate) async fn list(
    q: &mut impl Query,
    employer_id: Uuid,
    month: Option<Month>,
    region: Option<RegionCode>,
) -> Result<Vec<Bill>, Refusal> {
    let mut args = args![employer_id];
    let mut clause = "employer_id = $1".to_string();
    if let Some(month) = month {
        let n = args.push(month);
        clause.push_str(&format!(" AND month = ${n}"));
    }
    if let Some(region) = region {
        let n = args.push(region);
        clause.push_str(&format!(" AND region = ${n}"));
    }
    let n = args.push(LISTED);
    let sql = format!(
        "SELECT * FROM employer_bill WHERE {clause}
         ORDER BY CASE WHEN state IN ('open', 'part_paid') THEN 0 ELSE 1 END, month DESC, region, order_number DESC LIMIT ${n}"
    );
    q.all(&sql, args).await?.iter().map(read).collect()
}

/// Bills on which money is owed, soonest first.
pub(crate) async fn owed(q: &mut impl Query, employer_id: Uuid, limit: i64) -> Result<Vec<Bill>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_bill WHERE employer_id = $1 AND state IN ('open', 'part_paid') AND source = 'agency'
             ORDER BY due_on, order_number LIMIT $2",
            args![employer_id, limit],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Notes a part; false when it was here already.
pub(crate) async fn note_part(tx: &mut Tx, employer_id: Uuid, order_id: Uuid, part: i64) -> Result<bool, Refusal> {
    let added = tx
        .execute(
            "INSERT INTO employer_bill_part (employer_id, order_id, part) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            args![employer_id, order_id, part],
        )
        .await?;
    Ok(added == 1)
}

pub(crate) async fn add_lines(tx: &mut Tx, employer_id: Uuid, order_id: Uuid, lines: &[Line]) -> Result<(), Refusal> {
    let mut columns = vec![
        "employer_id",
        "order_id",
        "line",
        "month",
        "employee_id",
        "name",
        "id_masked",
        "person_number",
        "wage_fen",
    ];
    columns.extend(COLUMNS);
    let mut sink = tx.bulk("employer_bill_line", &columns).await?;
    for line in lines {
        let mut args = args![
            employer_id,
            order_id,
            line.line,
            line.month,
            line.employee_id,
            &line.name,
            &line.id_masked,
            &line.person_number,
            line.wage
        ];
        line.amounts.push(&mut args);
        sink.push(args).await?;
    }
    sink.finish().await?;
    Ok(())
}

fn read_line(row: &Row) -> Result<Line, Refusal> {
    Ok(Line {
        line: row.get("line")?,
        month: row.get("month")?,
        employee_id: row.get("employee_id")?,
        name: row.get("name")?,
        id_masked: row.get("id_masked")?,
        person_number: row.get("person_number")?,
        wage: row.get("wage_fen")?,
        amounts: Amounts::read(row)?,
    })
}

pub(crate) async fn lines(q: &mut impl Query, employer_id: Uuid, id: Uuid, after: i64, limit: i64) -> Result<Vec<Line>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_bill_line WHERE employer_id = $1 AND order_id = $2 AND line > $3 ORDER BY line LIMIT $4",
            args![employer_id, id, after, limit],
        )
        .await?;
    rows.iter().map(read_line).collect()
}

pub(crate) async fn count_lines(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<i64, Refusal> {
    let row = q
        .one(
            "SELECT COUNT(*) AS n FROM employer_bill_line WHERE employer_id = $1 AND order_id = $2",
            args![employer_id, id],
        )
        .await?;
    row.get("n")
}

/// Totals over the lines, bases added too.
pub(crate) async fn totals(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Amounts, Refusal> {
    let sums: Vec<String> = COLUMNS
        .iter()
        .map(|column| format!("COALESCE(SUM({column}), 0) AS {column}"))
        .collect();
    let sql = format!(
        "SELECT {} FROM employer_bill_line WHERE employer_id = $1 AND order_id = $2",
        sums.join(", ")
    );
    Amounts::read(&q.one(&sql, args![employer_id, id]).await?)
}

pub(super) async fn receipts(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Vec<ReceiptView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_receipt WHERE employer_id = $1 AND order_id = $2 ORDER BY at, number LIMIT 200",
            args![employer_id, id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ReceiptView {
                kind: row.get("kind")?,
                number: row.get("number")?,
                paid_fen: row.get("paid_fen")?,
                late_fee_fen: row.get("late_fee_fen")?,
                suspense_fen: row.get("suspense_fen")?,
                open_fen: row.get("open_fen")?,
                way: row.get("way")?,
                paid_on: row.get("paid_on")?,
                office: row.get("office")?,
                document_id: row.get("document_id")?,
            })
        })
        .collect()
}

pub(super) async fn payments(q: &mut impl Query, employer_id: Uuid, id: Uuid) -> Result<Vec<PaymentView>, Refusal> {
    let rows = q
        .all(
            "SELECT * FROM employer_payment WHERE employer_id = $1 AND order_id = $2 ORDER BY made_at, id LIMIT 200",
            args![employer_id, id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(PaymentView {
                id: row.get("id")?,
                way: row.get("way")?,
                amount_fen: row.get("amount_fen")?,
                reference: row.get("reference")?,
                outcome: row.get("outcome")?,
                made_by: row.get("made_name")?,
                made_at: row.get("made_at")?,
            })
        })
        .collect()
}
