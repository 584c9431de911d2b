//! Look-ups by key, as every request makes them. On PostgreSQL a statement costs far more for its way there and back than
//! for one more key: one statement of a kind is under way at a time, and who comes meanwhile goes together with the next. Alone,
//! a look-up goes at once, and nobody waits behind a statement that takes long. SQLite is in the process and gains nothing.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use standard::Refusal;
use tokio::sync::oneshot;

use crate::db::Db;
use crate::fault::Result;
use crate::query::Query;
use crate::value::{Args, Row, in_list};

/// A statement that takes longer than this, as on a connection that broke, is waited for no more: another goes beside it.
const PATIENCE: Duration = Duration::from_millis(20);
/// Statements of one kind under way at most.
const UNDER_WAY_MAX: usize = 4;
/// Keys of one statement, smallest that suffices; few different texts, so that each stays prepared.
const KEYS: [usize; 5] = [1, 4, 8, 16, 64];

/// A select by one key. Every row of the answer holds the key it is for.
#[derive(Debug)]
pub struct Lookup {
    sql: &'static str,
    key: &'static [&'static str],
    /// The statement for each of [`KEYS`], written once.
    statements: [OnceLock<String>; KEYS.len()],
}

impl Lookup {
    /// The statement, with `IN {keys}` where the keys go, and the names of the key's columns in the answer, in the order of
    /// `IN`.
    pub const fn new(sql: &'static str, key: &'static [&'static str]) -> Lookup {
        Lookup {
            sql,
            key,
            statements: [const { OnceLock::new() }; KEYS.len()],
        }
    }

    /// The statement for one key.
    pub(crate) fn statement(&self) -> &str {
        self.statement_of(0)
    }

    /// The statement for as many keys as that place of [`KEYS`] says.
    fn statement_of(&self, place: usize) -> &str {
        self.statements[place].get_or_init(|| {
            let (count, width) = (KEYS[place], self.key.len());
            let keys = match (count, width) {
                // a list of one would be read as a table
                (1, 2..) => format!("= {}", in_list(width, 1)),
                (_, 1) => format!("IN {}", in_list(count, 1)),
                _ => {
                    let keys: Vec<String> = (0..count).map(|n| in_list(width, 1 + n * width)).collect();
                    format!("IN (VALUES {})", keys.join(", "))
                }
            };
            self.sql.replace("IN {keys}", &keys)
        })
    }
}

type Waiting = (Args, oneshot::Sender<Result<Vec<Row>>>);

#[derive(Default)]
struct Lane {
    waiting: Vec<Waiting>,
    under_way: usize,
    /// When the last one began.
    begun: Option<Instant>,
}

impl Lane {
    /// Whether another statement may go now.
    fn free(&self) -> bool {
        let stuck = self.begun.is_some_and(|begun| begun.elapsed() > PATIENCE);
        self.under_way == 0 || stuck && self.under_way < UNDER_WAY_MAX
    }
}

/// Who waits for what.
#[derive(Default)]
pub(crate) struct Lookups(Mutex<HashMap<&'static str, Lane>>);

impl Lookups {
    fn lane<T>(&self, lookup: &'static Lookup, act: impl FnOnce(&mut Lane) -> T) -> T {
        act(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(lookup.sql).or_default())
    }
}

pub(crate) async fn together(db: &Db, lookup: &'static Lookup, key: Args) -> Result<Vec<Row>> {
    let (done, found) = oneshot::channel();
    let free = db.lookups().lane(lookup, |lane| {
        lane.waiting.push((key, done));
        let free = lane.free();
        if free {
            lane.under_way += 1;
            lane.begun = Some(Instant::now());
        }
        free
    });
    if free {
        // A task of its own: a caller that goes away leaves no other waiting.
        tokio::spawn(serve(db.clone(), lookup));
    }
    found.await.unwrap_or_else(|_| Err(Refusal::internal("a look-up ended early")))
}

/// Makes room for another however this one ends.
struct Place {
    db: Db,
    lookup: &'static Lookup,
    left: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.left {
            self.db.lookups().lane(self.lookup, |lane| lane.under_way -= 1);
        }
    }
}

async fn serve(db: Db, lookup: &'static Lookup) {
    let mut place = Place { db, lookup, left: false };
    loop {
        let batch: Vec<Waiting> = place.db.lookups().lane(lookup, |lane| {
            let count = lane.waiting.len().min(KEYS[KEYS.len() - 1]);
            if count == 0 {
                // Said under the lock, so that the next caller is either seen here or starts another.
                lane.under_way -= 1;
            } else {
                lane.begun = Some(Instant::now());
            }
            lane.waiting.drain(..count).collect()
        });
        if batch.is_empty() {
            place.left = true;
            return;
        }
        answer(&place.db, lookup, batch).await;
    }
}

async fn answer(db: &Db, lookup: &'static Lookup, batch: Vec<Waiting>) {
    let place = KEYS.iter().position(|count| *count >= batch.len()).unwrap_or(KEYS.len() - 1);
    let count = KEYS[place];
    // the last key again fills the statement up
    let keys = (0..count).flat_map(|n| batch[n.min(batch.len() - 1)].0.0.iter().cloned()).collect();
    let found = db.read().all(lookup.statement_of(place), Args(keys)).await;
    if batch.len() == 1 {
        batch.into_iter().for_each(|(_, done)| drop(done.send(found.clone())));
        return;
    }
    for (key, done) in batch {
        let mine = |row: &&Row| {
            lookup
                .key
                .iter()
                .zip(&key.0)
                .all(|(name, value)| row.value(name).is_ok_and(|held| held == value))
        };
        let told = match &found {
            Ok(rows) => Ok(rows.iter().filter(mine).cloned().collect()),
            Err(refusal) => Err(refusal.clone()),
        };
        drop(done.send(told));
    }
}

#[cfg(test)]
mod tests;
