//! The rows of assessments.

use std::collections::HashMap;

use exchange::message::{OrderItem, OrderKind, OrderLine};
use standard::{IdNumber, Insurance, Money, Month, Refusal, RegionCode};
use store::{Args, Query, Row, Tx, args, in_list};
use uuid::Uuid;

use super::{AssessedRow, Insurances};
use crate::collection::order::{kind_key, parse_kind};
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

/// Who stands on some orders; voided rows are left out.
pub(crate) async fn people_of_orders(q: &mut dyn Query, region: RegionCode, orders: &[Uuid]) -> Result<Vec<PersonId>, Refusal> {
    let sql = format!(
        "SELECT DISTINCT person_id FROM agency_assessment WHERE region = $1 AND voided = FALSE AND order_id IN {}",
        in_list(orders.len(), 2)
    );
    let mut args = args![region];
    args.extend(orders);
    let rows = q.all(&sql, args).await?;
    rows.iter().map(|row| row.get("person_id").map(PersonId)).collect()
}

/// A page of [`rows_of_order`], and how many rows there are.
pub(crate) async fn page_of_order(
    q: &mut dyn Query,
    region: RegionCode,
    order_id: Uuid,
    offset: usize,
    limit: usize,
) -> Result<(Vec<AssessedRow>, usize), Refusal> {
    let of_order = "WHERE a.region = $1 AND a.order_id = $2 AND a.voided = FALSE";
    let count = format!("SELECT COUNT(*) AS n FROM agency_assessment a {of_order}");
    let total: i64 = q.one(&count, args![region, order_id]).await?.get("n")?;
    let sql = format!("{READ} {of_order} ORDER BY a.person_id, a.month LIMIT {limit} OFFSET {offset}");
    let rows = q.all(&sql, args![region, order_id]).await?;
    let page = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok((page, usize::try_from(total).unwrap_or(0)))
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

/// The columns of a row, for bulk inserts.
const ALL_COLUMNS: [&str; 25] = [
    "person_id",
    "region",
    "month",
    "kind",
    "seq",
    "order_id",
    "employer_id",
    "insurances",
    "wage_fen",
    "pension_base_fen",
    "medical_base_fen",
    "unemployment_base_fen",
    "injury_base_fen",
    "maternity_base_fen",
    "pension_employer_fen",
    "medical_employer_fen",
    "unemployment_employer_fen",
    "injury_employer_fen",
    "maternity_employer_fen",
    "pension_employee_fen",
    "medical_employee_fen",
    "unemployment_employee_fen",
    "injury_employee_fen",
    "maternity_employee_fen",
    "voided",
];

/// The columns [`row_args`] fills.
pub(crate) fn bulk_columns() -> &'static [&'static str] {
    &ALL_COLUMNS
}

/// The values of a row on an order.
pub(crate) fn row_args(region: RegionCode, kind: OrderKind, seq: i64, order_id: Uuid, row: &AssessedRow) -> Args {
    let (b, r, e) = (&row.bases, &row.employer, &row.employee);
    args![
        row.person_id.0,
        region,
        row.month,
        kind_key(kind),
        seq,
        order_id,
        row.employer_id,
        row.insurances.0,
        row.wage,
        b[0],
        b[1],
        b[2],
        b[3],
        b[4],
        r[0],
        r[1],
        r[2],
        r[3],
        r[4],
        e[0],
        e[1],
        e[2],
        e[3],
        e[4],
        false
    ]
}

/// What was assessed for these persons in these months by one employer: regular and back rows as they are, refunds with
/// `refund` set; voided rows are left out.
pub(crate) async fn assessed_of(
    q: &mut dyn Query,
    region: RegionCode,
    persons: &[PersonId],
    from: Month,
    to: Month,
) -> Result<Vec<(OrderKind, AssessedRow)>, Refusal> {
    let mut found = Vec::new();
    for some in persons.chunks(500) {
        let sql = format!(
            "{} WHERE a.region = $1 AND a.month >= $2 AND a.month <= $3 AND a.voided = FALSE AND a.person_id IN {}",
            READ.replace("SELECT ", "SELECT a.kind, "),
            in_list(some.len(), 4)
        );
        let mut values = args![region, from, to];
        values.extend(some.iter().map(|person| person.0));
        for row in q.all(&sql, values).await? {
            let kind: String = row.get("kind")?;
            let kind = parse_kind(&kind).ok_or_else(|| Refusal::internal(format!("unknown kind of assessment {kind}")))?;
            found.push((kind, read(&row)?));
        }
    }
    Ok(found)
}

/// The lines of an order as its employer reads them, ID numbers opened.
pub(crate) async fn order_lines(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<Vec<OrderLine>, Refusal> {
    let mut lines = lines_of_orders(tx, region, &[order_id]).await?;
    Ok(lines.remove(&order_id).unwrap_or_default())
}

/// The lines of several orders, by order; each in the order of 个人编号 and month.
pub(crate) async fn lines_of_orders(tx: &mut Tx, region: RegionCode, orders: &[Uuid]) -> Result<HashMap<Uuid, Vec<OrderLine>>, Refusal> {
    let sql = format!(
        "{} JOIN agency_person p ON p.person_id = a.person_id AND p.region = a.region
         WHERE a.region = $1 AND a.voided = FALSE AND a.order_id IN {} ORDER BY p.person_number, a.month",
        READ.replace("SELECT ", "SELECT a.order_id, p.name, p.person_number, p.id_sealed, "),
        in_list(orders.len(), 2)
    );
    let mut values = args![region];
    values.extend(orders);
    let rows = tx.all(&sql, values).await?;
    let cipher = tx.db().cipher();
    let mut lines: HashMap<Uuid, Vec<OrderLine>> = HashMap::with_capacity(orders.len());
    for row in &rows {
        let assessed = read(row)?;
        let sealed: Vec<u8> = row.get("id_sealed")?;
        let opened = cipher.open_text("agency_person", "id_sealed", assessed.person_id.0, &sealed)?;
        lines.entry(row.get("order_id")?).or_default().push(OrderLine {
            id_number: IdNumber::parse(&opened)?,
            name: row.get("name")?,
            person_number: row.get("person_number")?,
            month: assessed.month,
            wage_fen: Some(assessed.wage),
            items: items(&assessed),
        });
    }
    Ok(lines)
}

fn items(row: &AssessedRow) -> Vec<OrderItem> {
    Insurance::ALL
        .into_iter()
        .enumerate()
        .filter(|(_, insurance)| row.insurances.has(*insurance))
        .map(|(k, insurance)| OrderItem {
            insurance,
            base_fen: row.bases[k],
            employer_fen: row.employer[k],
            employee_fen: row.employee[k],
        })
        .collect()
}

/// Voids every row of an order.
pub(crate) async fn void(tx: &mut Tx, region: RegionCode, order_id: Uuid) -> Result<u64, Refusal> {
    let sql = "UPDATE agency_assessment SET voided = TRUE WHERE region = $1 AND order_id = $2";
    tx.execute(sql, args![region, order_id]).await
}
