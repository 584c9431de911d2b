//! Which regions' agencies can be filed with: those of the national contact book. Pure.

use standard::{Finding, RegionCode};

/// Refuses a region without an agency (`region_not_connected`): what is filed there would reach nobody.
pub fn check(region: RegionCode) -> Result<RegionCode, Finding> {
    let agencies = exchange::pilot_agencies();
    if agencies.iter().any(|agency| agency.region == region) {
        return Ok(region);
    }
    let here: Vec<&str> = agencies.iter().map(|agency| agency.region.name()).collect();
    Err(Finding::blocking(
        "region_not_connected",
        format!("{}的经办机构暂未接入，无法在线办理", region.name()),
        format!(
            "the agency of {} ({region}) is not connected yet: nothing can be filed with it",
            region.name()
        ),
    )
    .field("region")
    .remedy(
        format!("已接入：{}；其他城市请到当地经办机构办理", here.join("、")),
        format!("connected are {}; elsewhere file at the local office", here.join(", ")),
    )
    .who("hr"))
}
