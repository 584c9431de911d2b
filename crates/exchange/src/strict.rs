//! Reads a value only in the one text it is written in, so that an altered letter case never goes unnoticed.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// For `#[serde(deserialize_with)]`: the text must be what the value itself would write.
pub(crate) fn strict<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr + Display,
{
    let text = String::deserialize(deserializer)?;
    let value: T = text.parse().map_err(|_| D::Error::custom("not readable"))?;
    if value.to_string() == text {
        Ok(value)
    } else {
        Err(D::Error::custom("not in its canonical form"))
    }
}
