//! The agencies' documents: 联系函, 信息表, 付款通知, 回执. Wanted in the transaction that causes them, typeset and sealed
//! afterwards by [`run_jobs`], so that no transaction waits for a page to be laid out.

use ::store::{Db, Tx, jobs};
use control::clock;
use control::document::{self, AgencyBlock, Entry, Mark, PersonBlock, Renderer, Template, TransferSums, YearsTotal};
use control::identity::Actor;
use control::seal::{self, SignRequest, VerifyCode};
use exchange::message::{AgencyParty, ContactLetter, InformationForm, YearRow};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use standard::{Money, Refusal, RegionCode, Timestamp};
use uuid::Uuid;

use super::decline::{self, Declined};
use super::events::masked_name;
use super::{Docket, store};
use crate::enrolment;

pub(super) const QUEUE: &str = "agency_document";

/// A document an agency makes in a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 联系函, by the new region.
    ContactLetter,
    /// 信息表, by the old region.
    InformationForm,
    /// 付款通知, by the old region.
    FundNotice,
    /// 办理回执, by the new region when all is done.
    Receipt,
    /// 不予办理 or 补正通知书, by whoever declines.
    Decline,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    pub(super) region: RegionCode,
    pub(super) transfer_id: Uuid,
    pub(super) kind: Kind,
    pub(super) maker: String,
    /// What a notice of a decline says.
    #[serde(default)]
    pub(super) declined: Option<Declined>,
}

/// Asks for a document once the transaction commits. Asking twice for the same attempt makes one.
pub(super) async fn wanted(tx: &mut Tx, docket: &Docket, kind: Kind, actor: &Actor) -> Result<(), Refusal> {
    let wanted = Wanted {
        region: docket.region,
        transfer_id: docket.transfer_id,
        kind,
        maker: masked_name(&actor.name),
        declined: None,
    };
    let key = format!("{}:{}:{}:{kind:?}", docket.region, docket.transfer_id, docket.attempt);
    jobs::enqueue(tx, QUEUE, Some(&key), &wanted, clock::now()).await?;
    Ok(())
}

/// Declares the forms of a payment that came back void: their money is here again, and verification must say so.
pub(super) async fn void(tx: &mut Tx, docket: &Docket) -> Result<(), Refusal> {
    let db = tx.db().clone();
    let actor = Actor::system(docket.office());
    for document in seal::documents_of(&db, &docket.office(), docket.transfer_id).await? {
        let of_payment = matches!(document.kind, Template::InformationForm | Template::FundNotice);
        if of_payment && document.revoked_at.is_none() {
            seal::revoke_document(tx, &actor, document.id, "新参保地退回，本次划转已撤销").await?;
        }
    }
    Ok(())
}

/// Makes the documents that are wanted, at most a few, and says how many. `verify_base` is the address of the verify
/// page without the code. The signed documents are found by `control::seal::documents_of(office, transfer_id)`.
pub async fn run_jobs(db: &Db, renderer: &Renderer, verify_base: &str) -> Result<usize, Refusal> {
    let due = jobs::claim(db, QUEUE, 4, SignedDuration::from_secs(120)).await?;
    let count = due.len();
    for job in due {
        let made = match job.body::<Wanted>() {
            Ok(wanted) => make(db, renderer, verify_base, &wanted).await,
            Err(refusal) => Err(refusal),
        };
        let mut tx = db.begin().await?;
        match made {
            Ok(Some((actor, made))) => {
                if jobs::ack(&mut tx, &job).await? {
                    seal::sign_document(&mut tx, &actor, made.request()).await?;
                }
            }
            Ok(None) => drop(jobs::ack(&mut tx, &job).await?),
            Err(refusal) => jobs::fail(&mut tx, &job, refusal.rule()).await?,
        }
        tx.commit().await?;
    }
    Ok(count)
}

/// A finished PDF waiting for its seal.
struct Made {
    code: VerifyCode,
    kind: Template,
    pdf: Vec<u8>,
    office_name: String,
    subject: String,
    transfer_id: Uuid,
    signed_at: Timestamp,
}

impl Made {
    fn request(&self) -> SignRequest<'_> {
        SignRequest {
            code: self.code.clone(),
            kind: self.kind,
            pdf: &self.pdf,
            office_name: &self.office_name,
            subject: &self.subject,
            reference: Some(self.transfer_id),
            signed_at: self.signed_at,
        }
    }
}

async fn make(db: &Db, renderer: &Renderer, verify_base: &str, wanted: &Wanted) -> Result<Option<(Actor, Made)>, Refusal> {
    let mut q = db.read();
    let Some(docket) = store::find(&mut q, db, wanted.region, wanted.transfer_id).await? else {
        return Ok(None);
    };
    let office = enrolment::office(&mut q, wanted.region).await?;
    // A transfer that went back since has no letter or form to print.
    let Some((template, data)) = form_of(wanted, &docket, &office)? else {
        return Ok(None);
    };
    let code = VerifyCode::new()?;
    let signed_at = clock::now();
    let mark = Mark::sealed(&code.grouped(), verify_base, &office.name, signed_at);
    let rendered = renderer.render_json(template, data, mark).await?;
    let made = Made {
        code,
        kind: template,
        pdf: rendered.pdf,
        office_name: office.name,
        subject: masked_name(&docket.application.person.name),
        transfer_id: docket.transfer_id,
        signed_at,
    };
    Ok(Some((Actor::system(docket.office()), made)))
}

fn form_of(wanted: &Wanted, docket: &Docket, office: &AgencyParty) -> Result<Option<(Template, Value)>, Refusal> {
    if let Some(declined) = &wanted.declined {
        return filled(&decline::form(docket, office, declined)).map(Some);
    }
    let Some(letter) = &docket.letter else { return Ok(None) };
    let maker = &wanted.maker;
    let information = docket.information.as_ref();
    Ok(Some(match (wanted.kind, information) {
        (Kind::ContactLetter, _) => filled(&contact_letter(letter, maker))?,
        (Kind::InformationForm, Some(form)) => filled(&information_form(docket, letter, form, office, maker))?,
        (Kind::FundNotice, Some(form)) => filled(&fund_notice(docket, letter, form, office, maker))?,
        (Kind::Receipt, Some(form)) => filled(&receipt(docket, letter, form, office, maker))?,
        (Kind::Decline, _) | (_, None) => return Ok(None),
    }))
}

fn filled<F: document::Form>(form: &F) -> Result<(Template, Value), Refusal> {
    let data = serde_json::to_value(form).map_err(|error| Refusal::internal(format!("form data: {error}")))?;
    Ok((F::TEMPLATE, data))
}

fn person_block(docket_application: &exchange::message::TransferApplication, personal_number: Entry) -> PersonBlock {
    let person = &docket_application.person;
    PersonBlock {
        name: Entry::given(&person.name),
        sex: Entry::given(person.sex.zh()),
        id_kind: Entry::given("居民身份证"),
        id_number: Entry::given(person.id_number.reveal()),
        birth_date: Entry::date(person.birth_date),
        personal_number,
        household: Entry::optional(person.household_region.map(|region| region.full_name())),
        phone: Entry::optional(person.phone.as_deref()),
        address: Entry::none(),
    }
}

fn agency_block(agency: &AgencyParty) -> AgencyBlock {
    AgencyBlock {
        name: Entry::given(&agency.name),
        region_code: Entry::given(agency.region.number().to_string()),
        phone: Entry::given(&agency.phone),
        address: Entry::given(&agency.address),
        postcode: Entry::given(&agency.postcode),
        bank_name: Entry::given(&agency.bank_name),
        bank_number: Entry::given(&agency.bank_number),
        account_name: Entry::given(&agency.account_name),
        account: Entry::given(&agency.account),
    }
}

fn contact_letter(letter: &ContactLetter, maker: &str) -> document::ContactLetter {
    let application = &letter.application;
    document::ContactLetter {
        letter_number: Entry::given(&letter.letter_number),
        system_serial: Entry::given(&letter.system_serial),
        person: person_block(application, Entry::optional(application.form.person_number.as_deref())),
        insurance: Entry::given(application.insurance.zh()),
        employer_name: Entry::given(&application.employer.name),
        account_kind: "general".to_owned(),
        old_personal_number: Entry::optional(application.form.former_person_number.as_deref()),
        old_region: Entry::given(application.from_region.full_name()),
        from_agency: agency_block(&letter.from_agency),
        to_agency: agency_block(&letter.to_agency),
        maker: Entry::given(maker),
        issued_on: Entry::date(letter.issued_on),
    }
}

fn information_form(
    docket: &Docket,
    letter: &ContactLetter,
    form: &InformationForm,
    office: &AgencyParty,
    maker: &str,
) -> document::InformationForm {
    let one = &form.form_one;
    document::InformationForm {
        letter_number: Entry::given(&letter.letter_number),
        number: Entry::given(format!("XX{}", letter.letter_number)),
        person: person_block(
            &docket.application,
            Entry::optional(docket.application.form.former_person_number.as_deref()),
        ),
        employer_name: Entry::given(&one.employer_name),
        work_began: one.work_started_on.map_or_else(Entry::none, Entry::date),
        region_began: one.region_individual_payment_from.map_or_else(Entry::none, Entry::month),
        first_paid: Entry::month(one.first_paid_month),
        account_opened: Entry::month(one.account_opened_month),
        local_from: Entry::month(one.local_first_month),
        local_to: Entry::month(one.local_last_month),
        local_months: Entry::count(one.local_months),
        moved_on: Entry::date(one.transferred_on),
        sums: TransferSums {
            before_1998: Entry::money(one.before_1998_fen),
            after_1998: Entry::money(one.until_last_year_fen),
            current_year: Entry::money(one.this_year_fen),
            account: Entry::money(one.account_fen),
            pooled: Entry::money(one.pooled_fen),
            total: Entry::money(one.total_fen),
        },
        from_agency: agency_block(office),
        maker: Entry::optional(None::<String>),
        checker: Entry::given(maker),
        issued_on: Entry::date(form.issued_on),
        years: form.form_two.iter().map(year_row).collect(),
        years_total: years_total(&form.form_two),
    }
}

fn year_row(row: &YearRow) -> document::YearRow {
    document::YearRow {
        region_code: Entry::given(row.region.number().to_string()),
        region_name: Entry::given(&row.region_name),
        year: Entry::count(i64::from(row.year)),
        from: Entry::month_digits(row.from),
        to: Entry::month_digits(row.to),
        months: Entry::count(row.months),
        base: Entry::given(row.base_fen.to_yuan()),
        employer_rate: Entry::percent(row.employer_rate),
        account_rate: Entry::percent(row.account_rate),
        person_rate: Entry::percent(row.employee_rate),
        credited: Entry::given(row.credited_fen.to_yuan()),
        credited_person: Entry::given(row.credited_employee_fen.to_yuan()),
        interest: Entry::given(row.interest_fen.to_yuan()),
        interest_person: Entry::given(row.interest_employee_fen.to_yuan()),
        balance: Entry::given(row.balance_fen.to_yuan()),
        balance_person: Entry::given(row.balance_employee_fen.to_yuan()),
        note: Entry::optional(Some(row.remark.as_str())),
    }
}

fn years_total(rows: &[YearRow]) -> YearsTotal {
    // Sums of amounts that were added up once already, so they are in range.
    let sum = |amount: fn(&YearRow) -> Money| {
        Money::sum(rows.iter().map(amount)).map_or_else(|_| Entry::none(), |sum| Entry::given(sum.to_yuan()))
    };
    YearsTotal {
        months: Entry::count(rows.iter().map(|row| row.months).sum()),
        credited: sum(|row| row.credited_fen),
        credited_person: sum(|row| row.credited_employee_fen),
        interest: sum(|row| row.interest_fen),
        interest_person: sum(|row| row.interest_employee_fen),
    }
}

fn fund_notice(docket: &Docket, letter: &ContactLetter, form: &InformationForm, office: &AgencyParty, maker: &str) -> document::FundNotice {
    let notice = &form.fund_notice;
    document::FundNotice {
        number: Entry::given(&notice.reference),
        letter_number: Entry::given(&letter.letter_number),
        person: person_block(
            &docket.application,
            Entry::optional(docket.application.form.former_person_number.as_deref()),
        ),
        insurance: Entry::given(docket.insurance.zh()),
        account: Entry::money(notice.account_fen),
        pooled: Entry::money(notice.pooled_fen),
        total: Entry::money(notice.amount_fen),
        from_agency: agency_block(office),
        to_agency: agency_block(&notice.payee),
        paid_on: Entry::date(notice.paid_on),
        bank_serial: Entry::optional(None::<String>),
        maker: Entry::optional(None::<String>),
        checker: Entry::given(maker),
        issued_on: Entry::date(form.issued_on),
    }
}

fn receipt(docket: &Docket, letter: &ContactLetter, form: &InformationForm, office: &AgencyParty, maker: &str) -> document::Receipt {
    let application = &docket.application;
    let item = |label: &str, value: Entry| document::Item {
        label: label.to_owned(),
        value,
    };
    let one = &form.form_one;
    document::Receipt {
        case_number: Entry::given(&letter.letter_number),
        business: Entry::given("养老保险关系转移接续"),
        subject: Entry::given(&application.person.name),
        id_masked: Entry::given(application.person.id_number.masked()),
        applicant: Entry::given(&application.employer.name),
        office: Entry::given(&office.name),
        accepted_on: Entry::date(application.applied_on),
        finished_on: Entry::date(clock::today()),
        result: Entry::given("已办结，缴费年限累计计算，转移资金已登账"),
        items: vec![
            item("原参保地", Entry::given(docket.from_region.full_name())),
            item("新参保地", Entry::given(docket.to_region.full_name())),
            item("转移缴费月数", Entry::count(form.form_two.iter().map(|row| row.months).sum())),
            item("个人账户转移额", Entry::money(one.account_fen)),
            item("统筹基金转移额", Entry::money(one.pooled_fen)),
            item("转移总额", Entry::money(one.total_fen)),
        ],
        next_steps: vec!["请用人单位确认并更新员工参保信息".to_owned()],
        maker: Entry::given(maker),
        checker: Entry::optional(None::<String>),
        phone: Entry::given(&office.phone),
        due_on: Entry::optional(docket.due_on.map(|day| day.to_string())),
        issued_on: Entry::date(clock::today()),
    }
}
