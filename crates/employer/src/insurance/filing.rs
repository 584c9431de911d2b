//! What everything filed with an agency has in common: its state, the agency's reasons, and who may answer.

use exchange::message::{FilingOutcome, OfficeRef, Reason, RefusedLine};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use standard::{Finding, Organisation, Refusal, RegionCode, Text};
use utoipa::ToSchema;

use crate::insurance::transfer::timeline::ReasonView;

/// Where something filed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilingState {
    /// 待申报.
    Draft,
    /// 办理中.
    Filed,
    /// 已通过; single lines may be refused all the same.
    Accepted,
    /// 已退回: file again after correcting.
    Returned,
    /// 不予办理.
    Refused,
    /// 已作废: taken back before it was filed.
    Dropped,
}

impl FilingState {
    const ALL: [FilingState; 6] = [
        FilingState::Draft,
        FilingState::Filed,
        FilingState::Accepted,
        FilingState::Returned,
        FilingState::Refused,
        FilingState::Dropped,
    ];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            FilingState::Draft => "draft",
            FilingState::Filed => "filed",
            FilingState::Accepted => "accepted",
            FilingState::Returned => "returned",
            FilingState::Refused => "refused",
            FilingState::Dropped => "dropped",
        }
    }

    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            FilingState::Draft => "待申报",
            FilingState::Filed => "办理中",
            FilingState::Accepted => "已通过",
            FilingState::Returned => "已退回",
            FilingState::Refused => "不予办理",
            FilingState::Dropped => "已作废",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<FilingState> {
        FilingState::ALL.into_iter().find(|state| state.key() == word)
    }

    pub(crate) fn stored(word: &str) -> Result<FilingState, Refusal> {
        FilingState::parse(word).ok_or_else(|| Refusal::internal("a filing has an unknown state"))
    }

    /// Whether HR may still change and file it.
    pub const fn is_with_us(self) -> bool {
        matches!(self, FilingState::Draft | FilingState::Returned)
    }

    /// What an agency's outcome makes of it.
    pub(crate) const fn of(outcome: FilingOutcome) -> FilingState {
        match outcome {
            FilingOutcome::Accepted => FilingState::Accepted,
            FilingOutcome::Returned => FilingState::Returned,
            FilingOutcome::Refused => FilingState::Refused,
        }
    }
}

/// Only the agency it was filed with may answer.
pub(crate) fn answered_by(from: &Organisation, region: RegionCode) -> Result<(), Refusal> {
    if *from == Organisation::Agency(region) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "filing_not_concerned",
        "该机构与此申报无关",
        "this organisation has no part in the filing",
    ))
}

/// What is filed is with the agency; what is over is over.
pub(crate) fn not_with_us(state: FilingState) -> Refusal {
    Refusal::conflict(
        "filing_not_open",
        format!("该申报{}，不能修改或再次申报", state.zh()),
        format!("the filing is {} and cannot be changed or filed", state.key()),
    )
    .remedy("请刷新页面查看最新状态", "reload to see where it stands")
}

/// Nothing of it may be empty or larger than a message.
pub(crate) fn refuse_empty(lines: usize) -> Result<(), Refusal> {
    if lines > 0 {
        return Ok(());
    }
    Err(Refusal::invalid(
        Finding::blocking("filing_empty", "没有可申报的人员", "there is nobody to file").remedy("请先生成明细", "prepare its lines first"),
    ))
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(Refusal::internal)
}

/// Reasons as the screen shows them.
pub(crate) fn reasons_view(reasons: &[Reason]) -> Vec<ReasonView> {
    reasons
        .iter()
        .map(|reason| ReasonView {
            code: reason.code.clone(),
            text: Text::new(reason.text_zh.clone(), reason.text_en.clone()),
            remedy: reason
                .remedy_zh
                .as_ref()
                .map(|zh| Text::new(zh.clone(), reason.remedy_en.clone().unwrap_or_default())),
        })
        .collect()
}

/// 经办机构 as shown, with its phone when known.
pub(crate) fn office_name(office: &OfficeRef) -> String {
    match &office.phone {
        Some(phone) if !phone.is_empty() => format!("{}（{phone}）", office.name),
        _ => office.name.clone(),
    }
}

/// Refused lines by number, each number once; a line that does not exist refuses the whole message.
pub(crate) fn refused_by_line(refused: &[RefusedLine], lines: i64) -> Result<Vec<(i64, String)>, Refusal> {
    let mut seen = std::collections::BTreeMap::new();
    for one in refused {
        let line = i64::from(one.line);
        if line < 1 || line > lines {
            return Err(Refusal::invalid(Finding::blocking(
                "refused_line_unknown",
                format!("答复中的第 {line} 行不在申报之内"),
                format!("line {line} of the answer is not in the filing"),
            )));
        }
        seen.insert(line, to_json(&one.reasons)?);
    }
    Ok(seen.into_iter().collect())
}

/// The reasons in one line, for a notice.
pub(crate) fn in_words(reasons: &[Reason]) -> (String, String) {
    let zh: Vec<&str> = reasons.iter().map(|reason| reason.text_zh.as_str()).collect();
    let en: Vec<&str> = reasons.iter().map(|reason| reason.text_en.as_str()).collect();
    (zh.join("；"), en.join("; "))
}

/// An unsigned number of a message.
pub(crate) fn number(value: i64) -> Result<u32, Refusal> {
    u32::try_from(value).map_err(Refusal::internal)
}

/// Marks the refused lines of something filed, each with its reasons; lines of equal reasons go together.
pub(crate) async fn mark_refused(
    tx: &mut ::store::Tx,
    (table, key): (&str, &str),
    employer_id: uuid::Uuid,
    id: uuid::Uuid,
    refused: &[(i64, String)],
) -> Result<(), Refusal> {
    let mut by_reason: std::collections::BTreeMap<&str, Vec<i64>> = std::collections::BTreeMap::new();
    for (line, reasons) in refused {
        by_reason.entry(reasons).or_default().push(*line);
    }
    for (reasons, lines) in by_reason {
        for chunk in lines.chunks(10_000) {
            let list = ::store::in_list(chunk.len(), 4);
            let mut args = ::store::args![employer_id, id, reasons];
            args.extend(chunk.iter().copied());
            let sql =
                format!("UPDATE {table} SET state = 'refused', reasons = $3 WHERE employer_id = $1 AND {key} = $2 AND line IN {list}");
            ::store::Query::execute(tx, &sql, args).await?;
        }
    }
    Ok(())
}
