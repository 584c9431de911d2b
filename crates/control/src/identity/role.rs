//! Roles and what each grants: permissions, and how much of a sensitive field is shown.

use serde::{Deserialize, Serialize};
use standard::Organisation;

use super::permission::{Permission, PermissionSet};

/// The post a user holds in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// HR manager of an employer: everything of the employer (HR经理).
    HrManager,
    /// HR clerk of an employer: sees, does not change (普通HR).
    HrClerk,
    /// Finance of an employer: contribution amounts only (财务).
    Finance,
    /// Payroll reviewer of an employer: checks and locks pay runs, pays orders (薪酬复核).
    PayrollReviewer,
    /// An employee on the phone: own attendance, leave and payslips (员工).
    Employee,
    /// Clerk of an agency: enters cases and checks their compliance (经办).
    AgencyClerk,
    /// Reviewer of an agency: second review (复核).
    AgencyReviewer,
    /// Supervisor of an agency: assigns, reverses, reads the audit trail (主管).
    AgencySupervisor,
    /// Operator of the national platform (平台运维).
    PlatformOperator,
    /// The system itself: jobs and received messages; cannot log in.
    System,
}

/// A field shown in full, masked or not at all, by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 证件号码.
    IdNumber,
    /// 手机号码.
    Phone,
    /// 银行账号.
    BankAccount,
    /// 工资 and 缴费基数.
    Wage,
    /// 缴费金额.
    ContributionAmount,
}

/// How much of a field a role sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// As stored.
    Full,
    /// With the middle replaced by stars; one audited act reveals it to roles with `reveal_sensitive`.
    Masked,
    /// Left out of the answer.
    Absent,
}

impl Field {
    /// Every sensitive field.
    pub const ALL: &'static [Field] = &[
        Field::IdNumber,
        Field::Phone,
        Field::BankAccount,
        Field::Wage,
        Field::ContributionAmount,
    ];

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Field::IdNumber => "证件号码",
            Field::Phone => "手机号码",
            Field::BankAccount => "银行账号",
            Field::Wage => "工资与基数",
            Field::ContributionAmount => "缴费金额",
        }
    }
}

const HR_MANAGER: PermissionSet = PermissionSet::of(&[
    Permission::EmployeeView,
    Permission::EmployeeEdit,
    Permission::WageView,
    Permission::ContributionView,
    Permission::StatusQuery,
    Permission::InsuranceView,
    Permission::InsuranceEdit,
    Permission::InsuranceFile,
    Permission::AttendanceView,
    Permission::AttendanceEdit,
    Permission::PayrollView,
    Permission::PayrollPrepare,
    Permission::BillView,
    Permission::PaymentMake,
    Permission::ReconcileDecide,
    Permission::RosterImport,
    Permission::DataExport,
    Permission::RevealSensitive,
    Permission::ContactView,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
    Permission::AuditView,
    Permission::UserManage,
]);

const HR_CLERK: PermissionSet = PermissionSet::of(&[
    Permission::EmployeeView,
    Permission::AttendanceView,
    Permission::InsuranceView,
    Permission::ContactView,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
]);

const FINANCE: PermissionSet = PermissionSet::of(&[
    Permission::ContributionView,
    Permission::BillView,
    Permission::PaymentMake,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
]);

const PAYROLL_REVIEWER: PermissionSet = PermissionSet::of(&[
    Permission::EmployeeView,
    Permission::WageView,
    Permission::ContributionView,
    Permission::AttendanceView,
    Permission::PayrollView,
    Permission::PayrollReview,
    Permission::BillView,
    Permission::PaymentMake,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
]);

const EMPLOYEE: PermissionSet = PermissionSet::of(&[Permission::SelfService, Permission::Calculate, Permission::NoticeView]);

const AGENCY_CLERK: PermissionSet = PermissionSet::of(&[
    Permission::CaseView,
    Permission::CaseMake,
    Permission::CasePass,
    Permission::CollectionView,
    Permission::PaymentRegister,
    Permission::PersonView,
    Permission::RevealSensitive,
    Permission::ContactView,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
]);

const AGENCY_REVIEWER: PermissionSet = PermissionSet::of(&[
    Permission::CaseView,
    Permission::CollectionView,
    Permission::CaseApprove,
    Permission::PersonView,
    Permission::RevealSensitive,
    Permission::LedgerView,
    Permission::ContactView,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
]);

const AGENCY_SUPERVISOR: PermissionSet = PermissionSet::of(&[
    Permission::CaseView,
    Permission::CollectionView,
    Permission::AssessmentRun,
    Permission::CaseApprove,
    Permission::CaseReverse,
    Permission::CaseAssign,
    Permission::PersonView,
    Permission::RelationLoad,
    Permission::LedgerView,
    Permission::DataExport,
    Permission::RevealSensitive,
    Permission::ContactView,
    Permission::ContactEdit,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
    Permission::AuditView,
    Permission::UserManage,
]);

const PLATFORM_OPERATOR: PermissionSet = PermissionSet::of(&[
    Permission::ContactView,
    Permission::ContactEdit,
    Permission::LawView,
    Permission::Calculate,
    Permission::NoticeView,
    Permission::AuditView,
    Permission::UserManage,
    Permission::DirectoryView,
    Permission::OperationManage,
]);

/// A received message or a job may look at a case, open it and take it back, and an organisation's first user is created by its
/// system; it never checks or approves a case.
const SYSTEM: PermissionSet = PermissionSet::of(&[
    Permission::CaseView,
    Permission::CaseMake,
    Permission::StatusQuery,
    Permission::InsuranceEdit,
    Permission::RelationLoad,
    Permission::UserManage,
]);

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Role::HrManager,
        Role::HrClerk,
        Role::Finance,
        Role::PayrollReviewer,
        Role::Employee,
        Role::AgencyClerk,
        Role::AgencyReviewer,
        Role::AgencySupervisor,
        Role::PlatformOperator,
        Role::System,
    ];

    /// What the role grants; everything else is denied.
    pub fn permissions(self) -> PermissionSet {
        match self {
            Role::HrManager => HR_MANAGER,
            Role::HrClerk => HR_CLERK,
            Role::Finance => FINANCE,
            Role::PayrollReviewer => PAYROLL_REVIEWER,
            Role::Employee => EMPLOYEE,
            Role::AgencyClerk => AGENCY_CLERK,
            Role::AgencyReviewer => AGENCY_REVIEWER,
            Role::AgencySupervisor => AGENCY_SUPERVISOR,
            Role::PlatformOperator => PLATFORM_OPERATOR,
            Role::System => SYSTEM,
        }
    }

    /// How much of `field` the role sees.
    pub fn field(self, field: Field) -> Visibility {
        use {Field as F, Visibility as V};
        match (self, field) {
            (Role::System, _) => V::Full,
            (Role::HrManager | Role::PayrollReviewer, F::Wage | F::ContributionAmount) => V::Full,
            (Role::HrManager, _) => V::Masked,
            (Role::HrClerk, F::IdNumber | F::Phone) => V::Masked,
            (Role::PayrollReviewer, _) => V::Masked,
            (Role::Finance, F::ContributionAmount) => V::Full,
            (Role::AgencyClerk | Role::AgencyReviewer | Role::AgencySupervisor, F::Wage | F::ContributionAmount) => V::Full,
            (Role::AgencyClerk | Role::AgencyReviewer | Role::AgencySupervisor, _) => V::Masked,
            (Role::HrClerk | Role::Finance | Role::Employee | Role::PlatformOperator, _) => V::Absent,
        }
    }

    /// Whether a user of `organisation` may hold this role.
    pub fn fits(self, organisation: &Organisation) -> bool {
        match self {
            Role::HrManager | Role::HrClerk | Role::Finance | Role::PayrollReviewer | Role::Employee => {
                matches!(organisation, Organisation::Employer(_))
            }
            Role::AgencyClerk | Role::AgencyReviewer | Role::AgencySupervisor => {
                matches!(organisation, Organisation::Agency(_))
            }
            Role::PlatformOperator => matches!(organisation, Organisation::Platform),
            Role::System => false,
        }
    }

    /// The stable name.
    pub fn key(self) -> &'static str {
        match self {
            Role::HrManager => "hr_manager",
            Role::HrClerk => "hr_clerk",
            Role::Finance => "finance",
            Role::PayrollReviewer => "payroll_reviewer",
            Role::Employee => "employee",
            Role::AgencyClerk => "agency_clerk",
            Role::AgencyReviewer => "agency_reviewer",
            Role::AgencySupervisor => "agency_supervisor",
            Role::PlatformOperator => "platform_operator",
            Role::System => "system",
        }
    }

    /// The role of a stable name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.key() == key)
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Role::HrManager => "HR经理",
            Role::HrClerk => "HR专员",
            Role::Finance => "财务",
            Role::PayrollReviewer => "薪酬复核",
            Role::Employee => "员工",
            Role::AgencyClerk => "经办",
            Role::AgencyReviewer => "复核",
            Role::AgencySupervisor => "主管",
            Role::PlatformOperator => "平台运维",
            Role::System => "系统",
        }
    }

    /// The English name.
    pub fn en(self) -> &'static str {
        match self {
            Role::HrManager => "HR manager",
            Role::HrClerk => "HR clerk",
            Role::Finance => "finance",
            Role::PayrollReviewer => "payroll reviewer",
            Role::Employee => "employee",
            Role::AgencyClerk => "agency clerk",
            Role::AgencyReviewer => "agency reviewer",
            Role::AgencySupervisor => "agency supervisor",
            Role::PlatformOperator => "platform operator",
            Role::System => "system",
        }
    }
}
