//! Users: creating, listing, role, disabling, passwords with age and reuse rules.

use jiff::SignedDuration;
use serde::Serialize;
use standard::{Finding, Organisation, Refusal, Timestamp};
use store::{Db, Query, Row, Tx, args};
use uuid::Uuid;

use super::password::{check_strength, hash_password, verify_password};
use super::{Actor, Permission, Role, session_cache};
use crate::{audit, clock};

/// A password is good for this long.
pub(super) const PASSWORD_DAYS: i64 = 90;
/// So many former passwords are not accepted again.
const REMEMBERED: usize = 5;

/// A person who can log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Key.
    pub id: Uuid,
    /// Name to log in with, lower case, unique in the installation.
    pub username: String,
    /// Display name.
    pub name: String,
    /// The organisation.
    pub organisation: Organisation,
    /// The role.
    pub role: Role,
    /// Whether the user may not log in.
    pub disabled: bool,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// When the password was set.
    pub password_set_at: Timestamp,
}

impl User {
    /// The user as an actor.
    pub fn actor(&self) -> Actor {
        Actor {
            user_id: self.id,
            name: self.name.clone(),
            organisation: self.organisation,
            role: self.role,
        }
    }

    /// Whether the password is past its age or was set by someone else.
    pub fn password_expired(&self, now: Timestamp) -> bool {
        self.must_change || self.password_set_at + SignedDuration::from_hours(24 * PASSWORD_DAYS) < now
    }
}

/// What a user is created with.
#[derive(Clone)]
pub struct NewUser {
    /// Name to log in with: 2 to 40 letters, digits, `_`, `-`, `.`; case does not matter.
    pub username: String,
    /// Display name.
    pub name: String,
    /// Role; must fit the organisation.
    pub role: Role,
    /// First password.
    pub password: String,
    /// Whether the user must change it at first login.
    pub must_change: bool,
}

/// Passwords never show in Debug.
impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser")
            .field("username", &self.username)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "id, username, name, owner, role, disabled, must_change, password_set_at";

pub(super) fn from_row(row: &Row) -> Result<User, Refusal> {
    let role: String = row.get("role")?;
    Ok(User {
        id: row.get("id")?,
        username: row.get("username")?,
        name: row.get("name")?,
        organisation: row.get("owner")?,
        role: Role::parse(&role).ok_or_else(|| Refusal::internal(format!("unknown role {role}")))?,
        disabled: row.get("disabled")?,
        must_change: row.get("must_change")?,
        password_set_at: row.get("password_set_at")?,
    })
}

/// Creates a user of the actor's organisation. The first one of an organisation is created by its system actor.
pub async fn create_user(actor: &Actor, tx: &mut Tx, new: &NewUser) -> Result<User, Refusal> {
    actor.require(Permission::UserManage)?;
    let username = clean_username(&new.username)?;
    let name = clean_name(&new.name)?;
    if !new.role.fits(&actor.organisation) {
        return Err(role_misfit());
    }
    strong(&username, &new.password)?;
    let hash = hash_password(&new.password).await?;
    let now = clock::now();
    let user = User {
        id: Uuid::now_v7(),
        username,
        name,
        organisation: actor.organisation,
        role: new.role,
        disabled: false,
        must_change: new.must_change,
        password_set_at: now,
    };
    let added = tx
        .execute(
            "INSERT INTO control_user (id, username, name, owner, role, password_hash, password_set_at, must_change, disabled, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7, $7) ON CONFLICT (username) DO NOTHING",
            args![user.id, user.username, user.name, user.organisation, user.role.key(), hash, now, user.must_change, false],
        )
        .await?;
    if added == 0 {
        return Err(Refusal::conflict(
            "username_taken",
            "该用户名已被使用，请换一个。",
            "This user name is taken; choose another.",
        ));
    }
    remember(tx, user.id, now, &hash).await?;
    let after = serde_json::json!({ "username": user.username, "role": user.role });
    audit::record(tx, actor, "user.create", "user", user.id, None, Some(after)).await?;
    Ok(user)
}

/// The users of the actor's organisation, by user name.
pub async fn users(actor: &Actor, db: &Db) -> Result<Vec<User>, Refusal> {
    actor.require(Permission::UserManage)?;
    let sql = format!("SELECT {COLUMNS} FROM control_user WHERE owner = $1 ORDER BY username");
    db.read().all(&sql, args![actor.organisation]).await?.iter().map(from_row).collect()
}

/// A user of `organisation`, or `user_not_found`.
pub async fn find_user(q: &mut dyn Query, organisation: &Organisation, id: Uuid) -> Result<User, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM control_user WHERE id = $1 AND owner = $2");
    q.optional(&sql, args![id, organisation])
        .await?
        .ok_or_else(|| {
            Refusal::not_found(
                "user_not_found",
                "本单位没有这个用户。",
                "There is no such user in your organisation.",
            )
        })
        .and_then(|row| from_row(&row))
}

/// Gives a user another role. It holds from the user's next request.
pub async fn set_role(actor: &Actor, db: &Db, id: Uuid, role: Role) -> Result<User, Refusal> {
    actor.require(Permission::UserManage)?;
    if id == actor.user_id {
        return Err(own_account());
    }
    let mut tx = db.begin().await?;
    let user = find_user(&mut tx, &actor.organisation, id).await?;
    if !role.fits(&user.organisation) {
        return Err(role_misfit());
    }
    tx.execute(
        "UPDATE control_user SET role = $2, updated_at = $3 WHERE id = $1",
        args![id, role.key(), clock::now()],
    )
    .await?;
    let (before, after) = (serde_json::json!({ "role": user.role }), serde_json::json!({ "role": role }));
    audit::record(&mut tx, actor, "user.role", "user", id, Some(before), Some(after)).await?;
    tx.commit().await?;
    session_cache::forget_user(id);
    Ok(User { role, ..user })
}

/// Disables or enables a user. Disabling ends the user's sessions at once.
pub async fn set_disabled(actor: &Actor, db: &Db, id: Uuid, disabled: bool) -> Result<User, Refusal> {
    actor.require(Permission::UserManage)?;
    if id == actor.user_id {
        return Err(own_account());
    }
    let mut tx = db.begin().await?;
    let user = find_user(&mut tx, &actor.organisation, id).await?;
    tx.execute(
        "UPDATE control_user SET disabled = $2, updated_at = $3 WHERE id = $1",
        args![id, disabled, clock::now()],
    )
    .await?;
    if disabled {
        tx.execute("DELETE FROM control_session WHERE user_id = $1", args![id]).await?;
    }
    let (before, after) = (
        serde_json::json!({ "disabled": user.disabled }),
        serde_json::json!({ "disabled": disabled }),
    );
    audit::record(&mut tx, actor, "user.disable", "user", id, Some(before), Some(after)).await?;
    tx.commit().await?;
    session_cache::forget_user(id);
    Ok(User { disabled, ..user })
}

/// Sets a user's password by the manager; the user must change it at the next login, and open sessions end.
pub async fn reset_password(actor: &Actor, db: &Db, id: Uuid, password: &str) -> Result<(), Refusal> {
    actor.require(Permission::UserManage)?;
    let user = find_user(&mut db.read(), &actor.organisation, id).await?;
    strong(&user.username, password)?;
    store_password(actor, db, &user, password, true).await
}

/// Changes the actor's own password. It ends all of the user's sessions, also the present one.
pub async fn change_own_password(actor: &Actor, db: &Db, old: &str, new: &str) -> Result<(), Refusal> {
    let mut read = db.read();
    let user = find_user(&mut read, &actor.organisation, actor.user_id).await?;
    let former = read
        .all(
            "SELECT password_hash FROM control_password WHERE user_id = $1 ORDER BY set_at DESC",
            args![user.id],
        )
        .await?
        .iter()
        .map(|row| row.get("password_hash"))
        .collect::<Result<Vec<String>, _>>()?;
    if !verify_password(old, former.first().map(String::as_str)).await? {
        return Err(
            Finding::blocking("old_password_wrong", "原密码不正确。", "The old password is wrong.")
                .field("old_password")
                .into(),
        );
    }
    strong(&user.username, new)?;
    for hash in former.iter().take(REMEMBERED) {
        if verify_password(new, Some(hash)).await? {
            return Err(Finding::blocking(
                "password_reused",
                format!("新密码不能与最近{REMEMBERED}次使用的密码相同。"),
                format!("The new password must differ from the last {REMEMBERED}."),
            )
            .field("password")
            .into());
        }
    }
    store_password(actor, db, &user, new, false).await
}

async fn store_password(actor: &Actor, db: &Db, user: &User, password: &str, must_change: bool) -> Result<(), Refusal> {
    let hash = hash_password(password).await?;
    let now = clock::now();
    let mut tx = db.begin().await?;
    tx.execute(
        "UPDATE control_user SET password_hash = $2, password_set_at = $3, must_change = $4, updated_at = $3 WHERE id = $1",
        args![user.id, hash, now, must_change],
    )
    .await?;
    remember(&mut tx, user.id, now, &hash).await?;
    tx.execute("DELETE FROM control_session WHERE user_id = $1", args![user.id]).await?;
    audit::record(&mut tx, actor, "user.password", "user", user.id, None, None).await?;
    tx.commit().await?;
    session_cache::forget_user(user.id);
    Ok(())
}

async fn remember(tx: &mut Tx, user: Uuid, at: Timestamp, hash: &str) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO control_password (user_id, set_at, password_hash) VALUES ($1, $2, $3)",
        args![user, at, hash],
    )
    .await?;
    Ok(())
}

/// A user name as stored, or what is wrong with it.
fn clean_username(username: &str) -> Result<String, Refusal> {
    let clean = username.trim().to_lowercase();
    let good = (2..=40).contains(&clean.len())
        && clean
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c));
    if good {
        return Ok(clean);
    }
    Err(Finding::blocking(
        "username_shape",
        "用户名为2至40个字母、数字或 _ - . 。",
        "A user name has 2 to 40 letters, digits, _, - or .",
    )
    .field("username")
    .into())
}

fn clean_name(name: &str) -> Result<String, Refusal> {
    let clean = name.trim();
    if clean.is_empty() || clean.chars().count() > 60 {
        return Err(
            Finding::blocking("user_name_shape", "姓名为1至60个字。", "A name has 1 to 60 characters.")
                .field("name")
                .into(),
        );
    }
    Ok(clean.to_owned())
}

fn strong(username: &str, password: &str) -> Result<(), Refusal> {
    let findings = check_strength(username, password);
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid_all(findings))
    }
}

fn role_misfit() -> Refusal {
    Finding::blocking(
        "role_misfit",
        "该岗位不属于本类单位。",
        "This role does not belong to this kind of organisation.",
    )
    .field("role")
    .into()
}

fn own_account() -> Refusal {
    Refusal::forbidden(
        "own_account",
        "不能更改自己的岗位或停用自己，请由其他管理员办理。",
        "You cannot change your own role or disable yourself; ask another manager.",
    )
}
