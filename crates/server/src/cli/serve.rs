//! `shebao serve`.

use super::{DataArgs, ServeOverrides};
use crate::{
    api,
    app::{App, start_workers},
};
use clap::Args;
use standard::{Finding, Refusal};
use std::process::ExitCode;

/// `shebao serve`.
#[derive(Args)]
pub struct ServeArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    overrides: ServeOverrides,
}

/// Opens the data and serves until asked to stop.
pub async fn run(args: ServeArgs) -> Result<ExitCode, Refusal> {
    let app = App::open(args.overrides.apply(args.data.config()?)?).await?;
    serve(app).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves `app` until Ctrl-C or SIGTERM; what is under way is finished first.
pub async fn serve(app: App) -> Result<(), Refusal> {
    let listener = bind(&app.config.listen).await?;
    if let Some(address) = &app.config.metrics_listen {
        let figures = axum::serve(bind(address).await?, api::metrics_router(app.clone()));
        tokio::spawn(figures.into_future());
    }
    let _presence = app.db.enter_service().await?;
    api::install_metrics();
    let workers = start_workers(&app);
    let app_db = app.db.clone();
    let open = app.clone();
    // Reading the fonts takes half a second: the first document should not wait for it.
    let renderer = app.renderer.clone();
    tokio::spawn(async move {
        if let Err(refusal) = renderer.prepare().await {
            tracing::warn!(%refusal, "documents cannot be made");
        }
    });
    eprintln!("社保通已启动 shebao is serving: {}", app.config.public_url());
    let served = axum::serve(
        listener,
        api::router(app).into_make_service_with_connect_info::<std::net::SocketAddr>(),
    )
    .with_graceful_shutdown(async move {
        asked_to_stop().await;
        open.listeners.close();
    })
    .await;
    workers.stop().await;
    app_db.settle().await?;
    served.map_err(Refusal::internal)
}

async fn bind(address: &str) -> Result<tokio::net::TcpListener, Refusal> {
    tokio::net::TcpListener::bind(address).await.map_err(|error| {
        Refusal::invalid(
            Finding::blocking(
                "listen_failed",
                format!("无法监听 {address}：{error}"),
                format!("cannot listen on {address}: {error}"),
            )
            .remedy(
                "请换一个地址，例如 --listen 127.0.0.1:8081",
                "choose another address, such as --listen 127.0.0.1:8081",
            ),
        )
    })
}

async fn asked_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
