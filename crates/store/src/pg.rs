//! PostgreSQL (and Citus) through sqlx.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, PgValueFormat};
use sqlx::{Arguments, AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Postgres, Row as _, TypeInfo, ValueRef};
use standard::Refusal;

use crate::fault::{self, Result};
use crate::value::{Args, Kind, Row, Value};

/// The connections to a database.
#[derive(Clone)]
pub(crate) struct Pools {
    pub(crate) main: PgPool,
    /// One more, whose commits do not wait for the disk. One at a time writes on it.
    pub(crate) swift: PgPool,
}

/// A connection unused for longer is asked whether it still lives.
const IDLE: Duration = Duration::from_secs(1);

pub(crate) async fn open(url: &str, connections: u32) -> Result<Pools> {
    let options: PgConnectOptions = url
        .parse::<PgConnectOptions>()
        .map_err(|_| Refusal::internal("database.url is not a PostgreSQL address; write postgres://user:password@host/database"))?
        .application_name("shebao")
        .statement_cache_capacity(256)
        .options([("lock_timeout", "30s")]);
    reach(&options).await?;
    let swift = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .before_acquire(|connection, used| Box::pin(async move { Ok(used.idle_for < IDLE || connection.ping().await.is_ok()) }))
        .connect_lazy_with(options.clone().options([("synchronous_commit", "off")]));
    let main = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        // a ping before every use would double the cost of a point read; a broken connection is retried once instead
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(fault::postgres)?;
    Ok(Pools { main, swift })
}

/// One statement is a transaction by itself: one way there and back.
pub(crate) async fn execute_swiftly(pool: &PgPool, statements: Vec<(String, Args)>) -> Result<()> {
    if let [(sql, args)] = statements.as_slice() {
        return execute(pool, sql, args).await.map_err(fault::postgres).map(drop);
    }
    let mut tx = begin(pool).await?;
    for (sql, args) in &statements {
        execute(&mut *tx, sql, args).await.map_err(fault::postgres)?;
    }
    tx.commit().await.map_err(fault::postgres)
}

/// One connection, so that a wrong address is said at once and by name instead of as a long wait for a free connection.
async fn reach(options: &PgConnectOptions) -> Result<()> {
    let host = options.get_host().to_owned();
    let refuse = |detail: String| {
        Refusal::unavailable(
            "database_unreachable",
            format!("无法连接数据库 {host}"),
            format!("The database at {host} cannot be reached"),
        )
        .remedy(
            "请检查 database.url 的主机、端口、用户和库名，并确认 PostgreSQL 已启动",
            "Check host, port, user and name in database.url and that PostgreSQL runs",
        )
        .detail(detail)
    };
    match tokio::time::timeout(Duration::from_secs(5), options.connect()).await {
        Ok(Ok(connection)) => connection.close().await.map_err(fault::postgres),
        Ok(Err(error)) => Err(refuse(error.to_string())),
        Err(_) => Err(refuse("no answer within 5 s".to_owned())),
    }
}

pub(crate) async fn read(pool: &PgPool, sql: &str, args: &Args) -> Result<Vec<Row>> {
    match all(pool, sql, args).await {
        Err(error) if broken(&error) => all(pool, sql, args).await,
        done => done,
    }
    .map_err(fault::postgres)
}

pub(crate) async fn begin(pool: &PgPool) -> Result<sqlx::Transaction<'static, Postgres>> {
    match pool.begin().await {
        Err(error) if broken(&error) => pool.begin().await,
        done => done,
    }
    .map_err(fault::postgres)
}

/// Whether the connection was found dead, as after a restart of the server.
fn broken(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(database) => database.code().as_deref() == Some("57P01"),
        _ => false,
    }
}

pub(crate) async fn all<'e>(executor: impl Executor<'e, Database = Postgres>, sql: &str, args: &Args) -> sqlx::Result<Vec<Row>> {
    let rows = sqlx::query_with(AssertSqlSafe(sql), arguments(args)?).fetch_all(executor).await?;
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let columns: Arc<[Box<str>]> = first.columns().iter().map(|column| column.name().into()).collect();
    rows.iter().map(|row| decode(row, &columns)).collect()
}

pub(crate) async fn execute<'e>(executor: impl Executor<'e, Database = Postgres>, sql: &str, args: &Args) -> sqlx::Result<u64> {
    let done = sqlx::query_with(AssertSqlSafe(sql), arguments(args)?).execute(executor).await?;
    Ok(done.rows_affected())
}

fn arguments(args: &Args) -> sqlx::Result<PgArguments> {
    let mut list = PgArguments::default();
    list.reserve(args.len(), args.len() * 16);
    for value in &args.0 {
        match value {
            Value::Null(Kind::Integer) => list.add(None::<i64>),
            Value::Null(Kind::Text) => list.add(None::<&str>),
            Value::Null(Kind::Blob) => list.add(None::<&[u8]>),
            Value::Null(Kind::Uuid) => list.add(None::<uuid::Uuid>),
            Value::Null(Kind::Bool) => list.add(None::<bool>),
            Value::Integer(n) => list.add(*n),
            Value::Text(text) => list.add(text.as_str()),
            Value::Blob(bytes) => list.add(bytes.as_slice()),
            Value::Uuid(id) => list.add(*id),
            Value::Bool(yes) => list.add(*yes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(list)
}

fn decode(row: &PgRow, columns: &Arc<[Box<str>]>) -> sqlx::Result<Row> {
    let mut values = Vec::with_capacity(columns.len());
    for index in 0..columns.len() {
        let raw = row.try_get_raw(index)?;
        let stored = raw.type_info();
        let bad = |reason: &str| sqlx::Error::ColumnDecode {
            index: columns[index].to_string(),
            source: format!("{} {reason}", stored.name()).into(),
        };
        if raw.is_null() {
            values.push(Value::Null(Kind::Text));
            continue;
        }
        if raw.format() != PgValueFormat::Binary {
            return Err(bad("came as text"));
        }
        let bytes = raw.as_bytes().map_err(sqlx::Error::Decode)?;
        let value = match stored.name() {
            "INT8" => bytes.try_into().ok().map(|b| Value::Integer(i64::from_be_bytes(b))),
            "INT4" => bytes.try_into().ok().map(|b| Value::Integer(i32::from_be_bytes(b).into())),
            "INT2" => bytes.try_into().ok().map(|b| Value::Integer(i16::from_be_bytes(b).into())),
            "BOOL" => Some(Value::Bool(bytes == [1])),
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" | "\"CHAR\"" => {
                std::str::from_utf8(bytes).ok().map(|text| Value::Text(text.into()))
            }
            "BYTEA" => Some(Value::Blob(bytes.into())),
            "UUID" => uuid::Uuid::from_slice(bytes).ok().map(Value::Uuid),
            // SUM over BIGINT is NUMERIC on PostgreSQL
            "NUMERIC" => numeric(bytes).map(Value::Integer),
            _ => None,
        };
        values.push(value.ok_or_else(|| bad("cannot be read; cast it to BIGINT, TEXT, BYTEA, UUID or BOOLEAN"))?);
    }
    Ok(Row {
        columns: columns.clone(),
        values,
    })
}

/// A whole number in PostgreSQL's binary NUMERIC: groups of four decimal digits, the first of weight 10000^weight.
fn numeric(bytes: &[u8]) -> Option<i64> {
    let short = |at: usize| Some(i16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let (groups, weight, sign) = (short(0)?, short(2)?, short(4)?);
    if sign != 0 && sign != 0x4000 || groups > weight + 1 {
        return None;
    }
    let mut number: i64 = 0;
    for place in 0..=weight.max(-1) {
        let group = if place < groups {
            short(8 + 2 * usize::try_from(place).ok()?)?
        } else {
            0
        };
        number = number.checked_mul(10_000)?.checked_add(group.into())?;
    }
    Some(if sign == 0 { number } else { -number })
}

#[cfg(test)]
mod tests {
    use super::numeric;

    #[test]
    fn numeric_reads_whole_numbers_and_refuses_fractions() {
        let encode = |groups: &[i16], weight: i16, sign: i16| {
            let mut bytes = Vec::new();
            let count = i16::try_from(groups.len()).expect("short");
            for part in [count, weight, sign, 0].iter().chain(groups) {
                bytes.extend(part.to_be_bytes());
            }
            bytes
        };
        assert_eq!(numeric(&encode(&[], 0, 0)), Some(0));
        assert_eq!(numeric(&encode(&[12, 3456], 1, 0)), Some(123_456));
        assert_eq!(numeric(&encode(&[12], 1, 0)), Some(120_000));
        assert_eq!(numeric(&encode(&[7], 0, 0x4000)), Some(-7));
        assert_eq!(numeric(&encode(&[1, 5000], 0, 0)), None);
        assert_eq!(numeric(&[1]), None);
    }
}
