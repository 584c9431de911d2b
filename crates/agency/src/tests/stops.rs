//! 停保: relations rest, the roll ends, and what is undone runs on.

use control::clock;
use exchange::Message;
use exchange::message::{FilingOutcome, StopApplication, StopLine, StopReason};
use standard::{IdNumber, Insurance, Month, RelationStatus};
use store::both;
use uuid::Uuid;

use super::house::{CHANGSHA, House, region};
use super::month::{NAMES, id, insure, reverse, roll, rules_of, this_month};
use crate::assessment::Insurances;

both! {
    async fn a_stop_rests_the_relation_and_ends_the_roll(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month.plus(-3), 800_000, 2).await;
        let stop = StopApplication {
            stop_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            lines: vec![
                stop_line(1, ids[0], NAMES[0], Insurance::ALL.to_vec(), month),
                stop_line(2, ids[1], NAMES[1], vec![Insurance::Injury], month),
                stop_line(3, id(77), "生人", Insurance::ALL.to_vec(), month),
                stop_line(4, ids[1], NAMES[1], vec![Insurance::Pension], month.plus(4)),
            ],
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::StopApplication(stop.clone())).await.unwrap();
        let found = house.waiting(CHANGSHA, "relation_stop").await.findings;
        assert!(rules_of(&found).contains(&"not_on_roll") && rules_of(&found).contains(&"last_month_too_late"), "{found:?}");
        house.pass_both(CHANGSHA, "relation_stop").await;
        let Some(Message::StopResult(told)) = house.told.last() else { panic!() };
        assert_eq!(told.outcome, FilingOutcome::Accepted);
        assert_eq!(told.refused.iter().map(|line| line.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(house.relation(CHANGSHA, &ids[0]).await.unwrap().status, RelationStatus::Suspended);
        assert_eq!(house.relation(CHANGSHA, &ids[1]).await.unwrap().status, RelationStatus::Active);
        assert_eq!(roll(&house, month).await.len(), 2, "the last month is still declared");
        let next = roll(&house, month.next()).await;
        assert_eq!((next.len(), next[0].insurances.has(Insurance::Injury)), (1, false));

        // once more: everything is stopped already
        let again = StopApplication { stop_id: Uuid::now_v7(), lines: stop.lines[..1].to_vec(), ..stop.clone() };
        house.file(CHANGSHA, Message::StopApplication(again)).await.unwrap();
        let Some(Message::StopResult(told)) = house.told.last() else { panic!() };
        assert_eq!(told.outcome, FilingOutcome::Returned);
        assert!(told.reasons.iter().any(|reason| reason.code == "already_stopped"));

        reverse(&mut house, "relation_stop").await.unwrap();
        assert_eq!(house.relation(CHANGSHA, &ids[0]).await.unwrap().status, RelationStatus::Active);
        assert_eq!(roll(&house, month.next()).await.len(), 2);
        assert!(roll(&house, month.next()).await.iter().all(|one| one.insurances == Insurances::ALL));
    }

    async fn a_stop_is_not_undone_after_the_person_joined_another_employer(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = insure(&house, month.plus(-1), 800_000, 1).await;
        let stop = StopApplication {
            stop_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            lines: vec![stop_line(1, ids[0], NAMES[0], Insurance::ALL.to_vec(), month)],
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::StopApplication(stop)).await.unwrap();
        house.pass_both(CHANGSHA, "relation_stop").await;
        let first = house.employer;
        house.employer = Uuid::now_v7();
        insure(&house, month.next(), 700_000, 1).await;
        house.employer = first;
        assert_eq!(reverse(&mut house, "relation_stop").await.unwrap_err().rule(), "later_business");
    }
}

fn stop_line(number: u32, id_number: IdNumber, name: &str, insurances: Vec<Insurance>, last_month: Month) -> StopLine {
    StopLine {
        line: number,
        id_number,
        name: name.into(),
        insurances,
        last_month,
        reason: StopReason::Resigned,
        left_on: last_month.first_day(),
    }
}
