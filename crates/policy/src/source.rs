//! Where a value of the law comes from, and how sure we are of it.

use serde::{Deserialize, Serialize};
use standard::{Date, Finding};

use crate::book::fields::Fields;

/// How well a value is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// An official notice or statute, or two independent sources that agree.
    High,
    /// One secondary source that fits its neighbours.
    Medium,
    /// One unsupported or derived figure.
    Low,
    /// Stated by the product's requirements and confirmed by no public source.
    Unverified,
}

impl Confidence {
    /// What the screen says.
    pub const fn zh(self) -> &'static str {
        match self {
            Confidence::High => "官方或互证",
            Confidence::Medium => "二手资料",
            Confidence::Low => "孤证或推算",
            Confidence::Unverified => "未经核实",
        }
    }

    /// The word in files: `high`….
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
            Confidence::Unverified => "unverified",
        }
    }
}

/// The source of one value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Who issued it.
    pub issuer: String,
    /// Title or number of the document.
    pub document: String,
    /// Article, section or annex; empty when the whole document is meant.
    pub article: String,
    /// Address of the text; empty when none is known.
    pub url: String,
    /// The day a person last compared the value with the source.
    pub checked_on: Date,
    /// How well it is confirmed.
    pub confidence: Confidence,
}

impl Source {
    /// Issuer, document and article in one line.
    pub fn citation(&self) -> String {
        format!("{}《{}》{}", self.issuer, self.document, self.article)
    }

    /// Reads the `source` table of a row.
    pub(crate) fn read(fields: &mut Fields) -> Result<Source, Finding> {
        let confidence = match fields.text("confidence")?.as_str() {
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            "low" => Confidence::Low,
            "unverified" => Confidence::Unverified,
            other => {
                return Err(fields.refuse(
                    "law_value",
                    &format!("可信度“{other}”不在 high、medium、low、unverified 之列"),
                    &format!("confidence {other:?} is none of high, medium, low, unverified"),
                ));
            }
        };
        let source = Source {
            issuer: fields.text("issuer")?,
            document: fields.text("document")?,
            article: fields.text("article")?,
            url: fields.text("url")?,
            checked_on: fields.date("checked_on")?,
            confidence,
        };
        if source.issuer.trim().is_empty() || source.document.trim().is_empty() {
            return Err(fields.refuse(
                "law_no_source",
                "来源缺少发布机关或文件名",
                "the source names no issuer or no document",
            ));
        }
        fields.finish()?;
        Ok(source)
    }
}
