//! The open streams of changes: bounded in number, ended when the server stops.

use standard::{Finding, Refusal, RefusalKind};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// A browser opens at most six connections to a server: a session's streams leave some of them free.
const PER_SESSION: usize = 3;
/// In the process.
const ALL: usize = 2000;

/// Who listens.
pub struct Listeners {
    seats: Arc<Mutex<HashMap<String, usize>>>,
    closing: watch::Sender<bool>,
}

impl Default for Listeners {
    fn default() -> Self {
        Self {
            seats: Arc::default(),
            closing: watch::Sender::new(false),
        }
    }
}

/// One stream's place; dropped, it is free again.
pub struct Seat {
    token: String,
    seats: Arc<Mutex<HashMap<String, usize>>>,
}

impl Listeners {
    /// A place for one more stream of the session, or the refusal `too_many_streams`: the page then asks by itself.
    pub fn enter(&self, token: &str) -> Result<Seat, Refusal> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.get(token).copied().unwrap_or(0);
        if taken >= PER_SESSION || seats.values().sum::<usize>() >= ALL {
            return Err(Refusal::new(
                RefusalKind::TooMany,
                Finding::blocking("too_many_streams", "同时打开的实时连接过多", "too many live connections are open").remedy(
                    "页面会改为定时刷新；关闭不用的标签页即可恢复",
                    "the page refreshes on a timer; close tabs you do not need",
                ),
            ));
        }
        seats.insert(token.to_owned(), taken + 1);
        Ok(Seat {
            token: token.to_owned(),
            seats: self.seats.clone(),
        })
    }

    /// Waits; true when the server stops meanwhile.
    pub async fn wait(&self, time: Duration) -> bool {
        let mut closing = self.closing.subscribe();
        tokio::time::timeout(time, closing.wait_for(|closed| *closed)).await.is_ok()
    }

    /// Ends every stream, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.token) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_session_has_few_streams_and_a_place_left_is_free_again() {
        let listeners = Listeners::default();
        let mut places: Vec<Seat> = (0..PER_SESSION).map(|_| listeners.enter("a").unwrap()).collect();
        assert_eq!(listeners.enter("a").err().unwrap().rule(), "too_many_streams");
        let other = listeners.enter("b").unwrap();
        places.pop();
        drop(other);
        assert!(listeners.enter("a").is_ok());
        drop(places);
        assert!(listeners.seats.lock().unwrap().is_empty(), "nothing is left behind");
        assert!(!listeners.wait(Duration::from_millis(1)).await);
        listeners.close();
        assert!(listeners.wait(Duration::from_secs(60)).await, "a stopping server waits for nobody");
    }
}
