//! 保存的视图: a user's own filters and columns of a list.

use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::{Finding, Refusal};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::employer_of;

const NAME_CHARS: usize = 30;
const CONTENT_BYTES: usize = 4_000;
const VIEWS_MAX: i64 = 30;
/// Lists that have views.
const PAGES: [&str; 1] = ["employees"];

/// A view.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SavedView {
    /// Key.
    pub id: Uuid,
    /// Which list.
    pub page: String,
    /// Its name.
    pub name: String,
    /// Filters and columns, as the page wrote them.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

/// A view to be kept; one of the same name is replaced.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewView {
    /// Which list.
    pub page: String,
    /// Its name.
    pub name: String,
    /// Filters and columns.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

/// The reader's own views of a list, by name.
pub async fn list(actor: &Actor, db: &Db, page: &str) -> Result<Vec<SavedView>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let rows = db
        .read()
        .all(
            "SELECT id, page, name, content FROM employer_saved_view WHERE employer_id = $1 AND user_id = $2 AND page = $3 ORDER BY name",
            args![employer_of(actor)?, actor.user_id, page],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let content: String = row.get("content")?;
            Ok(SavedView {
                id: row.get("id")?,
                page: row.get("page")?,
                name: row.get("name")?,
                content: serde_json::from_str(&content).map_err(Refusal::internal)?,
            })
        })
        .collect()
}

/// Keeps a view of the reader's.
pub async fn save(actor: &Actor, db: &Db, new: NewView) -> Result<Vec<SavedView>, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let name = new.name.trim().to_string();
    let content = new.content.to_string();
    let refuse = |rule: &str, field: &str, zh: &str, en: &str| Err(Refusal::invalid(Finding::blocking(rule, zh, en).field(field)));
    if name.is_empty() || name.chars().count() > NAME_CHARS {
        return refuse(
            "view_name",
            "name",
            "视图名称应为 1 至 30 个字",
            "a view's name has 1 to 30 characters",
        );
    }
    if !PAGES.contains(&new.page.as_str()) {
        return refuse("view_page_unknown", "page", "没有这个列表", "there is no such list");
    }
    if !new.content.is_object() || content.len() > CONTENT_BYTES {
        return refuse("view_too_large", "content", "视图内容过大", "the view is too large");
    }
    let mut tx = db.begin().await?;
    let count: i64 = tx
        .one(
            "SELECT COUNT(*) AS n FROM employer_saved_view WHERE employer_id = $1 AND user_id = $2 AND page = $3 AND name <> $4",
            args![employer_id, actor.user_id, &new.page, &name],
        )
        .await?
        .get("n")?;
    if count >= VIEWS_MAX {
        return refuse(
            "views_too_many",
            "name",
            "最多保存 30 个视图，请先删除不用的",
            "at most 30 views: remove one first",
        );
    }
    tx.execute(
        "INSERT INTO employer_saved_view (employer_id, user_id, id, page, name, content, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (employer_id, user_id, page, name) DO UPDATE SET content = excluded.content",
        args![
            employer_id,
            actor.user_id,
            Uuid::now_v7(),
            &new.page,
            &name,
            &content,
            control::clock::now()
        ],
    )
    .await?;
    tx.commit().await?;
    list(actor, db, &new.page).await
}

/// Forgets a view of the reader's.
pub async fn remove(actor: &Actor, db: &Db, id: Uuid) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeView)?;
    let mut tx = db.begin().await?;
    let removed = tx
        .execute(
            "DELETE FROM employer_saved_view WHERE employer_id = $1 AND user_id = $2 AND id = $3",
            args![employer_of(actor)?, actor.user_id, id],
        )
        .await?;
    if removed == 0 {
        return Err(Refusal::not_found("view_not_found", "没有找到该视图", "no such view"));
    }
    tx.commit().await
}
