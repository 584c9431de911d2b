//! Statutory documents as PDF: typed forms, templates compiled in the process, fonts from this machine.
//!
//! A form is a Rust struct whose places are [`Entry`] values; [`Renderer`] lays it out with the template of
//! its [`Template`]. Values reach the template as JSON data and are only ever shown as text, so nothing a
//! person typed is read as markup. Absent on purpose: reading the database, and signing (see [`crate::seal`]).

mod amount;
mod entry;
mod fonts;
mod forms;
mod glyphs;
mod mark;
mod renderer;
mod world;

pub use amount::{figures, upper_case};
pub use entry::{Entry, missing_fields};
pub use fonts::default_font_dirs;
pub use forms::{
    AgencyBlock, CollectionOrder, ContactLetter, ContributionCertificate, Decline, DeclineReason, EmployerBlock, Form, FundNotice,
    InformationForm, Item, OrderAmount, PaymentReceipt, Payslip, PayslipLine, PersonBlock, ProxyBlock, Receipt, Template,
    TransferApplication, TransferSums, YearRow, YearsTotal,
};
pub use mark::Mark;
pub use renderer::{Rendered, Renderer};

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
pub(crate) mod tests;
