//! Passwords: argon2id hashing off the async threads, and the rules of strength.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use standard::{Finding, Refusal};
use tokio::sync::Semaphore;

/// Argon2id with 19 MiB and two passes (OWASP's first choice): about 15 ms, and 19 MiB a hash in flight.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes in flight at most, so that a flood of logins cannot exhaust memory or the processors.
static IN_FLIGHT: Semaphore = Semaphore::const_new(4);

/// Shortest password accepted.
pub(super) const MIN_LENGTH: usize = 10;
/// Longest password accepted, in bytes.
pub(super) const MAX_BYTES: usize = 128;

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the constants are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password that nobody has, so that an unknown user costs as much time as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let mut password = [0_u8; 32];
    // On failure the password of nobody is zeros, which no rule would accept anyway.
    let _ = getrandom::fill(&mut password);
    hash_now(&password).unwrap_or_default()
});

fn hash_now(password: &[u8]) -> Result<String, Refusal> {
    argon2()
        .hash_password(password)
        .map(|hash| hash.to_string())
        .map_err(Refusal::internal)
}

fn verify_now(password: &[u8], hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| argon2().verify_password(password, &parsed).is_ok())
}

/// The argon2id hash of `password` with a fresh salt, as a PHC string.
pub async fn hash_password(password: &str) -> Result<String, Refusal> {
    let bytes = password.as_bytes().to_vec();
    let _permit = IN_FLIGHT.acquire().await.map_err(Refusal::internal)?;
    tokio::task::spawn_blocking(move || hash_now(&bytes))
        .await
        .map_err(Refusal::internal)?
}

/// Whether `password` is the one of `hash`; with no hash it takes as long and is false.
pub async fn verify_password(password: &str, hash: Option<&str>) -> Result<bool, Refusal> {
    let bytes = password.as_bytes().to_vec();
    let hash = hash.map(str::to_owned);
    let _permit = IN_FLIGHT.acquire().await.map_err(Refusal::internal)?;
    tokio::task::spawn_blocking(move || match hash {
        Some(hash) => verify_now(&bytes, &hash),
        None => {
            std::hint::black_box(verify_now(&bytes, &NOBODY));
            false
        }
    })
    .await
    .map_err(Refusal::internal)
}

/// What a password lacks; none when it is good. Rules are checked in this order.
pub fn check_strength(username: &str, password: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lacks = |rule: &str, zh: &str, en: &str| findings.push(Finding::blocking(rule, zh, en).field("password"));
    if password.chars().count() < MIN_LENGTH {
        lacks("password_short", "密码至少10个字符。", "A password has at least 10 characters.");
    }
    if password.len() > MAX_BYTES {
        lacks("password_long", "密码过长（最多128字节）。", "A password has at most 128 bytes.");
    }
    if classes(password) < 3 {
        lacks(
            "password_classes",
            "密码须包含大写字母、小写字母、数字、符号中的至少三类。",
            "Use at least three of upper case, lower case, digits and symbols.",
        );
    }
    let lower = password.to_lowercase();
    if username.chars().count() >= 3 && lower.contains(&username.to_lowercase()) {
        lacks(
            "password_has_username",
            "密码不能包含用户名。",
            "A password must not contain the user name.",
        );
    }
    if has_run(&lower) {
        lacks(
            "password_run",
            "密码不能含有连续或重复的4个字符（如1234、aaaa）。",
            "Avoid four characters in a row or repeated, like 1234 or aaaa.",
        );
    }
    findings
}

fn classes(password: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [
        |c| c.is_uppercase(),
        |c| c.is_lowercase(),
        |c| c.is_numeric(),
        |c| !c.is_alphanumeric(),
    ];
    tests.iter().filter(|test| password.chars().any(**test)).count()
}

/// Four characters that repeat, rise or fall by one.
fn has_run(password: &str) -> bool {
    let codes: Vec<i64> = password.chars().map(|c| i64::from(u32::from(c))).collect();
    codes.windows(4).any(|w| {
        let step = w[1] - w[0];
        (-1..=1).contains(&step) && w[2] - w[1] == step && w[3] - w[2] == step
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn strength_rules_are_named() {
        let check = |username: &str, password: &str, expected: &[&str]| {
            let found: Vec<String> = check_strength(username, password).into_iter().map(|f| f.rule).collect();
            assert_eq!(found, expected, "{password}");
        };
        check("hr_manager", "Shebao-2026", &[]);
        check("hr_manager", "Sb-26", &["password_short"]);
        check("hr_manager", "shebaoshebao", &["password_classes"]);
        check("wangmin", "Wangmin-2026", &["password_has_username"]);
        check("wangmin", "Shebao-12345", &["password_run"]);
        check("wangmin", "Shebao-dcba9", &["password_run"]);
        check("wangmin", "Sheeeebao-26", &["password_run"]);
        check("wangmin", &format!("Aa1-{}", "xy".repeat(80)), &["password_long"]);
    }

    #[tokio::test]
    async fn hashes_verify_and_differ_by_salt() {
        let one = hash_password("Shebao-2026").await.unwrap();
        let two = hash_password("Shebao-2026").await.unwrap();
        assert_ne!(one, two);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(verify_password("Shebao-2026", Some(&one)).await.unwrap());
        assert!(!verify_password("Shebao-2027", Some(&one)).await.unwrap());
        assert!(!verify_password("Shebao-2026", Some("not a hash")).await.unwrap());
        assert!(!verify_password("Shebao-2026", None).await.unwrap());
    }
}
