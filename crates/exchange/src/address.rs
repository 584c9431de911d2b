//! Where each organisation listens.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use standard::{Organisation, RegionCode};
use uuid::Uuid;

/// Base addresses such as `http://10.0.0.5:8080`, as the configuration gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddressBook {
    /// The national platform.
    pub platform: Option<String>,
    /// The agency of each region.
    pub agencies: BTreeMap<RegionCode, String>,
    /// Employers that run their own process.
    pub employers: BTreeMap<Uuid, String>,
    /// Where all other employers are served.
    pub employers_default: Option<String>,
}

impl AddressBook {
    /// The base address of the organisation, without a slash at the end.
    pub fn base(&self, organisation: &Organisation) -> Option<&str> {
        let base = match organisation {
            Organisation::Platform => self.platform.as_deref(),
            Organisation::Agency(region) => self.agencies.get(region).map(String::as_str),
            Organisation::Employer(id) => self.employers.get(id).map(String::as_str).or(self.employers_default.as_deref()),
        };
        base.map(|base| base.trim_end_matches('/'))
    }
}
