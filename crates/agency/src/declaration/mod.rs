//! 缴费工资申报: what an employer declares for a month becomes, line by line, what its people are assessed on.
//!
//! A line that cannot be assessed is refused with its remedy; the others go on. The whole declaration is sent back only
//! where nothing could be assessed.

mod answer;
mod business;
mod check;
mod counter;
mod inbound;
mod lines;
mod preview;
mod settle;
mod store;
mod view;

use exchange::message::Declaration;
use serde::{Deserialize, Serialize};
use standard::Money;

pub use business::{DECLARATION, Declarations};
pub use counter::{CounterDeclaration, CounterLine, from_file, new_case, template};
pub(crate) use inbound::declaration;
pub(crate) use lines::lines;
pub use lines::{LineView, MonthLines};
pub(crate) use store::{Basis, Record, assessed_between, put_all};

/// What a case of this business keeps: the message, and what the books said when it arrived.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Form {
    /// As filed.
    pub declaration: Declaration,
    /// What it would come to, beside the month before.
    #[serde(default)]
    pub preview: Preview,
}

/// A declaration beside the month before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Preview {
    /// This month.
    pub now: Sums,
    /// The month before, when it was assessed.
    pub before: Option<Sums>,
    /// Lines that cannot be assessed.
    pub refused: i64,
    /// Names of people new against the month before, the first of them.
    pub joined: Vec<String>,
    /// How many.
    pub joined_count: i64,
    /// Names of people no longer declared, the first of them.
    pub left: Vec<String>,
    /// How many.
    pub left_count: i64,
    /// People whose wage changed.
    pub changed: i64,
}

/// What a month comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    /// People.
    pub people: i64,
    /// Their declared wages, fen.
    pub wage_fen: Money,
    /// 单位应缴, fen.
    pub employer_fen: Money,
    /// 个人应缴, fen.
    pub employee_fen: Money,
}
