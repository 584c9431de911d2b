//! Whose signature is believed.

use std::collections::HashMap;

use standard::Organisation;
use standard::sm::PublicKey;

/// Knows the public key of each organisation that may speak.
pub trait TrustStore: Send + Sync {
    /// The organisation's public key; nothing when it is unknown or no longer trusted.
    fn public_key(&self, organisation: &Organisation) -> Option<PublicKey>;
}

/// A trust store in memory, filled from the configuration or a table.
#[derive(Debug, Clone, Default)]
pub struct TrustBook {
    keys: HashMap<Organisation, PublicKey>,
}

impl TrustBook {
    /// A book that trusts nobody.
    pub fn new() -> TrustBook {
        TrustBook::default()
    }

    /// Trusts this key for the organisation from now on, instead of any before.
    pub fn insert(&mut self, organisation: Organisation, key: PublicKey) {
        self.keys.insert(organisation, key);
    }
}

impl TrustStore for TrustBook {
    fn public_key(&self, organisation: &Organisation) -> Option<PublicKey> {
        self.keys.get(organisation).cloned()
    }
}

impl<T: TrustStore + ?Sized> TrustStore for std::sync::Arc<T> {
    fn public_key(&self, organisation: &Organisation) -> Option<PublicKey> {
        (**self).public_key(organisation)
    }
}
