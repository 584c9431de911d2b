//! Callbacks: each paid payment is told to its agency, signed anew at every try, until the agency has taken it. The store's
//! queue spaces the tries; what it gives up after two hours the agency finds in the file of the day.

use super::{
    client::{self, http},
    service::{self, CALLBACKS, Told},
    signed,
};
use crate::app::App;
use agency::collection::gateway::Callback;
use jiff::SignedDuration;
use standard::{Refusal, RefusalKind};
use store::jobs;

/// A callback that hangs is given up before this; the queue then tries it again.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// Tells what is due, at most a few side by side, and says how many were tried.
pub async fn tell(app: &App) -> Result<usize, Refusal> {
    let due = jobs::claim(&app.db, CALLBACKS, 8, LEASE).await?;
    let tried = futures::future::join_all(due.iter().map(|job| async move {
        let told = job.body::<Told>()?;
        one(app, &told).await.map(|()| told)
    }))
    .await;
    for (job, told) in due.iter().zip(tried) {
        let mut tx = app.db.begin().await?;
        match told {
            Ok(told) => {
                if jobs::ack(&mut tx, job).await? {
                    service::told(&mut tx, &told).await?;
                }
            }
            Err(refusal) => {
                tracing::warn!(rule = refusal.rule(), attempts = job.attempts, "a callback was not taken");
                jobs::fail(&mut tx, job, refusal.rule()).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(due.len())
}

async fn one(app: &App, told: &Told) -> Result<(), Refusal> {
    let payment = service::get(&mut app.db.read(), told.region, told.payment_id).await?;
    let (Some(serial), Some(paid_on)) = (payment.serial, payment.paid_on) else {
        return Err(Refusal::internal("a payment to be told is not paid"));
    };
    let callback = Callback {
        region: payment.region,
        payment_id: payment.payment_id,
        request_id: payment.request_id,
        order_number: payment.order_number,
        amount_fen: payment.amount,
        serial,
        paid_on,
    };
    let body = serde_json::to_vec(&callback).map_err(Refusal::internal)?;
    let headers = signed::sign(&client::own_key(app)?, &body)?;
    let sent = http()?
        .post(&payment.callback_url)
        .header("content-type", "application/json")
        .header(signed::TIMESTAMP, headers.timestamp)
        .header(signed::NONCE, headers.nonce)
        .header(signed::SIGNATURE, headers.signature)
        .body(body)
        .send()
        .await;
    match sent {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(not_taken(&format!("status {}", answer.status()))),
        Err(error) => Err(not_taken(&error.without_url().to_string())),
    }
}

fn not_taken(detail: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        standard::Finding::blocking(
            "callback_not_taken",
            "征收机构没有接收回调，稍后重试。",
            "The agency did not take the callback; it is tried again.",
        ),
    )
    .detail(detail)
}
