//! Login, sessions, users and the role matrix, against both databases.
#![allow(clippy::unwrap_used)]

mod accounts;
mod logins;
mod matrix;

use standard::Organisation;
use store::Db;

use super::*;

const PASSWORD: &str = "Shebao-2026";

fn agency() -> Organisation {
    "agency:430100".parse().unwrap()
}

async fn user(db: &Db, username: &str, role: Role) -> User {
    let mut tx = db.begin().await.unwrap();
    let new = NewUser {
        username: username.into(),
        name: "王敏".into(),
        role,
        password: PASSWORD.into(),
        must_change: false,
    };
    let user = create_user(&Actor::system(agency()), &mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    user
}

fn credentials(username: &str, password: &str) -> Credentials {
    Credentials {
        username: username.into(),
        password: password.into(),
        ..Credentials::default()
    }
}

async fn rule_of(db: &Db, credentials: &Credentials) -> String {
    login(db, credentials).await.unwrap_err().rule().to_owned()
}

/// Runs a statement that changes what time or chance would.
async fn alter(db: &Db, sql: &str, values: store::Args) {
    use store::Query;
    let mut tx = db.begin().await.unwrap();
    assert!(tx.execute(sql, values).await.unwrap() > 0, "{sql} changed nothing");
    tx.commit().await.unwrap();
}
