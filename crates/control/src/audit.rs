//! The audit trail: who did, read or was refused what, with before and after, in the transaction of the act.
//! Rows are only ever added; no function here or elsewhere changes or removes one.

use serde::Serialize;
use serde_json::Value as Json;
use standard::{Organisation, Refusal, Timestamp};
use store::{AppendInto, Args, Cipher, Db, Query, Row, Tx, args};
use uuid::Uuid;

use crate::clock;
use crate::identity::{Actor, Permission};

/// What sort of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// Something was changed.
    Change,
    /// Sensitive data was read.
    Access,
    /// An act was refused.
    Denied,
}

impl AuditKind {
    fn key(self) -> &'static str {
        match self {
            AuditKind::Change => "change",
            AuditKind::Access => "access",
            AuditKind::Denied => "denied",
        }
    }

    fn parse(key: &str) -> Self {
        match key {
            "access" => AuditKind::Access,
            "denied" => AuditKind::Denied,
            _ => AuditKind::Change,
        }
    }
}

/// One event of the trail.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditEvent {
    /// Key; time-ordered.
    pub id: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What sort.
    pub kind: AuditKind,
    /// Who; nil for the system.
    pub user_id: Uuid,
    /// The person's name at the time.
    pub user_name: String,
    /// The person's role at the time.
    pub role: String,
    /// The act, like `case.approve`.
    pub action: String,
    /// What sort of thing, like `case`.
    pub object: String,
    /// Which one.
    pub object_id: String,
    /// The thing before.
    pub before: Option<Json>,
    /// The thing after; for an access its purpose, for a refusal its rule.
    pub after: Option<Json>,
}

/// Records a change in the transaction that makes it. `before` and `after` are stored encrypted.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    object: &str,
    object_id: impl ToString + Send,
    before: Option<Json>,
    after: Option<Json>,
) -> Result<(), Refusal> {
    let id = object_id.to_string();
    insert(tx, actor, AuditKind::Change, action, object, &id, before, after).await
}

/// Records that sensitive data was read, and what for.
pub async fn access(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    object: &str,
    object_id: impl ToString + Send,
    purpose: &str,
) -> Result<(), Refusal> {
    let after = Some(serde_json::json!({ "purpose": purpose }));
    let id = object_id.to_string();
    insert(tx, actor, AuditKind::Access, action, object, &id, None, after).await
}

/// Records a refused act in a transaction of its own, because the refused one is rolled back.
pub async fn denied(
    db: &Db,
    actor: &Actor,
    action: &str,
    object: &str,
    object_id: impl ToString + Send,
    refusal: &Refusal,
) -> Result<(), Refusal> {
    let mut tx = db.begin().await?;
    let after = Some(serde_json::json!({ "rule": refusal.rule() }));
    let id = object_id.to_string();
    insert(&mut tx, actor, AuditKind::Denied, action, object, &id, None, after).await?;
    tx.commit().await
}

/// Records that sensitive data was read where nothing else is written. The row outlives the process when this returns, as
/// with [`access`] in a transaction of its own, but nobody waits for the disk; see [`Db::append`].
pub async fn access_alone(
    db: &Db,
    actor: &Actor,
    action: &str,
    object: &str,
    object_id: impl ToString + Send,
    purpose: &str,
) -> Result<(), Refusal> {
    let after = Some(serde_json::json!({ "purpose": purpose }));
    let row = row(
        db.cipher(),
        actor,
        AuditKind::Access,
        action,
        object,
        &object_id.to_string(),
        None,
        after,
    )?;
    db.append(TRAIL, row).await
}

/// The table and its columns.
const TRAIL: AppendInto = AppendInto {
    table: "control_audit",
    columns: &[
        "owner",
        "id",
        "at",
        "kind",
        "user_id",
        "user_name",
        "role",
        "action",
        "object",
        "object_id",
        "before_sealed",
        "after_sealed",
    ],
};

#[expect(
    clippy::too_many_arguments,
    reason = "one argument a column; a struct would be built at one place only"
)]
async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    kind: AuditKind,
    action: &str,
    object: &str,
    object_id: &str,
    before: Option<Json>,
    after: Option<Json>,
) -> Result<(), Refusal> {
    let row = row(tx.db().cipher(), actor, kind, action, object, object_id, before, after)?;
    tx.execute(
        "INSERT INTO control_audit (owner, id, at, kind, user_id, user_name, role, action, object, object_id, before_sealed, after_sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row,
    )
    .await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one argument a column, as above")]
fn row(
    cipher: &Cipher,
    actor: &Actor,
    kind: AuditKind,
    action: &str,
    object: &str,
    object_id: &str,
    before: Option<Json>,
    after: Option<Json>,
) -> Result<Args, Refusal> {
    let id = Uuid::now_v7();
    let before = seal(cipher, "before_sealed", id, before)?;
    let after = seal(cipher, "after_sealed", id, after)?;
    Ok(args![
        actor.organisation,
        id,
        clock::now(),
        kind.key(),
        actor.user_id,
        actor.name,
        actor.role.key(),
        action,
        object,
        object_id,
        before,
        after
    ])
}

fn seal(cipher: &Cipher, column: &str, id: Uuid, value: Option<Json>) -> Result<Option<Vec<u8>>, Refusal> {
    value
        .map(|json| cipher.seal("control_audit", column, id, json.to_string().as_bytes()))
        .transpose()
}

/// What part of the trail to read.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only this sort of thing.
    pub object: Option<String>,
    /// Only this one.
    pub object_id: Option<String>,
    /// Only refused acts.
    pub denied_only: bool,
    /// Only events before this one (cursor).
    pub before: Option<Uuid>,
    /// At most this many; 1 to 200.
    pub limit: i64,
}

/// Reads the actor's organisation's trail, newest first.
pub async fn trail(actor: &Actor, db: &Db, filter: &AuditFilter) -> Result<Vec<AuditEvent>, Refusal> {
    actor.require(Permission::AuditView)?;
    let mut sql = "SELECT * FROM control_audit WHERE owner = $1".to_owned();
    let mut args = args![actor.organisation];
    if let Some(object) = &filter.object {
        let n = args.push(object);
        sql.push_str(&format!(" AND object = ${n}"));
    }
    if let Some(object_id) = &filter.object_id {
        let n = args.push(object_id);
        sql.push_str(&format!(" AND object_id = ${n}"));
    }
    if filter.denied_only {
        sql.push_str(" AND kind = 'denied'");
    }
    if let Some(before) = filter.before {
        let n = args.push(before);
        sql.push_str(&format!(" AND id < ${n}"));
    }
    let n = args.push(filter.limit.clamp(1, 200));
    sql.push_str(&format!(" ORDER BY id DESC LIMIT ${n}"));
    db.settle().await?;
    let rows = db.read().all(&sql, args).await?;
    rows.iter().map(|row| event(db.cipher(), row)).collect()
}

fn event(cipher: &Cipher, row: &Row) -> Result<AuditEvent, Refusal> {
    let id: Uuid = row.get("id")?;
    let open = |column: &str| -> Result<Option<Json>, Refusal> {
        let Some(sealed) = row.get::<Option<Vec<u8>>>(column)? else {
            return Ok(None);
        };
        let plain = cipher.open("control_audit", column, id, &sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(Refusal::internal)
    };
    Ok(AuditEvent {
        id,
        at: row.get("at")?,
        kind: AuditKind::parse(&row.get::<String>("kind")?),
        user_id: row.get("user_id")?,
        user_name: row.get("user_name")?,
        role: row.get("role")?,
        action: row.get("action")?,
        object: row.get("object")?,
        object_id: row.get("object_id")?,
        before: open("before_sealed")?,
        after: open("after_sealed")?,
    })
}

/// How many acts `organisation`'s users were refused since `since`; for the manager's home page.
pub async fn denied_count(actor: &Actor, db: &Db, since: Timestamp) -> Result<i64, Refusal> {
    actor.require(Permission::AuditView)?;
    let owner: &Organisation = &actor.organisation;
    db.read()
        .one(
            "SELECT COUNT(*) AS n FROM control_audit WHERE owner = $1 AND kind = 'denied' AND at >= $2",
            args![owner, since],
        )
        .await?
        .get("n")
}

#[cfg(test)]
mod tests;
