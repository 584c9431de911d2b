//! 征集单 and 缴费回执: wanted in the transaction that causes them, typeset and sealed afterwards by [`run_jobs`], and sent to the
//! employer: the receipt with its document, or without one where none can be typeset; the order goes first, its document follows.

use ::store::{Db, Tx, jobs};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::clock;
use control::document::{self, Entry, Form, Mark, OrderAmount, Renderer};
use control::identity::Actor;
use control::seal::{self, SealedDocument, SignRequest, VerifyCode};
use exchange::Message;
use exchange::message::{AgencyParty, OfficeRef, OrderDocument, PaymentReceipt, SignedDocument};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use standard::{Insurance, Organisation, Refusal, RegionCode};
use uuid::Uuid;

use super::order::{self, Order, OrderKind};
use super::payment::{self, Payment, Way};
use crate::enrolment;

/// Receipts go before orders: a region assessed at once wants thousands of orders laid out.
const RECEIPTS: &str = "agency_payment_receipt";
const ORDERS: &str = "agency_collection_order";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Order,
    Receipt,
}

#[derive(Serialize, Deserialize)]
struct Wanted {
    region: RegionCode,
    kind: Kind,
    /// The order, or the payment.
    id: Uuid,
}

/// Asks for the 征集单 as a document once the transaction commits.
pub(super) async fn order_wanted(tx: &mut Tx, order: &Order) -> Result<(), Refusal> {
    wanted(tx, order.region, Kind::Order, order.order_id).await
}

/// Asks for the receipt of a payment towards an order once the transaction commits.
pub(super) async fn receipt_wanted(tx: &mut Tx, payment: &Payment) -> Result<(), Refusal> {
    wanted(tx, payment.region, Kind::Receipt, payment.payment_id).await
}

async fn wanted(tx: &mut Tx, region: RegionCode, kind: Kind, id: Uuid) -> Result<(), Refusal> {
    let key = format!("{region}:{kind:?}:{id}");
    let queue = match kind {
        Kind::Order => ORDERS,
        Kind::Receipt => RECEIPTS,
    };
    jobs::enqueue(tx, queue, Some(&key), &Wanted { region, kind, id }, clock::now()).await?;
    Ok(())
}

/// Makes the documents that are wanted, at most a few, sends the receipts, and says how many.
pub async fn run_jobs(db: &Db, renderer: &Renderer, verify_base: &str) -> Result<usize, Refusal> {
    let lease = SignedDuration::from_secs(120);
    let mut due = jobs::claim(db, RECEIPTS, 8, lease).await?;
    if due.is_empty() {
        due = jobs::claim(db, ORDERS, 8, lease).await?;
    }
    let count = due.len();
    for job in due {
        let made = match job.body::<Wanted>() {
            Ok(wanted) => make(db, renderer, verify_base, &wanted).await.map(|made| (wanted, made)),
            Err(refusal) => Err(refusal),
        };
        let mut tx = db.begin().await?;
        match made {
            Ok((wanted, made)) => {
                if jobs::ack(&mut tx, &job).await? {
                    finish(&mut tx, &wanted, made).await?;
                }
            }
            Err(refusal) => jobs::fail(&mut tx, &job, refusal.rule()).await?,
        }
        tx.commit().await?;
    }
    Ok(count)
}

/// What is known when the page is laid out.
struct Made {
    order: Order,
    payment: Option<Payment>,
    office: AgencyParty,
    page: Option<(VerifyCode, document::Template, Vec<u8>, standard::Timestamp)>,
}

async fn make(db: &Db, renderer: &Renderer, verify_base: &str, wanted: &Wanted) -> Result<Option<Made>, Refusal> {
    let mut q = db.read();
    let payment = match wanted.kind {
        Kind::Order => None,
        Kind::Receipt => payment::store::find(&mut q, wanted.region, wanted.id).await?,
    };
    let order_id = match (&payment, wanted.kind) {
        (Some(payment), _) => payment.order_id,
        (None, Kind::Order) => Some(wanted.id),
        (None, Kind::Receipt) => None,
    };
    let Some(order_id) = order_id else { return Ok(None) };
    let order = order::get(&mut q, wanted.region, order_id).await?;
    let office = enrolment::office(&mut q, wanted.region).await?;
    let code = VerifyCode::new()?;
    let signed_at = clock::now();
    let mark = Mark::sealed(&code.grouped(), verify_base, &office.name, signed_at);
    let laid_out = match &payment {
        None => (
            document::CollectionOrder::TEMPLATE,
            renderer.render(&order_form(&order, &office)?, mark).await,
        ),
        Some(payment) => (
            document::PaymentReceipt::TEMPLATE,
            renderer.render(&receipt_form(&order, payment, &office)?, mark).await,
        ),
    };
    let page = match laid_out {
        (template, Ok(rendered)) => Some((code, template, rendered.pdf, signed_at)),
        // Without fonts no page can be made; the employer must have its receipt all the same.
        (_, Err(refusal)) => {
            tracing::warn!(%refusal, "a collection document could not be typeset");
            None
        }
    };
    Ok(Some(Made {
        order,
        payment,
        office,
        page,
    }))
}

async fn finish(tx: &mut Tx, wanted: &Wanted, made: Option<Made>) -> Result<(), Refusal> {
    let Some(made) = made else { return Ok(()) };
    let actor = Actor::system(Organisation::Agency(wanted.region));
    let mut document = None;
    if let Some((code, kind, pdf, signed_at)) = &made.page {
        let request = SignRequest {
            code: code.clone(),
            kind: *kind,
            pdf,
            office_name: &made.office.name,
            subject: &made.order.employer_name,
            reference: Some(made.order.order_id),
            signed_at: *signed_at,
        };
        let sealed = seal::sign_document(tx, &actor, request).await?;
        document = Some(signed(&sealed, pdf));
    }
    match (&made.payment, document) {
        (Some(payment), document) => send_receipt(tx, &made, payment, document).await,
        (None, Some(document)) => send_document(tx, &made, document).await,
        (None, None) => Ok(()),
    }
}

/// The sealed 征集单 follows its order to the employer.
async fn send_document(tx: &mut Tx, made: &Made, document: SignedDocument) -> Result<(), Refusal> {
    let message = Message::OrderDocument(OrderDocument {
        order_id: made.order.order_id,
        region: made.order.region,
        office: office_of(made),
        document,
        at: clock::now(),
    });
    order::tell(tx, &made.order, &message).await
}

fn office_of(made: &Made) -> OfficeRef {
    OfficeRef {
        name: made.office.name.clone(),
        region: Some(made.order.region),
        phone: Some(made.office.phone.clone()),
        actor_masked: None,
    }
}

fn signed(sealed: &SealedDocument, pdf: &[u8]) -> SignedDocument {
    SignedDocument {
        verify_code: sealed.code.clone(),
        digest: sealed.digest.clone(),
        signature: sealed.signature.clone(),
        public_key: sealed.public_key.clone(),
        pdf_base64: Some(STANDARD.encode(pdf)),
    }
}

async fn send_receipt(tx: &mut Tx, made: &Made, payment: &Payment, document: Option<SignedDocument>) -> Result<(), Refusal> {
    let order = &made.order;
    let message = Message::PaymentReceipt(PaymentReceipt {
        order_id: order.order_id,
        order_number: order.order_number.clone(),
        region: order.region,
        payment_number: payment.payment_number.clone(),
        paid_fen: payment.principal,
        late_fee_fen: payment.late_fee,
        suspense_fen: payment.suspense,
        open_fen: payment.open,
        way: if payment.way == Way::Online { "online" } else { "bank" }.to_owned(),
        paid_on: payment.paid_on,
        at: clock::now(),
        office: office_of(made),
        document,
    });
    order::tell(tx, order, &message).await?;
    order::store::event(tx, order, "receipt_sent", "系统", Some(payment.amount), &payment.payment_number).await
}

fn kind_zh(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Regular => "正常应缴",
        OrderKind::Back => "补缴",
        OrderKind::Refund => "退费",
        OrderKind::Undeclared => "未申报核定",
    }
}

fn order_form(order: &Order, office: &AgencyParty) -> Result<document::CollectionOrder, Refusal> {
    let amounts = Insurance::ALL
        .into_iter()
        .filter_map(|insurance| {
            let index = insurance as usize;
            let sum = order.totals.of(insurance).ok().filter(|sum| !sum.is_zero())?;
            Some(OrderAmount {
                insurance: insurance.zh().to_owned(),
                employer: Entry::given(order.totals.employer[index].to_yuan()),
                employee: Entry::given(order.totals.employee[index].to_yuan()),
                sum: Entry::given(sum.to_yuan()),
            })
        })
        .collect();
    Ok(document::CollectionOrder {
        number: Entry::given(&order.order_number),
        kind: Entry::given(kind_zh(order.kind)),
        employer_name: Entry::given(&order.employer_name),
        month: Entry::month(order.month),
        people: Entry::count(order.people),
        amounts,
        total: Entry::money(order.total),
        due_on: Entry::date(order.due_on),
        office: Entry::given(&office.name),
        account_name: Entry::given(&office.account_name),
        account: Entry::given(&office.account),
        bank_name: Entry::given(&office.bank_name),
        phone: Entry::given(&office.phone),
        issued_on: Entry::date(order.issued_on),
    })
}

fn receipt_form(order: &Order, payment: &Payment, office: &AgencyParty) -> Result<document::PaymentReceipt, Refusal> {
    let way = match payment.way {
        Way::Online => "网上缴费",
        Way::Bank => "银行转账",
        Way::Suspense => "暂收款转缴",
    };
    Ok(document::PaymentReceipt {
        number: Entry::given(&payment.payment_number),
        order_number: Entry::given(&order.order_number),
        kind: Entry::given(kind_zh(order.kind)),
        employer_name: Entry::given(&order.employer_name),
        month: Entry::month(order.month),
        way: Entry::given(way),
        reference: Entry::optional(Some(payment.reference.as_str())),
        paid_on: Entry::date(payment.paid_on),
        principal: Entry::money(payment.principal),
        late_fee: Entry::money(payment.late_fee),
        suspense: Entry::money(payment.suspense),
        total: Entry::money(payment.amount),
        open: Entry::money(payment.open),
        office: Entry::given(&office.name),
        phone: Entry::given(&office.phone),
        issued_on: Entry::date(clock::today()),
    })
}
