//! The nationwide query: whom it asks, how long it waits, and what it makes of the answers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use exchange::message::DirectoryUpdate;
use exchange::{AgencyStatus, Answer, Envelope, Message, Question, RelationView, StatusAnswer, StatusQuestion, Transport};
use platform::routing::{nationwide_status, regional_status};
use standard::{Insurance, MonthSet, Organisation, Refusal, RegionCode, RelationStatus};
use store::Db;

/// How an agency of the story behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Answers,
    AnswersAtSecondAsking,
    Silent,
    SpeaksForAnother,
}

/// A transport whose agencies have manners; notes whom it asked.
struct Story {
    agencies: BTreeMap<u32, (Manner, &'static str)>,
    asked: Mutex<Vec<u32>>,
}

impl Story {
    fn new(agencies: &[(u32, Manner, &'static str)]) -> Story {
        let agencies = agencies.iter().map(|&(code, manner, spans)| (code, (manner, spans))).collect();
        Story {
            agencies,
            asked: Mutex::default(),
        }
    }

    fn asked(&self) -> Vec<u32> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort_unstable();
        asked
    }
}

fn region(code: u32) -> RegionCode {
    RegionCode::new(code).unwrap()
}

fn status(code: u32, spans: &str) -> AgencyStatus {
    let spans: MonthSet = spans.parse().unwrap();
    let relation = RelationView {
        region: region(code),
        insurance: Insurance::Pension,
        status: RelationStatus::Active,
        months: spans.len(),
        first_month: spans.first(),
        last_month: spans.last(),
        spans,
        arrears_fen: None,
    };
    AgencyStatus {
        region: region(code),
        person_found: true,
        name_matches: true,
        relations: vec![relation],
    }
}

#[async_trait]
impl Transport for Story {
    async fn deliver(&self, _: &Envelope) -> Result<(), Refusal> {
        Err(Refusal::internal("nothing is delivered in this story"))
    }

    async fn ask(&self, to: &Organisation, _: Question) -> Result<Answer, Refusal> {
        let code = to.region().unwrap().number();
        let before = self.asked().iter().filter(|asked| **asked == code).count();
        self.asked.lock().unwrap().push(code);
        let (manner, spans) = self.agencies[&code];
        match manner {
            Manner::AnswersAtSecondAsking if before == 0 => Err(Refusal::unavailable("organisation_unreachable", "", "")),
            Manner::Answers | Manner::AnswersAtSecondAsking => Ok(Answer::Agency(status(code, spans))),
            Manner::SpeaksForAnother => Ok(Answer::Agency(status(430_100, spans))),
            Manner::Silent => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Err(Refusal::internal("too late"))
            }
        }
    }
}

fn question() -> StatusQuestion {
    StatusQuestion {
        id_hash: "ab".repeat(32),
        name: "王敏".into(),
        purpose: "onboarding".into(),
    }
}

async fn insured_in(db: &Db, codes: &[u32]) {
    let mut tx = db.begin().await.unwrap();
    for code in codes {
        let update = DirectoryUpdate {
            region: region(*code),
            added: vec![question().id_hash],
            removed: vec![],
        };
        let from = Organisation::Agency(region(*code));
        platform::handle(&mut tx, &from, &Message::DirectoryUpdate(update)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn answered(answer: &StatusAnswer) -> Vec<u32> {
    answer.relations.iter().map(|relation| relation.region.number()).collect()
}

fn months(answer: &StatusAnswer) -> i64 {
    answer.months_total.get(&Insurance::Pension).copied().unwrap_or(0)
}

store::both! {
    async fn only_regions_of_the_directory_are_asked_and_months_counted_once(db: Db) {
        insured_in(&db, &[420_100, 430_100]).await;
        let story = Story::new(&[
            (430_100, Manner::Answers, "202501-202512"),
            (420_100, Manner::Answers, "202401-202503"),
            (110_000, Manner::Answers, "199001-202012"),
        ]);
        let answer = nationwide_status(&db, &story, &question(), Duration::from_secs(5)).await.unwrap();
        assert_eq!(story.asked(), [420_100, 430_100]);
        assert_eq!((answered(&answer), months(&answer)), (vec![420_100, 430_100], 24));
        assert!(answer.person_found && answer.name_matches && answer.unanswered.is_empty());
    }

    async fn the_answer_is_partial_rather_than_late(db: Db) {
        insured_in(&db, &[420_100, 430_100, 440_300, 510_100]).await;
        let story = Story::new(&[
            (420_100, Manner::Silent, ""),
            (430_100, Manner::Answers, "202501-202512"),
            (440_300, Manner::AnswersAtSecondAsking, "202601-202602"),
            (510_100, Manner::SpeaksForAnother, "202001-202012"),
        ]);
        let start = Instant::now();
        let answer = nationwide_status(&db, &story, &question(), Duration::from_millis(500)).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        assert_eq!(answer.unanswered, [region(420_100), region(510_100)]);
        // who failed at once was asked a second time meanwhile
        assert_eq!((answered(&answer), months(&answer)), (vec![430_100, 440_300], 14));

        // those without an answer can be asked again, the directory aside
        let again = regional_status(&story, &[region(420_100)], &question(), Duration::from_millis(50)).await.unwrap();
        assert_eq!((answered(&again), again.unanswered), (vec![], vec![region(420_100)]));
        let other = regional_status(&story, &[region(430_100)], &question(), Duration::from_millis(500)).await.unwrap();
        assert_eq!((answered(&other), other.unanswered), (vec![430_100], vec![]));
    }

    async fn nobody_is_asked_about_an_unknown_person(db: Db) {
        let story = Story::new(&[]);
        let answer = nationwide_status(&db, &story, &question(), Duration::from_secs(5)).await.unwrap();
        assert_eq!((answer.person_found, answer.name_matches, story.asked()), (false, true, vec![]));
        let malformed = StatusQuestion { id_hash: "110105".into(), ..question() };
        let refusal = nationwide_status(&db, &story, &malformed, Duration::from_secs(5)).await.unwrap_err();
        assert_eq!(refusal.rule(), "id_hash_malformed");
        let endless = StatusQuestion { name: "王".repeat(101), ..question() };
        let refusal = regional_status(&story, &[region(430_100)], &endless, Duration::from_secs(5)).await.unwrap_err();
        assert_eq!((refusal.rule(), story.asked()), ("status_name_too_long", vec![]));
    }

    async fn the_contact_book_is_answered_to_whoever_asks(db: Db) {
        let mut tx = db.begin().await.unwrap();
        platform::contact::seed(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let answer = platform::answer(&db, &Story::new(&[]), &Question::Contacts, Duration::from_secs(5)).await.unwrap();
        let mut expected = exchange::pilot_agencies().to_vec();
        expected.sort_by_key(|agency| agency.region);
        assert_eq!(answer.into_contacts().unwrap(), expected);
    }
}
