//! The two schemas agree, and every table can be distributed.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use store::{Db, Query, args, testing};

/// The first column of every primary key and unique index is one of these.
const DISTRIBUTION_KEYS: [&str; 5] = ["owner", "employer_id", "person_id", "region", "id_hash"];

/// Small reference tables and queues, which every node may hold whole.
const UNDISTRIBUTED: [&str; 9] = [
    "control_captcha",
    "control_login_attempt",
    "control_password",
    "control_session",
    "control_user",
    "store_job",
    "store_migration",
    "store_outbox",
    "store_outbox_channel",
];

/// Table names begin with their owner's name.
const OWNERS: [&str; 6] = ["store", "control", "platform", "agency", "employer", "gateway"];

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Name, type and whether null is allowed, in order.
    columns: Vec<(String, String, bool)>,
    primary: Vec<String>,
    /// Columns of each unique index, and whether it is partial.
    unique: BTreeSet<(Vec<String>, bool)>,
    /// Columns of every other index.
    indexes: BTreeSet<(Vec<String>, bool)>,
    /// Columns, the other table and its columns.
    foreign: BTreeSet<(Vec<String>, String, Vec<String>)>,
}

type Schema = BTreeMap<String, Table>;

async fn sqlite_schema(db: &Db) -> Schema {
    let mut q = db.read();
    let mut schema = Schema::new();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    for row in q.all(tables, args![]).await.unwrap() {
        let name: String = row.get("name").unwrap();
        let mut table = Table::default();
        let mut primary = BTreeMap::new();
        let columns = "SELECT name, type, \"notnull\" AS required, pk FROM pragma_table_info($1) ORDER BY cid";
        for row in q.all(columns, args![name]).await.unwrap() {
            let column: String = row.get("name").unwrap();
            let place: i64 = row.get("pk").unwrap();
            let kind: String = row.get("type").unwrap();
            if place > 0 {
                primary.insert(place, column.clone());
            }
            // an INTEGER PRIMARY KEY is the row's number and never null
            let required = row.get("required").unwrap() || (place > 0 && kind == "INTEGER");
            table.columns.push((column, kind, !required));
        }
        table.primary = primary.into_values().collect();
        let indexes = "SELECT name, \"unique\" AS is_unique, partial, origin FROM pragma_index_list($1)";
        for row in q.all(indexes, args![name]).await.unwrap() {
            let index: String = row.get("name").unwrap();
            let columns = texts(&mut q, "SELECT name FROM pragma_index_info($1) ORDER BY seqno", &index).await;
            let entry = (columns, row.get("partial").unwrap());
            match (row.get::<String>("origin").unwrap().as_str(), row.get("is_unique").unwrap()) {
                ("pk", _) => {}
                (_, true) => drop(table.unique.insert(entry)),
                (_, false) => drop(table.indexes.insert(entry)),
            }
        }
        let foreign = "SELECT id, \"table\" AS other, \"from\" AS here, \"to\" AS there FROM pragma_foreign_key_list($1) ORDER BY id, seq";
        let mut keys: BTreeMap<i64, (Vec<String>, String, Vec<String>)> = BTreeMap::new();
        for row in q.all(foreign, args![name]).await.unwrap() {
            let key = keys.entry(row.get("id").unwrap()).or_default();
            key.0.push(row.get("here").unwrap());
            key.1 = row.get("other").unwrap();
            key.2.push(row.get("there").unwrap());
        }
        table.foreign = keys.into_values().collect();
        schema.insert(name, table);
    }
    schema
}

async fn postgres_schema(db: &Db) -> Schema {
    let mut q = db.read();
    let mut schema = Schema::new();
    let columns = "SELECT CAST(table_name AS TEXT) AS name, CAST(column_name AS TEXT) AS column_name,
        CAST(data_type AS TEXT) AS kind, is_nullable = 'YES' AS optional
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    for row in q.all(columns, args![]).await.unwrap() {
        let column = (
            row.get("column_name").unwrap(),
            row.get("kind").unwrap(),
            row.get("optional").unwrap(),
        );
        schema.entry(row.get("name").unwrap()).or_default().columns.push(column);
    }
    let indexes = "SELECT CAST(t.relname AS TEXT) AS name, i.indisunique, i.indisprimary, i.indpred IS NOT NULL AS partial,
        (SELECT string_agg(CAST(a.attname AS TEXT), ',' ORDER BY k.place)
           FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS columns
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'public'";
    for row in q.all(indexes, args![]).await.unwrap() {
        let table = schema.get_mut(&row.get::<String>("name").unwrap()).unwrap();
        let columns = split(&row.get::<String>("columns").unwrap());
        let partial = row.get("partial").unwrap();
        match (row.get("indisprimary").unwrap(), row.get("indisunique").unwrap()) {
            (true, _) => table.primary = columns,
            (_, true) => drop(table.unique.insert((columns, partial))),
            (_, false) => drop(table.indexes.insert((columns, partial))),
        }
    }
    let names = |list: &str, relation: &str| {
        format!(
            "(SELECT string_agg(CAST(a.attname AS TEXT), ',' ORDER BY k.place)
               FROM unnest(c.{list}) WITH ORDINALITY AS k (number, place)
               JOIN pg_attribute a ON a.attrelid = c.{relation} AND a.attnum = k.number)"
        )
    };
    let foreign = format!(
        "SELECT CAST(t.relname AS TEXT) AS name, CAST(o.relname AS TEXT) AS other, {} AS here, {} AS there
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid WHERE c.contype = 'f'",
        names("conkey", "conrelid"),
        names("confkey", "confrelid")
    );
    for row in q.all(&foreign, args![]).await.unwrap() {
        let table = schema.get_mut(&row.get::<String>("name").unwrap()).unwrap();
        let (here, there): (String, String) = (row.get("here").unwrap(), row.get("there").unwrap());
        table.foreign.insert((split(&here), row.get("other").unwrap(), split(&there)));
    }
    schema
}

async fn texts(q: &mut impl Query, sql: &str, argument: &str) -> Vec<String> {
    q.all(sql, args![argument])
        .await
        .unwrap()
        .iter()
        .map(|row| row.at(0).unwrap())
        .collect()
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(Into::into).collect()
}

/// Whether a type of SQLite holds what a type of PostgreSQL holds.
fn same_type(sqlite: &str, postgres: &str) -> bool {
    match postgres {
        "bigint" => matches!(sqlite, "BIGINT" | "INTEGER"),
        "text" => sqlite == "TEXT",
        "bytea" => matches!(sqlite, "BLOB" | "BYTEA"),
        "uuid" => matches!(sqlite, "BLOB" | "UUID"),
        "boolean" => matches!(sqlite, "BOOLEAN" | "INTEGER"),
        // the binary loader and the row reader know these five
        _ => false,
    }
}

/// The differences between the two schemas, one line each.
fn differences(sqlite: &Schema, postgres: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    for name in sqlite.keys().chain(postgres.keys()).collect::<BTreeSet<_>>() {
        let (Some(a), Some(b)) = (sqlite.get(name), postgres.get(name)) else {
            found.push(format!("{name} is in one schema only"));
            continue;
        };
        let names = |table: &Table| table.columns.iter().map(|column| column.0.clone()).collect::<Vec<_>>();
        if names(a) != names(b) {
            found.push(format!("{name} columns: {:?} and {:?}", names(a), names(b)));
        } else {
            for (x, y) in a.columns.iter().zip(&b.columns) {
                if !same_type(&x.1, &y.1) || x.2 != y.2 {
                    found.push(format!("{name}.{}: {} null {} and {} null {}", x.0, x.1, x.2, y.1, y.2));
                }
            }
        }
        for (what, x, y) in [
            ("primary key", format!("{:?}", a.primary), format!("{:?}", b.primary)),
            ("unique", format!("{:?}", a.unique), format!("{:?}", b.unique)),
            ("indexes", format!("{:?}", a.indexes), format!("{:?}", b.indexes)),
            ("foreign keys", format!("{:?}", a.foreign), format!("{:?}", b.foreign)),
        ] {
            if x != y {
                found.push(format!("{name} {what}: {x} and {y}"));
            }
        }
    }
    found
}

/// What keeps a table from being distributed, one line each.
fn undistributable(schema: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    for (name, table) in schema {
        if !OWNERS
            .iter()
            .any(|owner| name.strip_prefix(owner).is_some_and(|rest| rest.starts_with('_')))
        {
            found.push(format!("{name} does not begin with its owner"));
        }
        if table.primary.is_empty() {
            found.push(format!("{name} has no primary key"));
        }
        if UNDISTRIBUTED.contains(&name.as_str()) {
            continue;
        }
        let keys = std::iter::once(&table.primary).chain(table.unique.iter().map(|(columns, _)| columns));
        let first: BTreeSet<&str> = keys.filter_map(|columns| columns.first().map(String::as_str)).collect();
        if first.len() != 1 || !first.iter().all(|column| DISTRIBUTION_KEYS.contains(column)) {
            found.push(format!("{name} keys begin with {first:?}, not with one of {DISTRIBUTION_KEYS:?}"));
        }
        for (here, other, _) in &table.foreign {
            let key = table.primary.first();
            if !UNDISTRIBUTED.contains(&other.as_str()) && here.first() != key {
                found.push(format!("{name} refers to {other} across distribution keys"));
            }
        }
    }
    found
}

async fn schemas() -> (Schema, Schema) {
    (
        sqlite_schema(&testing::sqlite().await).await,
        postgres_schema(&testing::postgres().await).await,
    )
}

#[test]
fn the_two_schemas_agree() {
    let (sqlite, postgres) = testing::block_on(schemas());
    assert!(
        sqlite.len() > 5 && sqlite["store_outbox"].columns.len() == 11,
        "the schema was read"
    );
    let found = differences(&sqlite, &postgres);
    assert!(found.is_empty(), "SQLite and PostgreSQL differ:\n{}", found.join("\n"));
}

#[test]
fn every_table_can_be_distributed() {
    let (sqlite, _) = testing::block_on(schemas());
    let found = undistributable(&sqlite);
    assert!(found.is_empty(), "not distributable:\n{}", found.join("\n"));
    for name in UNDISTRIBUTED {
        assert!(sqlite.contains_key(name), "{name} is listed but does not exist");
    }
}

#[test]
fn a_difference_or_a_stray_key_is_noticed() {
    testing::block_on(async {
        let (lite, big) = (testing::sqlite().await, testing::postgres().await);
        for (db, sql) in [
            (
                &lite,
                "CREATE TABLE agency_odd (region INTEGER NOT NULL, name TEXT, amount INTEGER, PRIMARY KEY (region))",
            ),
            (
                &big,
                "CREATE TABLE agency_odd (region BIGINT NOT NULL, name TEXT NOT NULL, amount INTEGER, PRIMARY KEY (region))",
            ),
            (&lite, "CREATE UNIQUE INDEX agency_odd_name ON agency_odd (name)"),
            (&lite, "CREATE TABLE lonely (id INTEGER NOT NULL)"),
        ] {
            let mut tx = db.begin().await.unwrap();
            tx.execute(sql, args![]).await.unwrap();
            tx.commit().await.unwrap();
        }
        let (sqlite, postgres) = (sqlite_schema(&lite).await, postgres_schema(&big).await);
        let found = differences(&sqlite, &postgres).join("\n");
        for expected in ["agency_odd.name", "agency_odd.amount", "agency_odd unique", "lonely is in one"] {
            assert!(found.contains(expected), "{expected} in {found}");
        }
        let found = undistributable(&sqlite).join("\n");
        for expected in ["agency_odd keys begin", "lonely does not begin", "lonely has no primary key"] {
            assert!(found.contains(expected), "{expected} in {found}");
        }
    });
}
