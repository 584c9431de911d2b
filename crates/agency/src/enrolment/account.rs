//! 账户类别 of a pension relation that an enrolment opens: general, or 临时基本养老保险缴费账户.

use ::store::Query;
use exchange::message::EnrolmentApplication;
use policy::RuleBook;
use policy::transfer::{self, account_kind, at_household};
use standard::{Date, Finding, Insurance, Refusal, RegionCode, RelationStatus};

use super::{AccountKind, Person, PersonId, find_relation};

/// What is opened, and what the clerk reads about it before approving.
pub(crate) struct Opening {
    pub kind: AccountKind,
    pub finding: Option<Finding>,
}

impl Opening {
    fn general() -> Self {
        Self {
            kind: AccountKind::General,
            finding: None,
        }
    }
}

/// The kind of the pension account of an application, `known` being the person's record here. A relation the region holds keeps
/// its kind; one that was terminated, as a transfer away does, is held no more.
pub(super) async fn opening(
    q: &mut dyn Query,
    book: &RuleBook,
    application: &EnrolmentApplication,
    person: PersonId,
    known: Option<&Person>,
) -> Result<Opening, Refusal> {
    if !application.insurances.contains(&Insurance::Pension) {
        return Ok(Opening::general());
    }
    let held = find_relation(q, person, application.region, Insurance::Pension).await?;
    if let Some(held) = held.filter(|held| held.status != RelationStatus::Terminated) {
        return Ok(Opening {
            kind: held.account_kind,
            finding: None,
        });
    }
    let household = application
        .person
        .household_region
        .or_else(|| known.and_then(|known| known.household_region));
    Ok(decide(book, application, household)?)
}

/// 国办发〔2009〕66号第五条, for who comes to a region without an account there. The age is that of the day contributions begin:
/// the first of the first month, or the day of employment within it. Where the household is not known the account is general.
pub(crate) fn decide(book: &RuleBook, application: &EnrolmentApplication, household: Option<RegionCode>) -> Result<Opening, Finding> {
    let person = &application.person;
    let region = application.region;
    let begins = application.start_month.first_day().max(application.employed_on);
    let at_home = household.is_some_and(|home| at_household(home, region));
    let by_law = account_kind(book, person.sex, person.birth_date, begins, at_home, false)?;
    Ok(match (by_law, household) {
        (transfer::AccountKind::General, _) => Opening::general(),
        (transfer::AccountKind::Temporary, None) => Opening {
            kind: AccountKind::General,
            finding: Some(household_missing()),
        },
        (transfer::AccountKind::Temporary, Some(home)) => Opening {
            kind: AccountKind::Temporary,
            finding: Some(temporary(person.id_number.age_on(begins), begins, home)),
        },
    })
}

fn temporary(age: i16, begins: Date, home: RegionCode) -> Finding {
    Finding::warning(
        "temporary_account_opened",
        format!(
            "建立临时缴费账户：{begins} 已满 {age} 周岁，户口所在地为{}，不在本省（国办发〔2009〕66号第五条：男年满50周岁、女年满40周岁）",
            home.full_name()
        ),
        format!(
            "A temporary account is opened: aged {age} on {begins}, household in {} outside this province (No. 66 [2009], art. 5: men from 50, women from 40)",
            home.number()
        ),
    )
    .field("person.household_region")
    .remedy(
        "原参保地继续保留养老保险关系；临时账户不能转出。户口所在地有误的，退回更正",
        "The relation stays in the former region and the temporary account is not transferred; return the form where the household is wrong",
    )
}

fn household_missing() -> Finding {
    Finding::warning(
        "household_missing",
        "未填写户口所在地：男满50周岁、女满40周岁且户口不在本省的应建立临时缴费账户（国办发〔2009〕66号第五条），现按一般账户建立",
        "The household is not stated: men from 50 and women from 40 from another province get a temporary account (No. 66 [2009], art. 5); a general one is opened now",
    )
    .field("person.household_region")
    .remedy("核对户口簿；户口不在本省的，退回补充户口所在地", "Check the household register; return the form if the household is in another province")
}
