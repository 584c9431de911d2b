//! Sessions kept on the server: a random token in the cookie, its hash in the table, idle and absolute expiry.

use jiff::SignedDuration;
use serde::Serialize;
use sm3::{Digest, Sm3};
use standard::{Finding, Refusal, RefusalKind, Timestamp};
use store::{Db, Query, Tx, args};
use uuid::Uuid;

use super::user::{User, from_row};
use super::{Actor, session_cache};
use crate::{audit, clock};

/// A session ends after this long without a request.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends after this long in any case.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// The time of the last request is written at most this often.
const TOUCH: SignedDuration = SignedDuration::from_secs(60);
/// And a request waits at most this long for it.
const TOUCH_WAIT: std::time::Duration = std::time::Duration::from_millis(200);

/// Who a session belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionInfo {
    /// The actor, with the role as it is now.
    pub actor: Actor,
    /// Name the user logs in with.
    pub username: String,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// When the session ends in any case.
    pub expires_at: Timestamp,
}

/// Starts a session in the transaction of the login and gives its token: 64 hex digits.
pub(super) async fn start(tx: &mut Tx, user: &User) -> Result<(String, Timestamp), Refusal> {
    let mut token = [0_u8; 32];
    getrandom::fill(&mut token).map_err(Refusal::internal)?;
    let now = clock::now();
    let expires_at = now + ABSOLUTE;
    tx.execute("DELETE FROM control_session WHERE expires_at < $1", args![now]).await?;
    tx.execute(
        "INSERT INTO control_session (token_hash, user_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        args![hash(&token), user.id, now, expires_at],
    )
    .await?;
    Ok((hex::encode(token), expires_at))
}

/// Who the token belongs to, or `session_ended`; refuses `password_expired` until an expired password is changed.
pub async fn session(db: &Db, token: &str) -> Result<Actor, Refusal> {
    let info = session_info(db, token).await?;
    if info.must_change {
        return Err(Refusal::forbidden(
            "password_expired",
            "密码已到期或为初始密码，请先修改密码。",
            "The password has expired or is the first one. Change it first.",
        ));
    }
    Ok(info.actor)
}

/// Who the token belongs to, also while the password must be changed.
pub async fn session_info(db: &Db, token: &str) -> Result<SessionInfo, Refusal> {
    let token_hash = parse(token)?;
    let generation = match session_cache::get(&token_hash) {
        Ok(info) if info.expires_at > clock::now() => return Ok(info),
        Ok(_) => return Err(ended()),
        Err(generation) => generation,
    };
    let row = db
        .read()
        .optional(
            "SELECT u.id, u.username, u.name, u.owner, u.role, u.disabled, u.must_change, u.password_set_at, s.seen_at, s.expires_at
             FROM control_session s JOIN control_user u ON u.id = s.user_id WHERE s.token_hash = $1",
            args![token_hash],
        )
        .await?
        .ok_or_else(ended)?;
    let (user, seen_at, expires_at) = (
        from_row(&row)?,
        row.get::<Timestamp>("seen_at")?,
        row.get::<Timestamp>("expires_at")?,
    );
    let now = clock::now();
    if user.disabled || now >= expires_at || now >= seen_at + IDLE {
        return Err(ended());
    }
    if now >= seen_at + TOUCH {
        touch(db, token_hash, now).await;
    }
    let info = SessionInfo {
        actor: user.actor(),
        must_change: user.password_expired(now),
        username: user.username,
        expires_at,
    };
    session_cache::put(token_hash, info.clone(), generation);
    Ok(info)
}

/// Notes that the session is in use. A request does not wait for a long writer (a bulk load): the next one tries again.
async fn touch(db: &Db, token_hash: [u8; 32], now: Timestamp) {
    let writing = async {
        let mut tx = db.begin().await?;
        let sql = "UPDATE control_session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
        tx.execute(sql, args![token_hash, now]).await?;
        tx.commit().await
    };
    match tokio::time::timeout(TOUCH_WAIT, writing).await {
        Ok(Ok(())) => {}
        Ok(Err(refusal)) => tracing::warn!(%refusal, "the time of a request could not be noted"),
        Err(_) => tracing::debug!("the time of a request is noted later; the database is busy writing"),
    }
}

/// Ends the session of the token, at once. An unknown token is no error: it is ended too.
pub async fn logout(db: &Db, token: &str) -> Result<(), Refusal> {
    let Ok(token_hash) = parse(token) else { return Ok(()) };
    let info = session_info(db, token).await.ok();
    let mut tx = db.begin().await?;
    let gone = tx
        .execute("DELETE FROM control_session WHERE token_hash = $1", args![token_hash])
        .await?;
    if let Some(info) = info.filter(|_| gone > 0) {
        audit::record(&mut tx, &info.actor, "session.logout", "user", info.actor.user_id, None, None).await?;
    }
    tx.commit().await?;
    session_cache::forget(&token_hash);
    Ok(())
}

/// Ends every session of a user of the actor's organisation: one's own, or with `user_manage` anyone's.
pub async fn end_all_sessions(actor: &Actor, db: &Db, user: Uuid) -> Result<(), Refusal> {
    if user != actor.user_id {
        actor.require(super::Permission::UserManage)?;
    }
    let mut tx = db.begin().await?;
    super::find_user(&mut tx, &actor.organisation, user).await?;
    tx.execute("DELETE FROM control_session WHERE user_id = $1", args![user]).await?;
    audit::record(&mut tx, actor, "session.end_all", "user", user, None, None).await?;
    tx.commit().await?;
    session_cache::forget_user(user);
    Ok(())
}

fn hash(token: &[u8]) -> [u8; 32] {
    Sm3::digest(token).into()
}

fn parse(token: &str) -> Result<[u8; 32], Refusal> {
    let bytes: [u8; 32] = hex::decode(token).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(ended)?;
    Ok(hash(&bytes))
}

fn ended() -> Refusal {
    Refusal::new(
        RefusalKind::Unauthenticated,
        Finding::blocking("session_ended", "登录已失效，请重新登录。", "Your session has ended. Log in again."),
    )
}
