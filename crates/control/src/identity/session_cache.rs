//! Remembers who a session belongs to for a moment, because every request asks. In this process a logout, a role
//! change or a disabling is seen at once; on other nodes within [`TTL`].

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::session::SessionInfo;

/// How long another node may still answer from memory.
pub(super) const TTL: Duration = Duration::from_secs(2);
/// Entries at most; beyond it the memory is emptied, which costs one look-up each.
const MAX_ENTRIES: usize = 10_000;

#[derive(Default)]
struct Cache {
    entries: HashMap<[u8; 32], (Instant, SessionInfo)>,
    /// Goes up with every forgetting, so that a look-up begun before it does not store what it read.
    generation: u64,
}

static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

fn cache() -> MutexGuard<'static, Cache> {
    // A panic while holding the lock cannot leave an entry half written.
    CACHE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The session of a token hash, if remembered; else the generation to hand to [`put`].
pub(super) fn get(token_hash: &[u8; 32]) -> Result<SessionInfo, u64> {
    let cache = cache();
    match cache.entries.get(token_hash) {
        Some((at, info)) if at.elapsed() < TTL => Ok(info.clone()),
        _ => Err(cache.generation),
    }
}

/// Remembers a session looked up since `generation`.
pub(super) fn put(token_hash: [u8; 32], info: SessionInfo, generation: u64) {
    let mut cache = cache();
    if cache.generation != generation {
        return;
    }
    if cache.entries.len() >= MAX_ENTRIES {
        cache.entries.clear();
    }
    cache.entries.insert(token_hash, (Instant::now(), info));
}

/// Forgets one session. Call it after the commit that ended it.
pub(super) fn forget(token_hash: &[u8; 32]) {
    let mut cache = cache();
    cache.generation += 1;
    cache.entries.remove(token_hash);
}

/// Forgets all sessions of a user. Call it after the commit that changed the user.
pub(super) fn forget_user(user: Uuid) {
    let mut cache = cache();
    cache.generation += 1;
    cache.entries.retain(|_, (_, info)| info.actor.user_id != user);
}
