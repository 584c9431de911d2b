//! The states of a case and the acts that move it; pure, no database.

use serde::{Serialize, Serializer};

/// Where a case stands. Accuracy is checked by machine inside the act of submitting, so no case rests there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// Being written by its maker.
    Draft,
    /// Waits for the compliance check by a clerk.
    InCompliance,
    /// Waits for second review of this level, 1 first.
    InReview(u8),
    /// Took effect.
    Effective,
    /// Sent back to its maker or sender, who may correct and submit again.
    Returned,
    /// Refused for good.
    Refused,
    /// Taken back by its maker or sender.
    Withdrawn,
    /// Took effect and was undone.
    Reversed,
}

impl CaseState {
    /// One state of every kind.
    pub const KINDS: &'static [CaseState] = &[
        CaseState::Draft,
        CaseState::InCompliance,
        CaseState::InReview(1),
        CaseState::Effective,
        CaseState::Returned,
        CaseState::Refused,
        CaseState::Withdrawn,
        CaseState::Reversed,
    ];

    /// The stable name, without the level.
    pub fn key(self) -> &'static str {
        match self {
            CaseState::Draft => "draft",
            CaseState::InCompliance => "in_compliance",
            CaseState::InReview(_) => "in_review",
            CaseState::Effective => "effective",
            CaseState::Returned => "returned",
            CaseState::Refused => "refused",
            CaseState::Withdrawn => "withdrawn",
            CaseState::Reversed => "reversed",
        }
    }

    /// The level of second review the case waits for; 0 elsewhere.
    pub fn level(self) -> u8 {
        match self {
            CaseState::InReview(level) => level,
            _ => 0,
        }
    }

    /// The state of a stable name and level, as stored.
    pub fn parse(key: &str, level: u8) -> Option<Self> {
        Some(match key {
            "draft" => CaseState::Draft,
            "in_compliance" => CaseState::InCompliance,
            "in_review" if level > 0 => CaseState::InReview(level),
            "effective" => CaseState::Effective,
            "returned" => CaseState::Returned,
            "refused" => CaseState::Refused,
            "withdrawn" => CaseState::Withdrawn,
            "reversed" => CaseState::Reversed,
            _ => return None,
        })
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            CaseState::Draft => "草稿",
            CaseState::InCompliance => "待合规审核",
            CaseState::InReview(_) => "待复核",
            CaseState::Effective => "已生效",
            CaseState::Returned => "已退回",
            CaseState::Refused => "不予受理",
            CaseState::Withdrawn => "已撤回",
            CaseState::Reversed => "已回退",
        }
    }

    /// The English name.
    pub fn en(self) -> &'static str {
        match self {
            CaseState::Draft => "draft",
            CaseState::InCompliance => "compliance check",
            CaseState::InReview(_) => "second review",
            CaseState::Effective => "effective",
            CaseState::Returned => "returned",
            CaseState::Refused => "refused",
            CaseState::Withdrawn => "withdrawn",
            CaseState::Reversed => "reversed",
        }
    }

    /// Whether the agency has to act.
    pub fn is_waiting(self) -> bool {
        matches!(self, CaseState::InCompliance | CaseState::InReview(_))
    }

    /// Whether the maker may change the form.
    pub fn is_editable(self) -> bool {
        matches!(self, CaseState::Draft | CaseState::Returned)
    }

    /// Whether no further act but a reversal is possible.
    pub fn is_closed(self) -> bool {
        !self.is_waiting() && !self.is_editable()
    }
}

/// In the API a state and an act are their stable names.
macro_rules! names_in_schema {
    ($type:ty, $name:literal, $keys:expr) => {
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some($keys))
                    .into()
            }
        }
        impl utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($name)
            }
        }
    };
}
names_in_schema!(CaseState, "CaseState", CaseState::KINDS.iter().map(|state| state.key()));
names_in_schema!(Act, "Act", Act::ALL.iter().map(|act| act.key()));

impl Serialize for CaseState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// Something done to a case; each leaves one history row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A maker began it.
    Drafted,
    /// A maker changed the form.
    Edited,
    /// A maker or sender submitted it.
    Submitted,
    /// The machine checked its accuracy.
    AccuracyChecked,
    /// A clerk took it.
    Taken,
    /// A clerk gave it back, or a supervisor gave it to someone.
    Assigned,
    /// Compliance check passed.
    Passed,
    /// One level of second review passed.
    Approved,
    /// Sent back for correction.
    Returned,
    /// Refused for good.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Undone after it took effect.
    Reversed,
}

impl Act {
    /// Every act.
    pub const ALL: &'static [Act] = &[
        Act::Drafted,
        Act::Edited,
        Act::Submitted,
        Act::AccuracyChecked,
        Act::Taken,
        Act::Assigned,
        Act::Passed,
        Act::Approved,
        Act::Returned,
        Act::Refused,
        Act::Withdrawn,
        Act::Reversed,
    ];

    /// The stable name.
    pub fn key(self) -> &'static str {
        match self {
            Act::Drafted => "drafted",
            Act::Edited => "edited",
            Act::Submitted => "submitted",
            Act::AccuracyChecked => "accuracy_checked",
            Act::Taken => "taken",
            Act::Assigned => "assigned",
            Act::Passed => "passed",
            Act::Approved => "approved",
            Act::Returned => "returned",
            Act::Refused => "refused",
            Act::Withdrawn => "withdrawn",
            Act::Reversed => "reversed",
        }
    }

    /// The act of a stable name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.key() == key)
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Act::Drafted => "录入",
            Act::Edited => "修改",
            Act::Submitted => "提交",
            Act::AccuracyChecked => "数据准确性检查",
            Act::Taken => "领取",
            Act::Assigned => "分派",
            Act::Passed => "合规性审核通过",
            Act::Approved => "复核通过",
            Act::Returned => "退回修改",
            Act::Refused => "不予受理",
            Act::Withdrawn => "撤回",
            Act::Reversed => "业务回退",
        }
    }
}

impl Serialize for Act {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// The post a person held in a case. Nobody holds two, through all rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, utoipa::ToSchema)]
pub enum Stage {
    /// Wrote it.
    Maker,
    /// Checked compliance.
    Compliance,
    /// Reviewed at this level, 1 first.
    Review(u8),
    /// Undid it.
    Reversal,
}

impl Stage {
    /// As stored: 0 maker, 1 compliance, 1 + level review, 99 reversal.
    pub fn number(self) -> i64 {
        match self {
            Stage::Maker => 0,
            Stage::Compliance => 1,
            Stage::Review(level) => 1 + i64::from(level),
            Stage::Reversal => 99,
        }
    }

    /// The stage whose turn it is in `state`.
    pub fn of(state: CaseState) -> Option<Self> {
        match state {
            CaseState::InCompliance => Some(Stage::Compliance),
            CaseState::InReview(level) => Some(Stage::Review(level)),
            CaseState::Draft | CaseState::Returned => Some(Stage::Maker),
            CaseState::Effective => Some(Stage::Reversal),
            CaseState::Refused | CaseState::Withdrawn | CaseState::Reversed => None,
        }
    }
}

/// The state after the check of `state` succeeds, for a business with `levels` of second review;
/// `None` when `state` waits for no check.
pub fn after_check(state: CaseState, levels: u8) -> Option<CaseState> {
    let done = match state {
        CaseState::InCompliance => 0,
        CaseState::InReview(level) => level,
        _ => return None,
    };
    Some(if done >= levels {
        CaseState::Effective
    } else {
        CaseState::InReview(done + 1)
    })
}
