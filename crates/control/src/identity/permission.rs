//! The acts a role may be granted, and sets of them.

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident $key:literal $zh:literal $en:literal;)+) => {
        /// One thing an actor may do. The name is stable: the API sends it, the screen hides what is absent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Permission { $($(#[$doc])* $variant,)+ }

        impl Permission {
            /// Every permission, in the order of the matrix in `docs/roles.md`.
            pub const ALL: &'static [Permission] = &[$(Permission::$variant,)+];

            /// The stable name.
            pub fn key(self) -> &'static str {
                match self { $(Permission::$variant => $key,)+ }
            }

            /// The Chinese name.
            pub fn zh(self) -> &'static str {
                match self { $(Permission::$variant => $zh,)+ }
            }

            /// The English name.
            pub fn en(self) -> &'static str {
                match self { $(Permission::$variant => $en,)+ }
            }
        }
    };
}

permissions! {
    /// See the list and records of employees.
    EmployeeView "employee_view" "查看员工" "view employees";
    /// Add and change employees.
    EmployeeEdit "employee_edit" "维护员工" "edit employees";
    /// See wages and contribution bases.
    WageView "wage_view" "查看工资与基数" "view wages and bases";
    /// See contribution amounts.
    ContributionView "contribution_view" "查看缴费金额" "view contribution amounts";
    /// Ask the nationwide insurance status of a person.
    StatusQuery "status_query" "查询全国参保状态" "query nationwide status";
    /// See a person's insurance and transfers at the employer.
    InsuranceView "insurance_view" "查看参保与转移" "view insurance and transfers";
    /// Prepare enrolments and transfers.
    InsuranceEdit "insurance_edit" "办理参保与转移" "prepare enrolments and transfers";
    /// Sign and file applications in the employer's name.
    InsuranceFile "insurance_file" "签署并申报" "sign and file applications";
    /// Upload rosters and act on their results.
    RosterImport "roster_import" "导入花名册" "import rosters";
    /// Take personal data out in bulk (files with ID numbers).
    DataExport "data_export" "导出人员数据" "export personal data";
    /// Reveal a masked ID number, phone or bank account; each time audited.
    RevealSensitive "reveal_sensitive" "查看敏感信息原文" "reveal sensitive fields";
    /// See the agency's case queue and cases.
    CaseView "case_view" "查看业务件" "view cases";
    /// Enter, edit, submit and withdraw cases (maker, 经办).
    CaseMake "case_make" "录入业务件" "make cases";
    /// Compliance check of a case (first check).
    CasePass "case_pass" "合规性审核" "compliance check";
    /// Second review of a case (checker, 复核).
    CaseApprove "case_approve" "复核" "second review";
    /// Reverse an effective case.
    CaseReverse "case_reverse" "业务回退" "reverse cases";
    /// Give a case to another clerk, or take it from one.
    CaseAssign "case_assign" "分派业务件" "assign cases";
    /// Search and see insured persons.
    PersonView "person_view" "查看参保人" "view insured persons";
    /// Load existing relations in bulk.
    RelationLoad "relation_load" "批量导入参保关系" "load relations";
    /// See the ledger.
    LedgerView "ledger_view" "查看基金台账" "view the ledger";
    /// See the contact book.
    ContactView "contact_view" "查看通讯录" "view contacts";
    /// Change the contact book.
    ContactEdit "contact_edit" "维护通讯录" "edit contacts";
    /// See dated parameters of law.
    LawView "law_view" "查看政策参数" "view parameters of law";
    /// Use the calculators.
    Calculate "calculate" "使用计算器" "use calculators";
    /// Read and mark the organisation's notices.
    NoticeView "notice_view" "查看通知" "view notices";
    /// Read the audit trail and refused attempts.
    AuditView "audit_view" "查看审计日志" "view the audit trail";
    /// Create users, change roles, reset passwords of one's own organisation.
    UserManage "user_manage" "管理用户" "manage users";
    /// See directory and routing figures of the platform (no personal data).
    DirectoryView "directory_view" "查看平台目录" "view the directory";
    /// See attendance.
    AttendanceView "attendance_view" "查看考勤" "view attendance";
    /// Import clock-ins, decide leave, set shifts, close and reopen the month.
    AttendanceEdit "attendance_edit" "维护考勤" "edit attendance";
    /// See pay runs and payslips of the employer.
    PayrollView "payroll_view" "查看薪酬" "view payroll";
    /// Set components and make pay runs.
    PayrollPrepare "payroll_prepare" "编制薪酬" "prepare payroll";
    /// Review and lock a pay run somebody else made.
    PayrollReview "payroll_review" "复核薪酬" "review payroll";
    /// See collection orders, receipts and the reconciliation.
    BillView "bill_view" "查看征集单" "view collection orders";
    /// Pay collection orders.
    PaymentMake "payment_make" "缴纳社保费" "pay collection orders";
    /// Accept or correct differences of the reconciliation.
    ReconcileDecide "reconcile_decide" "处理对账差异" "decide differences";
    /// One's own attendance, leave and payslips, on the phone.
    SelfService "self_service" "员工自助" "employee self-service";
    /// See assessments, collection orders, payments and arrears of the region.
    CollectionView "collection_view" "查看征缴" "view collection";
    /// Assess the whole region and issue its orders.
    AssessmentRun "assessment_run" "批量核定" "assess the region";
    /// Exchange bank files, register payments and match suspense.
    PaymentRegister "payment_register" "登记到账" "register payments";
    /// Answer service tickets and messages between organisations that failed.
    OperationManage "operation_manage" "平台运维" "operate the platform";
}

/// A set of permissions, one bit each: a check costs nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PermissionSet(u128);

impl PermissionSet {
    /// The empty set: the default of every role.
    pub const NONE: Self = Self(0);

    /// The set of exactly `list`.
    pub const fn of(list: &[Permission]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < list.len() {
            bits |= 1u128 << (list[i] as u32);
            i += 1;
        }
        Self(bits)
    }

    /// Whether `permission` is in the set.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1u128 << (permission as u32)) != 0
    }

    /// The members, in order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.contains(*p))
    }
}
