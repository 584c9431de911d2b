//! The one error of every service function: what kind of refusal, and the findings that explain it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Finding, MoneyOverflow};

/// What sort of refusal it is; the edge maps it to a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The input breaks a rule.
    Invalid,
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// The actor may not do this.
    Forbidden,
    /// There is no such thing, or the actor may not know of it.
    NotFound,
    /// The thing has changed, or this was done before with other content.
    Conflict,
    /// The input is larger than the bound.
    TooLarge,
    /// Too many attempts in a period.
    TooMany,
    /// Something needed does not answer now; trying again later can help.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// Why a service function did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What sort of refusal.
    pub kind: RefusalKind,
    /// The rules broken; never empty.
    pub findings: Vec<Finding>,
    /// For the log only, never shown and never sent. Holds no personal data.
    #[serde(skip)]
    pub detail: Option<String>,
}

impl Refusal {
    /// A refusal of the given kind for one rule.
    pub fn new(kind: RefusalKind, finding: Finding) -> Refusal {
        Refusal {
            kind,
            findings: vec![finding],
            detail: None,
        }
    }

    /// The input breaks a rule.
    pub fn invalid(finding: Finding) -> Refusal {
        Refusal::new(RefusalKind::Invalid, finding)
    }

    /// The input breaks several rules. Give at least one.
    pub fn invalid_all(findings: Vec<Finding>) -> Refusal {
        Refusal {
            kind: RefusalKind::Invalid,
            findings,
            detail: None,
        }
    }

    /// Nobody is signed in.
    pub fn unauthenticated(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Unauthenticated, Finding::blocking(rule, zh, en))
    }

    /// The actor may not do this.
    pub fn forbidden(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Forbidden, Finding::blocking(rule, zh, en))
    }

    /// There is no such thing.
    pub fn not_found(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::NotFound, Finding::blocking(rule, zh, en))
    }

    /// The thing has changed meanwhile, or was done before with other content.
    pub fn conflict(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Conflict, Finding::blocking(rule, zh, en))
    }

    /// The input is larger than the bound.
    pub fn too_large(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::TooLarge, Finding::blocking(rule, zh, en))
    }

    /// Too many attempts in a period.
    pub fn too_many(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::TooMany, Finding::blocking(rule, zh, en))
    }

    /// Something needed does not answer now.
    pub fn unavailable(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Unavailable, Finding::blocking(rule, zh, en))
    }

    /// A fault of ours; `detail` goes to the log, the reader sees a general sentence.
    pub fn internal(detail: impl fmt::Display) -> Refusal {
        let finding = Finding::blocking(
            "internal_error",
            "系统内部错误，操作未完成",
            "An internal error occurred; nothing was done",
        )
        .remedy(
            "请稍后重试；若仍失败，请联系系统管理员",
            "Try again later; if it persists, contact the administrator",
        );
        Refusal {
            kind: RefusalKind::Internal,
            findings: vec![finding],
            detail: Some(detail.to_string()),
        }
    }

    /// Adds what to do next to the first finding.
    #[must_use]
    pub fn remedy(mut self, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        if let Some(first) = self.findings.first_mut() {
            first.remedy = Some(crate::Text::new(zh, en));
        }
        self
    }

    /// Adds a detail for the log.
    #[must_use]
    pub fn detail(mut self, detail: impl fmt::Display) -> Refusal {
        self.detail = Some(detail.to_string());
        self
    }

    /// The rule of the first finding.
    pub fn rule(&self) -> &str {
        self.findings.first().map_or("", |finding| finding.rule.as_str())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {} / {}", finding.rule, finding.message.zh, finding.message.en)?;
        }
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl From<Finding> for Refusal {
    fn from(finding: Finding) -> Refusal {
        Refusal::invalid(finding)
    }
}

impl From<MoneyOverflow> for Refusal {
    fn from(overflow: MoneyOverflow) -> Refusal {
        Refusal::invalid(overflow.into())
    }
}
