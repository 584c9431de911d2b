//! The transport of a process: organisations served here are reached in the process, all others over HTTP.
//! One trait for both, so no context knows which it is.

use super::{App, Keys};
use crate::config::{Config, ServeRole};
use async_trait::async_trait;
use control::clock::now;
use exchange::{AddressBook, AgencyStatus, Answer, Answers, Envelope, HttpTransport, Question, Transport, TrustStore};
use futures::{
    FutureExt,
    future::{self, BoxFuture, Either, Shared},
};
use standard::{Organisation, Refusal, RegionCode};
use std::{pin::pin, sync::Arc, time::Duration};
use store::inbox;

/// Carries what one organisation of this process sends and asks.
pub struct Post {
    pub(super) app: App,
    pub(super) me: Organisation,
    /// What the agencies of this process know, looked up before they are asked.
    pub(super) foreseen: Option<Foreseen>,
}

type Foreseen = Shared<BoxFuture<'static, Result<Vec<AgencyStatus>, Refusal>>>;

/// The HTTP side, when the configuration names peers. Peers without an address are reached through the platform.
pub(super) fn remote(config: &Config, keys: &Keys) -> Result<Option<HttpTransport>, Refusal> {
    if config.role == ServeRole::All && config.peers.is_empty() {
        return Ok(None);
    }
    let mut book = AddressBook::default();
    let hub = config
        .peers
        .iter()
        .find(|p| p.organisation == Organisation::Platform)
        .and_then(|p| p.url.clone());
    for peer in &config.peers {
        let Some(url) = peer.url.clone().or_else(|| hub.clone()) else {
            continue;
        };
        match peer.organisation {
            Organisation::Platform => book.platform = Some(url),
            Organisation::Agency(region) => drop(book.agencies.insert(region, url)),
            Organisation::Employer(id) => drop(book.employers.insert(id, url)),
        }
    }
    let mut trust = exchange::TrustBook::new();
    for peer in &config.peers {
        if let Some(key) = keys.public_key(&peer.organisation) {
            trust.insert(peer.organisation, key);
        }
    }
    // The key is replaced by the speaker's own before anything is said.
    let nobody = standard::sm::SecretKey::from_bytes([1; 32])?;
    HttpTransport::new(Organisation::Platform, nobody, Arc::new(book), Arc::new(trust)).map(Some)
}

impl App {
    /// Takes a sealed message for an organisation of this process: checked, then effective exactly once.
    /// The platform passes on what is for another organisation.
    pub async fn receive(&self, envelope: &Envelope) -> Result<(), Refusal> {
        if !self.config.hosts(&envelope.to) {
            return self.relay(envelope).await;
        }
        self.know_sender(&envelope.from).await?;
        let message = envelope.open(&self.keys, now())?;
        let mut tx = self.db.begin().await?;
        if inbox::accept(&mut tx, &envelope.to, envelope.id).await? {
            self.dispatch(&mut tx, envelope, message).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Answers a sealed question under the seal of the organisation asked.
    pub async fn answer(&self, envelope: &Envelope) -> Result<Envelope, Refusal> {
        if !self.config.hosts(&envelope.to) {
            return Err(not_here(&envelope.to));
        }
        self.know_sender(&envelope.from).await?;
        let question = envelope.open_question(&self.keys, now())?;
        let answer = match envelope.to {
            Organisation::Platform => self.ask_platform(&question).await?,
            Organisation::Agency(region) => {
                self.agency_answers(&[region], &question, None)
                    .await
                    .pop()
                    .ok_or_else(|| not_here(&envelope.to))?
                    .1?
            }
            Organisation::Employer(_) => return Err(not_here(&envelope.to)),
        };
        let key = self.keys.secret(&self.db, &envelope.to).await?;
        envelope.seal_answer(&answer, uuid::Uuid::now_v7(), now(), &key)
    }

    /// What the platform of this process answers. While it looks up which agencies know the person, those of this process
    /// look the person up already: one wait for the database instead of two. The directory still decides whose word counts.
    async fn ask_platform(&self, question: &Question) -> Result<Answer, Refusal> {
        let mut post = self.post(Organisation::Platform);
        let regions = self.config.hosted_regions();
        let Question::Status(status) = question else {
            return platform::answer(&self.db, &post, question, self.query_deadline()).await;
        };
        if regions.is_empty() || self.db.database_url().is_none() {
            // SQLite answers within the process: there is no wait to save.
            return platform::answer(&self.db, &post, question, self.query_deadline()).await;
        }
        let (db, status) = (self.db.clone(), status.clone());
        let foreseen = async move { agency::status::answer(&mut db.read(), &regions, &status).await };
        let foreseen = foreseen.boxed().shared();
        post.foreseen = Some(foreseen.clone());
        let answering = platform::answer(&self.db, &post, question, self.query_deadline());
        // The look-up is driven until the answer is there; its own end is nobody's concern.
        match future::select(pin!(answering), foreseen).await {
            Either::Left((answer, _)) => answer,
            Either::Right((_, answering)) => answering.await,
        }
    }

    /// An employer of this process may speak to others of this process: its key is in the database.
    async fn know_sender(&self, from: &Organisation) -> Result<(), Refusal> {
        if self.keys.public_key(from).is_none() && self.config.hosts(from) && self.is_registered(from).await? {
            self.keys.secret(&self.db, from).await?;
        }
        Ok(())
    }

    async fn is_registered(&self, organisation: &Organisation) -> Result<bool, Refusal> {
        let mut q = self.db.read();
        Ok(control::seal::organisation_public_key(&mut q, organisation).await?.is_some())
    }

    async fn relay(&self, envelope: &Envelope) -> Result<(), Refusal> {
        match &self.remote {
            // Only the platform stands between others, and it passes on only what a known organisation signed.
            Some(remote) if self.config.hosts(&Organisation::Platform) => {
                envelope.open(&self.keys, now())?;
                remote.deliver(envelope).await
            }
            _ => Err(not_here(&envelope.to)),
        }
    }

    /// What the agencies of these regions, all of this process, say: one query for all.
    async fn agency_answers(&self, regions: &[RegionCode], question: &Question, foreseen: Option<Foreseen>) -> Answers {
        let told = match (question, foreseen) {
            (Question::Status(_), Some(foreseen)) => {
                let asked = |all: Vec<AgencyStatus>| all.into_iter().filter(|status| regions.contains(&status.region)).collect();
                foreseen.await.map(asked)
            }
            (Question::Status(status), None) => agency::status::answer(&mut self.db.read(), regions, status).await,
            (Question::Contacts, _) => Err(Refusal::not_found(
                "question_not_for_agency",
                "经办机构不答复通讯录查询",
                "an agency does not answer for the contact book",
            )),
        };
        match told {
            Ok(told) => told
                .into_iter()
                .map(|s| (Organisation::Agency(s.region), Ok(Answer::Agency(s))))
                .collect(),
            Err(refusal) => regions.iter().map(|r| (Organisation::Agency(*r), Err(refusal.clone()))).collect(),
        }
    }
}

fn not_here(organisation: &Organisation) -> Refusal {
    Refusal::not_found(
        "organisation_not_here",
        format!("{organisation} 不由本系统服务"),
        format!("{organisation} is not served here"),
    )
    .remedy("请检查通讯配置中的地址", "check the addresses of the peers")
}

impl Post {
    async fn remote(&self) -> Result<HttpTransport, Refusal> {
        let Some(remote) = &self.app.remote else {
            return Err(
                Refusal::unavailable("no_remote_transport", "本系统没有配置与其他机构的通讯", "no peers are configured")
                    .remedy("请在配置文件中添加 [[peers]]", "add [[peers]] to the configuration"),
            );
        };
        Ok(remote.speaking_for(self.me, self.app.keys.secret(&self.app.db, &self.me).await?))
    }
}

#[async_trait]
impl Transport for Post {
    async fn deliver(&self, envelope: &Envelope) -> Result<(), Refusal> {
        if self.app.config.hosts(&envelope.to) {
            return self.app.receive(envelope).await;
        }
        self.remote().await?.deliver(envelope).await
    }

    async fn ask(&self, to: &Organisation, question: Question) -> Result<Answer, Refusal> {
        if !self.app.config.hosts(to) {
            return self.remote().await?.ask(to, question).await;
        }
        match to {
            Organisation::Platform => self.app.ask_platform(&question).await,
            Organisation::Agency(region) => {
                self.app
                    .agency_answers(&[*region], &question, None)
                    .await
                    .pop()
                    .ok_or_else(|| not_here(to))?
                    .1
            }
            Organisation::Employer(_) => Err(not_here(to)),
        }
    }

    async fn ask_many(&self, to: &[Organisation], question: Question, within: Duration) -> Answers {
        let (here, away): (Vec<_>, Vec<_>) = to.iter().copied().partition(|o| self.app.config.hosts(o));
        let regions: Vec<RegionCode> = here
            .iter()
            .filter_map(|o| match o {
                Organisation::Agency(region) => Some(*region),
                _ => None,
            })
            .collect();
        let near = async {
            if regions.is_empty() {
                return Vec::new();
            }
            let asked = tokio::time::timeout(within, self.app.agency_answers(&regions, &question, self.foreseen.clone())).await;
            asked.unwrap_or_else(|_| here.iter().map(|o| (*o, Err(exchange::unanswered(o)))).collect())
        };
        let far = async {
            if away.is_empty() {
                return Vec::new();
            }
            match self.remote().await {
                Ok(remote) => remote.ask_many(&away, question.clone(), within).await,
                Err(refusal) => away.iter().map(|o| (*o, Err(refusal.clone()))).collect(),
            }
        };
        let (mut near, far) = futures::join!(near, far);
        near.extend(far);
        near
    }
}
