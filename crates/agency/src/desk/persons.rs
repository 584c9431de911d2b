//! Insured persons: search, record, and the audited look at what is masked.

use control::audit;
use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::person::mask_social_card;
use standard::{Date, Finding, IdNumber, Insurance, Money, Month, Refusal, RegionCode, RelationStatus, Sex};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::region_of;
use crate::contribution;
use crate::enrolment::{self, Person, PersonId};
use crate::ledger::{self, Account};

/// Persons one search shows at most; a name shared by more needs the ID number.
const HITS_MAX: i64 = 50;

/// Whom to look for: by ID number, or by the exact name.
#[derive(Clone, Default, Deserialize, ToSchema)]
pub struct Search {
    /// 证件号码.
    #[serde(default)]
    pub id_number: Option<String>,
    /// 姓名.
    #[serde(default)]
    pub name: Option<String>,
}

/// A person found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonHit {
    /// Key.
    pub id: Uuid,
    /// 姓名.
    pub name: String,
    /// 证件号码 with its middle hidden.
    pub id_masked: String,
    /// 个人编号.
    pub number: String,
    /// 性别.
    pub sex: Sex,
    /// 出生日期.
    #[schema(value_type = String, format = Date)]
    pub birth_date: Date,
    /// Draws a pension.
    pub retired: bool,
}

/// How one insurance stands here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelationLine {
    /// The region.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// The insurance.
    pub insurance: Insurance,
    /// 参保状态.
    pub status: RelationStatus,
    /// 账户类别, as stored.
    pub account_kind: String,
    /// Months paid, each once.
    pub months: i64,
    /// First month paid.
    pub first_month: Option<Month>,
    /// Last month paid.
    pub last_month: Option<Month>,
    /// 欠费, fen.
    pub arrears_fen: Money,
    /// Months written more than once.
    pub duplicates: i64,
    /// Current or last employer.
    pub employer_name: String,
}

/// One stretch of history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryLine {
    /// The insurance.
    pub insurance: Insurance,
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// Months, both counted.
    pub months: i64,
    /// 月缴费基数, fen.
    pub base_fen: Money,
    /// Who paid.
    pub employer_name: String,
    /// Where it was paid first.
    pub region: RegionCode,
    /// That region's name.
    pub region_name: String,
}

/// One personal account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountView {
    /// The insurance.
    pub insurance: Insurance,
    /// Always `personal`.
    pub kind: String,
    /// 账户余额, fen.
    pub balance_fen: i64,
    /// Set aside for a transfer, fen.
    pub reserved_fen: i64,
}

/// Everything of one person here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonDetail {
    /// The person.
    #[serde(flatten)]
    pub person: PersonHit,
    /// 社会保障卡号 with its middle hidden, when one was given.
    pub social_card_masked: Option<String>,
    /// 户口所在地, when known.
    pub household_region: Option<RegionCode>,
    /// Its full name.
    pub household_name: Option<String>,
    /// One line an insurance.
    pub relations: Vec<RelationLine>,
    /// Oldest first.
    pub history: Vec<HistoryLine>,
    /// Accounts with money.
    pub accounts: Vec<AccountView>,
}

/// Finds persons of the actor's region. Needs an ID number or a name; the search is written to the access log.
pub async fn search(actor: &Actor, db: &Db, asked: &Search) -> Result<Vec<PersonHit>, Refusal> {
    actor.require(Permission::PersonView)?;
    let region = region_of(actor)?;
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut q = db.read();
    let found = match (given(&asked.id_number), given(&asked.name)) {
        (Some(number), _) => {
            let number = IdNumber::parse(&number)?;
            let person = PersonId::of(&db.cipher().id_hash(&number));
            enrolment::find_person(&mut q, person, region).await?.into_iter().collect()
        }
        (None, Some(name)) => enrolment::search_by_name(&mut q, region, &name, HITS_MAX).await?,
        (None, None) => {
            return Err(Refusal::invalid(
                Finding::blocking("search_empty", "请输入证件号码或姓名", "Give an ID number or a name").field("id_number"),
            ));
        }
    };
    let hits = hits(db, &mut q, region, found).await?;
    let mut tx = db.begin().await?;
    audit::access(&mut tx, actor, "person.search", "person", format!("{} hits", hits.len()), "counter").await?;
    tx.commit().await?;
    Ok(hits)
}

/// The persons as the screen lists them, their numbers masked; one query for all.
async fn hits(db: &Db, q: &mut dyn Query, region: RegionCode, found: Vec<Person>) -> Result<Vec<PersonHit>, Refusal> {
    let keys: Vec<PersonId> = found.iter().map(|person| person.person_id).collect();
    let numbers = enrolment::id_numbers(q, db.cipher(), &keys, region).await?;
    found
        .into_iter()
        .map(|person| {
            let number = numbers
                .get(&person.person_id)
                .ok_or_else(|| Refusal::internal("a person listed has no row"))?;
            Ok(PersonHit {
                id: person.person_id.0,
                name: person.name,
                id_masked: number.masked(),
                number: person.person_number,
                sex: person.sex,
                birth_date: person.birth_date,
                retired: person.retired,
            })
        })
        .collect()
}

/// One person of the actor's region; the look is written to the access log.
pub async fn person(actor: &Actor, db: &Db, id: Uuid) -> Result<PersonDetail, Refusal> {
    actor.require(Permission::PersonView)?;
    let region = region_of(actor)?;
    let mut q = db.read();
    let key = PersonId(id);
    let record = enrolment::person(&mut q, key, region).await?;
    let relations = enrolment::relations(&mut q, key, region).await?;
    let history = history(&mut q, key, region).await?;
    let wanted: Vec<Account> = Insurance::ALL.iter().map(|insurance| Account::personal(*insurance, id)).collect();
    let balances = ledger::balances(&mut q, region, &wanted).await?;
    let card = enrolment::social_card(&mut q, db.cipher(), key, region).await?;
    let household_region = record.household_region;
    let detail = PersonDetail {
        person: hits(db, &mut q, region, vec![record])
            .await?
            .pop()
            .ok_or_else(|| Refusal::internal("one person asked, none listed"))?,
        social_card_masked: card.as_deref().map(mask_social_card),
        household_region,
        household_name: household_region.map(RegionCode::full_name),
        relations: relations.iter().map(relation_line).collect(),
        history,
        accounts: balances
            .into_iter()
            .map(|(account, balance)| AccountView {
                insurance: account.insurance,
                kind: account.kind.key().to_owned(),
                balance_fen: balance.balance_fen,
                reserved_fen: balance.reserved_fen,
            })
            .collect(),
    };
    let mut tx = db.begin().await?;
    audit::access(&mut tx, actor, "person.view", "person", id, "counter").await?;
    tx.commit().await?;
    Ok(detail)
}

fn relation_line(relation: &enrolment::Relation) -> RelationLine {
    RelationLine {
        region: relation.region,
        region_name: relation.region.name().to_owned(),
        insurance: relation.insurance,
        status: relation.status,
        account_kind: relation.account_kind.key().to_owned(),
        months: relation.spans.len(),
        first_month: relation.spans.first(),
        last_month: relation.spans.last(),
        arrears_fen: relation.arrears,
        duplicates: relation.duplicates,
        employer_name: relation.employer_name.clone(),
    }
}

async fn history(q: &mut dyn Query, person: PersonId, region: RegionCode) -> Result<Vec<HistoryLine>, Refusal> {
    let rows = q
        .all(
            "SELECT insurance, from_month, to_month, base_fen, employer_name, source, origin_region
             FROM agency_contribution WHERE person_id = $1 AND region = $2 ORDER BY insurance, from_month, to_month",
            args![person.0, region],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let stretch = contribution::read_stretch(row)?;
            Ok(HistoryLine {
                insurance: stretch.insurance,
                from: stretch.from,
                to: stretch.to,
                months: i64::from(stretch.from.until(stretch.to)) + 1,
                base_fen: stretch.base,
                employer_name: stretch.employer_name,
                region: stretch.origin,
                region_name: stretch.origin.name().to_owned(),
            })
        })
        .collect()
}

/// Reveals the ID number of a person; written to the audit log with its purpose.
pub async fn reveal(actor: &Actor, db: &Db, id: Uuid, field: &str, purpose: &str) -> Result<String, Refusal> {
    actor.require(Permission::RevealSensitive)?;
    let region = region_of(actor)?;
    if field != "id_number" {
        return Err(Refusal::invalid(
            Finding::blocking("field_not_revealable", "该字段不能查看原文", "This field cannot be revealed").field("field"),
        ));
    }
    let mut tx = db.begin().await?;
    let number = enrolment::id_number(&mut tx, db.cipher(), PersonId(id), region).await?;
    audit::access(&mut tx, actor, "person.reveal_id", "person", id, purpose).await?;
    tx.commit().await?;
    Ok(number.reveal().to_owned())
}
