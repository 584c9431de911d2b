//! Explaining a calculation: each rule reports its steps to a trace, which keeps them or ignores them.

use serde::Serialize;
use standard::{Date, Text};

use crate::{InForce, Place, Source};

/// A value of the law as a step used it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Whose law.
    pub place: Place,
    /// In force since.
    pub from: Date,
    /// Where it comes from.
    pub source: Source,
    /// The remark beside the value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One step of a calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Stable name of the rule: `contribution_base`.
    pub rule: &'static str,
    /// What the step finds, for the reader.
    pub title: Text,
    /// The figures and how they were put together.
    pub figures: String,
    /// What came out.
    pub result: String,
    /// The law behind it.
    pub sources: Vec<Cited>,
}

impl Step {
    /// A step without a source yet.
    pub fn new(rule: &'static str, zh: &str, en: &str, figures: impl Into<String>, result: impl ToString) -> Step {
        Step {
            rule,
            title: Text::new(zh, en),
            figures: figures.into(),
            result: result.to_string(),
            sources: Vec::new(),
        }
    }

    /// Adds the law a value came from.
    #[must_use]
    pub fn cite<T>(mut self, value: &InForce<'_, T>) -> Step {
        if let Some(source) = &value.head.source {
            self.sources.push(Cited {
                place: value.place,
                from: value.head.from,
                source: source.clone(),
                note: value.head.note.clone(),
            });
        }
        self
    }
}

/// What a rule reports to. The silent one compiles to nothing.
pub trait Trace {
    /// Reports a step; the closure runs only when someone listens.
    fn step(&mut self, make: impl FnOnce() -> Step);
}

/// Listens to nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Trace for Silent {
    #[inline(always)]
    fn step(&mut self, _make: impl FnOnce() -> Step) {}
}

/// Keeps every step.
#[derive(Debug, Default)]
pub struct Recorder {
    /// In the order they were taken.
    pub steps: Vec<Step>,
}

impl Trace for Recorder {
    fn step(&mut self, make: impl FnOnce() -> Step) {
        self.steps.push(make());
    }
}

/// A result with its steps and the version of the law it used.
#[derive(Debug, Clone, Serialize)]
pub struct Explained<T> {
    /// The result.
    pub value: T,
    /// How it came about.
    pub steps: Vec<Step>,
    /// The law's version: the same inputs and version give the same fen.
    pub law: String,
}
