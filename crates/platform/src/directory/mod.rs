//! 全国参保目录: keyed hash of the ID number → regions. Kept by the agencies' updates.

mod store;

use std::str::FromStr;

use ::store::{IdHash, Query, Tx};
use exchange::message::{DIRECTORY_UPDATE_ENTRIES_MAX, DirectoryUpdate};
use standard::{Organisation, Refusal, RegionCode};

/// Enters and removes persons of a region. Repeating an update changes nothing.
///
/// Refused, in order: `directory_foreign_region` when an organisation speaks for a region not its own,
/// `directory_update_too_large`, `id_hash_malformed`.
pub async fn apply(tx: &mut Tx, from: &Organisation, update: &DirectoryUpdate) -> Result<(), Refusal> {
    if *from != Organisation::Agency(update.region) {
        return Err(Refusal::forbidden(
            "directory_foreign_region",
            "只能更新本地区的参保目录",
            "An agency may update the directory of its own region only",
        )
        .remedy("请核对报文中的行政区划代码", "Check the region in the message"));
    }
    if update.added.len() + update.removed.len() > DIRECTORY_UPDATE_ENTRIES_MAX {
        return Err(Refusal::too_large(
            "directory_update_too_large",
            format!("一次最多更新{DIRECTORY_UPDATE_ENTRIES_MAX}条"),
            format!("One update carries at most {DIRECTORY_UPDATE_ENTRIES_MAX} entries"),
        )
        .remedy("请分成多次发送", "Send several updates"));
    }
    let added = hashes(&update.added)?;
    let removed = hashes(&update.removed)?;
    store::add(tx, update.region, &added).await?;
    store::remove(tx, update.region, &removed).await
}

/// The regions where the person is known, in order of their codes.
pub async fn regions_of(q: &mut impl Query, id_hash: &IdHash) -> Result<Vec<RegionCode>, Refusal> {
    store::regions_of(q, id_hash).await
}

/// How many entries the directory holds for a region.
pub async fn count(q: &mut impl Query, region: RegionCode) -> Result<i64, Refusal> {
    store::count(q, region).await
}

fn hashes(texts: &[String]) -> Result<Vec<IdHash>, Refusal> {
    let mut hashes = texts.iter().map(|text| IdHash::from_str(text)).collect::<Result<Vec<_>, _>>()?;
    // In the order of the key, so that pages of the index are written one after the other.
    hashes.sort_unstable();
    hashes.dedup();
    Ok(hashes)
}
