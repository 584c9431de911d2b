//! The gateway's word that something was paid: believed only when signed, fresh, not heard before, and about what was asked.

use ::store::{Db, Query, Tx, args};
use control::audit;
use control::clock;
use control::identity::Actor;
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::sm::{PublicKey, Signature};
use standard::{Date, Finding, Money, Organisation, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use crate::collection::payment::{Incoming, Received, Way, receive};

/// A letter older (or newer) than this is refused; the gateway signs every try anew.
pub const CALLBACK_AGE_MAX_SECONDS: i64 = 300;

/// What became of a payment, as the gateway tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// The payee.
    pub region: RegionCode,
    /// The gateway's id of the payment.
    pub payment_id: Uuid,
    /// The agency's id of it.
    pub request_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// Fen.
    pub amount_fen: Money,
    /// The gateway's 流水号.
    pub serial: String,
    /// The day it counts as paid.
    pub paid_on: Date,
}

/// A callback as it arrived.
#[derive(Clone, Debug)]
pub struct SignedCallback<'a> {
    /// When it was signed, seconds since 1970.
    pub timestamp: &'a str,
    /// Used once.
    pub nonce: &'a str,
    /// SM2 over [`signed_text`], hexadecimal.
    pub signature: &'a str,
    /// The JSON of a [`Callback`], byte by byte as signed.
    pub body: &'a [u8],
}

/// What is signed: time, nonce and body, each on its own line.
pub fn signed_text(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(body);
    text
}

/// Lets a callback take effect once: the money is received and posted in one transaction with its nonce. A payment told
/// again in a fresh letter changes nothing and is answered alike. Refused and written to the trail:
/// `callback_unsigned`, `callback_expired`, `callback_unreadable`, `callback_replayed`, `callback_unknown_payment`,
/// `callback_amount_differs`.
pub async fn accept(db: &Db, book: &RuleBook, key: &PublicKey, now: Timestamp, letter: &SignedCallback<'_>) -> Result<Received, Refusal> {
    let believed = match believe(key, now, letter) {
        Ok(callback) => callback,
        Err(refusal) => {
            refused(db, None, letter, &refusal).await?;
            return Err(refusal);
        }
    };
    match effect(db, book, &believed, letter.nonce).await {
        Ok(received) => Ok(received),
        Err(refusal) => {
            refused(db, Some(&believed), letter, &refusal).await?;
            Err(refusal)
        }
    }
}

fn believe(key: &PublicKey, now: Timestamp, letter: &SignedCallback<'_>) -> Result<Callback, Refusal> {
    let forged = || {
        Refusal::invalid(Finding::blocking(
            "callback_unsigned",
            "回调签名无效：不是网关发出，或内容被改动。",
            "The callback's signature is not valid: not from the gateway, or altered.",
        ))
    };
    let signature = Signature::from_hex(letter.signature).map_err(|_| forged())?;
    if letter.nonce.is_empty() || letter.nonce.len() > 64 || letter.body.len() > 4_096 {
        return Err(forged());
    }
    if !key.verify(&signed_text(letter.timestamp, letter.nonce, letter.body), &signature) {
        return Err(forged());
    }
    let signed_at: i64 = letter.timestamp.parse().map_err(|_| forged())?;
    if (now.as_second() - signed_at).abs() > CALLBACK_AGE_MAX_SECONDS {
        return Err(Refusal::invalid(Finding::blocking(
            "callback_expired",
            "回调已过期，请网关重新签发。",
            "The callback is too old; the gateway signs it anew.",
        )));
    }
    serde_json::from_slice(letter.body).map_err(|error| {
        Refusal::invalid(Finding::blocking(
            "callback_unreadable",
            "回调内容无法读取。",
            "The callback cannot be read.",
        ))
        .detail(error)
    })
}

async fn effect(db: &Db, book: &RuleBook, callback: &Callback, nonce: &str) -> Result<Received, Refusal> {
    let mut tx = db.begin().await?;
    take_nonce(&mut tx, callback.region, nonce).await?;
    let received = paid(&mut tx, book, callback).await?;
    tx.commit().await?;
    Ok(received)
}

async fn take_nonce(tx: &mut Tx, region: RegionCode, nonce: &str) -> Result<(), Refusal> {
    let rows = tx
        .execute(
            "INSERT INTO agency_gateway_nonce (region, nonce, at) VALUES ($1, $2, $3) ON CONFLICT (region, nonce) DO NOTHING",
            args![region, nonce, clock::now()],
        )
        .await?;
    if rows == 1 {
        return Ok(());
    }
    Err(Refusal::conflict(
        "callback_replayed",
        "该回调已处理过，疑似重放。",
        "This very callback was taken before: a replay.",
    ))
}

/// Receives what the gateway says was paid on one of our requests.
pub(super) async fn paid(tx: &mut Tx, book: &RuleBook, callback: &Callback) -> Result<Received, Refusal> {
    let row = tx
        .optional(
            "SELECT order_number, amount_fen FROM agency_gateway_request WHERE region = $1 AND request_id = $2",
            args![callback.region, callback.request_id],
        )
        .await?;
    let row = row.ok_or_else(|| {
        Refusal::not_found(
            "callback_unknown_payment",
            "没有发起过这笔网上缴费。",
            "No such payment was asked of the gateway.",
        )
    })?;
    let (order_number, amount): (String, Money) = (row.get("order_number")?, row.get("amount_fen")?);
    if order_number != callback.order_number || amount != callback.amount_fen {
        return Err(Refusal::conflict(
            "callback_amount_differs",
            "回调的单号或金额与发起的缴费不符。",
            "The callback's order or amount is not what was asked.",
        ));
    }
    let received = receive(
        tx,
        book,
        &Incoming {
            region: callback.region,
            source_key: format!("gateway:{}", callback.payment_id),
            way: Way::Online,
            order_number,
            amount,
            paid_on: callback.paid_on,
            payer_name: "网上缴费".to_owned(),
            reference: callback.serial.clone(),
        },
    )
    .await?;
    tx.execute(
        "UPDATE agency_gateway_request SET state = 'paid', payment_id = $3, updated_at = $4 WHERE region = $1 AND request_id = $2",
        args![callback.region, callback.request_id, received.payment.payment_id, clock::now()],
    )
    .await?;
    Ok(received)
}

/// Who sent it is not known, so the trail names the rule, the request it claims, and nothing of its content.
async fn refused(db: &Db, believed: Option<&Callback>, letter: &SignedCallback<'_>, refusal: &Refusal) -> Result<(), Refusal> {
    let claimed = match believed {
        Some(callback) => Some(callback.region),
        None => serde_json::from_slice::<Callback>(letter.body).ok().map(|callback| callback.region),
    };
    tracing::warn!(rule = refusal.rule(), "a gateway callback was refused");
    // A region this process does not serve has no trail here.
    let Some(region) = claimed else { return Ok(()) };
    let mut tx = db.begin().await?;
    let served = tx
        .optional("SELECT 1 AS found FROM agency_office WHERE region = $1", args![region])
        .await?
        .is_some();
    if served {
        let after = json!({ "rule": refusal.rule(), "nonce": letter.nonce.chars().take(64).collect::<String>() });
        let actor = Actor::system(Organisation::Agency(region));
        audit::record(
            &mut tx,
            &actor,
            "gateway.callback_refused",
            "gateway_callback",
            region,
            None,
            Some(after),
        )
        .await?;
    }
    tx.commit().await
}
