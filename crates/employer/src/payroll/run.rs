//! 薪酬批次: the run of a month, its states, and what its reader may do with it.

use control::identity::{Actor, Permission};
use serde::{Deserialize, Serialize};
use standard::{Finding, Money, Month, Refusal, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::component::Scheme;
use super::slip::Slip;
use super::{Gross, Net};

/// The first run of a month, or one that pays what changed after a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// 正常发放.
    Regular,
    /// 差额补退: only what differs from what was locked.
    Difference,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PayRunState)]
pub enum RunState {
    /// 计算中.
    Making,
    /// 待提交.
    Draft,
    /// 待复核.
    Submitted,
    /// 已锁定.
    Locked,
    /// 已作废.
    Discarded,
}

impl RunKind {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            RunKind::Regular => "regular",
            RunKind::Difference => "difference",
        }
    }
}

impl RunState {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            RunState::Making => "making",
            RunState::Draft => "draft",
            RunState::Submitted => "submitted",
            RunState::Locked => "locked",
            RunState::Discarded => "discarded",
        }
    }

    /// On screen.
    pub const fn zh(self) -> &'static str {
        match self {
            RunState::Making => "计算中",
            RunState::Draft => "待提交",
            RunState::Submitted => "待复核",
            RunState::Locked => "已锁定",
            RunState::Discarded => "已作废",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<RunState> {
        [
            RunState::Making,
            RunState::Draft,
            RunState::Submitted,
            RunState::Locked,
            RunState::Discarded,
        ]
        .into_iter()
        .find(|state| state.key() == word)
    }
}

/// What the people of a run come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(as = PayRunTotals)]
pub struct Totals {
    /// 应发.
    pub gross: Gross,
    /// 社保单位部分.
    pub employer: Money,
    /// 社保个人部分.
    pub employee: Money,
    /// 住房公积金, each side.
    pub fund: Money,
    /// 个人所得税, that on yearly bonuses included.
    pub tax: Money,
    /// 其他扣款.
    pub other: Money,
    /// 实发.
    pub net: Net,
}

impl Totals {
    /// Adds a payslip.
    pub fn add(&mut self, slip: &Slip) -> Result<(), Finding> {
        self.gross = Gross(self.gross.0.try_add(slip.gross.0)?);
        self.employer = self.employer.try_add(Money::sum(slip.employer)?)?;
        self.employee = self.employee.try_add(Money::sum(slip.employee)?)?;
        self.fund = self.fund.try_add(slip.fund)?;
        self.tax = self.tax.try_add(slip.tax)?.try_add(slip.bonus_tax)?;
        self.other = self.other.try_add(slip.other)?;
        self.net = Net(self.net.0.try_add(slip.net.0)?);
        Ok(())
    }
}

/// A run as it is stored.
#[derive(Debug, Clone)]
pub struct Run {
    /// Whose.
    pub employer_id: Uuid,
    /// Key.
    pub id: Uuid,
    /// The month.
    pub month: Month,
    /// 1 for the first of the month.
    pub seq: i64,
    /// Regular or difference.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// The components it was computed with.
    pub scheme: Scheme,
    /// The version of the law it was computed with.
    pub law: String,
    /// How many people are to be looked at.
    pub expected: i64,
    /// How many were.
    pub done: i64,
    /// The last employee number that was.
    pub done_number: i64,
    /// Payslips in it.
    pub people: i64,
    /// What they come to.
    pub totals: Totals,
    /// Payslips that keep it from being submitted.
    pub blocking: i64,
    /// Payslips worth a look.
    pub warnings: i64,
    /// About the run as a whole.
    pub findings: Vec<Finding>,
    /// Who made it.
    pub made_by: Uuid,
    /// Their name.
    pub made_name: String,
    /// Who submitted it, and their name.
    pub submitted: Option<(Uuid, String)>,
    /// Who reviewed it last, and their name.
    pub reviewed: Option<(Uuid, String)>,
    /// What the reviewer said.
    pub opinion: Option<String>,
    /// Counts up with every change.
    pub version: i64,
    /// When.
    pub created_at: Timestamp,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// When.
    pub locked_at: Option<Timestamp>,
}

/// A run for its reader.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayRunView)]
pub struct RunView {
    /// Key.
    pub id: Uuid,
    /// The month.
    pub month: Month,
    /// 1 for the first of the month.
    pub seq: i64,
    /// Regular or difference.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// How many people are to be looked at.
    pub expected: i64,
    /// How many were.
    pub done: i64,
    /// Payslips in it.
    pub people: i64,
    /// What they come to.
    pub totals: Totals,
    /// Payslips that keep it from being submitted.
    pub blocking: i64,
    /// Payslips worth a look.
    pub warnings: i64,
    /// About the run as a whole.
    pub findings: Vec<Finding>,
    /// The law's version.
    pub law: String,
    /// Who made it.
    pub made_name: String,
    /// Who submitted it.
    pub submitted_name: Option<String>,
    /// Who reviewed it last.
    pub reviewed_name: Option<String>,
    /// What the reviewer said.
    pub opinion: Option<String>,
    /// Counts up with every change.
    pub version: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub submitted_at: Option<Timestamp>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_at: Option<Timestamp>,
    /// `discard`, `submit`, `lock`, `return`, `bank_file`, `accounting`, `export`, `make_difference`.
    pub allowed_actions: Vec<&'static str>,
}

impl Run {
    /// Whoever made or submitted it does not review it.
    pub fn was_made_by(&self, actor: &Actor) -> bool {
        self.made_by == actor.user_id || self.submitted.as_ref().is_some_and(|(user, _)| *user == actor.user_id)
    }

    /// As the actor sees it.
    pub fn view(&self, actor: &Actor) -> RunView {
        RunView {
            id: self.id,
            month: self.month,
            seq: self.seq,
            kind: self.kind,
            state: self.state,
            expected: self.expected,
            done: self.done,
            people: self.people,
            totals: self.totals,
            blocking: self.blocking,
            warnings: self.warnings,
            findings: self.findings.clone(),
            law: self.law.clone(),
            made_name: self.made_name.clone(),
            submitted_name: self.submitted.as_ref().map(|(_, name)| name.clone()),
            reviewed_name: self.reviewed.as_ref().map(|(_, name)| name.clone()),
            opinion: self.opinion.clone(),
            version: self.version,
            created_at: self.created_at,
            submitted_at: self.submitted_at,
            locked_at: self.locked_at,
            allowed_actions: self.allowed_actions(actor),
        }
    }

    fn allowed_actions(&self, actor: &Actor) -> Vec<&'static str> {
        let (prepare, review) = (actor.may(Permission::PayrollPrepare), actor.may(Permission::PayrollReview));
        let mut all = Vec::new();
        match self.state {
            RunState::Making if prepare => all.push("discard"),
            RunState::Draft if prepare => {
                all.push("discard");
                if self.blocking == 0 && self.people > 0 {
                    all.push("submit");
                }
            }
            RunState::Submitted if review && !self.was_made_by(actor) => all.extend(["lock", "return"]),
            RunState::Locked => {
                if prepare {
                    all.push("make_difference");
                }
                if prepare && actor.may(Permission::DataExport) {
                    all.push("bank_file");
                }
                all.push("accounting");
            }
            _ => {}
        }
        if prepare && actor.may(Permission::DataExport) && self.state != RunState::Making {
            all.push("export");
        }
        all
    }

    /// Refuses an act that does not fit the state.
    pub fn require_state(&self, wanted: RunState) -> Result<(), Refusal> {
        if self.state == wanted {
            return Ok(());
        }
        Err(Refusal::conflict(
            "run_state",
            format!("该批次为“{}”，此操作要求“{}”", self.state.zh(), wanted.zh()),
            format!("The run is {}; this needs {}", self.state.key(), wanted.key()),
        )
        .remedy("请刷新后再操作", "Reload and try again"))
    }
}
