//! Who is insured where, by keyed hash only.

use serde::{Deserialize, Serialize};
use standard::RegionCode;

/// How many entries one update may carry; a larger change is several updates.
pub const DIRECTORY_UPDATE_ENTRIES_MAX: usize = 20_000;

/// Agency → platform: persons known here, and persons no longer known here. No name, no plain number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryUpdate {
    /// The agency's region; must be the sender's.
    pub region: RegionCode,
    /// Keyed hashes, 64 lower-case hexadecimal digits each.
    #[serde(default)]
    pub added: Vec<String>,
    /// Keyed hashes to be forgotten.
    #[serde(default)]
    pub removed: Vec<String>,
}
