//! The rows of the standing roll. Stretches are closed and opened, so that any past month can be read again.

use exchange::message::EnrolmentApplication;
use standard::{Month, Refusal, RegionCode, Timestamp};
use store::{Args, Query, Row, Tx, args, in_list};
use uuid::Uuid;

use super::Stretch;
use crate::assessment::Insurances;
use crate::enrolment::PersonId;

/// Persons a statement names at most.
const NAMED_MAX: usize = 500;

/// The columns of a stretch, for bulk inserts.
pub(crate) const ROLL_COLUMNS: [&str; 9] = [
    "region",
    "employer_id",
    "person_id",
    "since_month",
    "until_month",
    "insurances",
    "wage_fen",
    "hired_on",
    "updated_at",
];

/// The values of [`ROLL_COLUMNS`].
pub(crate) fn roll_args(region: RegionCode, one: &Stretch, now: Timestamp) -> Args {
    args![
        region,
        one.employer_id,
        one.person_id.0,
        one.since,
        one.until,
        one.insurances.0,
        one.wage,
        one.hired_on,
        now
    ]
}

const ROLL: &str = "SELECT employer_id, person_id, since_month, until_month, insurances, wage_fen, hired_on FROM agency_roll";

pub(crate) fn read(row: &Row) -> Result<Stretch, Refusal> {
    Ok(Stretch {
        employer_id: row.get("employer_id")?,
        person_id: PersonId(row.get("person_id")?),
        since: row.get("since_month")?,
        until: row.get("until_month")?,
        insurances: Insurances(row.get::<u8>("insurances")?),
        wage: row.get("wage_fen")?,
        hired_on: row.get("hired_on")?,
    })
}

/// An employer's whole roll in `month`, by person.
pub(crate) async fn roll_of(q: &mut dyn Query, region: RegionCode, employer_id: Uuid, month: Month) -> Result<Vec<Stretch>, Refusal> {
    let sql = format!(
        "{ROLL} WHERE region = $1 AND employer_id = $2 AND since_month <= $3 AND (until_month IS NULL OR until_month >= $3)
         ORDER BY person_id"
    );
    q.all(&sql, args![region, employer_id, month]).await?.iter().map(read).collect()
}

/// Every stretch of these persons with an employer, past ones too, by person and month.
pub(crate) async fn stretches(
    q: &mut dyn Query,
    region: RegionCode,
    employer_id: Uuid,
    persons: &[PersonId],
) -> Result<Vec<Stretch>, Refusal> {
    let mut found = Vec::new();
    for some in persons.chunks(NAMED_MAX) {
        let sql = format!(
            "{ROLL} WHERE region = $1 AND employer_id = $2 AND person_id IN {} ORDER BY person_id, since_month",
            in_list(some.len(), 3)
        );
        let mut values = args![region, employer_id];
        values.extend(some.iter().map(|person| person.0));
        for row in q.all(&sql, values).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Which insurances of these persons another employer's roll covers in or after `month`.
pub(crate) async fn held_elsewhere(
    q: &mut dyn Query,
    region: RegionCode,
    employer_id: Uuid,
    persons: &[PersonId],
    month: Month,
) -> Result<Vec<Stretch>, Refusal> {
    let mut found = Vec::new();
    for some in persons.chunks(NAMED_MAX) {
        let sql = format!(
            "{ROLL} WHERE region = $1 AND employer_id <> $2 AND (until_month IS NULL OR until_month >= $3) AND person_id IN {}",
            in_list(some.len(), 4)
        );
        let mut values = args![region, employer_id, month];
        values.extend(some.iter().map(|person| person.0));
        for row in q.all(&sql, values).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Someone was enrolled: the employer is in the register from its first filing on, and the person on its roll from the first
/// month to be paid.
pub(crate) async fn enrolled(tx: &mut Tx, application: &EnrolmentApplication, person_id: PersonId) -> Result<(), Refusal> {
    let unit = super::register(tx, application.region, &application.employer).await?;
    let joins = Stretch {
        employer_id: unit.employer_id,
        person_id,
        since: application.start_month,
        until: None,
        insurances: Insurances::of(&application.insurances),
        wage: application.base_fen,
        hired_on: Some(application.employed_on),
    };
    join(tx, application.region, &joins).await
}

/// Puts a person on an employer's roll from `new.since` on: insurances already running there stay as they are.
pub(crate) async fn join(tx: &mut Tx, region: RegionCode, new: &Stretch) -> Result<(), Refusal> {
    let before = stretches(tx, region, new.employer_id, &[new.person_id]).await?;
    let after = joined(before.clone(), new);
    replace(tx, region, new.employer_id, &before, &after).await
}

/// The stretches of one person after `new` joined them.
pub(crate) fn joined(mut all: Vec<Stretch>, new: &Stretch) -> Vec<Stretch> {
    let Some(open) = all.iter_mut().find(|one| one.until.is_none()) else {
        // A stop in the future that was overtaken by a new enrolment ends the month before.
        for one in &mut all {
            if one.until.is_some_and(|until| until >= new.since) {
                one.until = Some(new.since.previous());
            }
        }
        all.retain(|one| one.until.is_none_or(|until| until >= one.since));
        all.push(new.clone());
        return all;
    };
    if new.insurances.without(open.insurances).is_none() {
        return all;
    }
    let insurances = open.insurances.or(new.insurances);
    if open.since >= new.since {
        open.insurances = insurances;
        return all;
    }
    let wider = Stretch {
        insurances,
        since: new.since,
        until: None,
        ..open.clone()
    };
    open.until = Some(new.since.previous());
    all.push(wider);
    all
}

/// Takes insurances off a person's open stretches after `last`: what remains runs on from the month after.
pub(crate) fn close(all: &[Stretch], insurances: Insurances, last: Month) -> Vec<Stretch> {
    let mut after = Vec::with_capacity(all.len() + 1);
    for one in all {
        let ends_later = one.until.is_none_or(|until| until > last);
        if !ends_later || one.insurances.and(insurances).is_none() {
            after.push(one.clone());
            continue;
        }
        if one.since <= last {
            after.push(Stretch {
                until: Some(last),
                ..one.clone()
            });
        }
        let rest = one.insurances.without(insurances);
        if !rest.is_none() {
            after.push(Stretch {
                since: one.since.max(last.next()),
                insurances: rest,
                ..one.clone()
            });
        }
    }
    after
}

/// Writes `after` in the place of `before`; both hold whole rolls of the same persons at one employer.
pub(crate) async fn replace(
    tx: &mut Tx,
    region: RegionCode,
    employer_id: Uuid,
    before: &[Stretch],
    after: &[Stretch],
) -> Result<(), Refusal> {
    let mut persons: Vec<PersonId> = before.iter().map(|one| one.person_id).collect();
    persons.sort_unstable();
    persons.dedup();
    for some in persons.chunks(NAMED_MAX) {
        let sql = format!(
            "DELETE FROM agency_roll WHERE region = $1 AND employer_id = $2 AND person_id IN {}",
            in_list(some.len(), 3)
        );
        let mut values = args![region, employer_id];
        values.extend(some.iter().map(|person| person.0));
        tx.execute(&sql, values).await?;
    }
    let now = Timestamp::now();
    let mut sink = tx.bulk("agency_roll", &ROLL_COLUMNS).await?;
    for one in after {
        sink.push(roll_args(region, one, now)).await?;
    }
    sink.finish().await?;
    Ok(())
}

/// Puts the roll of some persons back to `before`, whatever it holds now.
pub(crate) async fn restore(
    tx: &mut Tx,
    region: RegionCode,
    employer_id: Uuid,
    persons: &[PersonId],
    before: &[Stretch],
) -> Result<(), Refusal> {
    let now = stretches(tx, region, employer_id, persons).await?;
    replace(tx, region, employer_id, &now, before).await
}
