//! The judge: from a nationwide answer to findings and a verdict. Pure.

use exchange::{RelationView, StatusAnswer};
use standard::{Date, Finding, Insurance, Month, RegionCode, RelationStatus, Sex};

use super::{Advice, Judgment, Subject, Verdict};

/// Weighs a nationwide answer for one person who is to be insured in `subject.target`.
///
/// The order is the order of urgency: an identity that contradicts the record makes every other
/// statement worthless, then pension relations elsewhere, then what merely needs care.
pub fn judge(subject: &Subject, answer: &StatusAnswer, today: Date) -> Judgment {
    let mut findings = Vec::new();
    if answer.person_found && !answer.name_matches {
        findings.push(Advice::plain(name_contradicts()));
        findings.extend(unanswered(answer));
        return Judgment {
            verdict: Verdict::BadData,
            findings,
            from_regions: Vec::new(),
        };
    }
    let from_regions = pension_elsewhere(subject, answer, &mut findings);
    if !from_regions.is_empty() {
        findings.extend(temporary_account(subject, &from_regions, today));
    }
    findings.extend(here_already(subject, answer));
    findings.extend(other_insurances(subject, answer));
    findings.extend(unanswered(answer));
    Judgment {
        verdict: verdict(&from_regions, answer),
        findings,
        from_regions,
    }
}

fn verdict(from_regions: &[RegionCode], answer: &StatusAnswer) -> Verdict {
    if !from_regions.is_empty() {
        return Verdict::NeedsTransfer;
    }
    if !answer.unanswered.is_empty() {
        return Verdict::Unanswered;
    }
    Verdict::Direct
}

fn name_contradicts() -> Finding {
    Finding::blocking(
        "name_contradicts_record",
        "姓名与该证件号码在社会保险登记中的姓名不一致",
        "the name differs from the one registered for this ID number",
    )
    .field("name")
    .remedy(
        "请核对身份证原件；号码录错请改正号码，姓名变更过的请先到原参保地办理姓名变更",
        "compare with the ID card; correct the number, or have a changed name updated where the person is insured",
    )
    .who("hr")
}

/// Pension relations in other regions: the reason a transfer exists.
fn pension_elsewhere(subject: &Subject, answer: &StatusAnswer, findings: &mut Vec<Advice>) -> Vec<RegionCode> {
    let mut from_regions = Vec::new();
    let mut elsewhere: Vec<&RelationView> = relations(answer, Insurance::Pension)
        .filter(|r| r.region != subject.target)
        .collect();
    elsewhere.sort_by_key(|r| (urgency(r.status), r.region));
    for relation in elsewhere {
        match relation.status {
            RelationStatus::Active => findings.push(pension_active(subject, relation)),
            RelationStatus::Suspended => findings.push(pension_suspended(subject, relation)),
            RelationStatus::Terminated => findings.push(pension_terminated(relation)),
        }
        if relation.status != RelationStatus::Terminated && !from_regions.contains(&relation.region) {
            from_regions.push(relation.region);
        }
        findings.extend(overlap(subject, relation));
        findings.extend(arrears(relation));
    }
    from_regions
}

fn urgency(status: RelationStatus) -> u8 {
    match status {
        RelationStatus::Active => 0,
        RelationStatus::Suspended => 1,
        RelationStatus::Terminated => 2,
    }
}

fn pension_active(subject: &Subject, relation: &RelationView) -> Advice {
    let from = relation.region.name();
    let to = subject.target.name();
    Advice::plain(
        Finding::blocking(
            "pension_active_elsewhere",
            format!("该员工在{from}仍有在缴养老保险，请先办理转移手续"),
            format!("this person still pays pension insurance in {from}; transfer the relation first"),
        )
        .field("id_number")
        .remedy(
            format!("原单位在{from}办理停保后，发起从{from}到{to}的养老保险关系转移接续"),
            format!("once the former employer stops contributions in {from}, start the transfer from {from} to {to}"),
        )
        .action("start_transfer")
        .who("hr"),
    )
    .about(relation.region, Insurance::Pension)
    .overridable()
}

fn pension_suspended(subject: &Subject, relation: &RelationView) -> Advice {
    let from = relation.region.name();
    let to = subject.target.name();
    let months = relation.months;
    Advice::plain(
        Finding::warning(
            "pension_suspended_elsewhere",
            format!("该员工在{from}有暂停缴费的养老保险关系（{months} 个月），请办理转移接续"),
            format!("this person has a suspended pension relation in {from} ({months} months); transfer it"),
        )
        .field("id_number")
        .remedy(
            format!("可先在{to}参保，同时发起从{from}到{to}的养老保险关系转移接续，缴费年限累计计算"),
            format!("enrol in {to} and start the transfer from {from}; the months add up"),
        )
        .action("start_transfer")
        .who("hr"),
    )
    .about(relation.region, Insurance::Pension)
}

fn pension_terminated(relation: &RelationView) -> Advice {
    let from = relation.region.name();
    let months = relation.months;
    Advice::plain(Finding::info(
        "pension_terminated_elsewhere",
        format!("该员工在{from}的养老保险关系已终止（{months} 个月），无需转移"),
        format!("the pension relation in {from} is terminated ({months} months); nothing to transfer"),
    ))
    .about(relation.region, Insurance::Pension)
}

/// Months paid elsewhere from the month of hire on would be paid twice.
fn overlap(subject: &Subject, relation: &RelationView) -> Option<Advice> {
    let hired = Month::of(subject.hired_on?);
    let last = relation.last_month?;
    if last < hired || relation.status == RelationStatus::Terminated {
        return None;
    }
    let from = relation.region.name();
    Some(
        Advice::plain(
            Finding::warning(
                "months_overlap",
                format!("{from}已缴费至 {last}，与入职月份 {hired} 重叠，转移时重复月份只计算一次"),
                format!("{from} is paid until {last}, overlapping the month of hire {hired}; overlapping months count once"),
            )
            .field("hired_on")
            .remedy(
                "请与员工和原单位确认停缴月份，重复缴费可在转移时申请清退",
                "settle the last month with the former employer; double payments are refunded during the transfer",
            )
            .who("hr"),
        )
        .about(relation.region, Insurance::Pension),
    )
}

/// Arrears stop a transfer at the old region; HR should know before filing.
fn arrears(relation: &RelationView) -> Option<Advice> {
    let owed = relation.arrears_fen.filter(|m| m.fen() > 0)?;
    let from = relation.region.name();
    Some(
        Advice::plain(
            Finding::warning(
                "pension_arrears_elsewhere",
                format!("{from}有养老保险欠费 {} 元，补清前不能转出", owed.to_yuan()),
                format!(
                    "{} yuan of pension contributions are owed in {from}; it cannot be transferred before they are paid",
                    owed.to_yuan()
                ),
            )
            .remedy(
                "请由原单位补缴欠费后再办理转移",
                "the former employer pays the arrears, then the transfer can start",
            )
            .who("former_employer"),
        )
        .about(relation.region, Insurance::Pension),
    )
}

/// 国办发〔2009〕66号 第五条：男性年满50周岁和女性年满40周岁的，应在原参保地继续保留基本养老保险关系，
/// 同时在新参保地建立临时基本养老保险缴费账户。返回户籍所在地就业参保的除外。
fn temporary_account(subject: &Subject, from: &[RegionCode], today: Date) -> Option<Advice> {
    let age = subject.id_number.age_on(today);
    let limit = match subject.id_number.sex() {
        Sex::Male => 50,
        Sex::Female => 40,
    };
    let home = subject.household.map(RegionCode::province);
    if age < limit || home == Some(subject.target.province()) {
        return None;
    }
    let to = subject.target.name();
    let keep = from.first()?.name();
    Some(
        Advice::plain(
            Finding::warning(
                "temporary_account",
                format!("该员工已满 {limit} 周岁，在{to}参保如非户籍地，应保留{keep}的养老保险关系，在{to}建立临时缴费账户，暂不转移"),
                format!("aged {limit} or over: unless {to} is the registered residence, the relation stays in {keep} and {to} opens a temporary account"),
            )
            .remedy(
                "请确认员工户籍所在地；户籍在参保地的可正常转移（国办发〔2009〕66号第五条）",
                "confirm the registered residence; if it is in the new region the transfer proceeds (Guobanfa 2009 No. 66, art. 5)",
            )
            .who("hr"),
        )
        .about(subject.target, Insurance::Pension),
    )
}

fn here_already(subject: &Subject, answer: &StatusAnswer) -> Vec<Advice> {
    let here = subject.target.name();
    relations(answer, Insurance::Pension)
        .filter(|r| r.region == subject.target)
        .map(|r| {
            let (zh, en) = match r.status {
                RelationStatus::Active => ("正常缴费", "active"),
                RelationStatus::Suspended => ("暂停缴费", "suspended"),
                RelationStatus::Terminated => ("终止", "terminated"),
            };
            Advice::plain(
                Finding::info(
                    "already_insured_here",
                    format!("该员工在{here}已有养老保险关系（{zh}，{} 个月），办理增员续保，不是首次参保", r.months),
                    format!("this person already has a pension relation in {here} ({en}, {} months): add to the unit, this is no first enrolment", r.months),
                )
                .remedy(
                    "如仍由其他单位缴费，请原单位先办理减员",
                    "if another employer still pays, it must remove the person first",
                ),
            )
            .about(subject.target, Insurance::Pension)
        })
        .collect()
}

/// Active insurances other than pension in other regions: each has its own way out.
fn other_insurances(subject: &Subject, answer: &StatusAnswer) -> Vec<Advice> {
    answer
        .relations
        .iter()
        .filter(|r| r.insurance != Insurance::Pension)
        .filter(|r| r.region != subject.target && r.status == RelationStatus::Active)
        .map(|r| {
            let from = r.region.name();
            let kind = r.insurance.zh();
            let (remedy_zh, remedy_en) = way_out(r.insurance);
            Advice::plain(
                Finding::warning(
                    format!("{}_active_elsewhere", r.insurance.name()),
                    format!("该员工在{from}仍有在缴{kind}保险"),
                    format!("this person still pays {} insurance in {from}", r.insurance.name()),
                )
                .remedy(remedy_zh, remedy_en)
                .who("former_employer"),
            )
            .about(r.region, r.insurance)
        })
        .collect()
}

fn way_out(insurance: Insurance) -> (&'static str, &'static str) {
    match insurance {
        Insurance::Medical => (
            "请原单位先办理医保停保，参保后申请医保关系转移（转出地10个工作日、转入地5个工作日），避免待遇中断",
            "the former employer stops medical insurance; then apply for the medical transfer (10 + 5 working days) so that cover does not lapse",
        ),
        Insurance::Unemployment => (
            "请原单位办理失业保险停缴；在职转移只转关系，缴费年限累计",
            "the former employer stops unemployment insurance; in work only the relation moves and the months add up",
        ),
        Insurance::Injury | Insurance::Maternity | Insurance::Pension => (
            "请原单位办理减员；该险种不转移，在新单位参保即可",
            "the former employer removes the person; this insurance does not transfer, simply enrol at the new employer",
        ),
    }
}

/// An outage is said, with the region's name, and asked again; it never reads as "none found".
fn unanswered(answer: &StatusAnswer) -> Vec<Advice> {
    answer
        .unanswered
        .iter()
        .map(|region| {
            let mut advice = Advice::plain(
                Finding::warning(
                    "region_unanswered",
                    format!("{}暂未答复，当地是否有参保记录尚不清楚", region.name()),
                    format!(
                        "{} has not answered yet: whether there is a record there is not known",
                        region.name()
                    ),
                )
                .remedy("系统会再次查询；也可点击重试", "the system asks again; or press retry")
                .action("retry")
                .who("system"),
            );
            advice.region = Some(*region);
            advice.region_name = Some(region.name().to_string());
            advice
        })
        .collect()
}

fn relations(answer: &StatusAnswer, insurance: Insurance) -> impl Iterator<Item = &RelationView> {
    answer.relations.iter().filter(move |r| r.insurance == insurance)
}
