//! Rows that stand alone, on SQLite: set down at the end of a file as they come, forced to the disk a moment later, and
//! entered into the database many at a time. A commit a row, or even a group, would wait for the disk, and every commit
//! makes each reader forget the pages it holds.
//!
//! What was set down is with the operating system: it outlives the process, however it ends, and is entered at the next
//! start. A power cut can take the rows of the last [`FLUSH`] (docs/decisions/access-trail.md). Each process on the
//! database has files of its own, held by a lock, so that nobody enters the rows of the living.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use standard::Refusal;
use uuid::Uuid;

use crate::append::{self, Into};
use crate::fault::Result;
use crate::lite::Lite;
use crate::value::{Args, Kind, Value};

/// Rows are forced to the disk this often while any are set down.
const FLUSH: Duration = Duration::from_millis(250);
/// Rows are entered this long after the first of them was set down; also the wait when entering failed, as while a long
/// writer holds the database.
const PAUSE: Duration = Duration::from_secs(5);
/// A file this long is entered without waiting.
const LONG_BYTES: u64 = 64 << 20;
/// Rows are small: a longer one is damage.
const ROW_BYTES_MAX: usize = 1 << 20;
/// Length and checksum before each row.
const HEAD_BYTES: usize = 12;
const ENDING: &str = "rows";

/// The rows of one process that are not in the database yet.
pub(crate) struct Spool {
    folder: PathBuf,
    files: Mutex<Files>,
    /// The text of each kind of row met; there is a handful.
    statements: Mutex<Vec<(Into, Arc<str>)>>,
    /// A round of entering is to come, which covers whatever was set down until then.
    due: AtomicBool,
    /// One enters at a time, so that who waits for it has everything.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Files {
    /// Where rows are set down.
    open: Option<Open>,
    /// To be entered.
    closed: Vec<Held>,
}

struct Open {
    held: Held,
    length: u64,
    /// How much of it is on the disk.
    flushed: u64,
}

/// A file under this process's lock.
struct Held {
    path: PathBuf,
    file: File,
}

/// A row as it goes into the database.
pub(crate) struct Entry {
    pub(crate) sql: String,
    pub(crate) values: Args,
}

impl Spool {
    /// The spool of the database file; takes over what dead processes left.
    pub(crate) fn open(database: &Path) -> Result<Spool> {
        let folder = database.with_extension("spool");
        let closed = left_behind(&folder).map_err(|error| fault(&folder, &error))?;
        Ok(Spool {
            folder,
            files: Mutex::new(Files { open: None, closed }),
            statements: Mutex::default(),
            due: AtomicBool::new(false),
            turn: tokio::sync::Mutex::new(()),
        })
    }

    /// Sets one row down; it outlives the process when this returns. It is in the database a moment later.
    pub(crate) fn set_down(self: &Arc<Self>, lite: &Lite, into: Into, row: &Args) -> Result<()> {
        let framed = frame(&self.statement(into), row);
        {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            let written = files.write(&self.folder, &framed);
            written.map_err(|error| fault(&self.folder, &error))?;
        }
        if !self.due.swap(true, Ordering::AcqRel) {
            tokio::spawn(enter_soon(Arc::downgrade(self), lite.clone()));
        }
        Ok(())
    }

    fn statement(&self, into: Into) -> Arc<str> {
        let mut known = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, statement)) = known.iter().find(|(one, _)| *one == into) {
            return statement.clone();
        }
        let statement: Arc<str> = append::insert(into, 1).into();
        known.push((into, statement.clone()));
        statement
    }

    /// Enters whatever was set down before the call; gives how many rows were new.
    pub(crate) async fn enter(&self, lite: &Lite) -> Result<u64> {
        let _turn = self.turn.lock().await;
        // A row from here on asks for another round.
        self.due.store(false, Ordering::Release);
        let closed = {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(open) = files.open.take() {
                files.closed.push(open.held);
            }
            std::mem::take(&mut files.closed)
        };
        let mut entered = 0;
        let mut closed = closed.into_iter();
        while let Some(held) = closed.next() {
            match self.enter_file(lite, &held).await {
                Ok(rows) => entered += rows,
                Err(refusal) => {
                    let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
                    files.closed.push(held);
                    files.closed.extend(closed);
                    return Err(refusal);
                }
            }
        }
        Ok(entered)
    }

    /// Forces what was set down to the disk; gives how long the file is.
    async fn flush(&self) -> u64 {
        let (file, new, length) = {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(open) = &mut files.open else { return 0 };
            if open.flushed == open.length {
                return open.length;
            }
            let new = open.flushed == 0;
            open.flushed = open.length;
            (open.held.file.try_clone(), new, open.length)
        };
        let folder = self.folder.clone();
        let flush = move || -> io::Result<()> {
            file?.sync_data()?;
            // A new file's name is the folder's matter.
            if new && cfg!(unix) {
                File::open(folder)?.sync_all()
            } else {
                Ok(())
            }
        };
        let flushed = tokio::task::spawn_blocking(flush).await;
        if let Err(error) = flushed.map_err(io::Error::from).flatten() {
            // They are entered all the same: the commit has its own word with the disk.
            tracing::error!(%error, folder = %self.folder.display(), "rows set down for the database could not be forced to the disk");
        }
        length
    }

    async fn enter_file(&self, lite: &Lite, held: &Held) -> Result<u64> {
        let file = File::open(&held.path).map_err(|error| fault(&held.path, &error))?;
        let entered = lite.enter(Rows::of(file)).await?;
        fs::remove_file(&held.path).map_err(|error| fault(&held.path, &error))?;
        Ok(entered)
    }
}

/// Forces rows to the disk until it is time to enter them.
async fn enter_soon(spool: std::sync::Weak<Spool>, lite: Lite) {
    let mut at = Instant::now() + PAUSE;
    loop {
        tokio::time::sleep(FLUSH).await;
        let Some(spool) = spool.upgrade() else { return };
        let long = spool.flush().await >= LONG_BYTES;
        if Instant::now() < at && !long {
            continue;
        }
        match spool.enter(&lite).await {
            Ok(_) => return,
            Err(refusal) => tracing::warn!(%refusal, "rows set down for the database could not be entered yet"),
        }
        if spool.due.swap(true, Ordering::AcqRel) {
            return; // another round was asked for meanwhile and covers these
        }
        at = Instant::now() + PAUSE;
    }
}

impl Files {
    fn write(&mut self, folder: &Path, framed: &[u8]) -> io::Result<()> {
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(Open {
                held: Held::new(folder)?,
                length: 0,
                flushed: 0,
            }),
        };
        match open.held.file.write_all(framed) {
            Ok(()) => open.length += framed.len() as u64,
            Err(error) => {
                // What was half written would make the rows after it unreadable.
                if open.held.file.set_len(open.length).is_err()
                    && let Some(open) = self.open.take()
                {
                    self.closed.push(open.held);
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

impl Held {
    /// A new file, seen by others only once it is locked.
    fn new(folder: &Path) -> io::Result<Held> {
        fs::create_dir_all(folder)?;
        let name = folder.join(Uuid::now_v7().simple().to_string());
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&name)?;
        file.lock()?;
        let path = name.with_extension(ENDING);
        fs::rename(&name, &path)?;
        Ok(Held { path, file })
    }
}

/// The files of processes that no longer live, now under this one's lock.
fn left_behind(folder: &Path) -> io::Result<Vec<Held>> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed?,
    };
    let mut left = Vec::new();
    for one in listed {
        let path = one?.path();
        if path.extension().is_none_or(|ending| ending != ENDING) {
            continue;
        }
        match File::open(&path) {
            Ok(file) if file.try_lock().is_ok() => left.push(Held { path, file }),
            Ok(_) => {}
            // entered and removed by another process just now
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    // names are in the order of time
    left.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(left)
}

fn fault(path: &Path, error: &io::Error) -> Refusal {
    crate::fault::folder(path, error)
}

/// Tells a row that was half written from a whole one (FNV-1a); forging one takes the same rights as changing the database.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn frame(statement: &str, row: &Args) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    bytes.resize(HEAD_BYTES, 0);
    put(&mut bytes, statement.as_bytes());
    for value in &row.0 {
        put_value(&mut bytes, value);
    }
    let length = u32::try_from(bytes.len() - HEAD_BYTES).unwrap_or(u32::MAX);
    let sum = checksum(&bytes[HEAD_BYTES..]);
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes[4..HEAD_BYTES].copy_from_slice(&sum.to_le_bytes());
    bytes
}

fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(part);
}

fn put_value(bytes: &mut Vec<u8>, value: &Value) {
    let (tag, part): (u8, &[u8]) = match value {
        Value::Null(_) => (0, &[]),
        Value::Integer(n) => (1, &n.to_le_bytes()),
        Value::Text(text) => (2, text.as_bytes()),
        Value::Blob(blob) => (3, blob),
        Value::Uuid(id) => (4, id.as_bytes()),
        Value::Bool(yes) => (5, &[u8::from(*yes)]),
    };
    bytes.push(tag);
    put(bytes, part);
}

/// The rows of a file, up to its end or to where its writer was cut off.
struct Rows(io::BufReader<File>);

impl Rows {
    fn of(file: File) -> Rows {
        Rows(io::BufReader::with_capacity(1 << 16, file))
    }

    fn next_row(&mut self) -> io::Result<Option<Entry>> {
        let mut head = [0; HEAD_BYTES];
        if let Err(error) = self.0.read_exact(&mut head) {
            return match error.kind() {
                io::ErrorKind::UnexpectedEof => Ok(None),
                _ => Err(error),
            };
        }
        let (length, sum) = head.split_at(4);
        let length = u32::from_le_bytes(length.try_into().expect("four bytes")) as usize;
        if length > ROW_BYTES_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut body = vec![0; length];
        match self.0.read_exact(&mut body) {
            // Nobody was answered for a row whose end is missing.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        if checksum(&body).to_le_bytes() != *sum {
            return Err(io::ErrorKind::InvalidData.into());
        }
        entry(&body).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

impl Iterator for Rows {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        self.next_row().unwrap_or_else(|error| {
            tracing::error!(%error, "the rest of a file of rows set down for the database cannot be read");
            None
        })
    }
}

fn entry(mut body: &[u8]) -> Option<Entry> {
    let text = String::from_utf8(take(&mut body)?.into()).ok()?;
    // Entered before, if the process died between the commit and the removal of the file.
    let sql = text.replacen("INSERT INTO", "INSERT OR IGNORE INTO", 1);
    let mut values = Args::new();
    while let Some((tag, rest)) = body.split_first() {
        body = rest;
        let part = take(&mut body)?;
        values.0.push(match tag {
            0 => Value::Null(Kind::Text),
            1 => Value::Integer(i64::from_le_bytes(part.try_into().ok()?)),
            2 => Value::Text(String::from_utf8(part.into()).ok()?),
            3 => Value::Blob(part.into()),
            4 => Value::Uuid(Uuid::from_slice(part).ok()?),
            5 => Value::Bool(part == [1]),
            _ => return None,
        });
    }
    Some(Entry { sql, values })
}

fn take<'a>(body: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = body.split_first_chunk::<4>()?;
    let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *body = rest;
    Some(part)
}
