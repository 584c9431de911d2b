//! Who sends and who receives: an employer, the agency of a region, or the national platform.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Finding, RegionCode};

/// One organisation of the network; written `employer:<uuid>`, `agency:430100`, `platform`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Organisation {
    /// 用人单位.
    Employer(Uuid),
    /// 经办机构 of a region.
    Agency(RegionCode),
    /// 全国平台.
    Platform,
}

impl Organisation {
    /// `employer`, `agency` or `platform`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Organisation::Employer(_) => "employer",
            Organisation::Agency(_) => "agency",
            Organisation::Platform => "platform",
        }
    }

    /// The region of an agency.
    pub const fn region(&self) -> Option<RegionCode> {
        match self {
            Organisation::Agency(region) => Some(*region),
            _ => None,
        }
    }
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Organisation::Employer(id) => write!(f, "employer:{id}"),
            Organisation::Agency(region) => write!(f, "agency:{region}"),
            Organisation::Platform => f.write_str("platform"),
        }
    }
}

impl FromStr for Organisation {
    type Err = Finding;
    fn from_str(text: &str) -> Result<Organisation, Finding> {
        let known = match text.split_once(':') {
            Some(("employer", id)) => Uuid::try_parse(id).ok().map(Organisation::Employer),
            Some(("agency", region)) => Some(Organisation::Agency(RegionCode::parse(region)?)),
            None if text == "platform" => Some(Organisation::Platform),
            _ => None,
        };
        known.ok_or_else(|| {
            Finding::blocking("organisation_unknown", "机构标识无法识别", "The organisation is not readable").remedy(
                "应为 employer:<uuid>、agency:<区划代码> 或 platform",
                "Write employer:<uuid>, agency:<region> or platform",
            )
        })
    }
}

impl Serialize for Organisation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Organisation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Organisation, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|finding: Finding| serde::de::Error::custom(finding.rule))
    }
}
