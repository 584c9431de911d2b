//! The contact book of agencies, kept by the platform: what the forms need, and whom HR may call.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use standard::{Refusal, RegionCode};
use utoipa::ToSchema;

/// How to reach an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgencyContact {
    /// 行政区划代码.
    pub region: RegionCode,
    /// 机构名称.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// 邮编.
    pub postcode: String,
}

/// Where contacts come from. The server provides one over the platform.
#[async_trait]
pub trait ContactBook: Send + Sync {
    /// The agency of a region, if the book has it.
    async fn agency(&self, region: RegionCode) -> Result<Option<AgencyContact>, Refusal>;
}
