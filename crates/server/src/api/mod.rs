//! HTTP: each handler turns a request into one call of a context and its answer back. Nothing is decided here.

mod agency_desk;
mod assessment;
mod attendance;
mod auth;
mod bills;
mod calculations;
mod cases;
mod changes;
mod collection;
mod company;
mod employees;
mod exchange_in;
mod front;
mod idempotent;
mod insurance_month;
mod my_attendance;
mod notices;
mod outward;
mod pay;
mod payroll;
mod people_file;
pub(crate) mod problem;
mod reconcile;
mod rosters;
mod sessions;
mod system;
mod throttle;
mod trail;
mod transfers;
mod verify;

use crate::{app::App, assets};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::header,
    middleware,
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
    csrf::CsrfLayer,
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The largest body any path takes; a file larger than its own bound but within this is refused with the reason.
pub const BODY_MAX: usize = 64 << 20;
/// The largest JSON body.
const JSON_MAX: usize = 2 << 20;

pub use system::install_metrics;
pub use transfers::PlatformContacts;

/// The head of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "shebao 社保通",
        description = "Money is an integer of fen, a month is \"2025-06\", a date is ISO 8601, a region is a six-digit GB/T 2260 code. \
            Every refusal is application/problem+json with findings. Writes take an Idempotency-Key.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(problem::Problem, standard::Finding))
)]
struct Head;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sessions::sign_in))
        .routes(routes!(sessions::current, sessions::sign_out))
        .routes(routes!(sessions::captcha))
        .routes(routes!(sessions::change_password))
        .routes(routes!(notices::list))
        .routes(routes!(notices::read_one))
        .routes(routes!(notices::read_all))
        .routes(routes!(changes::changes))
        .routes(routes!(employees::home))
        .routes(routes!(employees::status_query))
        .routes(routes!(employees::list, employees::hire))
        .routes(routes!(employees::wage_check))
        .routes(routes!(employees::detail, employees::edit))
        .routes(routes!(employees::reveal))
        .routes(routes!(employees::enrol))
        .routes(routes!(employees::enrolments))
        .routes(routes!(employees::refresh_status))
        .routes(routes!(employees::contacts))
        .routes(routes!(employees::deadlines))
        .routes(routes!(people_file::detail))
        .routes(routes!(people_file::set_wage))
        .routes(routes!(people_file::place))
        .routes(routes!(people_file::edit_terms))
        .routes(routes!(people_file::add_contract))
        .routes(routes!(people_file::end_contract))
        .routes(routes!(people_file::expiring))
        .routes(routes!(people_file::set_account))
        .routes(routes!(people_file::add_claim))
        .routes(routes!(people_file::end_claim))
        .routes(routes!(people_file::read_document, people_file::remove_document))
        .routes(routes!(people_file::leave_unit))
        .routes(routes!(people_file::revoke_leave))
        .routes(routes!(people_file::rehire))
        .routes(routes!(people_file::create_login))
        .routes(routes!(people_file::duplicates))
        .routes(routes!(people_file::keep_apart))
        .routes(routes!(people_file::merges, people_file::merge))
        .routes(routes!(people_file::undo_merge))
        .routes(routes!(company::get, company::edit))
        .routes(routes!(company::industries))
        .routes(routes!(company::departments, company::add_department, company::rename_department))
        .routes(routes!(company::remove_department))
        .routes(routes!(company::views, company::save_view))
        .routes(routes!(company::remove_view))
        .routes(routes!(company::preview_change))
        .routes(routes!(company::change))
        .routes(routes!(company::export))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(people_file::add_document))
                .routes(routes!(company::import))
                .routes(routes!(company::import_errors))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .routes(routes!(transfers::list, transfers::start))
        .routes(routes!(transfers::detail))
        .routes(routes!(transfers::edit_form))
        .routes(routes!(transfers::application_pdf))
        .routes(routes!(transfers::document_pdf))
        .routes(routes!(transfers::sign))
        .routes(routes!(transfers::file))
        .routes(routes!(transfers::withdraw))
        .routes(routes!(transfers::confirm))
        .routes(routes!(rosters::template))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(rosters::list, rosters::upload))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .routes(routes!(rosters::detail))
        .routes(routes!(rosters::result_file))
        .routes(routes!(rosters::errors_file))
        .routes(routes!(rosters::retry))
        .routes(routes!(rosters::accept))
        .routes(routes!(rosters::start_transfers))
        .routes(routes!(payroll::runs, payroll::make))
        .routes(routes!(payroll::run))
        .routes(routes!(payroll::people))
        .routes(routes!(payroll::slip))
        .routes(routes!(payroll::slip_pdf))
        .routes(routes!(payroll::discard))
        .routes(routes!(payroll::submit))
        .routes(routes!(payroll::return_run))
        .routes(routes!(payroll::lock))
        .routes(routes!(payroll::payout))
        .routes(routes!(payroll::bank_file))
        .routes(routes!(payroll::accounting))
        .routes(routes!(payroll::accounting_file))
        .routes(routes!(payroll::table_file))
        .routes(routes!(payroll::components, payroll::put_components))
        .routes(routes!(payroll::check_formula))
        .routes(routes!(payroll::try_components))
        .routes(routes!(payroll::accounts, payroll::put_account))
        .routes(routes!(payroll::entries, payroll::put_entries))
        .routes(routes!(payroll::openings, payroll::put_openings))
        .routes(routes!(payroll::my_payslips))
        .routes(routes!(payroll::my_payslip))
        .routes(routes!(payroll::my_payslip_pdf))
        .routes(routes!(cases::queue))
        .routes(routes!(cases::detail))
        .routes(routes!(cases::take))
        .routes(routes!(cases::release))
        .routes(routes!(cases::recheck))
        .routes(routes!(cases::pass))
        .routes(routes!(cases::approve))
        .routes(routes!(cases::return_for_correction))
        .routes(routes!(cases::refuse))
        .routes(routes!(cases::reverse))
        .routes(routes!(cases::documents))
        .routes(routes!(cases::document_pdf))
        .routes(routes!(cases::reasons))
        .routes(routes!(cases::opinions))
        .routes(routes!(agency_desk::home))
        .routes(routes!(agency_desk::search))
        .routes(routes!(agency_desk::person))
        .routes(routes!(agency_desk::reveal))
        .routes(routes!(agency_desk::check_enrolment))
        .routes(routes!(agency_desk::draft_enrolment))
        .routes(routes!(agency_desk::edit_draft))
        .routes(routes!(agency_desk::preview_draft))
        .routes(routes!(agency_desk::submit_draft))
        .routes(routes!(agency_desk::withdraw_draft))
        .routes(routes!(agency_desk::transfer))
        .routes(routes!(agency_desk::case_transfer))
        .routes(routes!(assessment::units))
        .routes(routes!(assessment::unit))
        .routes(routes!(assessment::roll))
        .routes(routes!(assessment::lines))
        .routes(routes!(assessment::declare))
        .routes(routes!(assessment::template))
        .routes(routes!(assessment::runs, assessment::start_run))
        .routes(routes!(assessment::one_run))
        .routes(routes!(assessment::cancel_run))
        .routes(routes!(assessment::run_employers))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(assessment::read_file))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(verify::look_up, verify::compare))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .routes(routes!(attendance::month))
        .routes(routes!(attendance::employee))
        .routes(routes!(attendance::correct))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(attendance::imports, attendance::upload))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .routes(routes!(attendance::list_requests, attendance::ask))
        .routes(routes!(attendance::approve))
        .routes(routes!(attendance::refuse))
        .routes(routes!(attendance::withdraw))
        .routes(routes!(attendance::revoke))
        .routes(routes!(attendance::balances))
        .routes(routes!(attendance::grant))
        .routes(routes!(attendance::get_settings))
        .routes(routes!(attendance::add_group))
        .routes(routes!(attendance::edit_group, attendance::remove_group))
        .routes(routes!(attendance::put_members))
        .routes(routes!(attendance::schedule, attendance::put_schedule))
        .routes(routes!(attendance::put_days))
        .routes(routes!(attendance::closing, attendance::close_month))
        .routes(routes!(attendance::reopen_month))
        .routes(routes!(my_attendance::today))
        .routes(routes!(my_attendance::clock_now))
        .routes(routes!(my_attendance::month))
        .routes(routes!(my_attendance::requests, my_attendance::ask))
        .routes(routes!(collection::orders))
        .routes(routes!(collection::order))
        .routes(routes!(collection::people))
        .routes(routes!(collection::document))
        .routes(routes!(collection::cancel))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(collection::files, collection::import))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .routes(routes!(collection::export))
        .routes(routes!(collection::file))
        .routes(routes!(collection::download))
        .routes(routes!(collection::suspense))
        .routes(routes!(collection::match_suspense))
        .routes(routes!(collection::arrears))
        .routes(routes!(collection::refunds, collection::propose_refund))
        .routes(routes!(collection::refund_paid))
        .routes(routes!(collection::gateway_days, collection::compare_day))
        .routes(routes!(pay::view, pay::start))
        .routes(routes!(pay::callback))
        .routes(routes!(insurance_month::months))
        .routes(routes!(insurance_month::board))
        .routes(routes!(insurance_month::task_board))
        .routes(routes!(insurance_month::sweep))
        .routes(routes!(insurance_month::stops, insurance_month::prepare_stops))
        .routes(routes!(insurance_month::stop_detail, insurance_month::edit_stop))
        .routes(routes!(insurance_month::file_stop))
        .routes(routes!(insurance_month::export_stop))
        .routes(routes!(insurance_month::export_joiners))
        .routes(routes!(insurance_month::preview_bases, insurance_month::accept_bases))
        .routes(routes!(insurance_month::set_base))
        .routes(routes!(insurance_month::bases))
        .routes(routes!(insurance_month::declarations, insurance_month::prepare_declaration))
        .routes(routes!(insurance_month::declaration_detail))
        .routes(routes!(insurance_month::file_declaration))
        .routes(routes!(insurance_month::export_declaration))
        .routes(routes!(insurance_month::retros, insurance_month::start_retro))
        .routes(routes!(insurance_month::retro_detail))
        .routes(routes!(insurance_month::cancel_retro))
        .routes(routes!(insurance_month::propose))
        .routes(routes!(insurance_month::adjustment_lines))
        .routes(routes!(insurance_month::file_adjustment))
        .routes(routes!(bills::list))
        .routes(routes!(bills::detail))
        .routes(routes!(bills::document))
        .routes(routes!(bills::pay))
        .routes(routes!(bills::bank_file))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(bills::import))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        )
        .routes(routes!(bills::template))
        .routes(routes!(reconcile::page))
        .routes(routes!(reconcile::decide, reconcile::trace))
        .routes(routes!(trail::trail))
        .routes(routes!(calculations::catalogue))
        .routes(routes!(calculations::calculate))
        .routes(routes!(calculations::law))
}

/// All paths under their prefix, with the head of the document.
fn whole() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Head::openapi()).nest("/api/v1", api())
}

/// The OpenAPI document, made from the handlers without a running server.
pub fn openapi() -> utoipa::openapi::OpenApi {
    whole().into_openapi()
}

/// Everything a process serves.
pub fn router(app: App) -> Router {
    let (api, document) = whole().split_for_parts();
    let document = serde_json::to_string(&document).expect("the document is plain data");
    // Layers of one stack share one box a request; each call of `layer` would add its own.
    let api = api.layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(app.clone(), outward::note_denials))
            .layer(CsrfLayer::new())
            .layer(middleware::from_fn_with_state(app.clone(), idempotent::layer))
            .layer(DefaultBodyLimit::max(JSON_MAX)),
    );
    // The gateway's paths, where this process is one.
    let gateway = if app.config.serves_gateway() {
        crate::gateway::router()
    } else {
        Router::new()
    };
    Router::new()
        .merge(api)
        .merge(gateway)
        .route(
            "/api/v1/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], document) }),
        )
        .route(
            exchange::MESSAGES_PATH,
            post(exchange_in::message).layer(DefaultBodyLimit::max(8 << 20)),
        )
        .route(
            exchange::QUESTIONS_PATH,
            post(exchange_in::question).layer(DefaultBodyLimit::max(64 << 10)),
        )
        .route("/healthz", get(system::alive))
        .route("/readyz", get(system::ready))
        .route("/assets/{*name}", get(assets::file))
        .fallback(assets::page)
        .layer(
            ServiceBuilder::new().layer(middleware::from_fn(front::front)).layer(
                CompressionLayer::new().compress_when(
                    SizeAbove::new(1024)
                        .and(NotForContentType::new("application/pdf"))
                        .and(NotForContentType::SSE),
                ),
            ),
        )
        .with_state(app)
}

/// What an address for the operator alone serves: how many people ask for what is nobody else's business.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", get(system::metrics)).with_state(app)
}
