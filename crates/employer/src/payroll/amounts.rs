//! Gross and net pay as types of their own: a function that wants the one does not take the other.

use serde::{Deserialize, Serialize};
use standard::Money;

/// 应发工资: what was earned in the month, before contributions, housing fund, tax and other deductions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct Gross(pub Money);

/// 实发工资: what is paid out. Negative only as a finding; it is then never paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct Net(pub Money);

impl Gross {
    /// Whole fen.
    pub const fn fen(self) -> i64 {
        self.0.fen()
    }
}

impl Net {
    /// Whole fen.
    pub const fn fen(self) -> i64 {
        self.0.fen()
    }
}
