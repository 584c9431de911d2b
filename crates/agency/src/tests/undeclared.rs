//! 社会保险法第六十二条: a month nobody declared comes to 110 % of the month before, and is settled when it is declared after all.

use control::clock;
use control::identity::Role;
use exchange::Message;
use exchange::message::{CollectionOrder, OrderKind};
use policy::RuleBook;
use standard::{Insurance, Money, Month};
use store::both;

use super::house::{CHANGSHA, House, region};
use super::month::{NAMES, by_law, declare, declared, insure, line, orders, reverse, rules_of, this_month};
use crate::assessment::rows_of_order;
use crate::assessment::run::{self, Run};
use crate::collection::OrderState;
use crate::collection::order::{self, Order};
use crate::collection::payment::{Incoming, Way, receive};
use crate::ledger::AccountKind;

async fn assess(house: &mut House, month: Month) -> Run {
    let actor = house.staff(CHANGSHA, Role::AgencySupervisor);
    let mut tx = house.db.begin().await.unwrap();
    let mut run = run::start(&actor, &mut tx, RuleBook::embedded(), month, clock::today())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    while run.state.is_open() {
        run = run::advance(&house.db, RuleBook::embedded(), region(CHANGSHA), run.run_id, "", 10)
            .await
            .unwrap();
    }
    house.sound().await;
    house.post().await;
    run
}

async fn pay(house: &mut House, order: &CollectionOrder, fen: i64) {
    let mut tx = house.db.begin().await.unwrap();
    let incoming = Incoming {
        region: region(CHANGSHA),
        source_key: format!("{}-{fen}", order.order_number),
        way: Way::Bank,
        order_number: order.order_number.clone(),
        amount: Money::from_fen(fen),
        paid_on: clock::today(),
        payer_name: "长沙星河制造有限公司".into(),
        reference: "1".into(),
    };
    receive(&mut tx, RuleBook::embedded(), &incoming).await.unwrap();
    tx.commit().await.unwrap();
    house.sound().await;
    house.post().await;
}

async fn stored(house: &House, order: &CollectionOrder) -> Order {
    order::get(&mut house.db.read(), region(CHANGSHA), order.order_id).await.unwrap()
}

fn newest(house: &House, kind: OrderKind) -> CollectionOrder {
    orders(house).into_iter().rfind(|order| order.kind == kind).unwrap().clone()
}

fn both_sides(of: (Money, Money)) -> i64 {
    of.0.fen() + of.1.fen()
}

/// 110 % of each insurance of one person at `wage`, to the fen, half up; less what the person comes to `now`.
fn surcharge(month: Month, wage: i64, now: i64) -> i64 {
    Insurance::ALL
        .into_iter()
        .map(|insurance| {
            let last = both_sides(by_law(month.previous(), wage, &[insurance]));
            let this = both_sides(by_law(month, now, &[insurance]));
            ((last * 110 + 50) / 100 - this).max(0)
        })
        .sum()
}

/// The month before, declared and billed at 8,000; the wage on the roll is 8,000.
async fn with_a_month(house: &mut House, month: Month) -> Vec<standard::IdNumber> {
    let ids = insure(house, month.plus(-3), 800_000, 1).await;
    let filed = declare(house, month.previous(), vec![line(1, ids[0], NAMES[0], 800_000)]);
    house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap();
    house.pass_both(CHANGSHA, "declaration").await;
    ids
}

async fn personal(house: &House, id: &standard::IdNumber) -> i64 {
    house.personal(CHANGSHA, id).await.balance_fen
}

both! {
    async fn an_undeclared_month_comes_to_a_tenth_more_and_is_settled_before_it_is_paid(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = with_a_month(&mut house, month).await;
        let run = assess(&mut house, month).await;
        let above = surcharge(month, 800_000, 800_000);
        assert_eq!((run.employers, run.surcharge_fen.fen()), (1, above));
        let (regular, extra) = (newest(&house, OrderKind::Regular), newest(&house, OrderKind::Undeclared));
        assert_eq!(regular.total_fen.fen(), both_sides(by_law(month, 800_000, &Insurance::ALL)), "people are assessed by the roll");
        assert_eq!((extra.month, extra.total_fen.fen(), extra.lines.len()), (month, above, 0));
        assert!(above > 0 && extra.order_number.starts_with('W'));
        let clerk = house.staff(CHANGSHA, Role::AgencySupervisor);
        let listed = run::employers(&clerk, &house.db, run.run_id, None, 10).await.unwrap();
        assert_eq!(listed.items[0].surcharge_fen, Some(extra.total_fen));
        assert!(listed.items[0].finding.message.zh.contains("第六十二条"));
        let again = assess(&mut house, month).await;
        assert_eq!((again.employers, orders(&house).len()), (0, 3), "assessed once");

        pay(&mut house, &regular, 10_000).await;
        let filed = declare(&house, month, vec![line(1, ids[0], NAMES[0], 700_000)]);
        house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap();
        assert!(rules_of(&house.waiting(CHANGSHA, "declaration").await.findings).contains(&"settles_undeclared"));
        house.pass_both(CHANGSHA, "declaration").await;
        let now = newest(&house, OrderKind::Regular);
        assert_eq!(now.total_fen.fen(), both_sides(by_law(month, 700_000, &Insurance::ALL)), "what is declared is what is owed");
        for old in [&regular, &extra] {
            assert_eq!(stored(&house, old).await.state, OrderState::Cancelled);
        }
        let void: Vec<_> = house.told.iter().filter_map(|message| match message {
            Message::OrderCancelled(void) => Some(void.order_id),
            _ => None,
        }).collect();
        assert_eq!(void, [regular.order_id, extra.order_id], "the employer is told which bills are void");
        assert_eq!(rows_of_order(&mut house.db.read(), region(CHANGSHA), regular.order_id).await.unwrap(), vec![]);
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let held = crate::collection::desk::suspense(&clerk, &house.db, None).await.unwrap();
        assert_eq!((held.len(), held[0].left_fen.fen()), (1, 10_000), "what came towards the old order can be matched to the new");

        // undone, the month is open for the next run
        reverse(&mut house, "declaration").await.unwrap();
        let run = assess(&mut house, month).await;
        assert_eq!((run.employers, run.surcharge_fen.fen()), (1, above));
    }

    async fn what_was_paid_as_undeclared_is_settled_person_by_person(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        let ids = with_a_month(&mut house, month).await;
        assess(&mut house, month).await;
        let (regular, extra) = (newest(&house, OrderKind::Regular), newest(&house, OrderKind::Undeclared));
        pay(&mut house, &regular, regular.total_fen.fen()).await;
        let (own, pool) = (personal(&house, &ids[0]).await, house.funds(CHANGSHA, AccountKind::Pooled).await);
        pay(&mut house, &extra, extra.total_fen.fen()).await;
        assert_eq!(personal(&house, &ids[0]).await, own, "nobody's account gets what was fixed above");
        assert_eq!(house.funds(CHANGSHA, AccountKind::Pooled).await, pool + extra.total_fen.fen(), "the pooled funds keep it until then");

        let filed = declare(&house, month, vec![line(1, ids[0], NAMES[0], 900_000)]);
        house.file(CHANGSHA, Message::Declaration(filed.clone())).await.unwrap();
        house.pass_both(CHANGSHA, "declaration").await;
        let back = newest(&house, OrderKind::Back);
        let owed = both_sides(by_law(month, 900_000, &Insurance::ALL));
        assert_eq!(back.total_fen.fen(), owed - regular.total_fen.fen(), "the rest of what is declared");
        let refund = newest(&house, OrderKind::Refund);
        assert_eq!((refund.total_fen, refund.lines.len(), refund.filing_id), (extra.total_fen, 0, Some(filed.declaration_id)));
        assert_eq!(stored(&house, &refund).await.state, OrderState::Open);
        pay(&mut house, &back, back.total_fen.fen()).await;
        assert_eq!(personal(&house, &ids[0]).await, own + by_law(month, 900_000, &[Insurance::Pension]).1.fen()
            - by_law(month, 800_000, &[Insurance::Pension]).1.fen());
        // once more: answered, nothing is issued again
        let before = orders(&house).len();
        house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap();
        assert_eq!(orders(&house).len(), before);
        assert!(declared(&house).len() > 2);
        assert_eq!(assess(&mut house, month).await.employers, 0);
    }

    async fn a_first_month_and_a_grown_roll_have_nothing_above(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        insure(&house, month.plus(-3), 800_000, 1).await;
        let run = assess(&mut house, month.previous()).await;
        assert_eq!((run.employers, run.surcharge_fen), (1, Money::ZERO), "no amount of a month before");
        insure(&house, month.plus(-3), 800_000, 4).await;
        let run = assess(&mut house, month).await;
        assert_eq!((run.employers, run.surcharge_fen), (1, Money::ZERO), "four people are more than 110 % of one");
        assert!(orders(&house).iter().all(|order| order.kind == OrderKind::Regular));
    }

    async fn undeclared_months_follow_each_other(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month();
        with_a_month(&mut house, month.previous()).await;
        let first = assess(&mut house, month.previous()).await;
        let second = assess(&mut house, month).await;
        // 上月缴费额 is what the month before was fixed at: insurance by insurance 110 % of 110 %.
        let expected: i64 = Insurance::ALL.into_iter().map(|insurance| {
            let tenth = |last: i64| (last * 110 + 50) / 100;
            let declared = both_sides(by_law(month.plus(-2), 800_000, &[insurance]));
            let fixed = tenth(declared).max(both_sides(by_law(month.previous(), 800_000, &[insurance])));
            (tenth(fixed) - both_sides(by_law(month, 800_000, &[insurance]))).max(0)
        }).sum();
        assert!(first.surcharge_fen < second.surcharge_fen);
        assert_eq!(second.surcharge_fen.fen(), expected);
    }
}
