//! Notices to the users of an organisation, written in the transaction that causes them.

use serde::{Deserialize, Serialize};
use standard::{Organisation, Refusal, Text, Timestamp};
use store::{Db, Query, Row, Tx, args};
use uuid::Uuid;

use crate::clock;
use crate::identity::{Actor, Permission, Role};

/// Whom in the organisation a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every user.
    All,
    /// Every user of a role.
    Role(Role),
    /// One user.
    User(Uuid),
}

impl Audience {
    fn key(self) -> String {
        match self {
            Audience::All => "all".to_owned(),
            Audience::Role(role) => format!("role:{}", role.key()),
            Audience::User(id) => format!("user:{id}"),
        }
    }
}

/// A notice as one user sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Notice {
    /// Key; time-ordered.
    pub id: Uuid,
    /// Headline.
    pub title: Text,
    /// What happened and what to do next. Never a full ID number.
    pub body: Text,
    /// Page of the portal it leads to, like `/employer/transfers/…`.
    pub link: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When this user read it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

/// A page of notices.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Notices {
    /// Newest first.
    pub items: Vec<Notice>,
    /// How many this user has not read, over all pages.
    pub unread: i64,
    /// Pass it to get the next page; `None` at the end.
    pub next_cursor: Option<Uuid>,
}

/// Sends a notice in the transaction that causes it.
pub async fn send(
    tx: &mut Tx,
    to: &Organisation,
    audience: Audience,
    title: Text,
    body: Text,
    link: Option<&str>,
) -> Result<Uuid, Refusal> {
    let id = Uuid::now_v7();
    tx.execute(
        "INSERT INTO control_notice (owner, id, audience, title_zh, title_en, body_zh, body_en, link, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![to, id, audience.key(), title.zh, title.en, body.zh, body.en, link, clock::now()],
    )
    .await?;
    Ok(id)
}

const FOR_USER: &str = "n.owner = $1 AND n.audience IN ('all', $2, $3)";

/// The actor's notices, newest first; `limit` 1 to 100.
pub async fn list(actor: &Actor, db: &Db, unread_only: bool, cursor: Option<Uuid>, limit: i64) -> Result<Notices, Refusal> {
    actor.require(Permission::NoticeView)?;
    let limit = limit.clamp(1, 100);
    let mut args = reader(actor);
    let mut filter = String::new();
    if unread_only {
        filter.push_str(" AND r.read_at IS NULL");
    }
    if let Some(cursor) = cursor {
        let n = args.push(cursor);
        filter.push_str(&format!(" AND n.id < ${n}"));
    }
    let n = args.push(limit + 1);
    let sql = format!(
        "SELECT n.*, r.read_at AS read_at FROM control_notice n
         LEFT JOIN control_notice_read r ON r.owner = n.owner AND r.notice_id = n.id AND r.user_id = $4
         WHERE {FOR_USER}{filter} ORDER BY n.id DESC LIMIT ${n}"
    );
    let mut items = db.read().all(&sql, args).await?.iter().map(notice).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = if more { items.last().map(|item| item.id) } else { None };
    Ok(Notices {
        items,
        unread: unread(actor, db).await?,
        next_cursor,
    })
}

/// The newest notice of the organisation, whomever it is for: when it is another one, something happened.
pub async fn newest(db: &Db, owner: &Organisation) -> Result<Option<Uuid>, Refusal> {
    let sql = "SELECT id FROM control_notice WHERE owner = $1 ORDER BY id DESC LIMIT 1";
    let row = db.read().optional(sql, args![owner]).await?;
    row.map(|row| row.get("id")).transpose()
}

/// How many notices the actor has not read.
pub async fn unread(actor: &Actor, db: &Db) -> Result<i64, Refusal> {
    actor.require(Permission::NoticeView)?;
    let sql = format!(
        "SELECT COUNT(*) AS n FROM control_notice n
         LEFT JOIN control_notice_read r ON r.owner = n.owner AND r.notice_id = n.id AND r.user_id = $4
         WHERE {FOR_USER} AND r.read_at IS NULL"
    );
    db.read().one(&sql, reader(actor)).await?.get("n")
}

/// Marks one notice read; marking twice keeps the first time.
pub async fn mark_read(actor: &Actor, tx: &mut Tx, id: Uuid) -> Result<(), Refusal> {
    actor.require(Permission::NoticeView)?;
    let mut args = reader(actor);
    let at = args.push(clock::now());
    let key = args.push(id);
    let sql = format!(
        "INSERT INTO control_notice_read (owner, notice_id, user_id, read_at)
         SELECT n.owner, n.id, $4, ${at} FROM control_notice n WHERE {FOR_USER} AND n.id = ${key}
         ON CONFLICT (owner, notice_id, user_id) DO UPDATE SET read_at = control_notice_read.read_at"
    );
    if tx.execute(&sql, args).await? == 0 {
        return Err(Refusal::not_found("notice_not_found", "没有这条通知。", "There is no such notice."));
    }
    Ok(())
}

/// Marks all of the actor's notices read.
pub async fn mark_all_read(actor: &Actor, tx: &mut Tx) -> Result<(), Refusal> {
    actor.require(Permission::NoticeView)?;
    let mut args = reader(actor);
    let at = args.push(clock::now());
    let sql = format!(
        "INSERT INTO control_notice_read (owner, notice_id, user_id, read_at)
         SELECT n.owner, n.id, $4, ${at} FROM control_notice n WHERE {FOR_USER}
         ON CONFLICT (owner, notice_id, user_id) DO NOTHING"
    );
    tx.execute(&sql, args).await?;
    Ok(())
}

/// `$1` owner, `$2` role audience, `$3` user audience, `$4` user.
fn reader(actor: &Actor) -> store::Args {
    args![
        actor.organisation,
        Audience::Role(actor.role).key(),
        Audience::User(actor.user_id).key(),
        actor.user_id
    ]
}

fn notice(row: &Row) -> Result<Notice, Refusal> {
    Ok(Notice {
        id: row.get("id")?,
        title: Text {
            zh: row.get("title_zh")?,
            en: row.get("title_en")?,
        },
        body: Text {
            zh: row.get("body_zh")?,
            en: row.get("body_en")?,
        },
        link: row.get("link")?,
        at: row.get("at")?,
        read_at: row.get("read_at")?,
    })
}

#[cfg(test)]
mod tests;
