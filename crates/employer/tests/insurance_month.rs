//! A month between the employer and its agencies, on both databases; the agencies' answers are made here.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "insurance_month/retro.rs"]
mod recalculation;

use common::{actor, changsha, id, star_river};
use control::identity::{Actor, Role};
use employer::insurance::bill::BillState;
use employer::insurance::filing::FilingState;
use employer::insurance::reconcile::{self, Decide, DifferenceKey, Reason as Why, RowFilter};
use employer::insurance::stop::StopLineState;
use employer::insurance::{base, bill, declaration, month, payment, retro, stop, tasks};
use employer::people::month::WageStep;
use employer::people::service as people;
use employer::people::view::EmployeeState;
use employer::people::{SeedPerson, seed};
use exchange::Message;
use exchange::message::{
    AdjustmentResult, ArrearsNotice, CollectionOrder, DeclarationResult, FilingOutcome, OfficeRef, OrderCancelled, OrderItem, OrderKind,
    OrderLine, PaymentReceipt, Reason, RefundNotice, RefusedLine, StopResult,
};
use policy::RuleBook;
use standard::{Date, Insurance, Money, Month, Organisation, Refusal, RegionCode};
use store::{Db, Query, args};
use uuid::Uuid;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn september() -> Month {
    Month::new(2026, 9).unwrap()
}

fn yuan(text: &str) -> Money {
    Money::from_yuan(text).unwrap()
}

fn office() -> OfficeRef {
    OfficeRef {
        name: "长沙市社会保险经办机构".to_string(),
        region: Some(changsha()),
        phone: None,
        actor_masked: None,
    }
}

fn reason(code: &str) -> Vec<Reason> {
    vec![Reason {
        code: code.to_string(),
        text_zh: "未在本单位参保".to_string(),
        text_en: "not enrolled here".to_string(),
        remedy_zh: None,
        remedy_en: None,
    }]
}

fn person(order: u16, name: &str, hired_on: &str, monthly: &str) -> SeedPerson {
    SeedPerson::new(id("1990-05-01", order), name, changsha(), day(hired_on), yuan(monthly))
}

/// Four insured people of 长沙: one with an average of last year, one hired in the month after the 15th, one below the floor.
async fn unit(db: &Db) -> (Uuid, Actor, Vec<Uuid>) {
    let (employer_id, hr) = star_river(db).await;
    let mut wang = person(11, "王敏", "2020-03-01", "12000");
    wang.prior_average = Some((2025, yuan("10500")));
    let people = vec![
        wang,
        person(13, "李雷", "2026-03-02", "8000"),
        person(15, "韩梅", "2026-09-16", "9000"),
        person(17, "赵四", "2026-01-05", "3000"),
    ];
    let mut tx = db.begin().await.unwrap();
    let ids = seed(&mut tx, db, employer_id, &people).await.unwrap();
    tx.commit().await.unwrap();
    (employer_id, hr, ids)
}

async fn told(db: &Db, employer_id: Uuid, from: RegionCode, message: Message) -> Result<(), Refusal> {
    let mut tx = db.begin().await?;
    employer::handle(&mut tx, employer_id, &Organisation::Agency(from), Uuid::now_v7(), message).await?;
    tx.commit().await
}

async fn posted(db: &Db) -> i64 {
    let row = db.read().one("SELECT COUNT(*) AS n FROM store_outbox", args![]).await.unwrap();
    row.get("n").unwrap()
}

fn declared(declaration_id: Uuid, outcome: FilingOutcome, refused: &[u32]) -> Message {
    Message::DeclarationResult(DeclarationResult {
        declaration_id,
        region: changsha(),
        month: september(),
        outcome,
        refused: refused
            .iter()
            .map(|line| RefusedLine {
                line: *line,
                reasons: reason("person_not_enrolled"),
            })
            .collect(),
        office: office(),
        reasons: if outcome == FilingOutcome::Accepted {
            Vec::new()
        } else {
            reason("wage_wrong")
        },
        at: control::clock::now(),
    })
}

/// Prepares, files and has the agency accept the month, but for some lines.
async fn accepted(db: &Db, hr: &Actor, employer_id: Uuid, refused: &[u32]) -> Uuid {
    let book = RuleBook::embedded();
    let made = declaration::prepare(hr, db, book, changsha(), september()).await.unwrap();
    declaration::file(hr, db, made[0].id).await.unwrap();
    told(db, employer_id, changsha(), declared(made[0].id, FilingOutcome::Accepted, refused))
        .await
        .unwrap();
    made[0].id
}

/// The bill of what was accepted, as the agency would compute it, in so many parts.
async fn order(db: &Db, hr: &Actor, employer_id: Uuid, declaration_id: Uuid, parts: u32) -> Vec<CollectionOrder> {
    let detail = declaration::get(hr, db, declaration_id, 0, 500).await.unwrap();
    let orders = [11, 13, 15, 17];
    let mut lines: Vec<OrderLine> = Vec::new();
    for line in detail.lines.items.iter().filter(|line| line.state == "accepted") {
        let order = orders
            .iter()
            .find(|order| id("1990-05-01", **order).masked() == line.id_masked)
            .unwrap();
        let items = line.amounts.as_ref().unwrap().iter().map(|one| OrderItem {
            insurance: one.insurance,
            base_fen: one.base_fen.unwrap(),
            employer_fen: one.employer_fen,
            employee_fen: one.employee_fen,
        });
        lines.push(OrderLine {
            id_number: id("1990-05-01", *order),
            name: line.name.clone(),
            person_number: format!("4301{order:06}"),
            month: september(),
            wage_fen: None,
            items: items.collect(),
        });
    }
    let total = lines
        .iter()
        .flat_map(|line| &line.items)
        .map(|item| item.employer_fen.fen() + item.employee_fen.fen())
        .sum();
    let order_id = Uuid::now_v7();
    let size = lines.len().div_ceil(parts as usize);
    (1u32..)
        .zip(lines.chunks(size))
        .map(|(part, chunk)| CollectionOrder {
            order_id,
            order_number: "ZJ202609001".to_string(),
            kind: OrderKind::Regular,
            employer_id,
            region: changsha(),
            month: september(),
            filing_id: Some(declaration_id),
            lines: chunk.to_vec(),
            part,
            parts,
            total_fen: Money::from_fen(total),
            issued_on: day("2026-09-20"),
            due_on: day("2026-10-15"),
            pay_url: Some("http://127.0.0.1:1/pay".to_string()),
            office: office(),
            document: None,
        })
        .collect()
}

fn receipt(order: &CollectionOrder, number: &str, paid: Money, open: Money) -> Message {
    Message::PaymentReceipt(PaymentReceipt {
        order_id: order.order_id,
        order_number: order.order_number.clone(),
        region: changsha(),
        payment_number: number.to_string(),
        paid_fen: paid,
        late_fee_fen: Money::ZERO,
        suspense_fen: Money::ZERO,
        open_fen: open,
        way: "online".to_string(),
        paid_on: day("2026-10-12"),
        at: control::clock::now(),
        office: office(),
        document: None,
    })
}

/// The law with the employer's pension rate of 长沙 lowered from a month in the past.
fn changed_book() -> RuleBook {
    let row = "\n[[employer]]\nfrom = \"2026-08\"\nrate = \"0.15\"\nsource = { issuer = \"测试\", document = \"测试文件\", article = \"\", url = \"\", checked_on = \"2026-11-21\", confidence = \"low\" }\n";
    let files: Vec<(String, String)> = policy::book::load::embedded_files()
        .map(|(name, text)| match name {
            "430100-changsha/pension.toml" => (name.to_string(), format!("{text}{row}")),
            _ => (name.to_string(), text.to_string()),
        })
        .collect();
    RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

/// A cashier that takes every order, or is closed.
struct Till(bool);

#[async_trait::async_trait]
impl payment::Gateway for Till {
    async fn begin(&self, pay_url: &str) -> Result<payment::Begun, Refusal> {
        if !self.0 {
            return Err(Refusal::unavailable("gateway_unreachable", "网关无法连接", "the gateway is closed"));
        }
        Ok(payment::Begun {
            payment_id: "G1".to_string(),
            page_url: format!("{pay_url}/G1"),
            amount_fen: yuan("100"),
            principal_fen: yuan("95"),
            late_fee_fen: yuan("5"),
        })
    }
}

store::both! {
    async fn bases_come_from_the_year_before_or_the_month_of_entry(db: Db) {
        let (employer_id, hr, ids) = unit(&db).await;
        let book = RuleBook::embedded();
        let mut raised = person(19, "周五", "2026-02-01", "7000");
        raised.wages.push(WageStep { from: day("2026-08-01"), monthly: yuan("20000") });
        let mut tx = db.begin().await.unwrap();
        let later = seed(&mut tx, &db, employer_id, &[raised]).await.unwrap();
        tx.commit().await.unwrap();
        let mut q = db.read();
        let people = employer::people::month::of_month(&mut q, book, employer_id, september(), 0, 100).await.unwrap();
        let bases = base::of_month(&mut q, book, employer_id, september(), &people).await.unwrap();
        assert_eq!((bases[&ids[0]].wage, bases[&ids[0]].origin), (yuan("10500"), base::BaseOrigin::PriorYearAverage));
        assert_eq!((bases[&ids[1]].wage, bases[&ids[1]].origin), (yuan("8000"), base::BaseOrigin::EntryWage));
        assert_eq!(bases[&later[0]].wage, yuan("7000"), "a raise does not move the base of the month of entry");
        drop(q);
        let choice = base::adjust::AdjustmentChoice { region: changsha(), year: 2026 };
        let preview = base::adjust::preview(&hr, &db, book, choice).await.unwrap();
        assert_eq!((preview.from_month, preview.people), (Month::new(2026, 1).unwrap(), 2), "{preview:?}");
        let zhao = preview.lines.iter().find(|line| line.name == "赵四").unwrap();
        assert_eq!((zhao.clamped.as_deref(), zhao.base_fen), (Some("floor"), preview.floor_fen));
        base::adjust::accept(&hr, &db, book, choice).await.unwrap();
        base::adjust::accept(&hr, &db, book, choice).await.unwrap();
        let rows = db.read().one("SELECT COUNT(*) AS n FROM employer_base", args![]).await.unwrap();
        assert_eq!(rows.get::<i64>("n").unwrap(), 2);
        let by_hand = base::adjust::HandBase { employee_id: ids[0], from_month: september(), wage_fen: yuan("11000"), reason: "更正".to_string(), confirmed: false };
        base::adjust::set_by_hand(&hr, &db, book, by_hand).await.unwrap();
        let mut q = db.read();
        let bases = base::of_month(&mut q, book, employer_id, september(), &people).await.unwrap();
        assert_eq!((bases[&ids[0]].wage, bases[&ids[0]].origin), (yuan("11000"), base::BaseOrigin::Adjusted));
        let clerk = actor(employer_id, Role::HrClerk);
        assert!(base::adjust::preview(&clerk, &db, book, choice).await.is_err());
        let seen = base::adjust::history(&clerk, &db, ids[0]).await.unwrap();
        assert!(seen.iter().all(|row| row.wage_fen.is_none() && row.derivation.is_none()));
    }

    async fn a_month_is_declared_once_and_answered_once(db: Db) {
        let (employer_id, hr, ids) = unit(&db).await;
        let book = RuleBook::embedded();
        let made = declaration::prepare(&hr, &db, book, changsha(), september()).await.unwrap();
        let again = declaration::prepare(&hr, &db, book, changsha(), september()).await.unwrap();
        assert_eq!((made.len(), made[0].people, again[0].id), (1, 4, made[0].id));
        let detail = declaration::get(&hr, &db, made[0].id, 0, 100).await.unwrap();
        assert_eq!(detail.with_findings, 1, "findings first: the one below the floor");
        assert_eq!(detail.lines.items[0].findings[0].rule, "base_below_floor");
        let new = detail.lines.items.iter().find(|line| line.employee_id == ids[2]).unwrap();
        assert_eq!(new.hired_on, Some(day("2026-09-16")));
        let half = new.amounts.as_ref().unwrap().iter().find(|one| one.insurance == Insurance::Pension).unwrap();
        assert_eq!((half.employer_fen, half.employee_fen), (yuan("720"), yuan("360")), "after the 15th half a month");
        declaration::file(&hr, &db, made[0].id).await.unwrap();
        declaration::file(&hr, &db, made[0].id).await.unwrap();
        assert_eq!(posted(&db).await, 1);
        let stranger = told(&db, employer_id, common::wuhan(), declared(made[0].id, FilingOutcome::Accepted, &[])).await.unwrap_err();
        assert_eq!(stranger.rule(), "filing_not_concerned");
        told(&db, employer_id, changsha(), declared(made[0].id, FilingOutcome::Returned, &[])).await.unwrap();
        let returned = declaration::list(&hr, &db, Some(september()), None).await.unwrap();
        assert_eq!((returned[0].state, returned[0].reasons.len()), (FilingState::Returned, 1));
        let anew = declaration::prepare(&hr, &db, book, changsha(), september()).await.unwrap();
        assert_eq!((anew.len(), anew[0].id), (1, made[0].id), "under its own number");
        let filed = declaration::file(&hr, &db, made[0].id).await.unwrap();
        assert_eq!((filed[0].round, posted(&db).await), (2, 2));
        let unknown = told(&db, employer_id, changsha(), declared(made[0].id, FilingOutcome::Accepted, &[9])).await.unwrap_err();
        assert_eq!(unknown.rule(), "refused_line_unknown");
        told(&db, employer_id, changsha(), declared(made[0].id, FilingOutcome::Accepted, &[2])).await.unwrap();
        told(&db, employer_id, changsha(), declared(made[0].id, FilingOutcome::Refused, &[])).await.unwrap();
        let detail = declaration::get(&hr, &db, made[0].id, 0, 100).await.unwrap();
        assert_eq!((detail.declaration.state, detail.declaration.refused), (FilingState::Accepted, 1));
        assert_eq!(detail.lines.items[0].reasons[0].code, "person_not_enrolled");
        let further = declaration::prepare(&hr, &db, book, changsha(), september()).await.unwrap();
        let draft = further.iter().find(|one| one.state == FilingState::Draft).unwrap();
        assert_eq!(draft.people, 1, "the refused line follows in a further declaration");
        let clerk = actor(employer_id, Role::HrClerk);
        let seen = declaration::get(&clerk, &db, made[0].id, 0, 100).await.unwrap();
        assert!(seen.totals.is_none() && seen.lines.items.iter().all(|line| line.wage_fen.is_none() && line.amounts.is_none() && line.findings.is_empty()));
        assert!(declaration::file(&clerk, &db, draft.id).await.is_err());
        let unknown_law = declaration::prepare(&hr, &db, book, changsha(), Month::new(2031, 1).unwrap()).await.unwrap_err();
        assert_eq!(unknown_law.rule(), "law_not_encoded");
    }

    async fn a_bill_is_kept_paid_and_reconciled(db: Db) {
        let (employer_id, hr, ids) = unit(&db).await;
        let book = RuleBook::embedded();
        let filing = accepted(&db, &hr, employer_id, &[2]).await;
        let orders = order(&db, &hr, employer_id, filing, 2).await;
        told(&db, employer_id, changsha(), Message::CollectionOrder(orders[1].clone())).await.unwrap();
        assert_eq!(bill::list(&hr, &db, None, None).await.unwrap()[0].state, BillState::Arriving);
        for part in [&orders[0], &orders[0], &orders[1]] {
            told(&db, employer_id, changsha(), Message::CollectionOrder(part.clone())).await.unwrap();
        }
        let seen = month::seen(&hr, &db).await.unwrap();
        let [only] = seen.as_slice() else { panic!("one month has a declaration and a bill: {seen:?}") };
        assert_eq!((only.month, only.declarations, only.bills, only.owed), (september(), 1, 1, 1));
        let bills = bill::list(&hr, &db, Some(september()), Some(changsha())).await.unwrap();
        let total = orders[0].total_fen;
        assert_eq!((bills.len(), bills[0].people, bills[0].total_fen, bills[0].state), (1, 3, total, BillState::Open));
        let mut wrong = orders[0].clone();
        (wrong.order_id, wrong.parts, wrong.total_fen) = (Uuid::now_v7(), 1, yuan("1"));
        assert_eq!(told(&db, employer_id, changsha(), Message::CollectionOrder(wrong)).await.unwrap_err().rule(), "order_total_differs");
        let sums = reconcile::reconcile(&mut db.read(), book, employer_id, september()).await.unwrap();
        assert_eq!((sums.people, sums.billed_fen, sums.deducted_fen, sums.unexplained), (4, total, Money::ZERO, 0));
        let apart: i64 = sums.differences.iter().filter(|one| one.insurance != "all").map(|one| one.billed_fen.fen() - one.policy_fen.fen()).sum();
        assert_eq!(sums.policy_fen.fen() + apart, sums.billed_fen.fen(), "the differences make up the whole");
        let li: Vec<Why> = sums.differences.iter().filter(|one| one.employee_id == Some(ids[1])).map(|one| one.reason).collect();
        assert!(!li.is_empty() && li.iter().all(|reason| *reason == Why::RefusedLine), "{li:?}");
        assert!(sums.differences.iter().any(|one| one.reason == Why::PayrollNotLocked));
        let unpaid: Vec<Money> = sums.differences.iter().filter(|one| one.reason == Why::Unpaid).map(|one| one.fen).collect();
        assert_eq!(unpaid, [total]);
        let late = ArrearsNotice { order_id: orders[0].order_id, order_number: String::new(), region: changsha(), open_fen: total, days_late: 3, late_fee_fen: yuan("5"), as_of: day("2026-10-18"), office: office() };
        told(&db, employer_id, changsha(), Message::ArrearsNotice(late)).await.unwrap();
        assert_eq!(bill::list(&hr, &db, None, None).await.unwrap()[0].late_fee_due_fen, Some(yuan("5")));
        let file = payment::bank_file(&hr, &db, &[orders[0].order_id]).await.unwrap();
        assert_eq!(common::cells(&file)[1][1], "ZJ202609001");
        assert_eq!(bill::list(&hr, &db, None, None).await.unwrap()[0].state, BillState::Open, "a file is no money");
        assert_eq!(payment::pay_online(&hr, &db, &Till(false), orders[0].order_id).await.unwrap_err().rule(), "gateway_unreachable");
        let begun = payment::pay_online(&actor(employer_id, Role::PayrollReviewer), &db, &Till(true), orders[0].order_id).await.unwrap();
        assert_eq!(begun.gateway.page_url, "http://127.0.0.1:1/pay/G1");
        let seen = bill::get(&hr, &db, orders[0].order_id, 0, 10).await.unwrap();
        assert_eq!((seen.bill.state, seen.bill.paid_fen, seen.payments.len()), (BillState::Open, Money::ZERO, 2), "begun is not paid");
        let half = yuan("1000");
        let open = Money::from_fen(total.fen() - half.fen());
        for _ in 0..2 {
            told(&db, employer_id, changsha(), receipt(&orders[0], "P1", half, open)).await.unwrap();
        }
        let part = bill::get(&hr, &db, orders[0].order_id, 0, 10).await.unwrap();
        assert_eq!((part.bill.state, part.bill.paid_fen, part.receipts.len()), (BillState::PartPaid, half, 1));
        told(&db, employer_id, changsha(), receipt(&orders[0], "P2", open, Money::ZERO)).await.unwrap();
        let sums = reconcile::reconcile(&mut db.read(), book, employer_id, september()).await.unwrap();
        assert_eq!(sums.paid_fen, total);
        assert!(sums.differences.iter().all(|one| one.reason != Why::Unpaid));
        let surplus = RefundNotice { order_id: orders[0].order_id, region: changsha(), amount_fen: yuan("1"), from: "adjustment".to_string(), paid_on: day("2026-10-20"), office: office(), at: control::clock::now() };
        for _ in 0..2 {
            told(&db, employer_id, changsha(), Message::RefundNotice(surplus.clone())).await.unwrap();
        }
        assert_eq!(bill::list(&hr, &db, None, None).await.unwrap()[0].refunded_fen, yuan("1"));
        assert_eq!(payment::bank_file(&hr, &db, &[orders[0].order_id]).await.unwrap_err().rule(), "bill_not_payable");
        let finance = actor(employer_id, Role::Finance);
        let seen = bill::get(&finance, &db, orders[0].order_id, 0, 10).await.unwrap();
        assert!(seen.lines.iter().all(|line| line.name.is_none() && line.id_masked.is_none() && line.amounts.iter().all(|one| one.base_fen.is_none())));
        assert!(payment::bank_file(&finance, &db, &[orders[0].order_id]).await.is_err());
        let board = month::board(&finance, &db, book, september()).await.unwrap();
        assert_eq!(board.regions[0].billed_fen, Some(total));
    }

    async fn differences_are_decided_with_a_trace_and_only_as_long_as_they_stand(db: Db) {
        let (employer_id, hr, ids) = unit(&db).await;
        let book = RuleBook::embedded();
        accepted(&db, &hr, employer_id, &[2]).await;
        let before = reconcile::reconcile(&mut db.read(), book, employer_id, september()).await.unwrap();
        let again = reconcile::reconcile(&mut db.read(), book, employer_id, september()).await.unwrap();
        assert_eq!(before, again, "reconciling changes nothing");
        assert_eq!(before.undecided, before.differences.len() as i64);
        let items: Vec<DifferenceKey> = before.differences.iter().filter(|one| one.employee_id == Some(ids[1]))
            .map(|one| DifferenceKey { key: one.key.clone(), insurance: one.insurance.clone() }).collect();
        let accept = |note: &str| Decide { items: items.clone(), decision: "accepted".to_string(), note: note.to_string() };
        assert_eq!(reconcile::decide(&hr, &db, book, september(), accept(" ")).await.unwrap_err().rule(), "decision_note");
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(reconcile::decide(&clerk, &db, book, september(), accept("下月补报")).await.unwrap_err().rule(), "permission_denied");
        let after = reconcile::decide(&hr, &db, book, september(), accept("下月补报")).await.unwrap();
        assert_eq!(after.undecided, before.undecided - items.len() as i64);
        reconcile::decide(&hr, &db, book, september(), accept("下月补报")).await.unwrap();
        let trace = reconcile::trace(&hr, &db, september()).await.unwrap();
        assert_eq!((trace.len(), trace[0].note.as_str(), trace[0].decided_by.as_str()), (items.len(), "下月补报", hr.name.as_str()));
        let changed = changed_book();
        let other = reconcile::reconcile(&mut db.read(), &changed, employer_id, september()).await.unwrap();
        assert!(other.undecided > after.undecided, "other figures, another decision");
        let gone = Decide { items: vec![DifferenceKey { key: Uuid::nil().to_string(), insurance: "pension".to_string() }], ..accept("无") };
        assert_eq!(reconcile::decide(&hr, &db, book, september(), gone).await.unwrap_err().rule(), "difference_gone");
        let filter = RowFilter { only_differences: true, limit: 5, ..RowFilter::default() };
        let finance = actor(employer_id, Role::Finance);
        let page = reconcile::page(&finance, &db, book, september(), filter).await.unwrap();
        assert_eq!((page.rows.len(), page.next_cursor), (5, Some(5)));
        assert!(page.rows.iter().all(|row| row.employee_id.is_none() && !row.person.contains("李雷") && !row.person.contains("王敏")));
        assert!(page.allowed_actions.is_empty());
    }

    async fn leavers_still_insured_are_found_and_stopped(db: Db) {
        let (employer_id, hr, ids) = unit(&db).await;
        let book = RuleBook::embedded();
        for (at, left_on) in [(0, "2026-10-31"), (1, "2026-11-05")] {
            let leaving = employer::people::leave::Leave { left_on: day(left_on), reason: exchange::message::StopReason::Resigned, note: Some("个人原因".to_string()) };
            employer::people::leave::leave(&hr, &db, ids[at], leaving).await.unwrap();
        }
        let board = tasks::board(&hr, &db, None, 100).await.unwrap();
        assert_eq!((board.total, board.items[0].due_on), (2, day("2026-11-15")), "leaving makes the task at once");
        let clocks = employer::insurance::deadlines::list(&hr, &db).await.unwrap();
        assert_eq!(clocks.iter().filter(|one| one.kind == employer::insurance::deadlines::DeadlineKind::Stop).count(), 2);
        let today = day("2026-11-21");
        let swept = tasks::run(&hr, &db, book, today).await.unwrap();
        assert_eq!((swept.stop, swept.low_base, swept.fresh, swept.stop_drafts), (2, 1, 1, 1), "{swept:?}");
        let again = tasks::run(&hr, &db, book, today).await.unwrap();
        assert_eq!((again.fresh, again.closed, again.stop_drafts), (0, 0, 0));
        let board = tasks::board(&hr, &db, None, 100).await.unwrap();
        let first = &board.items[0];
        assert_eq!((first.kind, first.due_on, board.sweeps.len()), (tasks::TaskKind::Stop, day("2026-11-15"), 2));
        let clerk = actor(employer_id, Role::HrClerk);
        let seen = tasks::board(&clerk, &db, None, 100).await.unwrap();
        assert!(seen.items.iter().all(|task| task.kind != tasks::TaskKind::LowBase), "a low base tells a wage");
        let drafts = stop::prepare(&hr, &db, today).await.unwrap();
        assert_eq!((drafts.len(), drafts[0].lines.len()), (1, 2));
        let late = stop::LineEdit { line: 1, last_month: Some(Month::new(2026, 12).unwrap()), ..stop::LineEdit::default() };
        assert_eq!(stop::edit(&hr, &db, drafts[0].id, &[late]).await.unwrap_err().rule(), "stop_month_after_leave");
        assert!(stop::file(&clerk, &db, drafts[0].id).await.is_err());
        stop::file(&hr, &db, drafts[0].id).await.unwrap();
        stop::file(&hr, &db, drafts[0].id).await.unwrap();
        assert_eq!(posted(&db).await, 1);
        let result = StopResult { stop_id: drafts[0].id, region: changsha(), outcome: FilingOutcome::Accepted, refused: vec![RefusedLine { line: 2, reasons: reason("arrears") }], office: office(), reasons: Vec::new(), at: control::clock::now() };
        for _ in 0..2 {
            told(&db, employer_id, changsha(), Message::StopResult(result.clone())).await.unwrap();
        }
        let seen = stop::get(&hr, &db, drafts[0].id).await.unwrap();
        assert_eq!((seen.state, seen.lines[0].state, seen.lines[1].state), (FilingState::Accepted, StopLineState::Stopped, StopLineState::Refused));
        assert_eq!(people::get(&hr, &db, ids[0]).await.unwrap().state, EmployeeState::Stopped);
        assert_eq!(people::get(&hr, &db, ids[1]).await.unwrap().state, EmployeeState::Insured);
        let swept = tasks::run(&hr, &db, book, today).await.unwrap();
        assert_eq!((swept.stop, swept.stop_drafts), (1, 1), "the refused one is prepared anew");
        let october = declaration::prepare(&hr, &db, book, changsha(), Month::new(2026, 11).unwrap()).await.unwrap();
        let names: Vec<&str> = october[0].left_out.iter().map(|one| one.name.as_str()).collect();
        assert!(!names.contains(&"李雷") && october[0].people == 3, "a leaver of the month is still declared: {names:?}");
    }

    async fn an_assessment_the_agency_undoes_is_declared_again(db: Db) {
        let (employer_id, hr, _) = unit(&db).await;
        let filing = accepted(&db, &hr, employer_id, &[2]).await;
        let state = async || declaration::get(&hr, &db, filing, 0, 10).await.unwrap().declaration.state;
        told(&db, employer_id, changsha(), declared(filing, FilingOutcome::Returned, &[])).await.unwrap();
        assert_eq!(state().await, FilingState::Accepted, "a late answer changes nothing");
        let Message::DeclarationResult(mut undone) = declared(filing, FilingOutcome::Returned, &[]) else { panic!() };
        undone.reasons = reason("declaration_reversed");
        told(&db, employer_id, changsha(), Message::DeclarationResult(undone)).await.unwrap();
        assert_eq!(state().await, FilingState::Returned);
        let before = posted(&db).await;
        let again = declaration::file(&hr, &db, filing).await.unwrap();
        assert_eq!((state().await, posted(&db).await), (FilingState::Filed, before + 1), "filed anew: {again:?}");
    }

    async fn a_bill_file_is_read_back_whole_or_not_at_all(db: Db) {
        let (employer_id, hr, _) = unit(&db).await;
        let (one, two) = (id("1990-05-01", 11), id("1985-01-01", 99));
        let text = format!("姓名,证件号码,费款所属期起,养老单位应缴,养老个人应缴\n王敏,{},202609,1680.00,840.00\n外人,{},202609,100,50\n", one.reveal(), two.reveal());
        let (gbk, _, _) = encoding_rs::GBK.encode(&text);
        let read = bill::import::import(&hr, &db, changsha(), "账单.csv", &gbk).await.unwrap();
        assert_eq!((read.bills.len(), read.rows, read.unknown_people), (1, 2, 1));
        bill::import::import(&hr, &db, changsha(), "账单.csv", &gbk).await.unwrap();
        let bills = bill::list(&hr, &db, Some(september()), None).await.unwrap();
        assert_eq!((bills.len(), bills[0].total_fen, bills[0].source.as_str()), (1, yuan("2670"), "file"));
        let sums = reconcile::reconcile(&mut db.read(), RuleBook::embedded(), employer_id, september()).await.unwrap();
        assert!(sums.differences.iter().any(|one| one.reason == Why::BilledNotOnPayroll && one.person == "外人"));
        let bad = format!("{text}王敏,{},202609,=1+1,-3\n", one.reveal());
        let refused = bill::import::import(&hr, &db, changsha(), "账单.csv", bad.as_bytes()).await.unwrap();
        assert!(refused.bills.is_empty() && refused.fault_count == 2, "{refused:?}");
        assert_eq!(bill::list(&hr, &db, None, None).await.unwrap()[0].total_fen, yuan("2670"));
        assert_eq!(bill::import::import(&hr, &db, changsha(), "x", b"PK\x03\x04broken").await.unwrap_err().rule(), "roster_unreadable");
    }
}
