//! Who acts: users, roles, permissions, passwords and sessions. Denied unless a role grants it.

mod captcha;
mod login;
mod password;
mod permission;
mod role;
mod session;
mod session_cache;
mod user;

pub use captcha::{Captcha, new_captcha};
pub use login::{Credentials, Session, login};
pub use password::{check_strength, hash_password, verify_password};
pub use permission::{Permission, PermissionSet};
pub use role::{Field, Role, Visibility};
pub use session::{ABSOLUTE, IDLE, SessionInfo, end_all_sessions, logout, session, session_info};
pub use user::{NewUser, User, change_own_password, create_user, find_user, reset_password, set_disabled, set_role, users};

use serde::{Deserialize, Serialize};
use standard::{Organisation, Refusal};
use uuid::Uuid;

/// The person (or the system itself) who performs an act, always of one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user; nil for the system.
    pub user_id: Uuid,
    /// Display name, kept in the audit trail as it was at the time of the act.
    pub name: String,
    /// The organisation the actor belongs to; its rows are the only ones the actor reaches.
    pub organisation: Organisation,
    /// What the actor may do.
    pub role: Role,
}

impl Actor {
    /// The system acting for `organisation`: jobs and received messages. It can never log in.
    pub fn system(organisation: Organisation) -> Self {
        Self {
            user_id: Uuid::nil(),
            name: "系统".to_owned(),
            organisation,
            role: Role::System,
        }
    }

    /// Whether this is the system and not a person.
    pub fn is_system(&self) -> bool {
        self.role == Role::System
    }

    /// Whether the actor's role grants `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.permissions().contains(permission)
    }

    /// Refuses (`permission_denied`) unless the actor's role grants `permission`. Call it beside the act;
    /// the boundary that answers the refusal logs it and writes it to the trail.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.may(permission) {
            return Ok(());
        }
        Err(Refusal::forbidden(
            "permission_denied",
            format!("您的岗位（{}）没有“{}”权限，请联系本单位管理员。", self.role.zh(), permission.zh()),
            format!(
                "Your role ({}) does not grant “{}”. Ask your organisation's manager.",
                self.role.en(),
                permission.en()
            ),
        ))
    }

    /// Refuses (`not_found`) unless `owner` is the actor's own organisation: the existence of another
    /// organisation's row is not revealed.
    pub fn require_owner(&self, owner: &Organisation) -> Result<(), Refusal> {
        if &self.organisation == owner {
            return Ok(());
        }
        Err(Refusal::not_found(
            "not_found",
            "没有找到这条记录，或它不属于本单位。",
            "No such record in your organisation.",
        ))
    }

    /// How much of `field` the actor may see.
    pub fn sees(&self, field: Field) -> Visibility {
        self.role.field(field)
    }
}

#[cfg(test)]
mod tests;
