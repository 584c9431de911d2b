//! The check before anything is filed: where is this person insured, and what must happen first?
//! `judge` is pure: it reads the nationwide answer and yields findings and a verdict.

mod judge;
pub mod service;
pub mod source;

use serde::{Deserialize, Serialize};
use standard::{Date, Finding, IdNumber, Insurance, RegionCode};
use utoipa::ToSchema;
use uuid::Uuid;

pub use judge::judge;
pub use source::StatusSource;

/// What can be done with this person, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 可直接参保: no pension relation elsewhere stands in the way.
    Direct,
    /// 需办理转移: an active or suspended pension relation in another region.
    NeedsTransfer,
    /// 数据有误: the record contradicts what was typed.
    BadData,
    /// 待查询: a region did not answer, and nothing found so far decides. Never read as "none found".
    Unanswered,
}

impl Verdict {
    /// The word shown on screen and written to result sheets.
    pub fn zh(self) -> &'static str {
        match self {
            Verdict::Direct => "可直接参保",
            Verdict::NeedsTransfer => "需办理转移",
            Verdict::BadData => "数据有误",
            Verdict::Unanswered => "待查询",
        }
    }

    /// The stored and transmitted word.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Direct => "direct",
            Verdict::NeedsTransfer => "needs_transfer",
            Verdict::BadData => "bad_data",
            Verdict::Unanswered => "unanswered",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Verdict> {
        [Verdict::Direct, Verdict::NeedsTransfer, Verdict::BadData, Verdict::Unanswered]
            .into_iter()
            .find(|v| v.as_str() == word)
    }
}

/// A finding together with the relation it speaks of, so that a button can act on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Advice {
    /// What, why and what to do.
    #[serde(flatten)]
    pub finding: Finding,
    /// The region the finding speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// Its name, for the button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_name: Option<String>,
    /// The insurance the finding speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insurance: Option<Insurance>,
    /// A blocking finding that HR may overrule with a written reason.
    #[serde(default)]
    pub overridable: bool,
    /// The employee of ours the finding speaks of, for the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<Uuid>,
}

impl Advice {
    /// A finding about nothing in particular.
    pub fn plain(finding: Finding) -> Advice {
        Advice {
            finding,
            region: None,
            region_name: None,
            insurance: None,
            overridable: false,
            employee_id: None,
        }
    }

    /// Names the employee of ours.
    pub fn of_employee(mut self, id: Uuid) -> Advice {
        self.employee_id = Some(id);
        self
    }

    /// Names the relation.
    pub fn about(mut self, region: RegionCode, insurance: Insurance) -> Advice {
        self.region = Some(region);
        self.region_name = Some(region.name().to_string());
        self.insurance = Some(insurance);
        self
    }

    /// HR may overrule it with a reason.
    pub fn overridable(mut self) -> Advice {
        self.overridable = true;
        self
    }
}

/// Whom the judgment is about, and where they are to be insured.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The number typed.
    pub id_number: IdNumber,
    /// Registered residence (户籍), if known: returning there always takes the relation over.
    pub household: Option<RegionCode>,
    /// The region of the new enrolment.
    pub target: RegionCode,
    /// First day of work, if known.
    pub hired_on: Option<Date>,
}

/// What the machine concludes, with every reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Judgment {
    /// In one word.
    pub verdict: Verdict,
    /// The reasons, most pressing first.
    pub findings: Vec<Advice>,
    /// Regions whose pension relation must be transferred.
    pub from_regions: Vec<RegionCode>,
}
