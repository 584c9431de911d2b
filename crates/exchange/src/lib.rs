//! What organisations say to each other: versioned, signed messages and questions, and the ways they travel.
//!
//! A message is stored by its sender, delivered at least once, and takes effect exactly once at its receiver.
//! A question is asked and answered at once, and nothing of it is stored. Nothing here knows a database.

mod address;
mod agencies;
mod canonical;
mod envelope;
mod http;
pub mod message;
mod question;
mod strict;
mod transport;
mod trust;

pub use address::AddressBook;
pub use agencies::pilot_agencies;
pub use envelope::{Envelope, MESSAGE_AGE_MAX, QUESTION_AGE_MAX, VERSION};
pub use http::{HttpTransport, MESSAGES_PATH, QUESTIONS_PATH};
pub use message::Message;
pub use question::{AgencyStatus, Answer, Question, RelationView, StatusAnswer, StatusQuestion};
pub use transport::{Answers, Transport, unanswered};
pub use trust::{TrustBook, TrustStore};
