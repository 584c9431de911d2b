//! Enrolment: accepted, answered, and stopped where the person is insured elsewhere. Only the platform knows where that is.

use async_trait::async_trait;
use control::clock;
use control::identity::Role;
use control::review::{self, Case};
use exchange::message::{EnrolmentApplication, EnrolmentOutcome};
use exchange::{Answer, Envelope, Message, Question, StatusAnswer, Transport};
use policy::RuleBook;
use standard::{IdNumber, Insurance, Money, Month, Organisation, Refusal, RefusalKind, RegionCode, RelationStatus};
use store::{Db, both};
use uuid::Uuid;

use crate::desk;
use crate::employers;
use crate::enrolment::nationwide;
use crate::status;

use super::house::{Act, CHANGSHA, GUANGZHOU, House, NAME, WUHAN, id_born, person_party, region, row};

pub(super) fn application(house: &House, id: &IdNumber) -> EnrolmentApplication {
    let today = clock::today();
    EnrolmentApplication {
        enrolment_id: Uuid::now_v7(),
        employer: house.employer_party(),
        person: person_party(id),
        social_card: None,
        region: region(CHANGSHA),
        insurances: vec![Insurance::Pension, Insurance::Medical],
        start_month: Month::of(today),
        base_fen: Money::from_fen(800_000),
        employed_on: today,
        applied_on: today,
    }
}

/// The way to a platform that asks the agencies it can reach.
struct Platform {
    db: Db,
    reaches: Vec<RegionCode>,
    silent: Vec<RegionCode>,
}

#[async_trait]
impl Transport for Platform {
    async fn deliver(&self, _: &Envelope) -> Result<(), Refusal> {
        unreachable!("a check sends no message")
    }

    async fn ask(&self, to: &Organisation, question: Question) -> Result<Answer, Refusal> {
        let (Organisation::Platform, Question::Status(question)) = (to, question) else {
            panic!("{to} was asked")
        };
        if self.reaches.is_empty() {
            return Err(exchange::unanswered(to));
        }
        let told = status::answer(&mut self.db.read(), &self.reaches, &question).await?;
        Ok(Answer::Nationwide(StatusAnswer {
            person_found: told.iter().any(|one| one.person_found),
            name_matches: told.iter().all(|one| one.name_matches),
            relations: told.into_iter().flat_map(|one| one.relations).collect(),
            months_total: [].into(),
            unanswered: self.silent.clone(),
            asked_at: clock::now(),
        }))
    }
}

fn platform(house: &House, reaches: &[u32], silent: &[u32]) -> Platform {
    let regions = |codes: &[u32]| codes.iter().map(|code| region(*code)).collect();
    Platform {
        db: house.db.clone(),
        reaches: regions(reaches),
        silent: regions(silent),
    }
}

/// Runs the checks that wait, with the platform knowing these regions; how many ran.
/// Asks what waits. A decision refused just before may hold the job's row until its connection has rolled back, so that an
/// empty hand is tried again.
pub(super) async fn check(house: &House, reaches: &[u32], silent: &[u32]) -> usize {
    for _ in 0..100 {
        let asked = nationwide::run_jobs(&house.db, &house.registry, |_| platform(house, reaches, silent))
            .await
            .unwrap();
        if asked > 0 {
            return asked;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    0
}

pub(super) fn rules(case: &Case) -> Vec<&str> {
    case.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

both! {
    async fn an_enrolment_is_reviewed_and_answered(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let filed = application(&house, &id);
        house.file(CHANGSHA, Message::EnrolmentApplication(filed.clone())).await.unwrap();
        assert_eq!(house.relation(CHANGSHA, &id).await, None, "nothing takes effect before approval");
        assert_eq!(check(&house, &[CHANGSHA, WUHAN], &[]).await, 1);
        house.pass_both(CHANGSHA, "enrolment").await;
        let relation = house.relation(CHANGSHA, &id).await.unwrap();
        assert_eq!((relation.status, relation.spans.len()), (RelationStatus::Active, 0));
        let result = &house.results[0];
        assert_eq!((result.enrolment_id, result.outcome), (filed.enrolment_id, EnrolmentOutcome::Accepted));
        assert!(result.person_number.as_ref().unwrap().starts_with("430100"));
        assert_eq!(house.directory.len(), 1);
        assert_eq!(house.results.len(), 1);
    }

    async fn a_person_insured_elsewhere_is_found(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        let filed = application(&house, &id);
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        check(&house, &[CHANGSHA, WUHAN], &[]).await;
        assert_eq!(rules(&house.waiting(CHANGSHA, "enrolment").await), ["insured_elsewhere"]);
        let stopped = house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Pass).await.unwrap_err();
        assert_eq!(stopped.findings[1].rule, "insured_elsewhere");
        assert_eq!(stopped.findings[1].message.zh, "该员工在武汉仍有在缴养老保险，请先办理转移手续");
        house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Return("insured_elsewhere")).await.unwrap();
        assert_eq!(house.results[0].outcome, EnrolmentOutcome::Returned);
        assert_eq!(house.results[0].reasons[0].code, "insured_elsewhere");
        assert_eq!(house.relation(CHANGSHA, &id).await, None);
    }

    async fn nobody_passes_before_the_nation_was_asked(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        // Another agency's books lie in the same database. Changsha must not see them without asking.
        house.load(WUHAN, &[row(&id, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        house.file(CHANGSHA, Message::EnrolmentApplication(application(&house, &id))).await.unwrap();
        assert_eq!(rules(&house.waiting(CHANGSHA, "enrolment").await), ["nationwide_pending"]);
        let stopped = house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Pass).await.unwrap_err();
        assert_eq!(stopped.findings[1].rule, "nationwide_pending");
        // The platform is out of reach: the question stays.
        assert_eq!(check(&house, &[], &[]).await, 1);
        assert_eq!(rules(&house.waiting(CHANGSHA, "enrolment").await), ["nationwide_pending"]);
        // Wuhan is silent: said, and no reason to stop.
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let case = house.waiting(CHANGSHA, "enrolment").await;
        let way = platform(&house, &[CHANGSHA], &[WUHAN]);
        let found = nationwide::recheck(&clerk, &house.db, &house.registry, &way, case.id).await.unwrap();
        assert_eq!(found[0].rule, "nationwide_unanswered");
        assert!(found[0].message.zh.contains("武汉") && !found[0].is_blocking());
        // Asked again, it answers, and the second reader is stopped.
        house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Pass).await.unwrap();
        let way = platform(&house, &[CHANGSHA, WUHAN], &[]);
        nationwide::recheck(&clerk, &house.db, &house.registry, &way, case.id).await.unwrap();
        assert_eq!(rules(&house.waiting(CHANGSHA, "enrolment").await), ["insured_elsewhere"]);
        let stopped = house.decide(CHANGSHA, "enrolment", Role::AgencyReviewer, Act::Approve).await.unwrap_err();
        assert_eq!(stopped.findings[1].rule, "insured_elsewhere");
    }

    async fn own_books_are_read_without_asking(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(CHANGSHA, &[row(&id, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        let mut filed = application(&house, &id);
        filed.person.name = "周另名".into();
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        assert_eq!(rules(&house.waiting(CHANGSHA, "enrolment").await), ["identity_mismatch", "insured_here", "nationwide_pending"]);
        check(&house, &[CHANGSHA], &[]).await;
        assert_eq!(rules(&house.waiting(CHANGSHA, "enrolment").await), ["identity_mismatch", "insured_here"]);
    }

    async fn an_answer_counts_for_its_round_only(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.file(CHANGSHA, Message::EnrolmentApplication(application(&house, &id))).await.unwrap();
        check(&house, &[CHANGSHA], &[]).await;
        let first = house.waiting(CHANGSHA, "enrolment").await;
        house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Return("document_unclear")).await.unwrap();
        let mut tx = house.db.begin().await.unwrap();
        let source = first.source.clone().unwrap();
        let again = review::resubmit_from_message(&mut tx, &house.registry, &first.owner, first.id, first.form.clone(), &source).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rules(&again), ["nationwide_pending"], "the corrected form may name another person");
        assert_eq!(check(&house, &[CHANGSHA], &[]).await, 1);
        assert!(rules(&house.waiting(CHANGSHA, "enrolment").await).is_empty());
    }

    async fn an_agency_sees_its_own_region_only(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        house.load(WUHAN, &[row(&id, "养老", "正常参保", "2022-03", "2025-04", "5000")]).await;
        house.file(WUHAN, Message::EnrolmentApplication(EnrolmentApplication { region: region(WUHAN), ..application(&house, &id) })).await.unwrap();
        let wuhan_case = house.waiting(WUHAN, "enrolment").await.id;
        let transfer = house.application(&id, GUANGZHOU, WUHAN);
        let transfer_id = transfer.transfer_id;
        house.file(WUHAN, Message::TransferApplication(transfer)).await.unwrap();
        let person = house.person(&id).0;
        let wuhan = house.staff(WUHAN, Role::AgencyClerk);
        assert_eq!(desk::person(&wuhan, &house.db, person).await.unwrap().relations.len(), 1);
        assert!(desk::transfer(&wuhan, &house.db, RuleBook::embedded(), transfer_id).await.is_ok());
        for role in [Role::AgencyClerk, Role::AgencyReviewer, Role::AgencySupervisor] {
            let other = house.staff(CHANGSHA, role);
            let not_found = |refusal: Refusal| assert_eq!(refusal.kind, RefusalKind::NotFound, "{refusal}");
            for asked in [("id_number", id.reveal().to_owned()), ("name", NAME.to_owned())] {
                let search = serde_json::from_value(serde_json::json!({ asked.0: asked.1 })).unwrap();
                assert!(desk::search(&other, &house.db, &search).await.unwrap().is_empty());
            }
            not_found(desk::person(&other, &house.db, person).await.unwrap_err());
            not_found(desk::reveal(&other, &house.db, person, "id_number", "check").await.unwrap_err());
            not_found(desk::transfer(&other, &house.db, RuleBook::embedded(), transfer_id).await.unwrap_err());
            not_found(review::get(&other, &house.db, wuhan_case).await.unwrap_err());
            not_found(nationwide::recheck(&other, &house.db, &house.registry, &platform(&house, &[], &[]), wuhan_case).await.unwrap_err());
            let home = desk::home(&other, &house.db, &house.registry).await.unwrap();
            assert_eq!(home.totals.todo, 0);
        }
    }

    async fn a_form_with_faults_comes_back_with_all_of_them(db: Db) {
        let mut house = House::new(db).await;
        let id = id_born(1990);
        let mut filed = application(&house, &id);
        filed.insurances.clear();
        filed.base_fen = Money::ZERO;
        filed.start_month = filed.start_month.plus(5);
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        let codes: Vec<&str> = house.results[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(codes, ["field_missing", "base_out_of_range", "start_too_late"]);
    }

    async fn names_phones_cards_and_wages_are_read(db: Db) {
        let mut house = House::new(db).await;
        let mut filed = application(&house, &id_born(1990));
        filed.person.name = "赵<b>1".into();
        filed.person.phone = Some("12345".into());
        filed.social_card = Some("AB".into());
        filed.base_fen = Money::from_fen(1_000_000_000_000);
        filed.employer.name = "<script>".into();
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        let codes: Vec<&str> = house.results[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(codes, ["name_unreadable", "phone_unreadable", "social_card_unreadable", "unit_name_unreadable", "base_out_of_range"]);
        assert!(house.results[0].reasons.iter().all(|reason| reason.remedy_zh.is_some() && reason.remedy_en.is_some()));
    }

    async fn a_wage_outside_the_limits_is_told_with_what_is_used(db: Db) {
        let mut house = House::new(db).await;
        let rules_now = RuleBook::embedded().at(region(CHANGSHA), Month::of(clock::today())).unwrap();
        let limits = rules_now.limits(Insurance::Pension).unwrap().value;
        for (wage, rule, used) in [(10_000, "wage_below_floor", limits.floor), (99_999_900, "wage_above_ceiling", limits.ceiling)] {
            let mut filed = application(&house, &id_born(if wage < 20_000 { 1990 } else { 1991 }));
            filed.insurances = vec![Insurance::Pension];
            filed.base_fen = Money::from_fen(wage);
            house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
            check(&house, &[CHANGSHA], &[]).await;
            let case = house.waiting(CHANGSHA, "enrolment").await;
            assert_eq!(rules(&case), [rule]);
            assert!(!case.findings[0].is_blocking() && case.findings[0].message.zh.contains(&used.to_yuan()), "{:?}", case.findings);
            house.pass_both(CHANGSHA, "enrolment").await;
        }
    }

    async fn an_employer_under_another_name_is_looked_at(db: Db) {
        let mut house = House::new(db).await;
        let mut tx = house.db.begin().await.unwrap();
        employers::register(&mut tx, region(CHANGSHA), &house.employer_party()).await.unwrap();
        tx.commit().await.unwrap();
        // by its own message: it may have changed its name
        let mut filed = application(&house, &id_born(1990));
        filed.employer.name = "长沙新名制造有限公司".into();
        house.file(CHANGSHA, Message::EnrolmentApplication(filed.clone())).await.unwrap();
        check(&house, &[CHANGSHA], &[]).await;
        let case = house.waiting(CHANGSHA, "enrolment").await;
        assert_eq!((rules(&case), case.findings[0].is_blocking()), (vec!["unit_name_mismatch"], false));
        assert!(case.findings[0].message.zh.contains("长沙星河制造有限公司"));
        house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Return("document_unclear")).await.unwrap();
        // another employer under this code: never
        house.employer = Uuid::now_v7();
        filed.employer.id = house.employer;
        filed.enrolment_id = Uuid::now_v7();
        house.file(CHANGSHA, Message::EnrolmentApplication(filed)).await.unwrap();
        check(&house, &[CHANGSHA], &[]).await;
        let stopped = house.decide(CHANGSHA, "enrolment", Role::AgencyClerk, Act::Pass).await.unwrap_err();
        assert_eq!(stopped.findings[1].rule, "unit_name_mismatch");
    }
}
