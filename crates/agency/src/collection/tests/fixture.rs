//! A region with an employer, its people and assessed orders.
#![allow(clippy::unwrap_used)]

use ::store::{Db, Query, Tx, args};
use control::identity::{Actor, Role};
use policy::RuleBook;
use standard::{Date, IdNumber, Insurance, Money, Month, Organisation, RegionCode, RelationStatus};
use uuid::Uuid;

use crate::collection::order::{self, Order};
use crate::collection::payment::{Incoming, Received, Way, receive};
use crate::collection::{NewOrder, OrderKind, OrderTotals, open_orders};
use crate::enrolment::{self, NewPerson, PersonId, Relation};
use crate::ledger::{self, Account, AccountKind, SUSPENSE_FUND};

pub fn region() -> RegionCode {
    RegionCode::new(430_100).unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn month(text: &str) -> Month {
    text.parse().unwrap()
}

pub fn fen(amount: i64) -> Money {
    Money::from_fen(amount)
}

pub fn person_of(role: Role) -> Actor {
    Actor {
        user_id: Uuid::now_v7(),
        name: "张经办".into(),
        organisation: Organisation::Agency(region()),
        role,
    }
}

/// The region's office, and `count` people insured with the employer.
pub async fn people(db: &Db, count: u32) -> Vec<PersonId> {
    let mut tx = db.begin().await.unwrap();
    enrolment::found(&mut tx, region()).await.unwrap();
    let mut people = Vec::new();
    for number in 0..count {
        let new = NewPerson {
            region: region(),
            id_number: IdNumber::compose(region(), day("1990-03-07"), u16::try_from(number + 1).unwrap()).unwrap(),
            name: format!("员工{number}"),
            phone: None,
            household_region: None,
        };
        let person = enrolment::insert_person(&mut tx, db.cipher(), &new).await.unwrap();
        for insurance in [Insurance::Pension, Insurance::Medical] {
            let relation = Relation::new(person, region(), insurance, RelationStatus::Active, "长沙星河制造有限公司");
            enrolment::save_relation(&mut tx, &relation).await.unwrap();
        }
        people.push(person);
    }
    tx.commit().await.unwrap();
    people
}

/// One month of everybody at `base`: pension 16 % and 8 %, medical 8 % and 2 %.
pub async fn assessed(db: &Db, employer: Uuid, people: &[PersonId], at: &str, kind: OrderKind, base: i64) -> Order {
    let mut tx = db.begin().await.unwrap();
    let id = assessed_in(&mut tx, employer, people, at, kind, base, base).await;
    tx.commit().await.unwrap();
    order::get(&mut db.read(), region(), id).await.unwrap()
}

/// The same in a transaction; the amounts are of `counted`, the base stands as `base`.
pub async fn assessed_in(tx: &mut Tx, employer: Uuid, people: &[PersonId], at: &str, kind: OrderKind, base: i64, counted: i64) -> Uuid {
    let count = i64::try_from(people.len()).unwrap();
    let of = |percent: i64| counted * percent / 100;
    let mut totals = OrderTotals::default();
    totals.employer[0] = fen(of(16) * count);
    totals.employee[0] = fen(of(8) * count);
    totals.employer[1] = fen(of(8) * count);
    totals.employee[1] = fen(of(2) * count);
    let new = NewOrder {
        region: region(),
        employer_id: employer,
        employer_name: "长沙星河制造有限公司".into(),
        month: month(at),
        kind,
        filing_id: None,
        totals,
        people: count,
        issued_on: month(at).last_day(),
    };
    let id = open_orders(tx, RuleBook::embedded(), &[new]).await.unwrap()[0];
    let seq = enrolment::next_number(tx, region(), "assessment", 1).await.unwrap();
    for person in people {
        tx.execute(
            "INSERT INTO agency_assessment (person_id, region, month, kind, seq, order_id, employer_id, insurances, wage_fen,
                 pension_base_fen, medical_base_fen, unemployment_base_fen, injury_base_fen, maternity_base_fen,
                 pension_employer_fen, medical_employer_fen, unemployment_employer_fen, injury_employer_fen, maternity_employer_fen,
                 pension_employee_fen, medical_employee_fen, unemployment_employee_fen, injury_employee_fen, maternity_employee_fen, voided)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 3, $8, $8, $8, 0, 0, 0, $9, $10, 0, 0, 0, $11, $12, 0, 0, 0, $13)",
            args![
                person.0,
                region(),
                month(at),
                order::kind_key(kind),
                seq,
                id,
                employer,
                base,
                of(16),
                of(8),
                of(8),
                of(2),
                false
            ],
        )
        .await
        .unwrap();
    }
    id
}

pub fn incoming(key: &str, order_number: &str, amount: i64, on: &str) -> Incoming {
    Incoming {
        region: region(),
        source_key: key.into(),
        way: Way::Bank,
        order_number: order_number.into(),
        amount: fen(amount),
        paid_on: day(on),
        payer_name: "长沙星河制造有限公司".into(),
        reference: key.into(),
    }
}

pub async fn pay(db: &Db, key: &str, order_number: &str, amount: i64, on: &str) -> Received {
    let mut tx = db.begin().await.unwrap();
    let received = receive(&mut tx, RuleBook::embedded(), &incoming(key, order_number, amount, on))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    received
}

pub async fn balance(db: &Db, account: Account) -> i64 {
    ledger::balance(&mut db.read(), region(), account).await.unwrap().balance_fen
}

pub async fn sum(db: &Db, sql: &str) -> i64 {
    db.read().one(sql, args![region()]).await.unwrap().get("fen").unwrap()
}

/// The books are sound; what is receivable is what open orders ask, what is in suspense is what is not matched, and what
/// is promised is what refunds wait for.
pub async fn proven(db: &Db, when: &str) {
    assert_eq!(ledger::verify(&mut db.read(), region()).await.unwrap(), vec![], "{when}");
    let check = async |account: &str, rows: &str| {
        let booked = sum(
            db,
            &format!("SELECT COALESCE(SUM(balance_fen), 0) AS fen FROM agency_account WHERE region = $1 AND kind = '{account}'"),
        )
        .await;
        assert_eq!(booked, sum(db, rows).await, "{account} {when}");
    };
    let open = "SELECT COALESCE(SUM(total_fen), 0) AS fen FROM agency_order WHERE region = $1 AND kind <> 'refund'
        AND state IN ('open', 'part_paid', 'overdue')";
    check("receivable", open).await;
    check("assessed", open).await;
    check(
        "suspense",
        "SELECT COALESCE(SUM(left_fen), 0) AS fen FROM agency_suspense WHERE region = $1",
    )
    .await;
    check(
        "late_fee",
        "SELECT COALESCE(SUM(late_paid_fen), 0) AS fen FROM agency_order WHERE region = $1",
    )
    .await;
    check(
        "refund_assessed",
        "SELECT COALESCE(SUM(total_fen), 0) AS fen FROM agency_order WHERE region = $1 AND kind = 'refund' AND state = 'open'",
    )
    .await;
    check(
        "refund_payable",
        "SELECT COALESCE(SUM(fen), 0) AS fen FROM (
             SELECT amount_fen AS fen FROM agency_refund WHERE region = $1 AND source = 'suspense' AND state <> 'paid'
             UNION ALL SELECT total_fen FROM agency_order WHERE region = $1 AND kind = 'refund' AND state = 'open') x",
    )
    .await;
}

pub fn suspense_of(employer: Uuid) -> Account {
    Account::suspense(employer)
}

pub fn deposit(insurance: Insurance) -> Account {
    Account::fund(insurance, AccountKind::Bank)
}

pub fn pension_deposit() -> Account {
    deposit(SUSPENSE_FUND)
}
