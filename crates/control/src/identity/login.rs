//! Logging in: captcha after three failures, lockout after ten, and the same answers whether the user exists or not.

use jiff::SignedDuration;
use standard::{Finding, Refusal, RefusalKind, Timestamp};
use store::{Db, Query, Tx, args};
use uuid::Uuid;

use super::user::{User, from_row};
use super::{Actor, captcha, password, session};
use crate::{audit, clock};

/// From so many failures on, a captcha is asked.
const CAPTCHA_AFTER: i64 = 3;
/// At so many failures the name is locked.
const LOCK_AT: i64 = 10;
/// For how long.
const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// Failures are forgotten after a day without a further one.
const FORGET_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What a person types to log in.
#[derive(Clone, Default)]
pub struct Credentials {
    /// User name; case does not matter.
    pub username: String,
    /// Password.
    pub password: String,
    /// The captcha shown, when one was asked.
    pub captcha_id: Option<Uuid>,
    /// What the person read in it.
    pub captcha: Option<String>,
}

/// Passwords never show in Debug.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// A session just begun.
#[derive(Clone)]
pub struct Session {
    /// For the cookie; kept nowhere else.
    pub token: String,
    /// Who logged in.
    pub user: User,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// Tokens never show in Debug.
impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("user", &self.user.username).finish_non_exhaustive()
    }
}

/// Logs in. Refusals: `account_locked`, `captcha_required`, `captcha_wrong`, `login_failed`.
///
/// The attempt is counted before the password is looked at and uncounted on success, so that many attempts at
/// once cannot outrun the count.
pub async fn login(db: &Db, credentials: &Credentials) -> Result<Session, Refusal> {
    let username = credentials.username.trim().to_lowercase();
    if username.is_empty() || username.len() > 80 || credentials.password.len() > password::MAX_BYTES {
        return Err(failed(0));
    }
    let failures = count_attempt(db, &username, credentials).await?;
    let found = db
        .read()
        .optional(
            "SELECT id, username, name, owner, role, disabled, must_change, password_set_at, password_hash FROM control_user WHERE username = $1",
            args![username],
        )
        .await?;
    let hash: Option<String> = found.as_ref().map(|row| row.get("password_hash")).transpose()?;
    let user = found.as_ref().map(from_row).transpose()?.filter(|user| !user.disabled);
    // A disabled user costs the same time as an unknown one or a wrong password.
    let right = password::verify_password(&credentials.password, hash.as_deref()).await?;
    let Some(user) = user.filter(|_| right) else {
        note_failure(db, &username, found.as_ref().map(from_row).transpose()?).await?;
        return Err(failed(failures));
    };
    let mut tx = db.begin().await?;
    tx.execute("DELETE FROM control_login_attempt WHERE username = $1", args![username])
        .await?;
    let (token, expires_at) = session::start(&mut tx, &user).await?;
    audit::record(&mut tx, &user.actor(), "session.login", "user", user.id, None, None).await?;
    tx.commit().await?;
    let must_change = user.password_expired(clock::now());
    Ok(Session {
        token,
        user,
        must_change,
        expires_at,
    })
}

/// Checks lock and captcha and counts the attempt as failed, in one transaction; gives the failures so far.
async fn count_attempt(db: &Db, username: &str, credentials: &Credentials) -> Result<i64, Refusal> {
    let now = clock::now();
    let mut tx = db.begin().await?;
    tx.lock(&format!("login:{username}")).await?;
    tx.execute("DELETE FROM control_login_attempt WHERE last_at < $1", args![now - FORGET_AFTER])
        .await?;
    let row = tx
        .optional(
            "SELECT failures, locked_until FROM control_login_attempt WHERE username = $1",
            args![username],
        )
        .await?;
    let (mut failures, locked_until) = match row {
        Some(row) => (row.get::<i64>("failures")?, row.get::<i64>("locked_until")?),
        None => (0, 0),
    };
    if locked_until > now.as_microsecond() {
        return Err(locked());
    }
    if failures >= LOCK_AT {
        // The lock has run out: begin again, still with a captcha.
        failures = CAPTCHA_AFTER;
    }
    if failures >= CAPTCHA_AFTER {
        let answered = check_captcha(&mut tx, credentials).await?;
        if let Err(refusal) = answered {
            // The captcha is used up also when the answer is wrong.
            tx.commit().await?;
            return Err(refusal);
        }
    }
    failures += 1;
    let locked_until = if failures >= LOCK_AT {
        (now + LOCKED_FOR).as_microsecond()
    } else {
        0
    };
    tx.execute(
        "INSERT INTO control_login_attempt (username, failures, locked_until, last_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (username) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until, last_at = excluded.last_at",
        args![username, failures, locked_until, now],
    )
    .await?;
    tx.commit().await?;
    Ok(failures)
}

async fn check_captcha(tx: &mut Tx, credentials: &Credentials) -> Result<Result<(), Refusal>, Refusal> {
    let (Some(id), Some(answer)) = (credentials.captcha_id, credentials.captcha.as_deref()) else {
        return Ok(Err(captcha_refusal("captcha_required", "请输入图形验证码。", "Enter the captcha.")));
    };
    if captcha::redeem(tx, id, answer).await? {
        return Ok(Ok(()));
    }
    Ok(Err(captcha_refusal(
        "captcha_wrong",
        "验证码不正确或已过期，请重新输入新的验证码。",
        "The captcha is wrong or expired. Enter the new one.",
    )))
}

fn captcha_refusal(rule: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Unauthenticated, Finding::blocking(rule, zh, en).field("captcha"))
}

/// Keeps a failed login of an existing user for its organisation's manager to see. For an unknown name it writes
/// something without meaning, so that the time of the answer does not tell which it was.
async fn note_failure(db: &Db, username: &str, user: Option<User>) -> Result<(), Refusal> {
    if let Some(user) = user {
        let actor = Actor {
            name: user.username.clone(),
            ..user.actor()
        };
        return audit::denied(db, &actor, "session.login", "user", user.id, &failed(0)).await;
    }
    let mut tx = db.begin().await?;
    tx.execute(
        "UPDATE control_login_attempt SET last_at = $2 WHERE username = $1",
        args![username, clock::now()],
    )
    .await?;
    tx.commit().await
}

fn failed(failures: i64) -> Refusal {
    let finding = Finding::blocking("login_failed", "用户名或密码不正确。", "User name or password is wrong.").field("password");
    let finding = if failures >= LOCK_AT {
        return locked();
    } else if failures >= CAPTCHA_AFTER {
        finding
            .remedy(
                "请核对后连同图形验证码重新输入；连续失败10次将锁定15分钟。",
                "Try again with the captcha; ten failures lock the name for 15 minutes.",
            )
            .action("captcha")
    } else {
        finding.remedy("请核对后重新输入。", "Check and try again.")
    };
    Refusal::new(RefusalKind::Unauthenticated, finding)
}

fn locked() -> Refusal {
    Refusal::too_many(
        "account_locked",
        "连续登录失败次数过多，已锁定15分钟。",
        "Too many failed logins; the name is locked for 15 minutes.",
    )
    .remedy(
        "请15分钟后再试，或联系本单位管理员重置密码。",
        "Try again in 15 minutes, or have your manager reset the password.",
    )
}
