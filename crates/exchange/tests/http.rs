//! The HTTP transport against a small server on this machine.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{changsha, key, messages, region, trust, wuhan};
use exchange::{AddressBook, AgencyStatus, Answer, Envelope, HttpTransport, Question, StatusQuestion, Transport};
use jiff::Timestamp;
use standard::{Organisation, Refusal};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// How the server at the other end behaves.
#[derive(Clone, Copy)]
enum Manner {
    Accepts,
    Refuses,
    Answers,
    AnswersUnsigned,
    Endless,
    Sleeps,
}

async fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap()
            .parse()
            .unwrap();
        if bytes.len() >= end + 4 + length {
            return (head, bytes[end + 4..].to_vec());
        }
    }
}

async fn respond(mut stream: TcpStream, manner: Manner) {
    let (head, body) = read_request(&mut stream).await;
    let asked = Envelope::parse(&body).unwrap();
    let status = AgencyStatus {
        region: region(420_100),
        person_found: false,
        name_matches: true,
        relations: vec![],
    };
    let answer = || {
        asked
            .seal_answer(&Answer::Agency(status.clone()), Uuid::from_u128(5), Timestamp::now(), &key(2))
            .unwrap()
    };
    let (line, body) = match manner {
        Manner::Accepts => {
            assert!(head.starts_with("post /exchange/v1/messages "), "{head}");
            ("202 Accepted", String::new())
        }
        Manner::Refuses => {
            let refusal = Refusal::conflict("account_closed", "账户已关闭", "The account is closed");
            (
                "409 Conflict",
                serde_json::json!({ "status": 409, "findings": refusal.findings }).to_string(),
            )
        }
        Manner::Answers => {
            assert!(head.starts_with("post /exchange/v1/questions "), "{head}");
            ("200 OK", answer().to_json())
        }
        Manner::AnswersUnsigned => (
            "200 OK",
            Envelope {
                signature: String::new(),
                ..answer()
            }
            .to_json(),
        ),
        Manner::Endless => ("200 OK", "x".repeat(5 * 1024 * 1024)),
        Manner::Sleeps => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return;
        }
    };
    let head = format!("HTTP/1.1 {line}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    // the client may hang up in the middle of an endless answer
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

/// A server with the manner, and a transport of 长沙 that knows 武汉 by its address.
async fn transport_to(manner: Manner) -> HttpTransport {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(respond(stream, manner));
        }
    });
    let addresses = AddressBook {
        agencies: BTreeMap::from([(region(420_100), address)]),
        ..AddressBook::default()
    };
    HttpTransport::new(changsha(), key(1), Arc::new(addresses), Arc::new(trust())).unwrap()
}

fn question() -> Question {
    Question::Status(StatusQuestion {
        id_hash: "ab".repeat(32),
        name: "王敏".into(),
        purpose: "onboarding".into(),
    })
}

fn letter() -> Envelope {
    Envelope::seal(&messages()[4], changsha(), wuhan(), Uuid::from_u128(1), Timestamp::now(), &key(1)).unwrap()
}

#[tokio::test]
async fn a_message_is_delivered_or_the_receivers_reason_comes_back() {
    transport_to(Manner::Accepts).await.deliver(&letter()).await.unwrap();
    let refusal = transport_to(Manner::Refuses).await.deliver(&letter()).await.unwrap_err();
    assert_eq!((refusal.rule(), refusal.kind), ("account_closed", standard::RefusalKind::Conflict));
}

#[tokio::test]
async fn a_question_is_answered_under_the_answerers_signature() {
    let answer = transport_to(Manner::Answers).await.ask(&wuhan(), question()).await.unwrap();
    assert_eq!(answer.into_agency().unwrap().region, region(420_100));
    let refusal = transport_to(Manner::AnswersUnsigned)
        .await
        .ask(&wuhan(), question())
        .await
        .unwrap_err();
    assert_eq!(refusal.rule(), "envelope_unsigned");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let refusal = transport_to(Manner::Endless).await.ask(&wuhan(), question()).await.unwrap_err();
    assert_eq!(refusal.rule(), "answer_too_large");
}

#[tokio::test]
async fn unknown_and_silent_organisations_have_their_own_rules() {
    let transport = transport_to(Manner::Accepts).await;
    assert_eq!(
        transport.ask(&Organisation::Platform, question()).await.unwrap_err().rule(),
        "address_unknown"
    );
    // a port nobody listens on
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let addresses = AddressBook {
        platform: Some(address),
        ..AddressBook::default()
    };
    let transport = HttpTransport::new(changsha(), key(1), Arc::new(addresses), Arc::new(trust())).unwrap();
    assert_eq!(
        transport.ask(&Organisation::Platform, question()).await.unwrap_err().rule(),
        "organisation_unreachable"
    );
}

#[tokio::test]
async fn many_are_asked_at_once_and_the_silent_do_not_hold_up_the_rest() {
    let transport = transport_to(Manner::Sleeps).await;
    let start = Instant::now();
    let answers = transport
        .ask_many(&[wuhan(), Organisation::Platform], question(), Duration::from_millis(200))
        .await;
    assert!(start.elapsed() < Duration::from_secs(5));
    let rules: Vec<_> = answers
        .into_iter()
        .map(|(organisation, answer)| (organisation, answer.unwrap_err().rule().to_owned()))
        .collect();
    assert_eq!(
        rules,
        [
            (wuhan(), "agency_unanswered".to_owned()),
            (Organisation::Platform, "address_unknown".to_owned())
        ]
    );
}
