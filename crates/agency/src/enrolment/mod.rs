//! 参保登记: who is insured in a region, and how each insurance stands.

mod account;
mod business;
mod check;
mod counter;
pub mod nationwide;
mod office;
mod own;
mod store;

use ::store::IdHash;
use serde::{Deserialize, Serialize};
use standard::sm::sm3;
use standard::{Date, Insurance, Money, MonthSet, RegionCode, RelationStatus, Sex};
use uuid::Uuid;

#[cfg(test)]
pub(crate) use account::decide;
pub(crate) use business::application;
pub use business::{ENROLMENT, Enrolment};
pub use counter::{CounterForm, check, new_case};
pub use office::{found, office};
pub(crate) use store::read_relation;
pub use store::{
    NewPerson, PERSON_COLUMNS, RELATION_COLUMNS, find_person, find_relation, id_number, id_numbers, insert_person, keep_details,
    next_number, person, person_args, relation_args, relations, save_relation, search_by_name, set_retired, social_card,
};

/// The key of a natural person, the same in every region of the country.
///
/// It is derived from the keyed hash of the ID number: one number is one person without a unique index,
/// the nationwide status query goes straight to the primary key, and no number can be read back from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub Uuid);

impl PersonId {
    /// The person of a keyed hash (RFC 9562 version 8: the layout is ours).
    pub fn of(hash: &IdHash) -> Self {
        let mut input = b"agency_person".to_vec();
        input.extend_from_slice(&hash.0);
        let digest = sm3(&input);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// The kind of a pension account (账户类别, zhlb).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 一般账户.
    General,
    /// 临时基本养老保险缴费账户 (国办发〔2009〕66号第五条): kept where a person past 50 (women 40) works away from home.
    Temporary,
}

impl AccountKind {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            AccountKind::General => "general",
            AccountKind::Temporary => "temporary",
        }
    }

    /// The kind of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::General, Self::Temporary].into_iter().find(|kind| kind.key() == key)
    }

    /// 一般账户, 临时缴费账户.
    pub fn zh(self) -> &'static str {
        match self {
            AccountKind::General => "一般账户",
            AccountKind::Temporary => "临时缴费账户",
        }
    }
}

/// A person in a region's books, without the ID number itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Key.
    pub person_id: PersonId,
    /// The region whose record this is.
    pub region: RegionCode,
    /// 姓名.
    pub name: String,
    /// 个人编号, the region's own number of the person.
    pub person_number: String,
    /// 性别.
    pub sex: Sex,
    /// 出生日期.
    pub birth_date: Date,
    /// 户口所在地, when known.
    pub household_region: Option<RegionCode>,
    /// 离退休标志: draws a pension.
    pub retired: bool,
}

/// 参保关系: how one insurance of one person stands in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The person.
    pub person_id: PersonId,
    /// The region.
    pub region: RegionCode,
    /// The insurance.
    pub insurance: Insurance,
    /// 参保状态.
    pub status: RelationStatus,
    /// 账户类别; general for insurances without an account.
    pub account_kind: AccountKind,
    /// The months paid, each once.
    pub spans: MonthSet,
    /// Months written more than once: rows to be merged before a transfer.
    pub duplicates: i64,
    /// 欠费, fen.
    pub arrears: Money,
    /// Months of a one-off back payment of more than three years without a legal basis.
    pub lump_months: i64,
    /// 1998年前个人缴费累计本息 brought by an earlier transfer.
    pub before_1998: Money,
    /// The current or last employer.
    pub employer_name: String,
}

impl Relation {
    /// A relation without any month yet.
    pub fn new(person_id: PersonId, region: RegionCode, insurance: Insurance, status: RelationStatus, employer_name: &str) -> Self {
        Self {
            person_id,
            region,
            insurance,
            status,
            account_kind: AccountKind::General,
            spans: MonthSet::new(),
            duplicates: 0,
            arrears: Money::ZERO,
            lump_months: 0,
            before_1998: Money::ZERO,
            employer_name: employer_name.to_owned(),
        }
    }
}
