//! What a business implements to become a reviewed case, and the registry of businesses.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use standard::{Date, Finding, Refusal, Text};
use store::Tx;

use super::case::{Case, Form, Reason};
use crate::identity::{Actor, Field};

/// What a case's effect yielded, kept with the case.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// Whatever the screens and the reversal need later (keys of what was written, amounts). May hold
    /// identifying data; it is stored encrypted.
    pub result: serde_json::Value,
}

/// The receipt (回执) of an effective case: a document template and its data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// Name of the template in the document module.
    pub template: String,
    /// What fills it.
    pub data: serde_json::Value,
}

/// One titled group of a case's preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Section {
    /// Heading.
    pub title: Text,
    /// Lines in order.
    pub fields: Vec<ViewField>,
}

/// One line of a preview: as it will be filed, and as it stands now if that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ViewField {
    /// Name of the field in the form; findings point to it.
    pub key: String,
    /// Label.
    pub label: Text,
    /// Value as shown; mask sensitive ones yourself and say which in `sensitive`.
    pub value: String,
    /// Value before, when the case changes it.
    pub before: Option<String>,
    /// Whether the case changes it.
    pub changed: bool,
    /// Set when the value is masked and a role with `reveal_sensitive` may ask for it.
    pub sensitive: Option<Field>,
}

impl ViewField {
    /// A line without a before.
    pub fn new(key: &str, label: Text, value: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            label,
            value: value.into(),
            before: None,
            changed: false,
            sensitive: None,
        }
    }

    /// The same line with the value that stood before; marked changed when they differ.
    pub fn before(mut self, before: Option<String>) -> Self {
        self.changed = before.as_deref().is_some_and(|b| b != self.value);
        self.before = before;
        self
    }

    /// The same line marked as masked.
    pub fn sensitive(mut self, field: Field) -> Self {
        self.sensitive = Some(field);
        self
    }
}

/// A kind of case. Adding a business is one implementation and one registry line.
///
/// Everything that takes a [`Tx`] runs inside the transaction of the step; returning `Err` undoes the whole step.
#[async_trait]
pub trait Business: Send + Sync {
    /// Stable name, like `transfer_in`.
    fn key(&self) -> &'static str;

    /// Name for people.
    fn name(&self) -> Text;

    /// How many levels of second review follow the compliance check; 0 means passing makes it effective.
    fn levels(&self) -> u8 {
        1
    }

    /// The levels of second review this case needs; a business may ask more of some than of others.
    fn levels_of(&self, _case: &Case) -> u8 {
        self.levels()
    }

    /// Statutory term in working days from submission; `None` when no law sets one.
    fn due_working_days(&self) -> Option<u32> {
        None
    }

    /// Adds to the form, as it is submitted or previewed, what the books say beside it, for the screen that shows the
    /// difference; `None` leaves the form as it is. A form that cannot be read is left to [`Business::accuracy`].
    async fn complete(&self, _tx: &mut Tx, _case: &Case) -> Result<Option<Form>, Refusal> {
        Ok(None)
    }

    /// Stage 1, by machine, from the form alone: formats, ranges, cross-field. Also used while typing.
    fn accuracy(&self, form: &Form, today: Date) -> Vec<Finding>;

    /// Stage 1, by machine, against the owner's own books. Blocking findings send the case back at once.
    async fn accuracy_in_books(&self, _tx: &mut Tx, _case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        Ok(Vec::new())
    }

    /// Stage 2: what the clerk must look at. Shown when the case arrives, asked again before every pass and
    /// approval; a blocking finding then refuses the act (`compliance_blocking`).
    async fn compliance(&self, _tx: &mut Tx, _case: &Case, _today: Date) -> Result<Vec<Finding>, Refusal> {
        Ok(Vec::new())
    }

    /// Makes the case true. Called exactly once, by the last approval.
    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal>;

    /// Told that the case was returned, or (`last`) refused for good; a business opened by a message answers
    /// its sender here.
    async fn returned(&self, _tx: &mut Tx, _case: &Case, _reasons: &[Reason], _last: bool) -> Result<(), Refusal> {
        Ok(())
    }

    /// Told that its maker or sender took the case back.
    async fn withdrawn(&self, _tx: &mut Tx, _case: &Case) -> Result<(), Refusal> {
        Ok(())
    }

    /// Whether an effective case may still be undone today.
    fn reversible(&self, _case: &Case, _today: Date) -> bool {
        false
    }

    /// Undoes the effect. Only called when [`Business::reversible`] says so.
    async fn reverse(&self, _tx: &mut Tx, _case: &Case, _actor: &Actor) -> Result<(), Refusal> {
        Err(Refusal::conflict(
            "not_reversible",
            "该业务不能回退，请按更正业务办理。",
            "This business cannot be reversed. File a correction instead.",
        ))
    }

    /// The case as people read it: preview before submitting, and the difference for the reviewer.
    fn view(&self, case: &Case) -> Vec<Section>;

    /// The receipt of an effective case; by default the common one.
    fn receipt(&self, case: &Case) -> Option<Receipt> {
        Some(Receipt {
            template: "receipt".to_owned(),
            data: serde_json::json!({
                "number": case.number,
                "business": self.name().zh,
                "name": case.subject.name,
                "id_masked": case.subject.id_masked,
                "accepted_on": case.submitted_at.map(|at| crate::clock::date_of(at).to_string()),
                "closed_on": case.closed_at.map(|at| crate::clock::date_of(at).to_string()),
                "state": case.state.zh(),
            }),
        })
    }
}

/// The businesses of a process, by key.
#[derive(Clone, Default)]
pub struct Registry {
    businesses: BTreeMap<&'static str, Arc<dyn Business>>,
}

impl Registry {
    /// A registry of `businesses`; of two with the same key the later stays.
    pub fn new(businesses: Vec<Box<dyn Business>>) -> Self {
        let mut registry = Self::default();
        for business in businesses {
            registry.add(business);
        }
        registry
    }

    /// Adds one business.
    pub fn add(&mut self, business: Box<dyn Business>) {
        self.businesses.insert(business.key(), Arc::from(business));
    }

    /// The business of `key`, or the refusal `unknown_business`.
    pub fn get(&self, key: &str) -> Result<&dyn Business, Refusal> {
        self.businesses.get(key).map(AsRef::as_ref).ok_or_else(|| {
            Refusal::not_found(
                "unknown_business",
                format!("没有名为“{key}”的业务。"),
                format!("There is no business called “{key}”."),
            )
        })
    }

    /// All businesses, by key.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Business> {
        self.businesses.values().map(AsRef::as_ref)
    }
}
