//! Sending orders to the employers that owe them.

use std::collections::HashMap;

use ::store::{Query, Tx, args, in_list, outbox};
use exchange::Message;
use exchange::message::{CollectionOrder, MONTH_LINES_MAX, OfficeRef, OrderLine};
use standard::{Organisation, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::{Order, store};
use crate::collection::documents;
use crate::enrolment::office;

/// Sends one order with its `lines`, see [`send_orders`].
pub async fn send_order(tx: &mut Tx, region: RegionCode, order_id: Uuid, lines: Vec<OrderLine>, pay_base: &str) -> Result<(), Refusal> {
    send_orders(tx, region, vec![(order_id, lines)], pay_base).await
}

/// Sends orders to their employers once the transaction commits, each in parts of at most [`MONTH_LINES_MAX`] lines.
/// `pay_base` is the address of this agency's server, under which an order can be paid online; empty where it cannot.
pub async fn send_orders(tx: &mut Tx, region: RegionCode, orders: Vec<(Uuid, Vec<OrderLine>)>, pay_base: &str) -> Result<(), Refusal> {
    let ids: Vec<Uuid> = orders.iter().map(|(id, _)| *id).collect();
    let mut found: HashMap<Uuid, Order> = store::many(tx, region, &ids)
        .await?
        .into_iter()
        .map(|order| (order.order_id, order))
        .collect();
    let office = office_ref(tx, region).await?;
    let pay_base = pay_base.trim_end_matches('/');
    remember(tx, region, &ids, pay_base).await?;
    for (id, lines) in orders {
        let order = found
            .remove(&id)
            .ok_or_else(|| Refusal::not_found("order_not_found", "没有这张征集单。", "There is no such order."))?;
        let pay_url = (!pay_base.is_empty() && order.kind != super::OrderKind::Refund).then(|| pay_url(pay_base, region, &order.pay_code));
        send_parts(tx, &order, lines, pay_url, &office).await?;
        documents::order_wanted(tx, &order).await?;
    }
    Ok(())
}

/// Where an order is paid: a public address that names no employer and cannot be guessed.
pub fn pay_url(pay_base: &str, region: RegionCode, pay_code: &str) -> String {
    format!("{pay_base}/api/v1/collection/pay/{region}-{pay_code}")
}

/// Notes that orders were sent, and where they are paid online.
async fn remember(tx: &mut Tx, region: RegionCode, ids: &[Uuid], pay_base: &str) -> Result<(), Refusal> {
    let (now, base) = (
        Timestamp::now(),
        if pay_base.is_empty() {
            String::new()
        } else {
            pay_url(pay_base, region, "")
        },
    );
    for chunk in ids.chunks(400) {
        let mut args = args![region, now, &base];
        args.extend(chunk);
        let sql = format!(
            "UPDATE agency_order SET sent_at = $2, pay_url = CASE WHEN $3 = '' OR kind = 'refund' THEN pay_url ELSE $3 || pay_code END
             WHERE region = $1 AND order_id IN {}",
            in_list(chunk.len(), 4)
        );
        tx.execute(&sql, args).await?;
    }
    Ok(())
}

async fn send_parts(tx: &mut Tx, order: &Order, lines: Vec<OrderLine>, pay_url: Option<String>, office: &OfficeRef) -> Result<(), Refusal> {
    let parts = u32::try_from(lines.len().div_ceil(MONTH_LINES_MAX).max(1)).unwrap_or(u32::MAX);
    let mut rest = lines;
    for part in 1..=parts {
        let later = if rest.len() > MONTH_LINES_MAX {
            rest.split_off(MONTH_LINES_MAX)
        } else {
            Vec::new()
        };
        let message = Message::CollectionOrder(CollectionOrder {
            order_id: order.order_id,
            order_number: order.order_number.clone(),
            kind: order.kind,
            employer_id: order.employer_id,
            region: order.region,
            month: order.month,
            filing_id: order.filing_id,
            lines: std::mem::replace(&mut rest, later),
            part,
            parts,
            total_fen: order.total,
            issued_on: order.issued_on,
            due_on: order.due_on,
            pay_url: pay_url.clone(),
            office: office.clone(),
            document: None,
        });
        tell(tx, order, &message).await?;
    }
    Ok(())
}

/// The office as messages name it.
pub(crate) async fn office_ref(tx: &mut Tx, region: RegionCode) -> Result<OfficeRef, Refusal> {
    let party = office(tx, region).await?;
    Ok(OfficeRef {
        name: party.name,
        region: Some(region),
        phone: Some(party.phone),
        actor_masked: None,
    })
}

/// Sends `message` to the employer of `order` once the transaction commits.
pub(crate) async fn tell(tx: &mut Tx, order: &Order, message: &Message) -> Result<(), Refusal> {
    let (from, to) = (Organisation::Agency(order.region), Organisation::Employer(order.employer_id));
    outbox::post(tx, &from, &to, message.kind(), &message.body_json().to_string()).await?;
    Ok(())
}
