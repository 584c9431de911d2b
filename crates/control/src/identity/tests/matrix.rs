//! The role matrix, printed to a committed file so that a change of rights is seen in review.

use std::fmt::Write;
use std::path::Path;

use super::*;

fn matrix() -> String {
    let roles = Role::ALL;
    let mut page = String::from(
        "# Roles and permissions\n\nGenerated from `crates/control/src/identity/role.rs`; do not edit. After a change run\n\
         `UPDATE_DOCS=1 cargo test -p control the_role_matrix`. What is not marked is denied.\n\n| Permission | |",
    );
    let heads: Vec<String> = roles.iter().map(|role| format!(" {} {} |", role.zh(), role.key())).collect();
    let _ = writeln!(page, "{}\n|---|---|{}", heads.concat(), "---|".repeat(roles.len()));
    for permission in Permission::ALL {
        let marks: Vec<&str> = roles
            .iter()
            .map(|role| {
                if role.permissions().contains(*permission) {
                    " ● |"
                } else {
                    "  |"
                }
            })
            .collect();
        let _ = writeln!(page, "| `{}` | {} |{}", permission.key(), permission.zh(), marks.concat());
    }
    let _ = write!(
        page,
        "\n## Sensitive fields\n\n| Field |{}\n|---|{}\n",
        heads.concat(),
        "---|".repeat(roles.len())
    );
    for field in Field::ALL {
        let cells: Vec<&str> = roles
            .iter()
            .map(|role| match role.field(*field) {
                Visibility::Full => " full |",
                Visibility::Masked => " masked |",
                Visibility::Absent => " – |",
            })
            .collect();
        let _ = writeln!(page, "| {} |{}", field.zh(), cells.concat());
    }
    page
}

#[test]
fn the_role_matrix_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/roles.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, matrix()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == matrix(),
        "docs/roles.md is stale: run UPDATE_DOCS=1 cargo test -p control the_role_matrix"
    );
}

#[test]
fn posts_are_kept_apart() {
    for role in Role::ALL {
        let set = role.permissions();
        let posts = [Permission::CaseMake, Permission::CaseApprove];
        assert!(
            !posts.iter().all(|post| set.contains(*post)),
            "{} both makes and approves",
            role.key()
        );
        assert_eq!(Role::parse(role.key()), Some(*role));
    }
    assert_eq!(Role::parse("root"), None);
}

#[test]
fn employers_roles_follow_the_product_rule() {
    // HR经理全部，普通HR仅查看，财务仅缴费金额查看.
    let writes = [
        Permission::EmployeeEdit,
        Permission::InsuranceEdit,
        Permission::InsuranceFile,
        Permission::RosterImport,
        Permission::DataExport,
        Permission::RevealSensitive,
        Permission::UserManage,
    ];
    for write in writes {
        assert!(Role::HrManager.permissions().contains(write));
        assert!(!Role::HrClerk.permissions().contains(write));
        assert!(!Role::Finance.permissions().contains(write));
    }
    assert_eq!(Role::Finance.field(Field::ContributionAmount), Visibility::Full);
    assert_eq!(Role::Finance.field(Field::IdNumber), Visibility::Absent);
    assert!(!Role::Finance.permissions().contains(Permission::EmployeeView));
}

#[test]
fn permissions_fit_the_bits_and_have_their_own_names() {
    assert!(Permission::ALL.len() <= 128);
    let mut keys: Vec<&str> = Permission::ALL.iter().map(|permission| permission.key()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), Permission::ALL.len());
    for permission in Permission::ALL {
        assert_eq!(serde_json::to_value(permission).unwrap(), permission.key());
        assert_eq!(PermissionSet::of(&[*permission]).iter().collect::<Vec<_>>(), [*permission]);
        assert!(!PermissionSet::NONE.contains(*permission));
    }
}

#[test]
fn a_role_serialises_to_its_key() {
    for role in Role::ALL {
        assert_eq!(serde_json::to_value(role).unwrap(), role.key());
    }
}
