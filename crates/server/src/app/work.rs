//! The background of a process: sending messages and running jobs. Each loop outlives its faults.

use super::{App, pump};
use standard::{Organisation, Refusal};
use std::{future::Future, time::Duration};
use tokio::{sync::watch, task::JoinHandle};

/// With nothing rung, retries and other processes' work are looked for this often.
const IDLE: Duration = Duration::from_secs(1);
/// After a fault of ours the loop waits this long.
const AFTER_FAULT: Duration = Duration::from_secs(2);

/// The running loops; [`Workers::stop`] lets each finish what it holds.
pub struct Workers {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Waits until every loop has put down what it held.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for handle in self.loops {
            if handle.await.is_err() {
                tracing::error!("a background loop ended by a panic");
            }
        }
    }
}

/// Starts sending messages and running jobs.
pub fn start_workers(app: &App) -> Workers {
    let (stop, stopped) = watch::channel(false);
    let loops = vec![
        tokio::spawn(run(app.clone(), stopped.clone(), "messages", |app| async move { pump(&app).await })),
        tokio::spawn(run(app.clone(), stopped.clone(), "employer jobs", |app| async move {
            employer_jobs(&app).await
        })),
        tokio::spawn(run(app.clone(), stopped.clone(), "documents", |app| async move {
            documents(&app).await
        })),
        tokio::spawn(run(app.clone(), stopped.clone(), "nationwide checks", |app| async move {
            nationwide_checks(&app).await
        })),
        tokio::spawn(run(app.clone(), stopped.clone(), "assessment runs", |app| async move {
            assessment_runs(&app).await
        })),
        tokio::spawn(run(app.clone(), stopped.clone(), "pay runs", |app| async move {
            employer::payroll::make::run_jobs(&app.db, app.book).await
        })),
        tokio::spawn(run(app.clone(), stopped.clone(), "collection documents", |app| async move {
            collection_documents(&app).await
        })),
        tokio::spawn(run(app.clone(), stopped.clone(), "gateway callbacks", |app| async move {
            gateway_callbacks(&app).await
        })),
        tokio::spawn(arrears(app.clone(), stopped.clone())),
        tokio::spawn(daily(app.clone(), stopped)),
    ];
    Workers { stop, loops }
}

/// How often stale statuses are looked for; what was refreshed lately is not asked again.
const DAILY: Duration = Duration::from_secs(24 * 60 * 60);

async fn daily(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(refusal) = employer::run_daily(&app.db, |employer| app.status_source(employer)).await {
            tracing::error!(%refusal, "daily refresh failed");
        }
        // After the refresh: what is found then is true of today.
        if let Err(refusal) = employer::insurance::tasks::run_all(&app.db, app.book, control::clock::today()).await {
            tracing::error!(%refusal, "daily clean-up failed");
        }
        tokio::select! {
            () = tokio::time::sleep(DAILY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// How often orders past their last day are looked for; what was done today is not done again.
const ARREARS: Duration = Duration::from_secs(60 * 60);

/// Reminds of orders past their last day, and compares yesterday with the gateway.
async fn arrears(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(refusal) = collection_day(&app, control::clock::today()).await {
            tracing::error!(%refusal, "the daily run of collection failed");
        }
        tokio::select! {
            () = tokio::time::sleep(ARREARS) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// The daily run of collection as of `day`, for every agency here; a second run of a day changes nothing.
pub async fn collection_day(app: &App, day: standard::Date) -> Result<(), Refusal> {
    use agency::collection::{arrears, gateway};
    let yesterday = day.yesterday().unwrap_or(day);
    for region in app.config.hosted_regions() {
        arrears::run(&app.db, app.book, region, day).await?;
        if gateway::is_compared(&mut app.db.read(), region, yesterday).await? {
            continue;
        }
        let Ok(way) = crate::gateway::AgencyGateway::of(app) else {
            continue;
        };
        let system = control::identity::Actor::system(Organisation::Agency(region));
        // A gateway that is silent now is asked again within the hour.
        if let Err(refusal) = gateway::reconcile(&system, &app.db, app.book, &way, yesterday).await {
            tracing::warn!(%refusal, region = region.number(), "a day was not compared with the gateway");
        }
    }
    Ok(())
}

/// Typesets and seals orders and receipts, and sends the receipts.
pub async fn collection_documents(app: &App) -> Result<usize, Refusal> {
    agency::collection::documents::run_jobs(&app.db, &app.renderer, &app.config.verify_base()).await
}

/// Tells agencies what was paid at the local gateway.
pub async fn gateway_callbacks(app: &App) -> Result<usize, Refusal> {
    if !app.config.serves_gateway() {
        return Ok(0);
    }
    crate::gateway::tell(app).await
}

async fn run<F, Fut>(app: App, mut stopped: watch::Receiver<bool>, name: &'static str, step: F)
where
    F: Fn(App) -> Fut + Send,
    Fut: Future<Output = Result<usize, Refusal>> + Send,
{
    let mut work = app.db.work();
    while !*stopped.borrow() {
        match step(app.clone()).await {
            Ok(0) => tokio::select! {
                () = work.wait(IDLE) => {}
                _ = stopped.changed() => {}
            },
            Ok(_) => {}
            Err(refusal) => {
                tracing::error!(loop_name = name, %refusal, "background work failed");
                tokio::select! {
                    () = tokio::time::sleep(AFTER_FAULT) => {}
                    _ = stopped.changed() => {}
                }
            }
        }
    }
}

/// Checks rosters against the nation, and refreshes what is known of people after a transfer.
async fn employer_jobs(app: &App) -> Result<usize, Refusal> {
    let recalculated = employer::insurance::retro::run_jobs(&app.db, app.book).await?;
    Ok(recalculated + employer::run_jobs(&app.db, |employer| app.status_source(employer)).await?)
}

/// Typesets and signs the agencies' documents.
pub async fn documents(app: &App) -> Result<usize, Refusal> {
    agency::transfer::documents::run_jobs(&app.db, &app.renderer, &app.config.verify_base()).await
}

/// Asks the platform what the agencies' enrolment cases wait for.
pub async fn nationwide_checks(app: &App) -> Result<usize, Refusal> {
    agency::enrolment::nationwide::run_jobs(&app.db, &app.registry, |region| app.post(Organisation::Agency(region))).await
}

/// Works off the runs over a region.
async fn assessment_runs(app: &App) -> Result<usize, Refusal> {
    agency::assessment::run::run_jobs(&app.db, app.book, &app.config.public_url(), app.config.assessment_piece).await
}
