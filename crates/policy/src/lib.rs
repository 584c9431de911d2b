//! The law as data, and the rules over it: contribution, tax, pension, transfer, benefits.
//!
//! Nothing here knows SQL, HTTP, a clock, randomness or async. Dates are arguments. Values live in `law/` as dated rows with
//! their source; a month or region beyond what is encoded is refused as `law_not_encoded`, never guessed. Each rule is one
//! function generic over a [`Trace`]: silent it is the fast path, recording it explains every step with its source.

pub mod account;
pub mod batch;
pub mod book;
pub mod calc;
pub mod contribution;
pub mod exact;
pub mod flexible;
pub mod housing_fund;
pub mod injury;
pub mod labour;
pub mod late_fee;
pub mod law;
pub mod maternity;
pub mod medical;
pub mod pension;
mod place;
pub mod retirement;
mod source;
pub mod tax;
pub mod timeline;
pub mod trace;
pub mod transfer;
pub mod undeclared;
pub mod unemployment;
pub mod values;

pub use book::{RuleBook, Rules};
pub use place::Place;
pub use source::{Confidence, Source};
pub use timeline::{InForce, Series, Timeline};
pub use trace::{Explained, Recorder, Silent, Trace};
