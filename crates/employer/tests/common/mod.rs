//! Made-up people, a made-up nation and small sheets for the employer's tests.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use async_trait::async_trait;
use control::identity::{Actor, Role};
use employer::insurance::contact::{AgencyContact, ContactBook};
use employer::insurance::preflight::StatusSource;
use employer::people::company::{self, Company};
use exchange::{RelationView, StatusAnswer};
use rust_xlsxwriter::Workbook;
use standard::{CreditCode, Date, IdNumber, Insurance, Month, MonthSet, Organisation, Refusal, RegionCode, RelationStatus};
use store::Db;
use uuid::Uuid;

/// 长沙, where the employer is.
pub fn changsha() -> RegionCode {
    "430100".parse().unwrap()
}

/// 武汉, where people come from.
pub fn wuhan() -> RegionCode {
    "420100".parse().unwrap()
}

/// 广州.
pub fn guangzhou() -> RegionCode {
    "440100".parse().unwrap()
}

/// A made-up ID number with a right check digit; odd orders are men.
pub fn id(birth: &str, order: u16) -> IdNumber {
    IdNumber::compose("430102".parse().unwrap(), birth.parse().unwrap(), order).unwrap()
}

/// A relation of some months ending in `last`.
pub fn relation(region: RegionCode, insurance: Insurance, status: RelationStatus, months: i32, last: &str) -> RelationView {
    let last = Month::parse(last).unwrap();
    let first = last.plus(1 - months);
    let spans = MonthSet::of(first, last);
    RelationView {
        region,
        insurance,
        status,
        months: i64::from(months),
        first_month: Some(first),
        last_month: Some(last),
        spans,
        arrears_fen: None,
    }
}

/// What the nation says of someone with these relations.
pub fn answer(relations: Vec<RelationView>) -> StatusAnswer {
    let mut totals = BTreeMap::new();
    for insurance in Insurance::ALL {
        let all = relations
            .iter()
            .filter(|r| r.insurance == insurance)
            .fold(MonthSet::new(), |all, r| all.union(&r.spans));
        if !all.is_empty() {
            totals.insert(insurance, all.len());
        }
    }
    StatusAnswer {
        person_found: !relations.is_empty(),
        name_matches: true,
        relations,
        months_total: totals,
        unanswered: Vec::new(),
        asked_at: control::clock::now(),
    }
}

/// A made-up nation: answers by ID number; whoever is not in it is unknown everywhere.
#[derive(Default)]
pub struct Nation {
    people: Mutex<HashMap<String, (String, StatusAnswer)>>,
    /// Set to make the platform itself silent.
    pub down: Mutex<bool>,
    /// How many people were asked about.
    pub asked: Mutex<usize>,
}

impl Nation {
    /// Lets the nation know someone.
    pub fn knows(&self, id: &IdNumber, name: &str, answer: StatusAnswer) {
        self.people
            .lock()
            .unwrap()
            .insert(id.reveal().to_string(), (name.to_string(), answer));
    }

    /// Someone with one active pension relation in 武汉.
    pub fn knows_in_wuhan(&self, id: &IdNumber, name: &str) {
        self.knows(
            id,
            name,
            answer(vec![relation(wuhan(), Insurance::Pension, RelationStatus::Active, 38, "2026-10")]),
        );
    }
}

#[async_trait]
impl StatusSource for Nation {
    async fn status(&self, id_number: &IdNumber, name: &str, _purpose: &str) -> Result<StatusAnswer, Refusal> {
        if *self.down.lock().unwrap() {
            return Err(Refusal::unavailable("platform_down", "平台未答复", "the platform is silent"));
        }
        *self.asked.lock().unwrap() += 1;
        let people = self.people.lock().unwrap();
        Ok(match people.get(id_number.reveal()) {
            None => answer(Vec::new()),
            Some((known, told)) => StatusAnswer {
                name_matches: known == name,
                ..told.clone()
            },
        })
    }
}

/// The same nation for a worker that takes its source with it.
pub struct Shared(pub std::sync::Arc<Nation>);

#[async_trait]
impl StatusSource for Shared {
    async fn status(&self, id_number: &IdNumber, name: &str, purpose: &str) -> Result<StatusAnswer, Refusal> {
        self.0.status(id_number, name, purpose).await
    }
}

/// A contact book that knows every agency.
pub struct Book;

#[async_trait]
impl ContactBook for Book {
    async fn agency(&self, region: RegionCode) -> Result<Option<AgencyContact>, Refusal> {
        Ok(Some(AgencyContact {
            region,
            name: format!("{}社会保险事业管理局", region.name()),
            phone: "027-12345678".to_string(),
            address: "人民路1号".to_string(),
            postcode: "430000".to_string(),
        }))
    }
}

/// 长沙星河制造, and its HR manager.
pub async fn star_river(db: &Db) -> (Uuid, Actor) {
    let employer_id = Uuid::now_v7();
    let company = Company {
        employer_id,
        name: "长沙星河制造有限公司".to_string(),
        credit_code: CreditCode::compose("91430100MA4L0000X").unwrap(),
        region: changsha(),
        address: "长沙市岳麓区星河路1号".to_string(),
        contact_name: "陈静".to_string(),
        contact_phone: "0731-88880000".to_string(),
    };
    let mut tx = db.begin().await.unwrap();
    company::put(&mut tx, &company).await.unwrap();
    tx.commit().await.unwrap();
    (employer_id, actor(employer_id, Role::HrManager))
}

/// Someone of the employer.
pub fn actor(employer_id: Uuid, role: Role) -> Actor {
    Actor {
        user_id: Uuid::now_v7(),
        name: "陈静".to_string(),
        organisation: Organisation::Employer(employer_id),
        role,
    }
}

/// A workbook of text cells; text beginning with `=` becomes a formula.
pub fn xlsx(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, text) in (0u16..).zip(cells) {
            match text.strip_prefix('=') {
                Some(formula) => drop(sheet.write_formula(row, column, formula).unwrap()),
                None => drop(sheet.write_string(row, column, *text).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// A workbook of several sheets of text.
pub fn sheets(sheets: &[(&str, &[Vec<&str>])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in (0u32..).zip(*rows) {
            for (column, text) in (0u16..).zip(cells) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// Every cell of the first sheet as shown, row by row.
pub fn cells(book: &[u8]) -> Vec<Vec<String>> {
    let sheet = employer::insurance::roster::read_sheet(book).unwrap();
    let mut rows = Vec::new();
    for row in sheet.rows {
        while rows.len() + 1 < row.number as usize {
            rows.push(Vec::new());
        }
        rows.push(row.cells.iter().map(employer::insurance::roster::Cell::shown).collect());
    }
    rows
}

/// The roster's header, in the template's order.
pub const HEADER: [&str; 8] = ["姓名", "证件号码", "手机号码", "入职日期", "参保城市", "部门", "岗位", "月工资"];

/// A day in November 2026, so that tests do not depend on the day they run.
pub fn today() -> Date {
    "2026-11-21".parse().unwrap()
}
