//! The timeline: what happened, who did it, what is due next and how many working days are left. Pure.

use exchange::message::{Reason, TransferStep};
use serde::Serialize;
use standard::{Date, RegionCode, Text, Timestamp, calendar};
use utoipa::ToSchema;

use super::event::{is_set_back, label};
use super::store::{Event, Transfer};
use super::{TransferState, WAY};

/// Whether a step is behind, at hand or ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It happened.
    Done,
    /// It is due now.
    Current,
    /// It comes later.
    Waiting,
    /// It happened and stopped the way: returned or refused.
    Stopped,
}

/// A reason of a return or refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonView {
    /// Stable code.
    pub code: String,
    /// What is the matter.
    pub text: Text,
    /// What to do next.
    pub remedy: Option<Text>,
}

/// One node of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimelineItem {
    /// Of which application.
    pub round: i64,
    /// The step's stable name.
    pub step: String,
    /// The step as shown: 原参保地已审核.
    pub label: String,
    /// Behind, at hand or ahead.
    pub state: StepState,
    /// When it happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// The office that did it, or whose turn it is.
    pub office: String,
    /// Where to ask.
    pub office_phone: String,
    /// The handler, surname only.
    pub actor: String,
    /// Statutory last day, on the step at hand.
    #[schema(value_type = Option<String>, format = Date)]
    pub deadline: Option<Date>,
    /// The day lies in a year whose days off are not announced.
    pub deadline_estimated: bool,
    /// Working days left; negative when overdue.
    pub remaining_working_days: Option<i64>,
    /// The last day is over.
    pub overdue: bool,
    /// Why it was returned or refused.
    pub reasons: Vec<ReasonView>,
    /// More to show: letter number, amount.
    #[schema(value_type = Option<Object>)]
    pub details: Option<serde_json::Value>,
}

/// Lays out the timeline of a transfer: earlier rounds as they went, this round with what is still ahead.
pub fn lay_out(transfer: &Transfer, events: &[Event], today: Date) -> Vec<TimelineItem> {
    let mut items: Vec<TimelineItem> = Vec::new();
    // Where the way since the last set-back begins: its steps are taken again.
    let mut anew = 0;
    for event in events {
        // The filing is known from us and from the agency; the agency's word completes ours.
        let twin = items
            .iter()
            .skip(anew)
            .position(|item| item.round == event.round && item.step == event.step.name());
        match twin {
            _ if stops(event) => {
                items.push(happened(event));
                anew = items.len();
            }
            Some(at) => complete(&mut items[anew + at], event),
            None => items.push(happened(event)),
        }
    }
    if transfer.state == TransferState::Filed {
        items.extend(ahead(transfer, &items[anew..], today));
    }
    items
}

/// It stopped the way: returned, refused, or sent back to the old region.
fn stops(event: &Event) -> bool {
    matches!(event.step, TransferStep::Returned | TransferStep::Refused) || is_set_back(event.step, &event.reasons)
}

fn complete(item: &mut TimelineItem, event: &Event) {
    if item.details.is_none() {
        item.details.clone_from(&event.details);
    }
}

fn happened(event: &Event) -> TimelineItem {
    TimelineItem {
        round: event.round,
        step: if is_set_back(event.step, &event.reasons) {
            "set_back".to_string()
        } else {
            event.step.name().to_string()
        },
        label: label(event.step, &event.reasons).zh,
        state: if stops(event) { StepState::Stopped } else { StepState::Done },
        at: Some(event.at),
        office: event.office_name.clone(),
        office_phone: event.office_phone.clone(),
        actor: event.actor.clone(),
        deadline: None,
        deadline_estimated: false,
        remaining_working_days: None,
        overdue: false,
        reasons: event.reasons.iter().map(reason).collect(),
        details: event.details.clone(),
    }
}

fn reason(reason: &Reason) -> ReasonView {
    let remedy = reason
        .remedy_zh
        .as_ref()
        .map(|zh| Text::new(zh.clone(), reason.remedy_en.clone().unwrap_or_default()));
    ReasonView {
        code: reason.code.clone(),
        text: Text::new(reason.text_zh.clone(), reason.text_en.clone()),
        remedy,
    }
}

/// The office whose turn it is: name and phone as the contact book began with.
pub(crate) fn office_of(region: RegionCode) -> (String, String) {
    match exchange::pilot_agencies().iter().find(|agency| agency.region == region) {
        Some(agency) => (agency.name.clone(), agency.phone.clone()),
        None => (format!("{}社会保险经办机构", region.name()), String::new()),
    }
}

/// The steps after the furthest one; the first of them is at hand and carries the clock.
fn ahead(transfer: &Transfer, behind: &[TimelineItem], today: Date) -> Vec<TimelineItem> {
    let furthest = super::rank(transfer.step).unwrap_or(0);
    WAY.iter()
        .skip(furthest + 1)
        .filter(|step| !behind.iter().any(|item| item.round == transfer.round && item.step == step.name()))
        .enumerate()
        .map(|(index, step)| {
            let due = transfer.due_on.filter(|_| index == 0);
            let remaining = due.map(|due| calendar::remaining_working_days(today, due));
            let (office, office_phone) = office_of(turn_of(transfer, *step));
            TimelineItem {
                round: transfer.round,
                step: step.name().to_string(),
                label: step.zh().to_string(),
                state: if index == 0 { StepState::Current } else { StepState::Waiting },
                at: None,
                office,
                office_phone,
                actor: String::new(),
                deadline: due,
                deadline_estimated: due.is_some() && transfer.due_estimated,
                remaining_working_days: remaining,
                overdue: due.is_some_and(|due| due < today),
                reasons: Vec::new(),
                details: None,
            }
        })
        .collect()
}

/// Whose turn a step is.
pub(crate) fn turn_of(transfer: &Transfer, step: TransferStep) -> RegionCode {
    match step {
        TransferStep::OldAccepted | TransferStep::OldReviewed | TransferStep::FundsSent => transfer.from_region,
        _ => transfer.to_region,
    }
}
