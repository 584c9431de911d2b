//! Agencies of one database, with the post between them carried by hand: each message to an agency is first broken off,
//! then delivered, then delivered again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::clock;
use control::identity::{Actor, Role};
use control::review::{self, Case, Decision, Registry};
use control::seal::VerifyCode;
use exchange::Message;
use exchange::message::{ApplicationForm, EmployerParty, PersonParty, SignedDocument, TransferApplication, TransferEvent, TransferStep};
use jiff::SignedDuration;
use policy::RuleBook;
use standard::sm::{SecretKey, sm3, sm3_hex};
use standard::{CreditCode, Date, IdNumber, Insurance, Organisation, Refusal, RegionCode};
use store::{Db, Query, args, outbox};
use uuid::Uuid;

use crate::enrolment::{self, PersonId, Relation};
use crate::ledger::{self, Account, AccountKind, Balance};
use crate::load;

pub const CHANGSHA: u32 = 430_100;
pub const WUHAN: u32 = 420_100;
pub const GUANGZHOU: u32 = 440_100;

pub fn region(code: u32) -> RegionCode {
    RegionCode::new(code).unwrap()
}

pub struct House {
    pub db: Db,
    pub registry: Registry,
    pub employer: Uuid,
    pub events: Vec<TransferEvent>,
    pub results: Vec<exchange::message::EnrolmentResult>,
    pub directory: Vec<String>,
    /// What else employers were told, in order.
    pub told: Vec<Message>,
    /// Changes a message on its way, for forms that arrive altered.
    pub tamper: Option<fn(&mut Message)>,
    staff: Vec<(u32, Role, Actor)>,
}

impl House {
    pub async fn new(db: Db) -> House {
        let mut tx = db.begin().await.unwrap();
        for code in [CHANGSHA, WUHAN, GUANGZHOU] {
            enrolment::found(&mut tx, region(code)).await.unwrap();
        }
        tx.commit().await.unwrap();
        House {
            db,
            registry: Registry::new(crate::businesses(policy::RuleBook::embedded())),
            employer: Uuid::now_v7(),
            events: Vec::new(),
            results: Vec::new(),
            directory: Vec::new(),
            told: Vec::new(),
            tamper: None,
            staff: Vec::new(),
        }
    }

    /// Loads relations into a region, as its agency would.
    pub async fn load(&self, code: u32, rows: &[String]) {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("relations.csv");
        let heading = load::COLUMNS.map(|(name, _)| name).join(",");
        std::fs::write(&path, format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
        let today = clock::today();
        let mut book = load::read(&path, today, &mut |_| {}).unwrap();
        let mut tx = self.db.begin().await.unwrap();
        let actor = Actor::system(Organisation::Agency(region(code)));
        load::apply(&mut tx, &actor, RuleBook::embedded(), region(code), &mut book, today, &mut |_| {})
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Someone of an agency's staff, always the same person in the same post.
    pub fn staff(&mut self, code: u32, role: Role) -> Actor {
        if let Some((.., actor)) = self.staff.iter().find(|(at, post, _)| (*at, *post) == (code, role)) {
            return actor.clone();
        }
        let name = if role == Role::AgencyClerk { "张经办" } else { "李复核" };
        let actor = Actor {
            user_id: Uuid::now_v7(),
            name: name.into(),
            organisation: Organisation::Agency(region(code)),
            role,
        };
        self.staff.push((code, role, actor.clone()));
        actor
    }

    /// Sends what the employer files to an agency.
    pub async fn file(&mut self, code: u32, message: Message) -> Result<(), Refusal> {
        let from = Organisation::Employer(self.employer);
        let id = Uuid::now_v7();
        let answer = self.hand_over(region(code), &from, id, &message).await;
        self.post().await;
        answer
    }

    /// One delivery broken off before its commit, one that lasts, and one too many.
    async fn hand_over(&self, to: RegionCode, from: &Organisation, id: Uuid, message: &Message) -> Result<(), Refusal> {
        let mut tx = self.db.begin().await?;
        let broken_off = crate::handle(&mut tx, &self.registry, to, from, id, message.clone()).await;
        drop(tx);
        let mut tx = self.db.begin().await?;
        let first = crate::handle(&mut tx, &self.registry, to, from, id, message.clone()).await;
        assert_eq!(broken_off.is_ok(), first.is_ok(), "{} breaks off into nothing", message.kind());
        first?;
        tx.commit().await?;
        let mut tx = self.db.begin().await?;
        crate::handle(&mut tx, &self.registry, to, from, id, message.clone()).await?;
        tx.commit().await
    }

    /// Carries the post until there is none.
    pub async fn post(&mut self) {
        loop {
            let channels = outbox::due(&self.db, 100, SignedDuration::from_secs(60)).await.unwrap();
            if channels.is_empty() {
                return;
            }
            for channel in channels {
                for stored in &channel.messages {
                    let mut message = Message::from_parts(&stored.kind, serde_json::from_str(&stored.body).unwrap()).unwrap();
                    if let Some(tamper) = self.tamper {
                        tamper(&mut message);
                    }
                    match (channel.to, message) {
                        (Organisation::Agency(to), message) => {
                            self.hand_over(to, &channel.from, stored.id, &message).await.unwrap();
                        }
                        (_, Message::TransferEvent(event)) => self.events.push(event),
                        (_, Message::EnrolmentResult(result)) => self.results.push(result),
                        (_, Message::DirectoryUpdate(update)) => self.directory.extend(update.added),
                        (Organisation::Employer(_), message) => self.told.push(message),
                        (to, message) => panic!("{} to {to}", message.kind()),
                    }
                }
                let ids: Vec<Uuid> = channel.messages.iter().map(|message| message.id).collect();
                let mut tx = self.db.begin().await.unwrap();
                outbox::delivered(&mut tx, &channel, &ids).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
    }

    /// The waiting cases of a business in a region.
    pub async fn waiting_ids(&self, code: u32, business: &str) -> Vec<Uuid> {
        let sql = "SELECT id FROM control_case WHERE owner = $1 AND business = $2 AND state IN ('in_compliance', 'in_review')";
        let rows = self
            .db
            .read()
            .all(sql, args![Organisation::Agency(region(code)), business])
            .await
            .unwrap();
        rows.iter().map(|row| row.get("id").unwrap()).collect()
    }

    /// The one waiting case of a business in a region.
    pub async fn waiting(&self, code: u32, business: &str) -> Case {
        let ids = self.waiting_ids(code, business).await;
        assert_eq!(ids.len(), 1, "{} cases of {business} wait in {code}", ids.len());
        let mut tx = self.db.begin().await.unwrap();
        review::find(&mut tx, &Organisation::Agency(region(code)), ids[0]).await.unwrap()
    }

    /// One decision, first broken off, then made; the post is carried after it.
    pub async fn decide(&mut self, code: u32, business: &str, role: Role, act: Act) -> Result<Case, Refusal> {
        let case = self.waiting(code, business).await;
        let actor = self.staff(code, role);
        let mut decision = Decision::on(&case);
        if let Act::Return(reason) | Act::Refuse(reason) = act {
            decision = decision.because(reason);
        }
        for lasting in [false, true] {
            let mut tx = self.db.begin().await?;
            let done = match act {
                Act::Pass => review::pass(&actor, &mut tx, &self.registry, case.id, &decision).await,
                Act::Approve => review::approve(&actor, &mut tx, &self.registry, case.id, &decision).await,
                Act::Return(_) => review::return_for_correction(&actor, &mut tx, &self.registry, case.id, &decision).await,
                Act::Refuse(_) => review::refuse(&actor, &mut tx, &self.registry, case.id, &decision).await,
            };
            let done = done?;
            if lasting {
                tx.commit().await?;
                self.sound().await;
                self.post().await;
                return Ok(done);
            }
        }
        unreachable!()
    }

    /// Both checks of a case pass.
    pub async fn pass_both(&mut self, code: u32, business: &str) {
        self.decide(code, business, Role::AgencyClerk, Act::Pass).await.unwrap();
        self.decide(code, business, Role::AgencyReviewer, Act::Approve).await.unwrap();
    }

    /// The books of every region hold what they must.
    pub async fn sound(&self) {
        for code in [CHANGSHA, WUHAN, GUANGZHOU] {
            assert_eq!(
                ledger::verify(&mut self.db.read(), region(code)).await.unwrap(),
                vec![],
                "books of {code}"
            );
        }
    }

    pub async fn fund(&self, code: u32, kind: AccountKind) -> Balance {
        ledger::balance(&mut self.db.read(), region(code), Account::fund(Insurance::Pension, kind))
            .await
            .unwrap()
    }

    /// What the five funds of a kind hold together (fen).
    pub async fn funds(&self, code: u32, kind: AccountKind) -> i64 {
        let mut total = 0;
        for insurance in Insurance::ALL {
            let account = Account::fund(insurance, kind);
            total += ledger::balance(&mut self.db.read(), region(code), account)
                .await
                .unwrap()
                .balance_fen;
        }
        total
    }

    pub async fn personal(&self, code: u32, id: &IdNumber) -> Balance {
        let account = Account::personal(Insurance::Pension, self.person(id).0);
        ledger::balance(&mut self.db.read(), region(code), account).await.unwrap()
    }

    pub fn person(&self, id: &IdNumber) -> PersonId {
        PersonId::of(&self.db.cipher().id_hash(id))
    }

    pub async fn relation(&self, code: u32, id: &IdNumber) -> Option<Relation> {
        enrolment::find_relation(&mut self.db.read(), self.person(id), region(code), Insurance::Pension)
            .await
            .unwrap()
    }

    pub fn steps(&self) -> Vec<TransferStep> {
        self.events.iter().map(|event| event.step).collect()
    }

    pub fn application(&self, id: &IdNumber, from: u32, to: u32) -> TransferApplication {
        let (from, to) = (region(from), region(to));
        let agency = exchange::pilot_agencies().iter().find(|agency| agency.region == from).unwrap();
        TransferApplication {
            transfer_id: Uuid::now_v7(),
            round: 1,
            employer: self.employer_party(),
            person: person_party(id),
            insurance: Insurance::Pension,
            from_region: from,
            to_region: to,
            form: ApplicationForm {
                transfer_type: "跨省转移".into(),
                direction: "转入".into(),
                insurance: Insurance::Pension,
                former_person_number: None,
                former_region_name: from.full_name(),
                former_region: from,
                former_agency_name: agency.name.clone(),
                former_agency_phone: agency.phone.clone(),
                former_agency_address: agency.address.clone(),
                former_agency_postcode: agency.postcode.clone(),
                agent: None,
                person_number: None,
                name: NAME.into(),
                sex: id.sex(),
                certificate_type: "01".into(),
                certificate_number: *id,
                birth_date: id.birth_date(),
            },
            document: signed(b"%PDF an application"),
            applied_on: clock::today(),
        }
    }

    pub fn employer_party(&self) -> EmployerParty {
        EmployerParty {
            id: self.employer,
            name: "长沙星河制造有限公司".into(),
            credit_code: CreditCode::compose("91430100MA4L0000X").unwrap(),
            contact: "赵人事".into(),
            phone: "0731-80000000".into(),
        }
    }
}

/// A document as the employer's key signs it.
pub fn signed(pdf: &[u8]) -> SignedDocument {
    let key = SecretKey::from_bytes([7; 32]).unwrap();
    SignedDocument {
        verify_code: VerifyCode::new().unwrap().as_str().to_owned(),
        digest: sm3_hex(pdf),
        signature: key.sign(&sm3(pdf)).unwrap().to_hex(),
        public_key: key.public().to_hex(),
        pdf_base64: Some(STANDARD.encode(pdf)),
    }
}

/// What a clerk or reviewer does.
#[derive(Clone, Copy)]
pub enum Act {
    Pass,
    Approve,
    Return(&'static str),
    Refuse(&'static str),
}

pub const NAME: &str = "周试转";

pub fn id_born(year: i16) -> IdNumber {
    IdNumber::compose(region(420_102), Date::constant(year, 5, 1), 123).unwrap()
}

pub fn person_party(id: &IdNumber) -> PersonParty {
    PersonParty {
        name: NAME.into(),
        id_number: *id,
        sex: id.sex(),
        birth_date: id.birth_date(),
        phone: None,
        household_region: None,
    }
}

pub fn row(id: &IdNumber, insurance: &str, status: &str, from: &str, to: &str, base: &str) -> String {
    format!("{},{NAME},{insurance},{status},{from},{to},{base},武汉样例有限公司", id.reveal())
}
