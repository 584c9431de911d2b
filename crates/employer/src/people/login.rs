//! 员工账号: an employee's own login for the phone pages.

use control::audit;
use control::identity::{self, Actor, NewUser, Permission, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Refusal};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store as rows;
use crate::employer_of;

/// A login to be created.
#[derive(Clone, Deserialize, ToSchema)]
pub struct NewLogin {
    /// Name to log in with.
    pub username: String,
    /// First password; to be changed at the first login.
    pub password: String,
}

/// A login as shown.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LoginView {
    /// The user.
    pub user_id: Uuid,
    /// Name to log in with.
    pub username: String,
}

/// Which employee the actor is.
pub async fn employee_of(actor: &Actor, q: &mut impl Query) -> Result<Uuid, Refusal> {
    actor.require(Permission::SelfService)?;
    let employer_id = employer_of(actor)?;
    let sql = "SELECT employee_id FROM employer_login WHERE employer_id = $1 AND user_id = $2";
    let row = q.optional(sql, args![employer_id, actor.user_id]).await?.ok_or_else(|| {
        Refusal::forbidden(
            "login_without_employee",
            "该账号没有关联员工档案",
            "this login belongs to no employee's record",
        )
        .remedy("请联系人事为您开通员工账号", "ask HR to create your employee login")
    })?;
    row.get("employee_id")
}

/// The login of an employee, if there is one.
pub(crate) async fn of(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Option<LoginView>, Refusal> {
    let sql = "SELECT user_id, username FROM employer_login WHERE employer_id = $1 AND employee_id = $2";
    q.optional(sql, args![employer_id, employee_id])
        .await?
        .map(|row| {
            Ok(LoginView {
                user_id: row.get("user_id")?,
                username: row.get("username")?,
            })
        })
        .transpose()
}

/// Creates the login of an employee. The first password is changed at the first login.
pub async fn create(actor: &Actor, db: &Db, employee_id: Uuid, username: &str, password: &str) -> Result<LoginView, Refusal> {
    make(actor, db, employee_id, username, password, true).await
}

/// The same with a password that stays; for the demonstration.
pub async fn create_lasting(actor: &Actor, db: &Db, employee_id: Uuid, username: &str, password: &str) -> Result<LoginView, Refusal> {
    make(actor, db, employee_id, username, password, false).await
}

async fn make(actor: &Actor, db: &Db, employee_id: Uuid, username: &str, password: &str, must_change: bool) -> Result<LoginView, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    let employee = rows::get(&mut tx, employer_id, employee_id).await?;
    if let Some(login) = of(&mut tx, employer_id, employee_id).await? {
        return Err(Refusal::conflict(
            "login_exists",
            format!("该员工已有账号 {}", login.username),
            format!("the employee has the login {} already", login.username),
        )
        .remedy("忘记密码请重置", "reset the password if it was forgotten"));
    }
    if employee.left_on.is_some() || employee.merged_into.is_some() {
        return Err(Refusal::invalid(
            Finding::blocking("employee_not_employed", "离职员工不能开通账号", "someone who left gets no login").field("username"),
        ));
    }
    let new = NewUser {
        username: username.to_string(),
        name: employee.name.clone(),
        role: Role::Employee,
        password: password.to_string(),
        must_change,
    };
    let user = identity::create_user(actor, &mut tx, &new).await?;
    link(&mut tx, employer_id, user.id, employee_id, &user.username).await?;
    let after = json!({ "username": user.username });
    audit::record(&mut tx, actor, "employee.login", "employee", employee_id, None, Some(after)).await?;
    tx.commit().await?;
    Ok(LoginView {
        user_id: user.id,
        username: user.username,
    })
}

/// Links a user that exists to an employee.
pub async fn link(tx: &mut store::Tx, employer_id: Uuid, user_id: Uuid, employee_id: Uuid, username: &str) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_login (employer_id, user_id, employee_id, username, created_at) VALUES ($1, $2, $3, $4, $5)",
        args![employer_id, user_id, employee_id, username, control::clock::now()],
    )
    .await?;
    Ok(())
}
