//! The gateway's word: believed once, and only when it is the gateway's, fresh, and about what was asked.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use ::store::{Db, Query, args, both};
use async_trait::async_trait;
use control::identity::Role;
use policy::RuleBook;
use standard::sm::SecretKey;
use standard::{Date, Money, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::fixture::*;
use crate::collection::gateway::{
    Callback, Gateway, GatewayRow, PaymentAsked, PaymentReady, SignedCallback, accept, reconcile, signed_text, start, view,
};
use crate::collection::order::{self, OrderKind, OrderState};

/// A gateway that remembers what it was asked.
#[derive(Default)]
struct Kept {
    asked: Mutex<Vec<(PaymentAsked, Uuid)>>,
    paid: Mutex<Vec<GatewayRow>>,
}

#[async_trait]
impl Gateway for Kept {
    async fn create(&self, asked: &PaymentAsked) -> Result<PaymentReady, Refusal> {
        let mut all = self.asked.lock().unwrap();
        let known = all.iter().find(|(one, _)| one.request_id == asked.request_id).map(|(_, id)| *id);
        let payment_id = known.unwrap_or_else(Uuid::now_v7);
        if known.is_none() {
            all.push((asked.clone(), payment_id));
        }
        Ok(PaymentReady {
            payment_id,
            page_url: "http://gateway/pay".into(),
        })
    }

    async fn day(&self, _region: RegionCode, _day: Date) -> Result<Vec<GatewayRow>, Refusal> {
        Ok(self.paid.lock().unwrap().clone())
    }
}

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes([byte; 32]).unwrap()
}

fn now() -> Timestamp {
    "2026-10-10T02:00:00Z".parse().unwrap()
}

fn told(asked: &PaymentAsked, payment_id: Uuid) -> Callback {
    Callback {
        region: region(),
        payment_id,
        request_id: asked.request_id,
        order_number: asked.order_number.clone(),
        amount_fen: asked.amount_fen,
        serial: "S1".into(),
        paid_on: day("2026-10-10"),
    }
}

async fn send(db: &Db, callback: &Callback, nonce: &str, by: &SecretKey, at: i64) -> Result<bool, String> {
    let body = serde_json::to_vec(callback).unwrap();
    let timestamp = at.to_string();
    let signature = by.sign(&signed_text(&timestamp, nonce, &body)).unwrap().to_hex();
    let letter = SignedCallback {
        timestamp: &timestamp,
        nonce,
        signature: &signature,
        body: &body,
    };
    accept(db, RuleBook::embedded(), &key(7).public(), now(), &letter)
        .await
        .map(|received| received.repeated)
        .map_err(|refusal| refusal.rule().to_owned())
}

async fn begun(db: &Db, gateway: &Kept) -> (order::Order, PaymentAsked, Uuid) {
    let people = people(db, 1).await;
    let bill = assessed(db, Uuid::now_v7(), &people, "2026-09", OrderKind::Regular, 600_000).await;
    let book = RuleBook::embedded();
    let seen = view(db, book, region(), &bill.pay_code, day("2026-10-10")).await.unwrap();
    assert_eq!((seen.amount_fen, seen.payable), (fen(204_000), true));
    for _ in 0..2 {
        start(
            db,
            book,
            gateway,
            region(),
            &bill.pay_code,
            day("2026-10-10"),
            "http://agency/callback",
        )
        .await
        .unwrap();
    }
    let asked = gateway.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 1, "asking twice makes one payment");
    let (asked, id) = asked.into_iter().next().unwrap();
    (bill, asked, id)
}

both! {
    async fn a_callback_is_believed_once_and_forgeries_are_refused_and_written_down(db: Db) {
        let gateway = Kept::default();
        let (bill, asked, id) = begun(&db, &gateway).await;
        let callback = told(&asked, id);
        let at = now().as_second();
        assert_eq!(send(&db, &callback, "n1", &key(8), at).await, Err("callback_unsigned".into()));
        assert_eq!(send(&db, &callback, "n1", &key(7), at - 301).await, Err("callback_expired".into()));
        assert_eq!(send(&db, &callback, "n1", &key(7), at + 301).await, Err("callback_expired".into()));
        let dearer = Callback { amount_fen: fen(1), ..callback.clone() };
        assert_eq!(send(&db, &dearer, "n2", &key(7), at).await, Err("callback_amount_differs".into()));
        let stranger = Callback { request_id: Uuid::now_v7(), ..callback.clone() };
        assert_eq!(send(&db, &stranger, "n3", &key(7), at).await, Err("callback_unknown_payment".into()));
        proven(&db, "forged").await;
        assert_eq!(send(&db, &callback, "n4", &key(7), at).await, Ok(false));
        assert_eq!(send(&db, &callback, "n4", &key(7), at).await, Err("callback_replayed".into()));
        assert_eq!(send(&db, &callback, "n5", &key(7), at).await, Ok(true), "told again in a fresh letter: the first answer");
        assert_eq!(order::get(&mut db.read(), region(), bill.order_id).await.unwrap().state, OrderState::Paid);
        assert_eq!(balance(&db, suspense_of(bill.employer_id)).await, 0);
        proven(&db, "paid").await;
        let refused: i64 = db.read().one("SELECT COUNT(*) AS n FROM control_audit WHERE action = 'gateway.callback_refused'", args![]).await.unwrap().get("n").unwrap();
        assert_eq!(refused, 6);
    }

    async fn an_altered_letter_is_not_the_gateways(db: Db) {
        let gateway = Kept::default();
        let (_, asked, id) = begun(&db, &gateway).await;
        let body = serde_json::to_vec(&told(&asked, id)).unwrap();
        let timestamp = now().as_second().to_string();
        let signature = key(7).sign(&signed_text(&timestamp, "n", &body)).unwrap().to_hex();
        let altered = String::from_utf8(body).unwrap().replace("204000", "204001");
        let letter = SignedCallback { timestamp: &timestamp, nonce: "n", signature: &signature, body: altered.as_bytes() };
        let refused = accept(&db, RuleBook::embedded(), &key(7).public(), now(), &letter).await.unwrap_err();
        assert_eq!(refused.rule(), "callback_unsigned");
    }

    async fn a_lost_callback_is_found_by_the_daily_file(db: Db) {
        let gateway = Kept::default();
        let (bill, asked, id) = begun(&db, &gateway).await;
        let row = GatewayRow {
            payment_id: id,
            request_id: asked.request_id,
            order_number: asked.order_number.clone(),
            amount_fen: asked.amount_fen,
            serial: "S1".into(),
            paid_on: day("2026-10-10"),
            paid_at: now(),
        };
        let unknown = GatewayRow { payment_id: Uuid::now_v7(), request_id: Uuid::now_v7(), amount_fen: Money::from_fen(5), ..row.clone() };
        gateway.paid.lock().unwrap().extend([row, unknown]);
        let clerk = person_of(Role::AgencyClerk);
        let book = RuleBook::embedded();
        let day_one = reconcile(&clerk, &db, book, &gateway, day("2026-10-10")).await.unwrap();
        assert_eq!((day_one.rows, day_one.posted, day_one.differences.len()), (2, 1, 2));
        assert_eq!(order::get(&mut db.read(), region(), bill.order_id).await.unwrap().state, OrderState::Paid);
        let again = reconcile(&clerk, &db, book, &gateway, day("2026-10-10")).await.unwrap();
        assert_eq!((again.posted, again.differences.len(), again.agency_fen), (0, 1, fen(204_000)));
        proven(&db, "reconciled").await;
    }
}
