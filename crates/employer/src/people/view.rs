//! Employees as others see them: typed input, and views with what the reader may not see left out.

use serde::{Deserialize, Serialize};
use standard::{Date, Insurance, Money, Month, RegionCode, RelationStatus, Sex, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::Employee;
use control::identity::{Actor, Field, Permission, Visibility};

/// Where an employee stands with social insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeState {
    /// 待查询: the nationwide check has not given an answer yet.
    Unchecked,
    /// 可参保: nothing stands in the way of enrolment.
    Direct,
    /// 待转移: a pension relation elsewhere is to be transferred.
    NeedsTransfer,
    /// 待核对: the record contradicts the name.
    BadData,
    /// 转移中.
    Transferring,
    /// 参保办理中.
    Enrolling,
    /// 已参保.
    Insured,
    /// 已停保: a leaver whose insurance here was stopped.
    Stopped,
}

impl EmployeeState {
    /// Every state.
    pub const ALL: [EmployeeState; 8] = [
        EmployeeState::Unchecked,
        EmployeeState::Direct,
        EmployeeState::NeedsTransfer,
        EmployeeState::BadData,
        EmployeeState::Transferring,
        EmployeeState::Enrolling,
        EmployeeState::Insured,
        EmployeeState::Stopped,
    ];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            EmployeeState::Unchecked => "unchecked",
            EmployeeState::Direct => "direct",
            EmployeeState::NeedsTransfer => "needs_transfer",
            EmployeeState::BadData => "bad_data",
            EmployeeState::Transferring => "transferring",
            EmployeeState::Enrolling => "enrolling",
            EmployeeState::Insured => "insured",
            EmployeeState::Stopped => "stopped",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            EmployeeState::Unchecked => "待查询",
            EmployeeState::Direct => "可参保",
            EmployeeState::NeedsTransfer => "待转移",
            EmployeeState::BadData => "待核对",
            EmployeeState::Transferring => "转移中",
            EmployeeState::Enrolling => "参保办理中",
            EmployeeState::Insured => "已参保",
            EmployeeState::Stopped => "已停保",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<EmployeeState> {
        EmployeeState::ALL.into_iter().find(|state| state.key() == word)
    }
}

/// What HR types when hiring.
#[derive(Clone, Deserialize, ToSchema)]
pub struct NewEmployee {
    /// 姓名.
    pub name: String,
    /// 证件号码.
    pub id_number: String,
    /// 手机号码.
    #[serde(default)]
    pub phone: Option<String>,
    /// 入职日期.
    #[schema(value_type = String, format = Date)]
    pub hired_on: Date,
    /// 参保城市.
    pub region: RegionCode,
    /// 部门.
    #[serde(default)]
    pub department: String,
    /// 岗位.
    #[serde(default)]
    pub position: String,
    /// 月工资 in fen.
    #[serde(default)]
    pub wage_fen: Option<Money>,
    /// 户籍所在地, if known.
    #[serde(default)]
    pub household_region: Option<RegionCode>,
    /// Why a blocking finding is overruled; kept and audited.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// What HR changes. Absent fields stay.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct EmployeeEdit {
    /// The version the change is based on; another one in between refuses the edit.
    pub version: i64,
    /// 姓名.
    #[serde(default)]
    pub name: Option<String>,
    /// 手机号码; empty removes it.
    #[serde(default)]
    pub phone: Option<String>,
    /// 入职日期.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub hired_on: Option<Date>,
    /// 参保城市.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// 部门.
    #[serde(default)]
    pub department: Option<String>,
    /// 岗位.
    #[serde(default)]
    pub position: Option<String>,
    /// 月工资 in fen.
    #[serde(default)]
    pub wage_fen: Option<Money>,
    /// 户籍所在地.
    #[serde(default)]
    pub household_region: Option<RegionCode>,
}

/// A relation as last heard from the nationwide query.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KnownRelation {
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// Which insurance.
    pub insurance: Insurance,
    /// 参保状态.
    pub status: RelationStatus,
    /// Months paid there.
    pub months: i64,
    /// First month paid.
    pub first_month: Option<Month>,
    /// Last month paid.
    pub last_month: Option<Month>,
    /// When it was heard.
    #[schema(value_type = String, format = DateTime)]
    pub checked_at: Timestamp,
}

/// An employee as the reader may see them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EmployeeView {
    /// Key.
    pub id: Uuid,
    /// 工号.
    pub number: i64,
    /// 姓名.
    pub name: String,
    /// 证件号码 with its middle hidden.
    pub id_masked: String,
    /// 性别.
    pub sex: Sex,
    /// 出生日期.
    #[schema(value_type = String, format = Date)]
    pub birth_date: Date,
    /// 手机号码 with its middle hidden.
    pub phone_masked: Option<String>,
    /// 入职日期.
    #[schema(value_type = String, format = Date)]
    pub hired_on: Date,
    /// 离职日期: the last day of employment.
    #[schema(value_type = Option<String>, format = Date)]
    pub left_on: Option<Date>,
    /// The record this one was merged into.
    pub merged_into: Option<Uuid>,
    /// 参保城市.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// 户籍所在地.
    pub household_region: Option<RegionCode>,
    /// 部门.
    pub department: String,
    /// 岗位.
    pub position: String,
    /// 月工资; left out for readers who may not see wages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wage_fen: Option<Money>,
    /// Where they stand.
    pub state: EmployeeState,
    /// The state's word on screen.
    pub state_name: String,
    /// How they were entered: form or roster.
    pub source: String,
    /// When the nationwide check was last answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<Timestamp>,
    /// For the next edit.
    pub version: i64,
    /// What the reader may do with this employee.
    pub allowed_actions: Vec<String>,
    /// Relations found nationwide; empty in lists.
    pub relations: Vec<KnownRelation>,
    /// Pension months over all regions, overlapping months counted once; empty in lists.
    pub pension_months: Option<i64>,
}

/// A page of employees.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EmployeePage {
    /// Newest first.
    pub items: Vec<EmployeeView>,
    /// How many match in all.
    pub total: i64,
    /// Pass it to get the next page.
    pub next_cursor: Option<String>,
}

/// Shows an employee to a reader.
pub(crate) fn show(actor: &Actor, employee: &Employee) -> EmployeeView {
    let sees_wage = actor.sees(Field::Wage) == Visibility::Full;
    EmployeeView {
        id: employee.id,
        number: employee.number,
        name: employee.name.clone(),
        id_masked: employee.id_masked.clone(),
        sex: employee.sex,
        birth_date: employee.birth_date,
        phone_masked: employee.phone_masked.clone(),
        hired_on: employee.hired_on,
        left_on: employee.left_on,
        merged_into: employee.merged_into,
        region: employee.region,
        region_name: employee.region.name().to_string(),
        household_region: employee.household_region,
        department: employee.department.clone(),
        position: employee.position.clone(),
        wage_fen: employee.wage_fen.filter(|_| sees_wage),
        state: employee.state,
        state_name: employee.state.zh().to_string(),
        source: employee.source.clone(),
        checked_at: employee.checked_at,
        version: employee.version,
        allowed_actions: if employee.merged_into.is_some() {
            Vec::new()
        } else {
            allowed_actions(actor, employee.state)
        },
        relations: Vec::new(),
        pension_months: None,
    }
}

/// What the reader may do next with an employee in this state.
pub fn allowed_actions(actor: &Actor, state: EmployeeState) -> Vec<String> {
    let mut actions = Vec::new();
    if actor.may(Permission::EmployeeEdit) {
        actions.push("edit");
    }
    if actor.may(Permission::StatusQuery) {
        actions.push("recheck");
    }
    if actor.may(Permission::InsuranceEdit) && state == EmployeeState::NeedsTransfer {
        actions.push("start_transfer");
    }
    let enrollable = matches!(
        state,
        EmployeeState::Direct | EmployeeState::NeedsTransfer | EmployeeState::Transferring
    );
    if actor.may(Permission::InsuranceFile) && enrollable {
        actions.push("enrol");
    }
    actions.into_iter().map(String::from).collect()
}
