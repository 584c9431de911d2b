//! The kinds of leave, how each is paid and how it is counted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a leave is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    /// Not at all.
    None,
    /// By the rules of sick pay.
    Sick,
    /// In full, by the employer or by a fund.
    Full,
}

/// A kind of leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// 年休假 (职工带薪年休假条例).
    Annual,
    /// 病假 (企业职工患病或非因工负伤医疗期规定).
    Sick,
    /// 事假, unpaid.
    Personal,
    /// 婚假.
    Marriage,
    /// 产假 (女职工劳动保护特别规定第七条); calendar days.
    Maternity,
    /// 陪产假 by the province; calendar days.
    Paternity,
    /// 丧假.
    Bereavement,
    /// 停工留薪期 (工伤保险条例第三十三条); calendar days.
    WorkInjury,
    /// 调休: rest earned by overtime on a day of rest (劳动法第四十四条第二项).
    Compensatory,
}

impl LeaveKind {
    /// Every kind, in the order of the screen.
    pub const ALL: [LeaveKind; 9] = [
        LeaveKind::Annual,
        LeaveKind::Personal,
        LeaveKind::Sick,
        LeaveKind::Compensatory,
        LeaveKind::Marriage,
        LeaveKind::Maternity,
        LeaveKind::Paternity,
        LeaveKind::Bereavement,
        LeaveKind::WorkInjury,
    ];

    /// How it is paid.
    pub const fn pay(self) -> Pay {
        match self {
            LeaveKind::Personal => Pay::None,
            LeaveKind::Sick => Pay::Sick,
            _ => Pay::Full,
        }
    }

    /// Whether days of rest within it count too.
    pub const fn by_calendar_days(self) -> bool {
        matches!(self, LeaveKind::Maternity | LeaveKind::Paternity | LeaveKind::WorkInjury)
    }

    /// Whether it is drawn from a balance.
    pub const fn has_balance(self) -> bool {
        matches!(self, LeaveKind::Annual | LeaveKind::Compensatory)
    }

    /// The stable name.
    pub const fn key(self) -> &'static str {
        match self {
            LeaveKind::Annual => "annual",
            LeaveKind::Sick => "sick",
            LeaveKind::Personal => "personal",
            LeaveKind::Marriage => "marriage",
            LeaveKind::Maternity => "maternity",
            LeaveKind::Paternity => "paternity",
            LeaveKind::Bereavement => "bereavement",
            LeaveKind::WorkInjury => "work_injury",
            LeaveKind::Compensatory => "compensatory",
        }
    }

    /// The kind of a stable name.
    pub fn parse(key: &str) -> Option<LeaveKind> {
        LeaveKind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub const fn zh(self) -> &'static str {
        match self {
            LeaveKind::Annual => "年休假",
            LeaveKind::Sick => "病假",
            LeaveKind::Personal => "事假",
            LeaveKind::Marriage => "婚假",
            LeaveKind::Maternity => "产假",
            LeaveKind::Paternity => "陪产假",
            LeaveKind::Bereavement => "丧假",
            LeaveKind::WorkInjury => "工伤停工留薪",
            LeaveKind::Compensatory => "调休",
        }
    }

    /// The English name.
    pub const fn en(self) -> &'static str {
        match self {
            LeaveKind::Annual => "annual leave",
            LeaveKind::Sick => "sick leave",
            LeaveKind::Personal => "personal leave",
            LeaveKind::Marriage => "marriage leave",
            LeaveKind::Maternity => "maternity leave",
            LeaveKind::Paternity => "paternity leave",
            LeaveKind::Bereavement => "bereavement leave",
            LeaveKind::WorkInjury => "work injury leave",
            LeaveKind::Compensatory => "compensatory rest",
        }
    }
}
