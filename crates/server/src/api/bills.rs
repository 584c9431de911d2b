//! The employer's bills: what the agencies collect, paying, and bill files read back.

use super::{
    auth::SignedIn,
    cases::pdf,
    insurance_month::{DeclarationFilter, OfRegion, PageOf, workbook},
    problem::{ApiResult, Body},
    verify::file_of,
};
use crate::app::{App, cashier::Cashier};
use axum::{
    Json,
    extract::{Multipart, Path, Query, State},
    response::IntoResponse,
};
use control::{clock, identity::Permission};
use employer::insurance::{
    bill::{self, BillDetail, BillView, import::BillImport},
    export::ExportFile,
    payment::{self, PaymentStarted},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The largest bill file.
const FILE_MAX: usize = 50 << 20;

/// Bills, those owed first
#[utoipa::path(get, path = "/bills", tag = "bills", operation_id = "list_bills", params(DeclarationFilter), responses((status = 200, body = Vec<BillView>)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(filter): Query<DeclarationFilter>,
) -> ApiResult<Json<Vec<BillView>>> {
    Ok(Json(bill::list(&actor, &app.db, filter.month, filter.region).await?))
}

/// A bill with its people, receipts and payments
#[utoipa::path(get, path = "/bills/{id}", tag = "bills", operation_id = "get_bill", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = BillDetail)))]
pub async fn detail(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(page): Query<PageOf>,
) -> ApiResult<Json<BillDetail>> {
    Ok(Json(
        bill::get(&actor, &app.db, id, page.cursor.unwrap_or(0), page.limit.unwrap_or(100)).await?,
    ))
}

/// A sealed document of a bill as PDF: the agency's 征集单 or a 缴费回执
#[utoipa::path(get, path = "/bills/{id}/documents/{document}", tag = "bills", operation_id = "bill_document_pdf",
    params(("id" = Uuid, Path), ("document" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn document(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, document)): Path<(Uuid, Uuid)>,
) -> ApiResult<impl IntoResponse> {
    Ok(pdf(bill::documents::pdf(&actor, &app.db, id, document).await?))
}

/// Begin to pay a bill online; the payer goes on at the gateway's page
#[utoipa::path(post, path = "/bills/{id}/pay", tag = "bills", operation_id = "pay_bill", params(("id" = Uuid, Path)), responses((status = 200, body = PaymentStarted)))]
pub async fn pay(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<PaymentStarted>> {
    Ok(Json(payment::pay_online(&actor, &app.db, &Cashier, id).await?))
}

/// Which orders.
#[derive(Deserialize, ToSchema)]
pub struct BankOrders {
    /// Keys of the bills.
    pub orders: Vec<Uuid>,
}

/// A file for the bank over several bills
#[utoipa::path(post, path = "/bills/bank-file", tag = "bills", operation_id = "make_bank_file", request_body = BankOrders, responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn bank_file(State(app): State<App>, SignedIn(actor): SignedIn, Body(input): Body<BankOrders>) -> ApiResult<impl IntoResponse> {
    let bytes = payment::bank_file(&actor, &app.db, &input.orders).await?;
    Ok(workbook(ExportFile {
        name: format!("银行缴费-{}", clock::today()),
        bytes,
        people: input.orders.len(),
    }))
}

/// Read a region's bill file (.xlsx or .csv); a file with faults changes nothing
#[utoipa::path(post, path = "/bills/import", tag = "bills", operation_id = "import_bill", params(OfRegion), request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 200, body = BillImport), (status = 413, body = super::problem::Problem, content_type = "application/problem+json"), (status = 422, body = super::problem::Problem, content_type = "application/problem+json")))]
pub async fn import(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(of): Query<OfRegion>,
    form: Multipart,
) -> ApiResult<Json<BillImport>> {
    actor.require(Permission::InsuranceFile)?;
    let (name, bytes) = file_of(form, FILE_MAX).await?;
    Ok(Json(bill::import::import(&actor, &app.db, of.region, &name, &bytes).await?))
}

/// An empty bill file in our own form
#[utoipa::path(get, path = "/bills/template.xlsx", tag = "bills", operation_id = "bill_template", responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn template(SignedIn(actor): SignedIn) -> ApiResult<impl IntoResponse> {
    let bytes = bill::import::template(&actor)?;
    Ok(workbook(ExportFile {
        name: "账单明细".to_string(),
        bytes,
        people: 0,
    }))
}
