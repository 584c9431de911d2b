//! The one type for everything the system has to say about an input: on a form, an import row, a case, an API answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sentence for the reader in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// Chinese, the default language.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages of one sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Text {
        Text {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// Whether the thing may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Cannot go on until it is put right.
    Blocking,
    /// May go on, but a person should look.
    Warning,
    /// Good to know.
    Info,
}

/// One statement about an input: which rule, how grave, where, what and why, and what to do next.
///
/// Never holds a plain ID number, phone number or bank account, with one exception: the remedy of
/// `id_number_fifteen_digits` tells the person who typed an old number its 18-digit form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Stable name of the rule, for example `id_number_check_digit`.
    pub rule: String,
    /// How grave it is.
    pub severity: Severity,
    /// The field it is about, by its API name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is the matter and why.
    pub message: Text,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Text>,
    /// The action that remedies it, by its API name, for example `start_transfer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Who can remedy it: a role or an office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

impl Finding {
    /// A finding of the given severity, to be completed with [`field`](Finding::field), [`remedy`](Finding::remedy)….
    pub fn new(severity: Severity, rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding {
            rule: rule.into(),
            severity,
            field: None,
            message: Text::new(zh, en),
            remedy: None,
            action: None,
            who: None,
        }
    }

    /// A finding that stops the thing.
    pub fn blocking(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding::new(Severity::Blocking, rule, zh, en)
    }

    /// A finding that asks for a look.
    pub fn warning(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding::new(Severity::Warning, rule, zh, en)
    }

    /// A finding that informs.
    pub fn info(rule: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding::new(Severity::Info, rule, zh, en)
    }

    /// Names the field it is about.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Finding {
        self.field = Some(field.into());
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn remedy(mut self, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        self.remedy = Some(Text::new(zh, en));
        self
    }

    /// Names the action that remedies it.
    #[must_use]
    pub fn action(mut self, action: impl Into<String>) -> Finding {
        self.action = Some(action.into());
        self
    }

    /// Names who can remedy it.
    #[must_use]
    pub fn who(mut self, who: impl Into<String>) -> Finding {
        self.who = Some(who.into());
        self
    }

    /// True when the thing cannot go on.
    pub fn is_blocking(&self) -> bool {
        self.severity == Severity::Blocking
    }
}

/// Both sentences, for a command line that refuses an argument.
impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.message.zh, self.message.en)
    }
}

impl std::error::Error for Finding {}
