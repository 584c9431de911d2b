//! Rows of the contact book.

use exchange::message::AgencyParty;
use standard::{Refusal, RegionCode};
use store::{Args, Query, Row, Tx, args};

const COLUMNS: &str = "region, name, phone, address, postcode, bank_name, bank_number, account_name, account";
const VALUES: &str = "$1, $2, $3, $4, $5, $6, $7, $8, $9";

fn arguments(agency: &AgencyParty) -> Args {
    args![
        agency.region,
        agency.name,
        agency.phone,
        agency.address,
        agency.postcode,
        agency.bank_name,
        agency.bank_number,
        agency.account_name,
        agency.account,
    ]
}

fn read(row: &Row) -> Result<AgencyParty, Refusal> {
    Ok(AgencyParty {
        region: row.get("region")?,
        name: row.get("name")?,
        phone: row.get("phone")?,
        address: row.get("address")?,
        postcode: row.get("postcode")?,
        bank_name: row.get("bank_name")?,
        bank_number: row.get("bank_number")?,
        account_name: row.get("account_name")?,
        account: row.get("account")?,
    })
}

pub(super) async fn insert_missing(tx: &mut Tx, agency: &AgencyParty) -> Result<(), Refusal> {
    let sql = format!("INSERT INTO platform_contact ({COLUMNS}) VALUES ({VALUES}) ON CONFLICT DO NOTHING");
    tx.execute(&sql, arguments(agency)).await.map(|_| ())
}

pub(super) async fn upsert(tx: &mut Tx, agency: &AgencyParty) -> Result<(), Refusal> {
    let sql = format!(
        "INSERT INTO platform_contact ({COLUMNS}) VALUES ({VALUES}) \
         ON CONFLICT (region) DO UPDATE SET name = excluded.name, phone = excluded.phone, address = excluded.address, \
         postcode = excluded.postcode, bank_name = excluded.bank_name, bank_number = excluded.bank_number, \
         account_name = excluded.account_name, account = excluded.account"
    );
    tx.execute(&sql, arguments(agency)).await.map(|_| ())
}

pub(super) async fn list(q: &mut impl Query) -> Result<Vec<AgencyParty>, Refusal> {
    let rows = q
        .all(&format!("SELECT {COLUMNS} FROM platform_contact ORDER BY region"), args![])
        .await?;
    rows.iter().map(read).collect()
}

pub(super) async fn find(q: &mut impl Query, region: RegionCode) -> Result<Option<AgencyParty>, Refusal> {
    let row = q
        .optional(&format!("SELECT {COLUMNS} FROM platform_contact WHERE region = $1"), args![region])
        .await?;
    row.as_ref().map(read).transpose()
}
