//! The case engine: a filed thing (业务件) goes draft → accuracy check → compliance check → second review by
//! other persons → effective, or returned, refused, withdrawn, reversed.
//!
//! Invariants, each with a test: nothing takes effect before the last approval; an effect happens exactly once
//! and in the transaction of that approval; one person acts at one stage of a case only, through all its rounds;
//! every step leaves a history row and an audit event in its own transaction.
//!
//! Every function takes the actor first, refuses what the actor may not do, and works inside the caller's
//! transaction: on `Err`, drop the transaction, which undoes the whole step.

mod actions;
mod business;
mod calendar;
mod case;
mod changed;
mod check;
mod decide;
mod detail;
mod history;
mod make;
mod message;
mod number;
mod queue;
mod reasons;
mod rows;
mod state;

pub use actions::{Action, allowed_actions};
pub use business::{Business, Effect, Receipt, Registry, Section, ViewField};
pub use calendar::{Due, remaining};
pub use case::{Case, Form, Handler, NewCase, Reason, Source, Subject};
pub use decide::{Decision, approve, pass, refuse, return_for_correction, reverse};
pub use detail::{CaseDetail, Preview, detail, find, get, preview};
pub use history::{Step, history};
pub use make::{assign, draft, edit, recheck, release, submit, take, withdraw};
pub use message::{MessageCase, open_from_message, resubmit_from_message, withdraw_from_message};
pub use number::{check_digit, valid_number};
pub use queue::{CaseBox, Count, Queue, QueueFilter, QueueItem, queue};
pub use reasons::{OpinionTemplate, ReasonChoice, ReasonTemplate, opinions, reason, reasons_catalogue};
pub use state::{Act, CaseState, Stage};

#[cfg(test)]
mod tests;
