//! The agency's own office: what stands in its letters, and where money for it is paid.

use exchange::message::AgencyParty;
use exchange::pilot_agencies;
use standard::{Refusal, RegionCode};
use store::{Query, Tx, args};

/// Makes the office of `region` known to itself when a database is new; an edited entry stays.
pub async fn found(tx: &mut Tx, region: RegionCode) -> Result<(), Refusal> {
    let Some(office) = pilot_agencies().iter().find(|agency| agency.region == region) else {
        return Ok(());
    };
    tx.execute(
        "INSERT INTO agency_office (region, name, phone, address, postcode, bank_name, bank_number, account_name, account)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (region) DO NOTHING",
        args![
            region,
            office.name,
            office.phone,
            office.address,
            office.postcode,
            office.bank_name,
            office.bank_number,
            office.account_name,
            office.account,
        ],
    )
    .await?;
    Ok(())
}

/// The office of `region`, or the refusal `office_not_founded`.
pub async fn office(q: &mut dyn Query, region: RegionCode) -> Result<AgencyParty, Refusal> {
    let row = q
        .optional(
            "SELECT name, phone, address, postcode, bank_name, bank_number, account_name, account
             FROM agency_office WHERE region = $1",
            args![region],
        )
        .await?;
    let Some(row) = row else {
        return Err(Refusal::not_found(
            "office_not_founded",
            format!("{}的经办机构尚未建立。", region.full_name()),
            format!("There is no agency of {} here.", region.number()),
        ));
    };
    Ok(AgencyParty {
        region,
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
