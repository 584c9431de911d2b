//! Many rows into one table, inside the transaction, near the speed of the database's own loader: COPY BINARY on
//! PostgreSQL and Citus, a prepared statement in a loop on SQLite.

use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;
use standard::Refusal;

use crate::db::{Inside, Tx};
use crate::fault::{self, Result};
use crate::lite::Writer;
use crate::value::{Args, Value};

/// Rows that go to SQLite's thread at once.
const BATCH_ROWS: usize = 4_096;
/// Bytes that go to PostgreSQL at once.
const BATCH_BYTES: usize = 256 << 10;
const COPY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Takes rows until [`BulkSink::finish`]. Dropped unfinished it leaves the transaction fit only to be rolled back.
pub struct BulkSink<'t> {
    width: usize,
    rows: u64,
    side: Side<'t>,
}

enum Side<'t> {
    Sqlite {
        writer: &'t mut Writer,
        sql: String,
        batch: Vec<Value>,
    },
    Postgres {
        copy: PgCopyIn<&'t mut PgConnection>,
        batch: Vec<u8>,
    },
}

impl Tx {
    /// Starts loading rows of the named columns into `table`. Every column must be BIGINT, TEXT, BYTEA, UUID or BOOLEAN.
    /// Upserts go through a staging table of the caller's and [`Tx::execute_long`].
    pub async fn bulk(&mut self, table: &str, columns: &[&str]) -> Result<BulkSink<'_>> {
        for name in columns.iter().chain([&table]) {
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(Refusal::internal(format!("{name:?} is not a table or column")));
            }
        }
        let names = columns.join(", ");
        let side = match &mut self.inner {
            Inside::Sqlite(writer) => {
                let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
                let sql = format!("INSERT INTO {table} ({names}) VALUES ({})", places.join(", "));
                Side::Sqlite {
                    writer,
                    sql,
                    batch: Vec::with_capacity(BATCH_ROWS * columns.len()),
                }
            }
            Inside::Postgres(tx) => {
                let sql = format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)");
                let copy = tx.copy_in_raw(&sql).await.map_err(fault::postgres)?;
                let mut batch = Vec::with_capacity(BATCH_BYTES + 4_096);
                batch.extend_from_slice(COPY_HEADER);
                Side::Postgres { copy, batch }
            }
        };
        Ok(BulkSink {
            width: columns.len(),
            rows: 0,
            side,
        })
    }
}

impl BulkSink<'_> {
    /// Adds one row, the values in the order of the columns.
    pub async fn push(&mut self, row: Args) -> Result<()> {
        if row.len() != self.width {
            return Err(Refusal::internal(format!(
                "a row of {} values for {} columns",
                row.len(),
                self.width
            )));
        }
        self.rows += 1;
        match &mut self.side {
            Side::Sqlite { batch, .. } => {
                batch.extend(row.0);
                if batch.len() < BATCH_ROWS * self.width {
                    return Ok(());
                }
            }
            Side::Postgres { batch, .. } => {
                encode(batch, &row.0)?;
                if batch.len() < BATCH_BYTES {
                    return Ok(());
                }
            }
        }
        self.flush().await
    }

    async fn flush(&mut self) -> Result<()> {
        let width = self.width;
        match &mut self.side {
            Side::Sqlite { writer, sql, batch } => {
                let (rows, statement) = (std::mem::take(batch), sql.clone());
                *batch = writer
                    .elsewhere(move |connection| {
                        connection.execute_each(&statement, &rows, width).map(|()| {
                            let mut emptied = rows;
                            emptied.clear();
                            emptied
                        })
                    })
                    .await?
                    .map_err(fault::sqlite)?;
            }
            Side::Postgres { copy, batch } => {
                copy.send(batch.as_slice()).await.map_err(fault::postgres)?;
                batch.clear();
            }
        }
        Ok(())
    }

    /// Writes what is left and gives the number of rows. The rows last when the transaction commits.
    pub async fn finish(mut self) -> Result<u64> {
        if let Side::Postgres { batch, .. } = &mut self.side {
            // the trailer: a row of -1 columns
            batch.extend_from_slice(&(-1_i16).to_be_bytes());
        }
        self.flush().await?;
        if let Side::Postgres { copy, .. } = self.side {
            copy.finish().await.map_err(fault::postgres)?;
        }
        Ok(self.rows)
    }
}

/// One row in PostgreSQL's binary COPY format: the number of fields, then each with its length.
fn encode(out: &mut Vec<u8>, row: &[Value]) -> Result<()> {
    let width = i16::try_from(row.len()).map_err(|_| Refusal::internal("too many columns"))?;
    out.extend_from_slice(&width.to_be_bytes());
    for value in row {
        match value {
            Value::Null(_) => out.extend_from_slice(&(-1_i32).to_be_bytes()),
            Value::Integer(n) => field(out, &n.to_be_bytes())?,
            Value::Text(text) if text.contains('\0') => {
                return Err(Refusal::internal("a text holds a zero byte"));
            }
            Value::Text(text) => field(out, text.as_bytes())?,
            Value::Blob(bytes) => field(out, bytes)?,
            Value::Uuid(id) => field(out, id.as_bytes())?,
            Value::Bool(yes) => field(out, &[u8::from(*yes)])?,
        }
    }
    Ok(())
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    let length = i32::try_from(bytes.len()).map_err(|_| Refusal::internal("a value of over 2 GiB"))?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}
