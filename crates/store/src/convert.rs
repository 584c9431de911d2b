//! How the field's types are stored: months as BIGINT yyyymm, money as BIGINT fen, dates as TEXT, instants as BIGINT
//! microseconds, regions as BIGINT, organisations and insurances as TEXT.

use std::borrow::Cow;

use standard::{Date, Insurance, Money, Month, Organisation, RegionCode, RelationStatus, Sex, Timestamp};
use uuid::Uuid;

use crate::value::{FromColumn, Kind, ToArg, Value};

type Read<T> = Result<T, Cow<'static, str>>;

macro_rules! integers {
    ($($t:ty),+) => {$(
        impl ToArg for $t {
            const KIND: Kind = Kind::Integer;
            fn to_arg(&self) -> Value { Value::Integer(i64::from(*self)) }
        }
        impl FromColumn for $t {
            fn from_column(value: &Value) -> Read<Self> {
                match value {
                    Value::Integer(n) => <$t>::try_from(*n).map_err(|_| concat!("a ", stringify!($t)).into()),
                    _ => Err("a whole number".into()),
                }
            }
        }
    )+};
}
integers!(i64, i32, i16, u32, u16, u8);

impl ToArg for bool {
    const KIND: Kind = Kind::Bool;
    fn to_arg(&self) -> Value {
        Value::Bool(*self)
    }
}
impl FromColumn for bool {
    fn from_column(value: &Value) -> Read<Self> {
        match value {
            Value::Bool(yes) => Ok(*yes),
            // SQLite has no boolean of its own
            Value::Integer(n) => Ok(*n != 0),
            _ => Err("a boolean".into()),
        }
    }
}

impl ToArg for Uuid {
    const KIND: Kind = Kind::Uuid;
    fn to_arg(&self) -> Value {
        Value::Uuid(*self)
    }
}
impl FromColumn for Uuid {
    fn from_column(value: &Value) -> Read<Self> {
        match value {
            Value::Uuid(id) => Ok(*id),
            Value::Blob(bytes) => Uuid::from_slice(bytes).map_err(|_| "16 bytes".into()),
            _ => Err("a uuid".into()),
        }
    }
}

impl ToArg for str {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Value {
        Value::Text(self.into())
    }
}
impl ToArg for String {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl FromColumn for String {
    fn from_column(value: &Value) -> Read<Self> {
        text(value).map(Into::into)
    }
}

impl ToArg for [u8] {
    const KIND: Kind = Kind::Blob;
    fn to_arg(&self) -> Value {
        Value::Blob(self.into())
    }
}
impl ToArg for Vec<u8> {
    const KIND: Kind = Kind::Blob;
    fn to_arg(&self) -> Value {
        Value::Blob(self.clone())
    }
}
impl<const N: usize> ToArg for [u8; N] {
    const KIND: Kind = Kind::Blob;
    fn to_arg(&self) -> Value {
        Value::Blob(self.to_vec())
    }
}
impl FromColumn for Vec<u8> {
    fn from_column(value: &Value) -> Read<Self> {
        match value {
            Value::Blob(bytes) => Ok(bytes.clone()),
            _ => Err("bytes".into()),
        }
    }
}
impl<const N: usize> FromColumn for [u8; N] {
    fn from_column(value: &Value) -> Read<Self> {
        match value {
            Value::Blob(bytes) => bytes.as_slice().try_into().map_err(|_| format!("{N} bytes").into()),
            _ => Err("bytes".into()),
        }
    }
}

impl<T: ToArg + ?Sized> ToArg for &T {
    const KIND: Kind = T::KIND;
    fn to_arg(&self) -> Value {
        (**self).to_arg()
    }
}
impl<T: ToArg> ToArg for Option<T> {
    const KIND: Kind = T::KIND;
    fn to_arg(&self) -> Value {
        self.as_ref().map_or(Value::Null(T::KIND), ToArg::to_arg)
    }
}
impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: &Value) -> Read<Self> {
        if value.is_null() {
            Ok(None)
        } else {
            T::from_column(value).map(Some)
        }
    }
}
impl ToArg for Value {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Value {
        self.clone()
    }
}

impl ToArg for Money {
    const KIND: Kind = Kind::Integer;
    fn to_arg(&self) -> Value {
        Value::Integer(self.fen())
    }
}
impl FromColumn for Money {
    fn from_column(value: &Value) -> Read<Self> {
        i64::from_column(value).map(Money::from_fen)
    }
}

impl ToArg for Month {
    const KIND: Kind = Kind::Integer;
    fn to_arg(&self) -> Value {
        Value::Integer(self.yyyymm())
    }
}
impl FromColumn for Month {
    fn from_column(value: &Value) -> Read<Self> {
        Month::from_yyyymm(i64::from_column(value)?).map_err(|_| "a month as yyyymm".into())
    }
}

impl ToArg for Date {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromColumn for Date {
    fn from_column(value: &Value) -> Read<Self> {
        text(value)?.parse().map_err(|_| "an ISO date".into())
    }
}

impl ToArg for Timestamp {
    const KIND: Kind = Kind::Integer;
    fn to_arg(&self) -> Value {
        Value::Integer(self.as_microsecond())
    }
}
impl FromColumn for Timestamp {
    fn from_column(value: &Value) -> Read<Self> {
        Timestamp::from_microsecond(i64::from_column(value)?).map_err(|_| "microseconds since 1970".into())
    }
}

impl ToArg for RegionCode {
    const KIND: Kind = Kind::Integer;
    fn to_arg(&self) -> Value {
        Value::Integer(i64::from(self.number()))
    }
}
impl FromColumn for RegionCode {
    fn from_column(value: &Value) -> Read<Self> {
        u32::from_column(value).and_then(|code| RegionCode::new(code).map_err(|_| "a region code".into()))
    }
}

impl ToArg for Organisation {
    const KIND: Kind = Kind::Text;
    fn to_arg(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromColumn for Organisation {
    fn from_column(value: &Value) -> Read<Self> {
        text(value)?.parse().map_err(|_| "an organisation".into())
    }
}

/// The unit-like vocabularies are stored under the names their serde form has.
macro_rules! words {
    ($($t:ty),+) => {$(
        impl ToArg for $t {
            const KIND: Kind = Kind::Text;
            fn to_arg(&self) -> Value {
                match serde_json::to_value(self) {
                    Ok(serde_json::Value::String(word)) => Value::Text(word),
                    _ => Value::Null(Kind::Text),
                }
            }
        }
        impl FromColumn for $t {
            fn from_column(value: &Value) -> Read<Self> {
                let word = serde_json::Value::String(text(value)?.into());
                serde_json::from_value(word).map_err(|_| concat!("a word of ", stringify!($t)).into())
            }
        }
    )+};
}
words!(Insurance, RelationStatus, Sex);

fn text(value: &Value) -> Read<&str> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err("a text".into()),
    }
}
