//! The envelope: what is let in, and by which rule everything else is refused.
#![allow(clippy::unwrap_used)]

mod common;

use common::{changsha, key, messages, now, trust, wuhan};
use exchange::message::KINDS;
use exchange::{Answer, Envelope, MESSAGE_AGE_MAX, QUESTION_AGE_MAX, Question, StatusQuestion};
use jiff::SignedDuration;
use proptest::prelude::*;
use standard::{Organisation, Refusal};
use uuid::Uuid;

fn sealed(index: usize) -> Envelope {
    let message = messages().swap_remove(index % KINDS.len());
    Envelope::seal(&message, changsha(), wuhan(), Uuid::from_u128(1), now(), &key(1)).unwrap()
}

fn rule<T>(result: Result<T, Refusal>) -> String {
    result.map_or_else(|refusal| refusal.rule().to_owned(), |_| "accepted".to_owned())
}

#[test]
fn every_kind_arrives_as_it_was_sent() {
    for (message, kind) in messages().into_iter().zip(KINDS) {
        let envelope = Envelope::seal(&message, changsha(), wuhan(), Uuid::from_u128(1), now(), &key(1)).unwrap();
        assert_eq!(envelope.kind, kind);
        let arrived = Envelope::parse(envelope.to_json().as_bytes()).unwrap();
        assert!(arrived.open(&trust(), now()).unwrap() == message, "{kind}");
    }
}

/// (what is done to a good envelope, the rule that refuses it); the first rule broken in the documented order counts.
#[test]
fn each_refusal_has_its_rule() {
    type Change = fn(&mut Envelope);
    let cases: [(&str, Change); 13] = [
        ("accepted", |_| {}),
        ("envelope_unknown_version", |envelope| envelope.version = 2),
        ("envelope_unknown_version", |envelope| envelope.version = 0),
        ("envelope_unsigned", |envelope| envelope.signature.clear()),
        ("envelope_unknown_sender", |envelope| {
            envelope.from = Organisation::Employer(Uuid::from_u128(5))
        }),
        ("envelope_altered", |envelope| envelope.from = wuhan()),
        ("envelope_altered", |envelope| envelope.to = Organisation::Platform),
        ("envelope_altered", |envelope| envelope.id = Uuid::from_u128(2)),
        ("envelope_altered", |envelope| envelope.kind = "transfer_event".into()),
        ("envelope_altered", |envelope| envelope.sent_at += SignedDuration::from_secs(1)),
        ("envelope_altered", |envelope| {
            envelope.body["amount_fen"] = serde_json::json!(96_001)
        }),
        ("envelope_altered", |envelope| {
            envelope.signature = envelope.signature.to_uppercase()
        }),
        ("envelope_altered", |envelope| envelope.signature = "not hexadecimal".into()),
    ];
    for (expected, change) in cases {
        let mut envelope = sealed(7);
        change(&mut envelope);
        assert_eq!(rule(envelope.open(&trust(), now())), expected);
    }
}

#[test]
fn a_signed_envelope_of_unknown_content_is_refused() {
    let seal = |kind: &str, body| Envelope::seal_body(kind, body, changsha(), wuhan(), Uuid::from_u128(1), now(), &key(1)).unwrap();
    let cases = [
        (seal("love_letter", serde_json::json!({})), "envelope_unknown_kind"),
        (seal("question", serde_json::json!({})), "envelope_unknown_kind"),
        (
            seal("transfer_completed", serde_json::json!({ "amount_fen": "many" })),
            "envelope_body",
        ),
        (seal("transfer_completed", serde_json::Value::Null), "envelope_body"),
    ];
    for (envelope, expected) in cases {
        assert_eq!(rule(envelope.open(&trust(), now())), expected);
    }
}

#[test]
fn an_envelope_has_its_time() {
    let envelope = sealed(0);
    let at = |age: SignedDuration| rule(envelope.open(&trust(), now() + age));
    let second = SignedDuration::from_secs(1);
    assert_eq!(at(MESSAGE_AGE_MAX), "accepted");
    assert_eq!(at(MESSAGE_AGE_MAX + second), "envelope_expired");
    assert_eq!(at(SignedDuration::from_mins(-5)), "accepted");
    assert_eq!(at(SignedDuration::from_mins(-5) - second), "envelope_expired");
}

#[test]
fn an_envelope_for_somebody_else_is_not_taken() {
    assert!(sealed(0).expect_receiver(&wuhan()).is_ok());
    assert_eq!(rule(sealed(0).expect_receiver(&changsha())), "envelope_misaddressed");
}

#[test]
fn a_refused_body_is_not_quoted() {
    let number = common::person().id_number;
    let body = serde_json::json!({ "person": { "id_number": format!("{}?", number.reveal()) } });
    let envelope = Envelope::seal_body(
        "enrolment_application",
        body,
        changsha(),
        wuhan(),
        Uuid::from_u128(1),
        now(),
        &key(1),
    )
    .unwrap();
    let refusal = envelope.open(&trust(), now()).unwrap_err();
    assert_eq!(refusal.rule(), "envelope_body");
    assert!(!format!("{refusal} {refusal:?} {envelope:?}").contains(number.reveal()));
    let debug = format!("{:?} {:?}", common::application(), messages());
    assert!(!debug.contains(number.reveal()) && !debug.contains("13900000001"), "{debug}");
}

#[test]
fn an_answer_fits_its_question_only() {
    let question = Question::Status(StatusQuestion {
        id_hash: "ab".repeat(32),
        name: "王敏".into(),
        purpose: "onboarding".into(),
    });
    let ask = |id| Envelope::seal_question(&question, changsha(), wuhan(), Uuid::from_u128(id), now(), &key(1)).unwrap();
    let (asked, other) = (ask(1), ask(2));
    assert_eq!(asked.open_question(&trust(), now()).unwrap(), question);

    let answer = Answer::Contacts(exchange::pilot_agencies().to_vec());
    let answered = asked.seal_answer(&answer, Uuid::from_u128(3), now(), &key(2)).unwrap();
    assert_eq!(answered.open_answer(&asked, &trust(), now()).unwrap(), answer);
    assert_eq!(rule(answered.open_answer(&other, &trust(), now())), "envelope_other_answer");
    assert_eq!(rule(answered.open_question(&trust(), now())), "envelope_unknown_kind");
    assert_eq!(rule(asked.open_answer(&asked, &trust(), now())), "envelope_unknown_kind");
    let late = now() + QUESTION_AGE_MAX + SignedDuration::from_secs(1);
    assert_eq!(rule(asked.open_question(&trust(), late)), "envelope_expired");
    let forged = asked.seal_answer(&answer, Uuid::from_u128(3), now(), &key(1)).unwrap();
    assert_eq!(rule(forged.open_answer(&asked, &trust(), now())), "envelope_altered");
}

#[test]
fn unknown_fields_and_other_spellings_are_not_read() {
    let text = sealed(7).to_json();
    let cases = [
        text.replacen('{', "{\"more\":1,", 1),
        text.replacen("2026-11-21T08:00:00Z", "2026-11-21t08:00:00z", 1),
        text.replacen("agency:430100", "agency: 430100", 1),
        text[..text.len() - 1].to_owned(),
        String::new(),
    ];
    for case in cases {
        assert_eq!(rule(Envelope::parse(case.as_bytes())), "envelope_unreadable", "{case}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever one byte becomes, on whatever kind of message: not readable, or refused.
    #[test]
    fn any_altered_byte_is_found(kind in 0..KINDS.len(), at: prop::sample::Index, byte: u8) {
        let mut bytes = sealed(kind).to_json().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        let opened = Envelope::parse(&bytes).and_then(|envelope| envelope.open(&trust(), now()));
        prop_assert!(opened.is_err(), "byte {} of {}", at, String::from_utf8_lossy(&bytes));
    }

    /// A flipped letter case is the likeliest change that means the same to a reader.
    #[test]
    fn any_changed_letter_case_is_found(kind in 0..KINDS.len(), at: prop::sample::Index) {
        let mut bytes = sealed(kind).to_json().into_bytes();
        let letters: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_alphabetic()).collect();
        bytes[letters[at.index(letters.len())]] ^= 0x20;
        let opened = Envelope::parse(&bytes).and_then(|envelope| envelope.open(&trust(), now()));
        prop_assert!(opened.is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[{}\\[\\]\":,a-z0-9]{0,60}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let _ = Envelope::parse(bytes).and_then(|envelope| envelope.open(&trust(), now()));
        }
    }
}
