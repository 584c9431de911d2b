//! The five insurances and the state of a person's relation to one of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Finding, half_width};

/// 险种 of the employed (AAE140).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Insurance {
    /// 企业职工基本养老保险, 110.
    Pension,
    /// 职工基本医疗保险, 310.
    Medical,
    /// 失业保险, 210.
    Unemployment,
    /// 工伤保险, 410.
    Injury,
    /// 生育保险, 510.
    Maternity,
}

impl Insurance {
    /// All five, in the usual order.
    pub const ALL: [Insurance; 5] = [
        Insurance::Pension,
        Insurance::Medical,
        Insurance::Unemployment,
        Insurance::Injury,
        Insurance::Maternity,
    ];

    /// The national value of AAE140.
    pub const fn code(self) -> &'static str {
        match self {
            Insurance::Pension => "110",
            Insurance::Medical => "310",
            Insurance::Unemployment => "210",
            Insurance::Injury => "410",
            Insurance::Maternity => "510",
        }
    }

    /// The insurance of a national value of AAE140.
    pub fn by_code(code: &str) -> Option<Insurance> {
        Insurance::ALL.into_iter().find(|insurance| insurance.code() == code)
    }

    /// 养老, 医疗, 失业, 工伤 or 生育.
    pub const fn zh(self) -> &'static str {
        match self {
            Insurance::Pension => "养老",
            Insurance::Medical => "医疗",
            Insurance::Unemployment => "失业",
            Insurance::Injury => "工伤",
            Insurance::Maternity => "生育",
        }
    }

    /// The name in the interface and the API: `pension`….
    pub const fn name(self) -> &'static str {
        match self {
            Insurance::Pension => "pension",
            Insurance::Medical => "medical",
            Insurance::Unemployment => "unemployment",
            Insurance::Injury => "injury",
            Insurance::Maternity => "maternity",
        }
    }

    /// The insurance of a [`name`](Insurance::name).
    pub fn by_name(name: &str) -> Option<Insurance> {
        Insurance::ALL.into_iter().find(|insurance| insurance.name() == name)
    }

    /// Reads 养老, 养老保险, 基本养老保险, 企业职工基本养老保险 and their likes.
    pub fn parse_zh(text: &str) -> Result<Insurance, Finding> {
        let text = half_width(text);
        let core = text.strip_suffix("保险").unwrap_or(&text);
        let core = core.strip_prefix("城镇").unwrap_or(core);
        let core = core.strip_prefix("企业").unwrap_or(core);
        let core = core.strip_prefix("职工").unwrap_or(core);
        let core = core.strip_prefix("基本").unwrap_or(core);
        Insurance::ALL.into_iter().find(|insurance| insurance.zh() == core).ok_or_else(|| {
            Finding::blocking("insurance_unknown", "险种无法识别", "The insurance is not known")
                .field("insurance")
                .remedy("请填写 养老、医疗、失业、工伤 或 生育", "Write 养老, 医疗, 失业, 工伤 or 生育")
        })
    }
}

/// 参保状态 of a relation (AAC008).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelationStatus {
    /// 正常参保, 1.
    Active,
    /// 暂停参保, 2.
    Suspended,
    /// 终止参保, 4.
    Terminated,
}

impl RelationStatus {
    /// All three.
    pub const ALL: [RelationStatus; 3] = [RelationStatus::Active, RelationStatus::Suspended, RelationStatus::Terminated];

    /// 正常参保, 暂停参保 or 终止参保.
    pub const fn zh(self) -> &'static str {
        match self {
            RelationStatus::Active => "正常参保",
            RelationStatus::Suspended => "暂停参保",
            RelationStatus::Terminated => "终止参保",
        }
    }

    /// The national value of AAC008.
    pub const fn code(self) -> &'static str {
        match self {
            RelationStatus::Active => "1",
            RelationStatus::Suspended => "2",
            RelationStatus::Terminated => "4",
        }
    }

    /// The state of a national value of AAC008.
    pub fn by_code(code: &str) -> Option<RelationStatus> {
        RelationStatus::ALL.into_iter().find(|status| status.code() == code)
    }

    /// The name in the interface and the API: `active`….
    pub const fn name(self) -> &'static str {
        match self {
            RelationStatus::Active => "active",
            RelationStatus::Suspended => "suspended",
            RelationStatus::Terminated => "terminated",
        }
    }

    /// The state of a [`name`](RelationStatus::name).
    pub fn by_name(name: &str) -> Option<RelationStatus> {
        RelationStatus::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Reads 正常参保, 暂停参保, 终止参保.
    pub fn parse_zh(text: &str) -> Result<RelationStatus, Finding> {
        let text = half_width(text);
        RelationStatus::ALL.into_iter().find(|status| status.zh() == text).ok_or_else(|| {
            Finding::blocking(
                "relation_status_unknown",
                "参保状态无法识别",
                "The state of the relation is not known",
            )
            .field("status")
            .remedy("请填写 正常参保、暂停参保 或 终止参保", "Write 正常参保, 暂停参保 or 终止参保")
        })
    }
}
