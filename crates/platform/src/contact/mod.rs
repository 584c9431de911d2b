//! 通讯录: how each region's agency is reached and where it is paid.

mod store;

use ::store::{Query, Tx};
use control::audit;
use control::identity::{Actor, Permission};
use exchange::message::AgencyParty;
use exchange::pilot_agencies;
use standard::{Finding, Refusal, RegionCode};

/// The longest text of one entry, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// Enters the pilot regions where they are not yet in the book; entries already there stay as edited.
pub async fn seed(tx: &mut Tx) -> Result<(), Refusal> {
    for agency in pilot_agencies() {
        store::insert_missing(tx, agency).await?;
    }
    Ok(())
}

/// All entries, by region.
pub async fn list(q: &mut impl Query) -> Result<Vec<AgencyParty>, Refusal> {
    store::list(q).await
}

/// The entry of a region.
pub async fn find(q: &mut impl Query, region: RegionCode) -> Result<Option<AgencyParty>, Refusal> {
    store::find(q, region).await
}

/// Replaces or adds an entry.
pub async fn edit(tx: &mut Tx, actor: &Actor, agency: &AgencyParty) -> Result<(), Refusal> {
    actor.require(Permission::ContactEdit)?;
    check(agency)?;
    let before = store::find(tx, agency.region).await?;
    store::upsert(tx, agency).await?;
    let before = before.map(|agency| serde_json::json!(agency));
    let after = Some(serde_json::json!(agency));
    audit::record(tx, actor, "contact_edit", "contact", &agency.region.to_string(), before, after).await
}

fn check(agency: &AgencyParty) -> Result<(), Finding> {
    let texts = [
        ("name", &agency.name),
        ("phone", &agency.phone),
        ("address", &agency.address),
        ("postcode", &agency.postcode),
        ("bank_name", &agency.bank_name),
        ("bank_number", &agency.bank_number),
        ("account_name", &agency.account_name),
        ("account", &agency.account),
    ];
    for (field, text) in texts {
        if text.trim().is_empty() || text.chars().count() > TEXT_CHARS_MAX {
            let zh = format!("此项必填，且不超过{TEXT_CHARS_MAX}字");
            let en = format!("Required, at most {TEXT_CHARS_MAX} characters");
            return Err(Finding::blocking("contact_text", zh, en)
                .field(field)
                .remedy("请补全后保存", "Complete it and save again"));
        }
    }
    Ok(())
}
