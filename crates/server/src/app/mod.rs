//! One running process: its database, keys, businesses, and the ways to the other organisations.

pub mod cashier;
mod dispatch;
mod keys;
mod listeners;
mod post;
mod pump;
mod status;
mod work;

use crate::config::Config;
use control::{document::Renderer, review::Registry};
use policy::RuleBook;
use standard::{Finding, Organisation, Refusal, RegionCode};
use std::{ops::Deref, sync::Arc, time::Duration};
use store::Db;

pub use keys::Keys;
pub use listeners::{Listeners, Seat};
pub use post::Post;
pub use pump::pump;
pub use status::PlatformStatus;
pub use work::{Workers, collection_documents, documents, nationwide_checks, start_workers};

/// Everything a request or a job needs. A clone is the same process.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// The parts of [`App`].
pub struct Inner {
    /// What the process was told.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The law in force.
    pub book: &'static RuleBook,
    /// The agencies' businesses.
    pub registry: Registry,
    /// Typesets documents.
    pub renderer: Renderer,
    /// Browsers that wait for news.
    pub listeners: Listeners,
    /// Signing keys of the organisations here, public keys of all.
    pub keys: Keys,
    remote: Option<exchange::HttpTransport>,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Opens the database (making it and the agencies of a new one) and the keys. Serves nothing yet.
    pub async fn open(config: Config) -> Result<Self, Refusal> {
        config.check()?;
        // Every HTTP client of the process needs it; an error means that another part installed one before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let db = Db::open(&config.store()).await?;
        let keys = Keys::open(&db, &config).await?;
        let remote = post::remote(&config, &keys)?;
        let book = law(&config)?;
        let registry = Registry::new(agency::businesses_paid_at(book, &config.public_url()));
        let renderer = Renderer::new_or_refusing(&config.font_dirs);
        let app = Self(Arc::new(Inner {
            config,
            db,
            book,
            registry,
            renderer,
            listeners: Listeners::default(),
            keys,
            remote,
        }));
        app.found_organisations().await?;
        Ok(app)
    }

    /// The way from one organisation of this process to all others.
    pub fn post(&self, me: Organisation) -> Post {
        Post {
            app: self.clone(),
            me,
            foreseen: None,
        }
    }

    /// Where an employer's nationwide queries go.
    pub fn status_source(&self, employer: uuid::Uuid) -> PlatformStatus {
        self.status_source_of(Organisation::Employer(employer))
    }

    /// Where the nationwide queries of an organisation of this process go.
    pub fn status_source_of(&self, asker: Organisation) -> PlatformStatus {
        PlatformStatus { app: self.clone(), asker }
    }

    /// The agency of a region, or the refusal `region_not_here` when another process is it.
    pub fn agency_here(&self, region: RegionCode) -> Result<Organisation, Refusal> {
        let office = Organisation::Agency(region);
        if self.config.hosts(&office) {
            return Ok(office);
        }
        Err(Refusal::invalid(
            Finding::blocking(
                "region_not_here",
                format!("{}不由本系统服务", region.full_name()),
                format!("{office} is not served here"),
            )
            .remedy(
                "请检查 --region 或配置中的 regions",
                "check --region or the regions of the configuration",
            ),
        ))
    }

    /// How long a nationwide query may take.
    pub fn query_deadline(&self) -> Duration {
        Duration::from_millis(self.config.query_deadline_ms)
    }

    /// A new database knows nobody: the platform's contact book and the agencies' own entries are made here, once.
    async fn found_organisations(&self) -> Result<(), Refusal> {
        let mut tx = self.db.begin().await?;
        if self.config.hosts(&Organisation::Platform) {
            platform::contact::seed(&mut tx).await?;
        }
        for region in self.config.hosted_regions() {
            agency::enrolment::found(&mut tx, region).await?;
        }
        tx.commit().await
    }
}

/// The law of the configured folder, or the built-in one. It is read once a process and lives as long.
fn law(config: &Config) -> Result<&'static RuleBook, Refusal> {
    Ok(match &config.law_dir {
        Some(dir) => Box::leak(Box::new(RuleBook::load(dir)?)),
        None => RuleBook::embedded(),
    })
}
