//! Signing keys of the organisations of this process, and the public keys of all it knows.

use crate::config::Config;
use control::seal;
use exchange::{TrustBook, TrustStore};
use standard::{
    Organisation, Refusal,
    sm::{PublicKey, SecretKey},
};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};
use store::Db;

/// Keys in memory; the database keeps them encrypted.
pub struct Keys {
    secret: RwLock<HashMap<Organisation, SecretKey>>,
    trust: RwLock<TrustBook>,
}

impl Keys {
    /// Trusts the peers of the configuration, and makes or loads the keys of the platform and the agencies here.
    /// Employers' keys come when they are first needed.
    pub async fn open(db: &Db, config: &Config) -> Result<Self, Refusal> {
        let mut trust = TrustBook::new();
        for peer in &config.peers {
            trust.insert(peer.organisation, PublicKey::from_hex(&peer.public_key)?);
        }
        let keys = Self {
            secret: RwLock::default(),
            trust: RwLock::new(trust),
        };
        let mut fixed: Vec<Organisation> = config.hosted_regions().into_iter().map(Organisation::Agency).collect();
        fixed.extend(config.hosts(&Organisation::Platform).then_some(Organisation::Platform));
        for organisation in fixed {
            keys.secret(db, &organisation).await?;
        }
        Ok(keys)
    }

    /// The signing key of an organisation of this process, made at first use.
    pub async fn secret(&self, db: &Db, organisation: &Organisation) -> Result<SecretKey, Refusal> {
        if let Some(key) = self.secret.read().unwrap_or_else(PoisonError::into_inner).get(organisation) {
            return Ok(key.clone());
        }
        let mut tx = db.begin().await?;
        let key = seal::organisation_key(&mut tx, organisation).await?;
        tx.commit().await?;
        self.trust
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(*organisation, key.public());
        self.secret
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(*organisation, key.clone());
        Ok(key)
    }
}

impl TrustStore for Keys {
    fn public_key(&self, organisation: &Organisation) -> Option<PublicKey> {
        self.trust.read().unwrap_or_else(PoisonError::into_inner).public_key(organisation)
    }
}
