//! Code tables (AA10) of the indicators, with each region's values mapped to the national ones.

/// One value of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeValue {
    /// AAA102: the value.
    pub value: &'static str,
    /// AAA103: its name.
    pub zh: &'static str,
}

/// One code table: an indicator and its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeTable {
    /// AAA100: the indicator, for example `AAC008`.
    pub code: &'static str,
    /// AAA101: its name.
    pub zh: &'static str,
    /// Its national values.
    pub values: &'static [CodeValue],
}
