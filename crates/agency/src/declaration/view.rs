//! The declaration as its preview shows it.

use control::review::{Section, ViewField};
use standard::Text;

use super::{Form, Sums};
use crate::filing::yuan;

/// The preview: beside last month first, then what was declared.
pub(super) fn sections(form: &Form) -> Vec<Section> {
    vec![against_last_month(form), declared(form)]
}

fn against_last_month(form: &Form) -> Section {
    let preview = &form.preview;
    let before = preview.before;
    let line = |key: &str, zh: &str, en: &str, of: fn(&Sums) -> String| {
        ViewField::new(key, Text::new(zh, en), of(&preview.now)).before(before.as_ref().map(of))
    };
    let mut fields = vec![
        line("people", "核定人数", "People assessed", |sums| sums.people.to_string()),
        line("wage_fen", "申报工资合计", "Declared wages", |sums| yuan(sums.wage_fen)),
        line("employer_fen", "单位应缴", "Employer pays", |sums| yuan(sums.employer_fen)),
        line("employee_fen", "个人应缴", "Employees pay", |sums| yuan(sums.employee_fen)),
    ];
    if before.is_some() {
        let names = |names: &[String], count: i64| match count {
            0 => "无".to_owned(),
            n if n > 10 => format!("{} 等 {n} 人", names.join("、")),
            n => format!("{}（{n} 人）", names.join("、")),
        };
        fields.push(ViewField::new(
            "joined",
            Text::new("比上月增加", "More than last month"),
            names(&preview.joined, preview.joined_count),
        ));
        fields.push(ViewField::new(
            "left",
            Text::new("比上月减少", "Fewer than last month"),
            names(&preview.left, preview.left_count),
        ));
        fields.push(ViewField::new(
            "changed",
            Text::new("工资变动人数", "Wages changed"),
            preview.changed.to_string(),
        ));
    }
    Section {
        title: Text::new("核定预览（与上月相比）", "Assessment beside last month"),
        fields,
    }
}

fn declared(form: &Form) -> Section {
    let declaration = &form.declaration;
    let class = declaration
        .industry_class
        .map_or_else(|| "未申报".to_owned(), |class| format!("{class} 类"));
    let parts = format!("第 {} 份，共 {} 份", declaration.part, declaration.parts);
    let field = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
    let mut fields = vec![
        field("employer.name", "单位名称", "Employer", declaration.employer.name.clone()),
        field(
            "employer.credit_code",
            "统一社会信用代码",
            "Credit code",
            declaration.employer.credit_code.as_str().to_owned(),
        ),
        field("month", "费款所属期", "Month", declaration.month.to_string()),
        field("lines", "申报人数", "Lines", declaration.lines.len().to_string()),
        field("refused", "不能核定", "Cannot be assessed", form.preview.refused.to_string()),
        field("expected_fen", "单位预计应缴", "Employer expects", yuan(declaration.expected_fen)),
        field("industry_class", "工伤行业类别", "Injury class", class),
        field("employer.contact", "联系人", "Contact", declaration.employer.contact.clone()),
    ];
    if declaration.parts > 1 {
        fields.push(field("part", "分份申报", "Part", parts));
    }
    Section {
        title: Text::new("申报内容", "Declared"),
        fields,
    }
}
