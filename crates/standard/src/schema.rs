//! How the shared types look in the API document: each is one string or number with a format.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::{CreditCode, IdNumber, Money, Month, MonthSet, Organisation, Rate, RegionCode};

macro_rules! plain_schema {
    ($($type:ty, $name:literal, $kind:expr, $format:literal, $example:expr, $text:literal;)*) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let format = SchemaFormat::Custom($format.to_owned());
                ObjectBuilder::new()
                    .schema_type($kind)
                    .format(Some(format))
                    .description(Some($text))
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }
        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )*};
}

plain_schema! {
    Money, "Money", Type::Integer, "int64", 123_450, "Money in whole fen (分)";
    Rate, "Rate", Type::String, "decimal", "0.08", "An exact rate of at most six decimals";
    Month, "Month", Type::String, "month", "2025-06", "A calendar month";
    MonthSet, "MonthSet", Type::String, "month-set", "202203-202504,202507-202509", "Inclusive spans of months";
    IdNumber, "IdNumber", Type::String, "id-number", "11010519491231002X", "An 18-digit ID number (GB 11643-1999)";
    CreditCode, "CreditCode", Type::String, "credit-code", "91350100M000100Y43", "A credit code (GB 32100-2015)";
    RegionCode, "RegionCode", Type::String, "region", "430100", "An administrative division (GB/T 2260)";
    Organisation, "Organisation", Type::String, "organisation", "agency:430100", "employer:<uuid>, agency:<region> or platform";
}
