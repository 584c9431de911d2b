//! Where a rule holds: a region, or the whole nation.

use std::fmt;

use serde::{Serialize, Serializer};
use standard::{Finding, RegionCode};

/// A region, or the nation as 000000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u32);

impl Place {
    /// The whole nation, written 000000.
    pub const NATION: Place = Place(0);

    /// Reads six digits; 000000 is the nation. Whether law is encoded for it is another question.
    pub fn parse(text: &str) -> Result<Place, Finding> {
        if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(
                Finding::blocking("region_format", "地区代码应为六位数字", "A region is a six-digit code")
                    .remedy("请填写如 430100 的行政区划代码", "Enter a code such as 430100"),
            );
        }
        text.parse()
            .map(Place)
            .map_err(|_| Finding::blocking("region_format", "地区代码应为六位数字", "A region is a six-digit code"))
    }

    /// The code as a number.
    pub const fn code(self) -> u32 {
        self.0
    }

    /// True of the nation.
    pub const fn is_nation(self) -> bool {
        self.0 == 0
    }

    /// The name people use: 全国, 长沙.
    pub fn name(self) -> String {
        if self.is_nation() {
            return "全国".to_owned();
        }
        RegionCode::new(self.0).map_or_else(|_| self.to_string(), |region| region.name().to_string())
    }
}

impl From<RegionCode> for Place {
    fn from(region: RegionCode) -> Place {
        Place(region.number())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
