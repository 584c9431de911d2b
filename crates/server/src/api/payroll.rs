//! Payroll: runs, payslips, components, entries, files; and an employee's own payslips.

use super::{
    auth::SignedIn,
    problem::{ApiResult, Body},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use control::identity::Permission;
use employer::payroll::{
    accounting::{self, AccountingEntry},
    components::{self, DepartmentAccount, FormulaCheck, SchemeEdit, SchemeView, Trial, TrialResult},
    entry::{self, Entry, Opening},
    entry_view::{self, PayAccounts, PayEntries, PayOpenings},
    explain::{self, ExplainedPayslip},
    mine::{self, MyPayslip},
    payout::{self, FileForm, PayoutPreview},
    run::RunView,
    service, sheet,
    view::{self, RunDetail, SlipFilter, SlipPage},
};
use serde::{Deserialize, Serialize};
use standard::{Month, Refusal};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which runs.
#[derive(Deserialize, IntoParams)]
pub struct RunsOf {
    /// Only those of a month: 2026-09.
    pub month: Option<String>,
}

fn month_of(text: &str) -> Result<Month, Refusal> {
    Ok(Month::parse(text)?)
}

/// Runs, newest month first
#[utoipa::path(get, path = "/payroll/runs", tag = "payroll", operation_id = "list_pay_runs", params(RunsOf), responses((status = 200, body = Vec<RunView>)))]
pub async fn runs(State(app): State<App>, SignedIn(actor): SignedIn, Query(of): Query<RunsOf>) -> ApiResult<Json<Vec<RunView>>> {
    actor.require(Permission::PayrollView)?;
    let month = of.month.as_deref().filter(|text| !text.is_empty()).map(month_of).transpose()?;
    Ok(Json(service::list(&actor, &app.db, month).await?))
}

/// A month to be computed.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPayRun)]
pub struct NewRun {
    /// The month.
    pub month: Month,
}

/// Make the run of a month; after a lock it pays only the differences
#[utoipa::path(post, path = "/payroll/runs", tag = "payroll", operation_id = "make_pay_run", request_body = NewRun, responses((status = 202, body = RunView)))]
pub async fn make(State(app): State<App>, SignedIn(actor): SignedIn, Body(new): Body<NewRun>) -> ApiResult<(StatusCode, Json<RunView>)> {
    let run = service::start(&actor, &app.db, app.book, new.month).await?;
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// A run with the month before beside it
#[utoipa::path(get, path = "/payroll/runs/{id}", tag = "payroll", operation_id = "get_pay_run", params(("id" = Uuid, Path)), responses((status = 200, body = RunDetail)))]
pub async fn run(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<RunDetail>> {
    Ok(Json(view::get(&actor, &app.db, id).await?))
}

/// Which people of a run.
#[derive(Deserialize, IntoParams)]
pub struct PeopleOf {
    /// Part of the name, or the employee number.
    #[serde(default)]
    pub query: String,
    /// `findings` or `changed`.
    pub only: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most this many, 50 by default.
    pub limit: Option<i64>,
}

/// The people of a run, findings first
#[utoipa::path(get, path = "/payroll/runs/{id}/payslips", tag = "payroll", operation_id = "list_payslips", params(("id" = Uuid, Path), PeopleOf), responses((status = 200, body = SlipPage)))]
pub async fn people(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(of): Query<PeopleOf>,
) -> ApiResult<Json<SlipPage>> {
    let filter = SlipFilter {
        findings: of.only.as_deref() == Some("findings"),
        changed: of.only.as_deref() == Some("changed"),
        query: of.query,
        cursor: of.cursor,
        limit: of.limit.unwrap_or(50),
    };
    Ok(Json(view::people(&actor, &app.db, id, &filter).await?))
}

/// One payslip, each line explained with the law of its day
#[utoipa::path(get, path = "/payroll/runs/{id}/payslips/{employee}", tag = "payroll", operation_id = "get_payslip", params(("id" = Uuid, Path), ("employee" = Uuid, Path)), responses((status = 200, body = ExplainedPayslip)))]
pub async fn slip(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, employee)): Path<(Uuid, Uuid)>,
) -> ApiResult<Json<ExplainedPayslip>> {
    Ok(Json(explain::slip(&actor, &app.db, app.book, id, employee).await?))
}

fn pdf(bytes: Vec<u8>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"))], bytes)
}

/// One payslip as PDF
#[utoipa::path(get, path = "/payroll/runs/{id}/payslips/{employee}/payslip.pdf", tag = "payroll", operation_id = "payslip_pdf", params(("id" = Uuid, Path), ("employee" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn slip_pdf(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, employee)): Path<(Uuid, Uuid)>,
) -> ApiResult<impl IntoResponse> {
    Ok(pdf(sheet::pdf(&actor, &app.db, &app.renderer, app.book, id, employee).await?))
}

/// Cancel a run being made, or give up a draft
#[utoipa::path(post, path = "/payroll/runs/{id}/discard", tag = "payroll", operation_id = "discard_pay_run", params(("id" = Uuid, Path)), responses((status = 200, body = RunView)))]
pub async fn discard(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<RunView>> {
    Ok(Json(service::discard(&actor, &app.db, id).await?))
}

/// Hand a draft to the reviewer
#[utoipa::path(post, path = "/payroll/runs/{id}/submit", tag = "payroll", operation_id = "submit_pay_run", params(("id" = Uuid, Path)), responses((status = 200, body = RunView)))]
pub async fn submit(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<RunView>> {
    Ok(Json(service::submit(&actor, &app.db, id).await?))
}

/// What the reviewer says.
#[derive(Deserialize, ToSchema)]
#[schema(as = PayRunOpinion)]
pub struct Opinion {
    /// The opinion; needed to return.
    #[serde(default)]
    pub opinion: String,
}

/// Return a submitted run with the reason
#[utoipa::path(post, path = "/payroll/runs/{id}/return", tag = "payroll", operation_id = "return_pay_run", params(("id" = Uuid, Path)), request_body = Opinion, responses((status = 200, body = RunView)))]
pub async fn return_run(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(said): Body<Opinion>,
) -> ApiResult<Json<RunView>> {
    Ok(Json(service::return_run(&actor, &app.db, id, &said.opinion).await?))
}

/// Lock a run somebody else made
#[utoipa::path(post, path = "/payroll/runs/{id}/lock", tag = "payroll", operation_id = "lock_pay_run", params(("id" = Uuid, Path)), request_body = Opinion, responses((status = 200, body = RunView)))]
pub async fn lock(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Body(said): Body<Opinion>,
) -> ApiResult<Json<RunView>> {
    Ok(Json(service::lock(&actor, &app.db, id, &said.opinion).await?))
}

/// Who would be in the bank file and who not
#[utoipa::path(get, path = "/payroll/runs/{id}/payout", tag = "payroll", params(("id" = Uuid, Path)), responses((status = 200, body = PayoutPreview)))]
pub async fn payout(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<PayoutPreview>> {
    Ok(Json(payout::preview(&actor, &app.db, id).await?))
}

fn form_of(file: &str) -> Result<FileForm, Refusal> {
    match file.rsplit_once('.') {
        Some((_, "csv")) => Ok(FileForm::Csv),
        Some((_, "xlsx")) => Ok(FileForm::Xlsx),
        _ => Err(Refusal::not_found("no_such_file", "没有这种文件", "there is no such file")),
    }
}

fn attached(bytes: Vec<u8>, form: FileForm, name: &str) -> impl IntoResponse + use<> {
    let (kind, ending) = match form {
        FileForm::Csv => ("text/csv; charset=utf-8", "csv"),
        FileForm::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    };
    let name = format!("attachment; filename=\"{name}.{ending}\"");
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment")),
            ),
        ],
        bytes,
    )
}

/// The bank file: bank.csv or bank.xlsx; audited
#[utoipa::path(get, path = "/payroll/runs/{id}/bank/{file}", tag = "payroll", params(("id" = Uuid, Path), ("file" = String, Path)), responses((status = 200, content_type = "application/octet-stream")))]
pub async fn bank_file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, file)): Path<(Uuid, String)>,
) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::PayrollPrepare)?;
    let form = form_of(&file)?;
    Ok(attached(payout::file(&actor, &app.db, id, form).await?, form, "bank"))
}

/// The accounting entry
#[utoipa::path(get, path = "/payroll/runs/{id}/accounting", tag = "payroll", operation_id = "pay_accounting", params(("id" = Uuid, Path)), responses((status = 200, body = AccountingEntry)))]
pub async fn accounting(State(app): State<App>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> ApiResult<Json<AccountingEntry>> {
    Ok(Json(accounting::get(&actor, &app.db, id).await?))
}

/// The accounting entry as entry.csv or entry.xlsx
#[utoipa::path(get, path = "/payroll/runs/{id}/accounting/{file}", tag = "payroll", params(("id" = Uuid, Path), ("file" = String, Path)), responses((status = 200, content_type = "application/octet-stream")))]
pub async fn accounting_file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, file)): Path<(Uuid, String)>,
) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::PayrollView)?;
    let form = form_of(&file)?;
    Ok(attached(accounting::file(&actor, &app.db, id, form).await?, form, "entry"))
}

/// The people of a run as table.csv or table.xlsx; audited
#[utoipa::path(get, path = "/payroll/runs/{id}/table/{file}", tag = "payroll", params(("id" = Uuid, Path), ("file" = String, Path)), responses((status = 200, content_type = "application/octet-stream")))]
pub async fn table_file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, file)): Path<(Uuid, String)>,
) -> ApiResult<impl IntoResponse> {
    actor.require(Permission::PayrollPrepare)?;
    let form = form_of(&file)?;
    Ok(attached(accounting::table(&actor, &app.db, id, form).await?, form, "payroll"))
}

/// The pay components
#[utoipa::path(get, path = "/payroll/components", tag = "payroll", operation_id = "get_pay_components", responses((status = 200, body = SchemeView)))]
pub async fn components(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<SchemeView>> {
    Ok(Json(components::get(&actor, &app.db).await?))
}

/// Replace the pay components; made runs keep theirs
#[utoipa::path(put, path = "/payroll/components", tag = "payroll", operation_id = "put_pay_components", request_body = SchemeEdit, responses((status = 200, body = SchemeView)))]
pub async fn put_components(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(edit): Body<SchemeEdit>,
) -> ApiResult<Json<SchemeView>> {
    Ok(Json(components::put(&actor, &app.db, edit).await?))
}

/// A formula being typed.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct FormulaText {
    /// The text.
    pub formula: String,
}

/// Check a formula while it is typed
#[utoipa::path(post, path = "/payroll/components/check", tag = "payroll", operation_id = "check_formula", request_body = FormulaText, responses((status = 200, body = FormulaCheck)))]
pub async fn check_formula(SignedIn(actor): SignedIn, Body(text): Body<FormulaText>) -> ApiResult<Json<FormulaCheck>> {
    Ok(Json(components::check(&actor, &text.formula)?))
}

/// Try components on one person's month; nothing is stored
#[utoipa::path(post, path = "/payroll/components/try", tag = "payroll", operation_id = "try_pay_components", request_body = Trial, responses((status = 200, body = TrialResult)))]
pub async fn try_components(State(app): State<App>, SignedIn(actor): SignedIn, Body(trial): Body<Trial>) -> ApiResult<Json<TrialResult>> {
    Ok(Json(components::try_on(&actor, &app.db, app.book, trial).await?))
}

/// The account each department's pay is booked to
#[utoipa::path(get, path = "/payroll/accounts", tag = "payroll", operation_id = "list_pay_accounts", responses((status = 200, body = PayAccounts)))]
pub async fn accounts(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<PayAccounts>> {
    Ok(Json(entry_view::accounts(&actor, &app.db).await?))
}

/// Set the account a department's pay is booked to
#[utoipa::path(put, path = "/payroll/accounts", tag = "payroll", operation_id = "put_pay_account", request_body = DepartmentAccount, responses((status = 200, body = DepartmentAccount)))]
pub async fn put_account(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(one): Body<DepartmentAccount>,
) -> ApiResult<Json<DepartmentAccount>> {
    Ok(Json(components::put_account(&actor, &app.db, one).await?))
}

/// What was entered by hand for a month
#[utoipa::path(get, path = "/payroll/entries/{month}", tag = "payroll", operation_id = "list_pay_entries", params(("month" = String, Path)), responses((status = 200, body = PayEntries)))]
pub async fn entries(State(app): State<App>, SignedIn(actor): SignedIn, Path(month): Path<String>) -> ApiResult<Json<PayEntries>> {
    actor.require(Permission::PayrollView)?;
    Ok(Json(entry_view::entries(&actor, &app.db, month_of(&month)?).await?))
}

/// How many were taken.
#[derive(Serialize, ToSchema)]
#[schema(as = PayEntriesTaken)]
pub struct Taken {
    /// Entries stored.
    pub taken: usize,
}

/// Enter amounts for a month, all or none
#[utoipa::path(put, path = "/payroll/entries/{month}", tag = "payroll", operation_id = "put_pay_entries", params(("month" = String, Path)), request_body = Vec<Entry>, responses((status = 200, body = Taken)))]
pub async fn put_entries(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(month): Path<String>,
    Body(all): Body<Vec<Entry>>,
) -> ApiResult<Json<Taken>> {
    actor.require(Permission::PayrollPrepare)?;
    let taken = entry::put(&actor, &app.db, month_of(&month)?, &all).await?;
    Ok(Json(Taken { taken }))
}

/// What was paid and withheld in a year before the first run here
#[utoipa::path(get, path = "/payroll/openings/{year}", tag = "payroll", operation_id = "list_pay_openings", params(("year" = i32, Path)), responses((status = 200, body = PayOpenings)))]
pub async fn openings(State(app): State<App>, SignedIn(actor): SignedIn, Path(year): Path<i32>) -> ApiResult<Json<PayOpenings>> {
    Ok(Json(entry_view::openings(&actor, &app.db, year).await?))
}

/// Enter what was paid and withheld in a year before the first run here
#[utoipa::path(put, path = "/payroll/openings/{year}", tag = "payroll", operation_id = "put_pay_openings", params(("year" = i32, Path)), request_body = Vec<Opening>, responses((status = 200, body = Taken)))]
pub async fn put_openings(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(year): Path<i32>,
    Body(all): Body<Vec<Opening>>,
) -> ApiResult<Json<Taken>> {
    let taken = entry::put_openings(&actor, &app.db, year, &all).await?;
    Ok(Json(Taken { taken }))
}

/// One's own payslips
#[utoipa::path(get, path = "/me/payslips", tag = "me", operation_id = "my_payslips", responses((status = 200, body = Vec<MyPayslip>)))]
pub async fn my_payslips(State(app): State<App>, SignedIn(actor): SignedIn) -> ApiResult<Json<Vec<MyPayslip>>> {
    Ok(Json(mine::list(&actor, &app.db).await?))
}

/// One of one's own payslips, explained
#[utoipa::path(get, path = "/me/payslips/{run}", tag = "me", operation_id = "my_payslip", params(("run" = Uuid, Path)), responses((status = 200, body = ExplainedPayslip)))]
pub async fn my_payslip(State(app): State<App>, SignedIn(actor): SignedIn, Path(run): Path<Uuid>) -> ApiResult<Json<ExplainedPayslip>> {
    Ok(Json(mine::get(&actor, &app.db, app.book, run).await?))
}

/// One of one's own payslips as PDF
#[utoipa::path(get, path = "/me/payslips/{run}/payslip.pdf", tag = "me", operation_id = "my_payslip_pdf", params(("run" = Uuid, Path)), responses((status = 200, content_type = "application/pdf")))]
pub async fn my_payslip_pdf(State(app): State<App>, SignedIn(actor): SignedIn, Path(run): Path<Uuid>) -> ApiResult<impl IntoResponse> {
    Ok(pdf(sheet::my_pdf(&actor, &app.db, &app.renderer, app.book, run).await?))
}
