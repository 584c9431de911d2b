//! The key under which a person is looked up across regions.

use std::fmt;
use std::str::FromStr;

use standard::Refusal;

use crate::fault::Result;
use crate::value::{FromColumn, Kind, ToArg, Value};

/// The keyed hash of an ID number; it does not tell the number to who lacks the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdHash(pub [u8; 32]);

impl fmt::Display for IdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for IdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdHash({}…)", hex::encode(&self.0[..4]))
    }
}

impl FromStr for IdHash {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<IdHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| {
            Refusal::invalid(standard::Finding::blocking(
                "id_hash_malformed",
                "身份散列值格式不正确，应为 64 位十六进制字符。",
                "The identity hash must be 64 hexadecimal characters.",
            ))
        })?;
        Ok(IdHash(bytes))
    }
}

impl serde::Serialize for IdHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for IdHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<IdHash, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom("an identity hash is 64 hexadecimal characters"))
    }
}

impl ToArg for IdHash {
    const KIND: Kind = Kind::Blob;
    fn to_arg(&self) -> Value {
        Value::Blob(self.0.to_vec())
    }
}

impl FromColumn for IdHash {
    fn from_column(value: &Value) -> std::result::Result<IdHash, std::borrow::Cow<'static, str>> {
        <[u8; 32]>::from_column(value).map(IdHash)
    }
}
