//! The stop as its preview shows it.

use control::review::{Section, ViewField};
use exchange::message::{StopApplication, StopReason};
use standard::Text;

/// People a preview names; the rest is in the list of lines.
const NAMED_MAX: usize = 50;

/// 减员原因 as people read it.
fn why(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Resigned => "辞职",
        StopReason::Dismissed => "解除或终止劳动合同",
        StopReason::ContractEnded => "合同期满",
        StopReason::Retired => "退休",
        StopReason::Died => "死亡",
        StopReason::Moved => "跨地区调动",
        StopReason::Other => "其他中断缴费",
    }
}

pub(super) fn sections(application: &StopApplication) -> Vec<Section> {
    let field = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
    let head = Section {
        title: Text::new("停保申报", "Stop"),
        fields: vec![
            field("employer.name", "单位名称", "Employer", application.employer.name.clone()),
            field("lines", "停保人数", "People", application.lines.len().to_string()),
            field("filed_on", "申报日期", "Filed on", application.filed_on.to_string()),
            field("employer.contact", "联系人", "Contact", application.employer.contact.clone()),
        ],
    };
    let people = application
        .lines
        .iter()
        .take(NAMED_MAX)
        .map(|line| {
            let insurances: Vec<&str> = line.insurances.iter().map(|insurance| insurance.zh()).collect();
            let value = format!(
                "{}，缴至 {}，{}（{}）",
                insurances.join("、"),
                line.last_month,
                why(line.reason),
                line.left_on
            );
            let label = format!("{} {}", line.name, line.id_number.masked());
            ViewField::new(&format!("lines.{}", line.line), Text::new(label.clone(), label), value)
        })
        .collect();
    let people = Section {
        title: Text::new("停保人员", "People"),
        fields: people,
    };
    vec![head, people]
}
