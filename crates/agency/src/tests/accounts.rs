//! 账户类别 of the pension an enrolment opens: who gets a temporary account, and that it does not move.

use exchange::Message;
use exchange::message::EnrolmentApplication;
use policy::RuleBook;
use standard::{Date, IdNumber, Insurance, Month};
use store::both;

use super::enrolments::{application, check, rules};
use super::house::{CHANGSHA, GUANGZHOU, House, WUHAN, id_born, region, row};
use crate::enrolment::{AccountKind, decide};

/// Files and approves an enrolment in Changsha; the findings its clerk read.
async fn enrol(house: &mut House, filed: EnrolmentApplication) -> Vec<String> {
    house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
    check(house, &[CHANGSHA, WUHAN], &[]).await;
    let case = house.waiting(CHANGSHA, "enrolment").await;
    house.pass_both(CHANGSHA, "enrolment").await;
    rules(&case).into_iter().map(str::to_owned).collect()
}

fn from(house: &House, id: &IdNumber, household: Option<u32>) -> EnrolmentApplication {
    let mut filed = application(house, id);
    filed.person.household_region = household.map(region);
    filed
}

both! {
    async fn a_temporary_account_is_opened_and_does_not_move(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1970);
        let filed = from(&house, &id, Some(GUANGZHOU));
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        check(&house, &[CHANGSHA], &[]).await;
        let case = house.waiting(CHANGSHA, "enrolment").await;
        assert_eq!(rules(&case), ["temporary_account_opened"]);
        let said = &case.findings[0].message.zh;
        assert!(said.contains("建立临时缴费账户") && said.contains("国办发〔2009〕66号第五条"), "{said}");
        house.pass_both(CHANGSHA, "enrolment").await;
        assert_eq!(house.relation(CHANGSHA, &id).await.unwrap().account_kind, AccountKind::Temporary);
        // Home again: the new region takes over, the old one may not let the temporary account go.
        let mut transfer = house.application(&id, CHANGSHA, GUANGZHOU);
        transfer.person.household_region = Some(region(GUANGZHOU));
        house.file(GUANGZHOU, Message::TransferApplication(transfer)).await.unwrap();
        house.pass_both(GUANGZHOU, "transfer_in").await;
        let out = house.waiting(CHANGSHA, "transfer_out").await;
        assert!(rules(&out).contains(&"temporary_account"), "{:?}", rules(&out));
    }

    async fn a_relation_the_region_holds_keeps_its_account(db: Db) {
        let mut house = House::new(db).await;
        let (held, ended) = (id_born(1970), id_born(1971));
        house.load(CHANGSHA, &[row(&held, "养老", "暂停参保", "2012-03", "2020-04", "5000")]).await;
        house.load(CHANGSHA, &[row(&ended, "养老", "终止参保", "2012-03", "2020-04", "5000")]).await;
        let filed = from(&house, &held, Some(WUHAN));
        assert!(enrol(&mut house, filed).await.is_empty());
        assert_eq!(house.relation(CHANGSHA, &held).await.unwrap().account_kind, AccountKind::General);
        let filed = from(&house, &ended, Some(WUHAN));
        assert_eq!(enrol(&mut house, filed).await, ["temporary_account_opened"], "what was terminated is held no more");
        assert_eq!(house.relation(CHANGSHA, &ended).await.unwrap().account_kind, AccountKind::Temporary);
    }

    async fn a_household_that_is_missing_is_asked_for(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1970);
        let filed = from(&house, &id, None);
        assert_eq!(enrol(&mut house, filed).await, ["household_missing"]);
        assert_eq!(house.relation(CHANGSHA, &id).await.unwrap().account_kind, AccountKind::General);
        let mut without = from(&house, &id_born(1969), Some(WUHAN));
        without.insurances = vec![Insurance::Medical];
        assert!(enrol(&mut house, without).await.is_empty(), "only the pension has the two kinds of account");
    }

    async fn the_age_is_that_of_the_day_contributions_begin(db: Db) {
        let house = House::new(db).await;
        let (hunan, hubei) = (Some(430_281), Some(420_102));
        let general = (AccountKind::General, None);
        let temporary = (AccountKind::Temporary, Some("temporary_account_opened"));
        let asks = (AccountKind::General, Some("household_missing"));
        // sex by the order's last digit, birth, household, employed on (first month is its month), expected
        for (order, birth, household, employed, expected) in [
            (1, "1976-11-01", hubei, "2026-11-01", temporary),
            (1, "1976-11-20", hubei, "2026-11-20", temporary),
            (1, "1976-11-21", hubei, "2026-11-20", general),
            (2, "1986-11-20", hubei, "2026-11-20", temporary),
            (2, "1986-11-21", hubei, "2026-11-20", general),
            (2, "1976-11-01", hunan, "2026-11-01", general),
            (1, "1966-11-01", None, "2026-11-01", asks),
            (1, "1986-11-01", None, "2026-11-01", general),
        ] {
            let id = IdNumber::compose(region(420_102), birth.parse().unwrap(), order).unwrap();
            let employed_on: Date = employed.parse().unwrap();
            let mut filed = application(&house, &id);
            (filed.employed_on, filed.start_month) = (employed_on, Month::of(employed_on));
            let opening = decide(RuleBook::embedded(), &filed, household.map(region)).unwrap();
            let rule = opening.finding.as_ref().map(|finding| finding.rule.as_str());
            assert_eq!((opening.kind, rule), expected, "{birth} {employed}");
        }
    }
}
