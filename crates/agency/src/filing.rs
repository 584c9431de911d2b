//! What the businesses of a month share: how an application is known again, how its sender is answered, and how many
//! findings a screen can bear.

use std::collections::BTreeMap;

use control::clock;
use control::identity::Actor;
use control::review::{self, Case, CaseState, MessageCase, Registry, Subject};
use exchange::Message;
use exchange::message::{EmployerParty, OfficeRef, Reason, RefusedLine};
use serde::Serialize;
use serde::de::DeserializeOwned;
use standard::sm::sm3;
use standard::{Finding, Money, Organisation, Refusal, RegionCode, Severity, Timestamp};
use store::{Query, Row, Tx, args, outbox};
use uuid::Uuid;

use crate::employers::{self, Unit};
use crate::enrolment::office;
use crate::inbound::Received;
use crate::transfer::events::masked_name;

/// Findings of one rule a case carries; what is above is counted.
const SHOWN_MAX: usize = 20;

/// The digest of what was filed, by which a repeat is told from another content.
pub(crate) fn content_hash(content: &impl Serialize) -> Result<[u8; 32], Refusal> {
    let bytes = serde_json::to_vec(content).map_err(|error| Refusal::internal(format!("content of a filing: {error}")))?;
    Ok(sm3(&bytes))
}

/// The form of a case as its business reads it.
pub(crate) fn form<T: DeserializeOwned>(case: &Case) -> Result<T, Refusal> {
    serde_json::from_value(case.form.clone()).map_err(|error| Refusal::internal(format!("form of case {}: {error}", case.number)))
}

/// A form as a case keeps it.
pub(crate) fn to_form(form: &impl Serialize) -> Result<serde_json::Value, Refusal> {
    serde_json::to_value(form).map_err(|error| Refusal::internal(format!("form of a case: {error}")))
}

/// The finding of a form that does not read.
pub(crate) fn unreadable() -> Finding {
    Finding::blocking("form_unreadable", "申报内容无法读取", "The form cannot be read")
        .remedy("请重新填写后提交", "Fill it in again and submit")
}

/// Refuses a message for another region or in another employer's name.
pub(crate) fn require_addressed(received: &Received, region: RegionCode, employer: Uuid) -> Result<(), Refusal> {
    if region != received.region {
        return Err(Refusal::invalid(Finding::blocking(
            "filing_wrong_region",
            "该申报应由其他地区的经办机构办理",
            "Another region's agency is responsible for this",
        )));
    }
    if received.from != Organisation::Employer(employer) || employer.is_nil() {
        return Err(Refusal::forbidden(
            "filing_wrong_sender",
            "报文的发送方不是申报单位。",
            "The sender is not the employer that files.",
        ));
    }
    Ok(())
}

/// Sends `message` to an employer once the transaction commits.
pub(crate) async fn answer(tx: &mut Tx, region: RegionCode, employer_id: Uuid, message: &Message) -> Result<(), Refusal> {
    let (from, to) = (Organisation::Agency(region), Organisation::Employer(employer_id));
    outbox::post(tx, &from, &to, message.kind(), &message.body_json().to_string()).await?;
    Ok(())
}

/// The office as an answer names it.
pub(crate) async fn office_ref(tx: &mut Tx, region: RegionCode, actor: Option<&Actor>) -> Result<OfficeRef, Refusal> {
    let party = office(tx, region).await?;
    Ok(OfficeRef {
        name: party.name,
        region: Some(region),
        phone: Some(party.phone),
        actor_masked: actor.filter(|actor| !actor.is_system()).map(|actor| masked_name(&actor.name)),
    })
}

/// A finding as a coded reason of an answer.
pub(crate) fn reason(finding: &Finding) -> Reason {
    Reason {
        code: finding.rule.clone(),
        text_zh: finding.message.zh.clone(),
        text_en: finding.message.en.clone(),
        remedy_zh: finding.remedy.as_ref().map(|text| text.zh.clone()),
        remedy_en: finding.remedy.as_ref().map(|text| text.en.clone()),
    }
}

/// Line findings thinned out: of each rule the first few, and one that counts the rest.
pub(crate) fn shown(findings: Vec<Finding>) -> Vec<Finding> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for finding in findings {
        let count = counts.entry(finding.rule.clone()).or_default();
        *count += 1;
        if *count <= SHOWN_MAX {
            kept.push(finding);
        }
    }
    for (rule, count) in counts.into_iter().filter(|(_, count)| *count > SHOWN_MAX) {
        let more = count - SHOWN_MAX;
        kept.push(Finding::warning(
            rule,
            format!("另有 {more} 行存在同样的问题，见明细"),
            format!("{more} more lines have the same finding; see the list"),
        ));
    }
    kept
}

/// A fault of one line: it keeps the line from taking effect, not the others.
pub(crate) fn line_fault(rule: &str, line: u32, zh: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding::warning(rule, zh, en).field(format!("lines.{line}"))
}

/// A line of something filed, weighed against the books.
pub(crate) trait FiledLine {
    /// The sender's number of the line.
    fn line(&self) -> u32;
    /// Why the line takes no effect.
    fn faults(&self) -> &[Finding];

    /// Whether it takes effect.
    fn is_sound(&self) -> bool {
        self.faults().is_empty()
    }
}

/// The lines that took no effect, as the employer reads them.
pub(crate) fn refused_lines(lines: &[impl FiledLine]) -> Vec<RefusedLine> {
    lines
        .iter()
        .filter(|line| !line.is_sound())
        .map(|line| RefusedLine {
            line: line.line(),
            reasons: line.faults().iter().map(reason).collect(),
        })
        .collect()
}

/// The whole goes back because of `head`, with the reasons of its first lines.
pub(crate) fn all_refused(head: Finding, lines: &[impl FiledLine]) -> Vec<Finding> {
    let faults = lines.iter().flat_map(|line| line.faults().iter().cloned()).take(SHOWN_MAX);
    let blocking = faults.map(|mut finding| {
        finding.severity = Severity::Blocking;
        finding
    });
    std::iter::once(head).chain(blocking).collect()
}

/// The fault of a line whose name is not the one on record.
pub(crate) fn name_differs(line: u32) -> Finding {
    line_fault(
        "identity_mismatch",
        line,
        format!("第{line}行：姓名与参保登记不一致"),
        format!("Line {line}: the name differs from the record"),
    )
    .remedy("请核对身份证原件后更正", "Check against the ID card and correct")
}

/// Yuan as people read them.
pub(crate) fn yuan(amount: Money) -> String {
    format!("{} 元", amount.to_yuan())
}

/// 停保 or 补缴/退费 as filed before.
pub(crate) struct Filing {
    /// Its case.
    pub case_id: Uuid,
    /// Who filed it.
    pub employer_id: Uuid,
    /// The sender's round.
    pub round: i64,
    /// The digest of what it holds.
    pub content_hash: Vec<u8>,
}

fn read(row: &Row) -> Result<Filing, Refusal> {
    Ok(Filing {
        case_id: row.get("case_id")?,
        employer_id: row.get("employer_id")?,
        round: row.get("round")?,
        content_hash: row.get("content_hash")?,
    })
}

/// The filing of an id, locked for the rest of the transaction.
pub(crate) async fn find(tx: &mut Tx, region: RegionCode, filing_id: Uuid) -> Result<Option<Filing>, Refusal> {
    tx.lock(&format!("filing:{region}:{filing_id}")).await?;
    let sql = "SELECT case_id, employer_id, round, content_hash FROM agency_filing WHERE region = $1 AND filing_id = $2";
    tx.optional(sql, args![region, filing_id]).await?.as_ref().map(read).transpose()
}

/// Notes which case a filing became.
pub(crate) async fn save(tx: &mut Tx, case: &Case, region: RegionCode, filing_id: Uuid, filing: &Filing) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO agency_filing (region, filing_id, business, employer_id, case_id, round, content_hash, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (region, filing_id) DO UPDATE SET case_id = excluded.case_id, round = excluded.round,
             content_hash = excluded.content_hash, updated_at = excluded.updated_at",
        args![
            region,
            filing_id,
            case.business,
            filing.employer_id,
            filing.case_id,
            filing.round,
            filing.content_hash,
            Timestamp::now()
        ],
    )
    .await?;
    Ok(())
}

/// What a message that names a known filing asks for.
pub(crate) enum Again {
    /// The same once more: nothing changes.
    Same,
    /// Corrected after a return: the next round of the case.
    Next(Uuid),
    /// Other content while the first still waits: the first is withdrawn.
    Instead(Uuid),
    /// A new case: the first was refused, withdrawn or undone.
    Anew,
    /// Too late: it took effect.
    Late,
}

/// Compares what arrived with what is known under the same id.
pub(crate) async fn again(tx: &mut Tx, region: RegionCode, known: &Filing, round: u32, hash: &[u8; 32]) -> Result<Again, Refusal> {
    let case = review::find(tx, &Organisation::Agency(region), known.case_id).await?;
    let same = known.content_hash == hash;
    Ok(match case.state {
        _ if same && i64::from(round) <= known.round => Again::Same,
        CaseState::Returned => Again::Next(case.id),
        CaseState::Refused | CaseState::Withdrawn | CaseState::Reversed => Again::Anew,
        _ if same => Again::Same,
        CaseState::Effective => Again::Late,
        _ => Again::Instead(case.id),
    })
}

/// The refusal of another content for something that took effect.
pub(crate) fn too_late() -> Finding {
    Finding::blocking(
        "filing_in_effect",
        "该申报已办结生效，不能再改",
        "This filing took effect and cannot be changed",
    )
    .remedy("请另行办理补缴或退费", "File an adjustment instead")
}

/// Now, for an answer.
pub(crate) fn now() -> Timestamp {
    clock::now()
}

/// A filing that arrived as a message.
pub(crate) struct Arrived<'a> {
    /// Key of the business.
    pub business: &'a str,
    /// Names the filing.
    pub filing_id: Uuid,
    /// The sender's round.
    pub round: u32,
    /// The employer in the register.
    pub unit: &'a Unit,
    /// As the case keeps it.
    pub form: serde_json::Value,
    /// The digest of what is filed.
    pub hash: [u8; 32],
}

/// Opens the case of a filing, or brings a known one further; `false` when it comes too late.
pub(crate) async fn receive(tx: &mut Tx, registry: &Registry, received: &Received, arrived: Arrived<'_>) -> Result<bool, Refusal> {
    let owner = Organisation::Agency(received.region);
    let known = find(tx, received.region, arrived.filing_id).await?;
    if known.as_ref().is_some_and(|known| known.employer_id != arrived.unit.employer_id) {
        return Err(Refusal::forbidden(
            "filing_of_another",
            "该申报编号属于其他单位。",
            "The filing belongs to another employer.",
        ));
    }
    let step = match &known {
        Some(known) => again(tx, received.region, known, arrived.round, &arrived.hash).await?,
        None => Again::Anew,
    };
    let case = match step {
        Again::Same => return Ok(true),
        Again::Late => return Ok(false),
        Again::Next(id) => review::resubmit_from_message(tx, registry, &owner, id, arrived.form, &received.source()).await?,
        Again::Instead(id) => {
            review::withdraw_from_message(tx, registry, &owner, id, &received.source()).await?;
            open(tx, registry, received, &arrived).await?
        }
        Again::Anew => open(tx, registry, received, &arrived).await?,
    };
    let filing = Filing {
        case_id: case.id,
        employer_id: arrived.unit.employer_id,
        round: i64::from(arrived.round),
        content_hash: arrived.hash.to_vec(),
    };
    save(tx, &case, received.region, arrived.filing_id, &filing).await?;
    Ok(true)
}

async fn open(tx: &mut Tx, registry: &Registry, received: &Received, arrived: &Arrived<'_>) -> Result<Case, Refusal> {
    let message = MessageCase {
        owner: Organisation::Agency(received.region),
        business: arrived.business.to_owned(),
        subject: subject(arrived.unit),
        form: arrived.form.clone(),
        source: received.source(),
    };
    review::open_from_message(tx, registry, message).await
}

/// Whom the case is about: an employer and its 单位编号.
pub(crate) fn subject(unit: &Unit) -> Subject {
    Subject {
        name: unit.name.clone(),
        id_masked: Some(unit.number.clone()),
        person: None,
    }
}

/// The employer of a filing in the register.
pub(crate) async fn unit_of(tx: &mut Tx, region: RegionCode, party: &EmployerParty) -> Result<Unit, Refusal> {
    match employers::find(tx, region, party.id).await? {
        Some(unit) => Ok(unit),
        None => employers::register(tx, region, party).await,
    }
}

/// The lines a decided case refused, with what they were told; nothing while it is undecided.
pub(crate) fn decided(case: &Case) -> Option<BTreeMap<u32, Vec<Finding>>> {
    let told = case.result.as_ref()?.pointer("/answer/refused")?.clone();
    let lines: Vec<RefusedLine> = serde_json::from_value(told).ok()?;
    Some(
        lines
            .into_iter()
            .map(|line| (line.line, line.reasons.into_iter().map(finding).collect()))
            .collect(),
    )
}

fn finding(reason: Reason) -> Finding {
    let finding = Finding::warning(reason.code, reason.text_zh, reason.text_en);
    match (reason.remedy_zh, reason.remedy_en) {
        (Some(zh), Some(en)) => finding.remedy(zh, en),
        _ => finding,
    }
}
