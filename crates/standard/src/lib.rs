//! The vocabulary every part of shebao shares: money, months, identities, regions, findings.
//!
//! Nothing here knows SQL, HTTP, a clock, randomness or async. Dates are arguments.

pub mod calendar;
pub mod codes;
mod credit_code;
mod finding;
mod id_number;
mod insurance;
mod money;
mod month;
mod month_set;
mod organisation;
pub mod person;
mod rate;
mod refusal;
mod region;
mod schema;
pub mod sm;
mod text;

pub use credit_code::CreditCode;
pub use finding::{Finding, Severity, Text};
pub use id_number::{IdNumber, Sex};
pub use insurance::{Insurance, RelationStatus};
pub use money::{Money, MoneyOverflow, Rounding, Unit};
pub use month::Month;
pub use month_set::MonthSet;
pub use organisation::Organisation;
pub use rate::Rate;
pub use refusal::{Refusal, RefusalKind};
pub use region::RegionCode;
pub use text::half_width;

/// A calendar day without a time zone.
pub type Date = jiff::civil::Date;
/// An instant; shown to people in Asia/Shanghai, stored as unix microseconds.
pub type Timestamp = jiff::Timestamp;
