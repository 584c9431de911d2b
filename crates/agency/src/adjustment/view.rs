//! The adjustment as its preview shows it.

use control::review::{Section, ViewField};
use exchange::message::AdjustmentReason;
use standard::{Money, Month, Text};

use super::Form;
use crate::filing::yuan;

fn why(reason: AdjustmentReason) -> &'static str {
    match reason {
        AdjustmentReason::LawChanged => "政策调整",
        AdjustmentReason::WageCorrected => "申报工资更正",
        AdjustmentReason::Omitted => "漏报补登",
        AdjustmentReason::NotOwed => "不应缴费",
    }
}

/// The preview: what it comes to, then what was filed.
pub(super) fn sections(form: &Form) -> Vec<Section> {
    let application = &form.application;
    let months: std::collections::BTreeSet<Month> = application.lines.iter().map(|line| line.month).collect();
    let span = match (months.first(), months.last()) {
        (Some(first), Some(last)) if first == last => first.to_string(),
        (Some(first), Some(last)) => format!("{first} 至 {last}"),
        _ => String::new(),
    };
    let expected = |of: fn(Money) -> Money| {
        Money::sum(
            application
                .lines
                .iter()
                .flat_map(|line| [of(line.employer_fen), of(line.employee_fen)]),
        )
        .unwrap_or_default()
    };
    let (expected_back, expected_refund) = (expected(|fen| fen.max(Money::ZERO)), expected(|fen| fen.min(Money::ZERO)));
    let field = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
    vec![
        Section {
            title: Text::new("核算结果", "Worked out"),
            fields: vec![
                field("back_fen", "应补缴", "To pay", yuan(form.back_fen)),
                field("refund_fen", "应退费", "To go back", yuan(form.refund_fen)),
                field(
                    "sound",
                    "可办理行数",
                    "Lines that take effect",
                    format!("{} / {}", form.sound, application.lines.len()),
                ),
            ],
        },
        Section {
            title: Text::new("申报内容", "Filed"),
            fields: vec![
                field("employer.name", "单位名称", "Employer", application.employer.name.clone()),
                field("reason", "原因", "Reason", why(application.reason).to_owned()),
                field("note", "情况说明", "Note", application.note.clone()),
                field("months", "费款所属期", "Months", span),
                field("expected_back", "单位预计补缴", "Employer expects to pay", yuan(expected_back)),
                field(
                    "expected_refund",
                    "单位预计退费",
                    "Employer expects back",
                    yuan(expected_refund.negate().unwrap_or_default()),
                ),
                field("filed_on", "申报日期", "Filed on", application.filed_on.to_string()),
                field("employer.contact", "联系人", "Contact", application.employer.contact.clone()),
            ],
        },
    ]
}
