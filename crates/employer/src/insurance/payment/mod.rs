//! 缴费: online through the agency's gateway, or by a file for the bank. Beginning a payment changes nothing of the bill: that money came
//! is told by the agency's receipt alone.

use async_trait::async_trait;
use control::identity::{Actor, Permission};
use control::{audit, clock};
use rust_xlsxwriter::Workbook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Money, Refusal};
use store::{Db, Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;
use crate::insurance::bill::store::{self as bills, Bill};
use crate::people::company;

/// Most orders of one bank file.
const BANK_ORDERS_MAX: usize = 500;

/// What the gateway says of a payment begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Begun {
    /// The gateway's number.
    pub payment_id: String,
    /// Where the payer confirms it.
    pub page_url: String,
    /// What is to be paid: contributions and late fee of the day.
    pub amount_fen: Money,
    /// Contributions in it.
    pub principal_fen: Money,
    /// Late fee in it.
    pub late_fee_fen: Money,
}

/// The agency's online cashier. The server provides one over HTTP.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Begins the payment of an order at its address.
    async fn begin(&self, pay_url: &str) -> Result<Begun, Refusal>;
}

/// A payment begun, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentStarted {
    /// Key of our record.
    pub id: Uuid,
    /// The bill.
    pub order_id: Uuid,
    /// What the gateway says.
    pub gateway: Begun,
}

/// Begins an online payment of an order. The bill stays as it is until the receipt comes.
pub async fn pay_online(actor: &Actor, db: &Db, gateway: &dyn Gateway, order_id: Uuid) -> Result<PaymentStarted, Refusal> {
    actor.require(Permission::PaymentMake)?;
    let employer_id = employer_of(actor)?;
    let bill = payable(&bills::get(&mut db.read(), employer_id, order_id).await?)?.clone();
    let url = bill.pay_url.as_deref().ok_or_else(|| {
        Refusal::conflict("pay_online_not_offered", "该征集单不能在线缴费", "the order cannot be paid online")
            .remedy("请下载银行缴费文件到银行缴纳", "download the bank file and pay at the bank")
    })?;
    // Outside of any transaction: the gateway may take its time, and a lost answer only leaves a payment nobody confirmed.
    let begun = gateway.begin(url).await?;
    let id = Uuid::now_v7();
    let mut tx = db.begin().await?;
    record(
        &mut tx,
        actor,
        employer_id,
        (id, order_id),
        "online",
        begun.amount_fen,
        Some(&begun.payment_id),
        "begun",
    )
    .await?;
    tx.commit().await?;
    Ok(PaymentStarted {
        id,
        order_id,
        gateway: begun,
    })
}

/// Only an order on which money is owed can be paid.
fn payable(bill: &Bill) -> Result<&Bill, Refusal> {
    if bill.state.is_owed() {
        return Ok(bill);
    }
    Err(Refusal::conflict(
        "bill_not_payable",
        format!("征集单 {} {}，无需缴费", bill.order_number, bill.state.zh()),
        format!("order {} is {}; nothing is to be paid", bill.order_number, bill.state.key()),
    )
    .remedy("请刷新页面查看最新状态", "reload to see where it stands"))
}

/// The columns of the file for the bank. The reference names the order: the agency finds the money by it.
pub const BANK_HEADERS: [&str; 8] = [
    "序号",
    "征集单号",
    "收款机构",
    "所属期",
    "缴费单位",
    "统一社会信用代码",
    "金额(元)",
    "附言",
];

/// A file for the bank over several orders, and the note that it was made. Money counts when the receipt comes.
pub async fn bank_file(actor: &Actor, db: &Db, orders: &[Uuid]) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::PaymentMake)?;
    let employer_id = employer_of(actor)?;
    if orders.is_empty() || orders.len() > BANK_ORDERS_MAX {
        return Err(Refusal::invalid(
            Finding::blocking(
                "bank_file_orders",
                format!("请选择 1 至 {BANK_ORDERS_MAX} 张征集单"),
                format!("choose 1 to {BANK_ORDERS_MAX} orders"),
            )
            .field("orders"),
        ));
    }
    let mut tx = db.begin().await?;
    let wanted = chosen(&mut tx, employer_id, orders).await?;
    let company = company::get(&mut tx, employer_id).await?;
    let file = write(&company, &wanted).map_err(Refusal::internal)?;
    for bill in &wanted {
        let ids = (Uuid::now_v7(), bill.id);
        record(
            &mut tx,
            actor,
            employer_id,
            ids,
            "bank",
            bill.open,
            Some(&bill.order_number),
            "file_made",
        )
        .await?;
    }
    tx.commit().await?;
    Ok(file)
}

async fn chosen(tx: &mut Tx, employer_id: Uuid, orders: &[Uuid]) -> Result<Vec<Bill>, Refusal> {
    let owed = bills::owed(tx, employer_id, 10_000).await?;
    let mut wanted = Vec::with_capacity(orders.len());
    for id in orders.iter().collect::<std::collections::BTreeSet<_>>() {
        match owed.iter().find(|bill| bill.id == *id) {
            Some(bill) => wanted.push(bill.clone()),
            None => return Err(payable(&bills::get(tx, employer_id, *id).await?).err().unwrap_or_else(from_file)),
        }
    }
    Ok(wanted)
}

fn from_file() -> Refusal {
    Refusal::conflict(
        "bill_from_file",
        "从账单文件读入的征集单请在当地系统缴费",
        "a bill read from a file is paid in the region's own system",
    )
}

fn write(company: &company::Company, bills: &[Bill]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("社保缴费")?;
    for (column, header) in (0u16..).zip(BANK_HEADERS) {
        sheet.write_string(0, column, header)?;
        sheet.set_column_width(column, 22)?;
    }
    for (row, bill) in (1u32..).zip(bills) {
        let cells = [
            row.to_string(),
            bill.order_number.clone(),
            bill.office.clone(),
            bill.month.to_string(),
            company.name.clone(),
            company.credit_code.to_string(),
            bill.open.to_yuan(),
            format!("社保费 {}", bill.order_number),
        ];
        for (column, text) in (0u16..).zip(cells) {
            sheet.write_string(row, column, text)?;
        }
    }
    book.save_to_buffer()
}

#[allow(clippy::too_many_arguments)] // One row, written by two ways of paying.
async fn record(
    tx: &mut Tx,
    actor: &Actor,
    employer_id: Uuid,
    (id, order_id): (Uuid, Uuid),
    way: &str,
    amount: Money,
    reference: Option<&str>,
    outcome: &str,
) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_payment (employer_id, id, order_id, way, amount_fen, reference, outcome, made_by, made_name, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            employer_id,
            id,
            order_id,
            way,
            amount,
            reference,
            outcome,
            actor.user_id,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    let after = json!({ "way": way, "amount_fen": amount, "reference": reference });
    audit::record(tx, actor, "payment.begin", "bill", order_id, None, Some(after)).await
}
