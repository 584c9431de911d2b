//! 专项附加扣除 and 依法确定的其他扣除 an employee claims, and what a month's claims come to by law.

use std::collections::HashMap;

use policy::RuleBook;
use policy::tax::{Household, special_additional};
use serde::{Deserialize, Serialize};
use standard::{Finding, Money, Month, Refusal};
use utoipa::ToSchema;

/// What a claim is for. The first seven are 专项附加扣除 (国发〔2018〕41号, 国发〔2022〕8号); the others 依法确定的其他扣除.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// 子女教育; quantity: halves of a child.
    Child,
    /// 3岁以下婴幼儿照护; quantity: halves of a child.
    Infant,
    /// 赡养老人; amount: the agreed share of someone with siblings, none for an only child.
    Elder,
    /// 首套住房贷款利息.
    Mortgage,
    /// 住房租金; quantity: tier of the city, 1 to 3.
    Rent,
    /// 学历（学位）继续教育.
    Degree,
    /// 大病医疗: only in the yearly settlement, so no month counts it.
    Illness,
    /// 个人养老金; amount: a month.
    PersonalPension,
    /// 商业健康保险; amount: a month.
    HealthInsurance,
}

impl ClaimKind {
    /// Every kind.
    pub const ALL: [ClaimKind; 9] = [
        ClaimKind::Child,
        ClaimKind::Infant,
        ClaimKind::Elder,
        ClaimKind::Mortgage,
        ClaimKind::Rent,
        ClaimKind::Degree,
        ClaimKind::Illness,
        ClaimKind::PersonalPension,
        ClaimKind::HealthInsurance,
    ];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            ClaimKind::Child => "child",
            ClaimKind::Infant => "infant",
            ClaimKind::Elder => "elder",
            ClaimKind::Mortgage => "mortgage",
            ClaimKind::Rent => "rent",
            ClaimKind::Degree => "degree",
            ClaimKind::Illness => "illness",
            ClaimKind::PersonalPension => "personal_pension",
            ClaimKind::HealthInsurance => "health_insurance",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            ClaimKind::Child => "子女教育",
            ClaimKind::Infant => "3岁以下婴幼儿照护",
            ClaimKind::Elder => "赡养老人",
            ClaimKind::Mortgage => "住房贷款利息",
            ClaimKind::Rent => "住房租金",
            ClaimKind::Degree => "学历继续教育",
            ClaimKind::Illness => "大病医疗",
            ClaimKind::PersonalPension => "个人养老金",
            ClaimKind::HealthInsurance => "商业健康保险",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<ClaimKind> {
        ClaimKind::ALL.into_iter().find(|kind| kind.key() == word)
    }
}

/// A claim as a month counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// What for.
    pub kind: ClaimKind,
    /// Halves of a child, or the tier of the city.
    pub quantity: i64,
    /// The agreed share, or the amount a month.
    pub amount: Option<Money>,
}

/// What claims come to in one month. Equal households are reckoned once.
pub struct MonthClaims<'a> {
    book: &'a RuleBook,
    month: Month,
    known: HashMap<[i64; 7], Money>,
}

impl<'a> MonthClaims<'a> {
    /// Of this month, by this law.
    pub fn new(book: &'a RuleBook, month: Month) -> MonthClaims<'a> {
        MonthClaims {
            book,
            month,
            known: HashMap::new(),
        }
    }

    /// 专项附加扣除 of the month.
    pub fn special_additional(&mut self, claims: &[Claim]) -> Result<Money, Finding> {
        if claims.is_empty() {
            return Ok(Money::ZERO);
        }
        let household = household(claims);
        let key = [
            household.half_children,
            household.half_infants,
            i64::from(household.elders_as_only_child),
            household.elders_share.map_or(-1, Money::fen),
            i64::from(household.mortgage),
            household.rent_tier.map_or(-1, |tier| tier as i64),
            i64::from(household.degree),
        ];
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let amount = match key {
            [0, 0, 0, -1, 0, -1, 0] => Money::ZERO,
            _ => special_additional(self.book, self.month, &household, &mut policy::Silent)?,
        };
        self.known.insert(key, amount);
        Ok(amount)
    }

    /// 依法确定的其他扣除 of the month: what was entered, checked on entry.
    pub fn other(&self, claims: &[Claim]) -> Result<Money, Refusal> {
        let amounts = claims
            .iter()
            .filter(|claim| matches!(claim.kind, ClaimKind::PersonalPension | ClaimKind::HealthInsurance))
            .filter_map(|claim| claim.amount);
        Ok(Money::sum(amounts)?)
    }
}

/// The household the law asks about.
fn household(claims: &[Claim]) -> Household {
    let mut of = Household::default();
    for claim in claims {
        match claim.kind {
            ClaimKind::Child => of.half_children += claim.quantity,
            ClaimKind::Infant => of.half_infants += claim.quantity,
            ClaimKind::Elder if claim.amount.is_none() => of.elders_as_only_child = true,
            ClaimKind::Elder => of.elders_share = claim.amount,
            ClaimKind::Mortgage => of.mortgage = true,
            ClaimKind::Rent => of.rent_tier = usize::try_from(claim.quantity).ok(),
            ClaimKind::Degree => of.degree = true,
            ClaimKind::Illness | ClaimKind::PersonalPension | ClaimKind::HealthInsurance => {}
        }
    }
    of
}
