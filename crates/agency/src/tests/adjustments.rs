//! Past months put right: what the agency works out itself, what it refuses, and when a second reviewer is needed.

use control::clock;
use control::identity::Role;
use exchange::Message;
use exchange::message::{AdjustmentApplication, AdjustmentLine, AdjustmentReason, FilingOutcome, OrderKind};
use standard::{IdNumber, Insurance, Money, Month};
use store::both;
use uuid::Uuid;

use super::house::{Act, CHANGSHA, House, region};
use super::month::{NAMES, by_law, declare, insure, line, orders, reverse, rules_of, this_month};
use crate::assessment::rows_of_order;
use crate::enrolment;

both! {
    async fn an_adjustment_is_worked_out_by_the_agency_itself(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month().plus(-1);
        let ids = insure(&house, month.plus(-2), 800_000, 2).await;
        let filed = declare(&house, month, vec![line(1, ids[0], NAMES[0], 800_000), line(2, ids[1], NAMES[1], 800_000)]);
        house.file(CHANGSHA, Message::Declaration(filed)).await.unwrap();
        house.pass_both(CHANGSHA, "declaration").await;

        let (was, should) = (by_law(month, 800_000, &[Insurance::Pension]), by_law(month, 1_000_000, &[Insurance::Pension]));
        let difference = (should.0.try_sub(was.0).unwrap(), should.1.try_sub(was.1).unwrap());
        let whole = by_law(month.plus(-1), 800_000, &[Insurance::Medical]);
        let application = AdjustmentApplication {
            adjustment_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            reason: AdjustmentReason::WageCorrected,
            note: "工资核算差错，附工资表".into(),
            lines: vec![
                adjustment_line(1, ids[0], NAMES[0], month, Insurance::Pension, 1_000_000, difference),
                adjustment_line(2, ids[1], NAMES[1], month.plus(-1), Insurance::Medical, 800_000, whole),
                adjustment_line(3, ids[1], NAMES[1], month, Insurance::Pension, 1_000_000, (Money::from_fen(1), Money::from_fen(1))),
                adjustment_line(4, ids[1], NAMES[1], month, Insurance::Medical, 800_000, (Money::ZERO, Money::ZERO)),
                adjustment_line(5, ids[1], NAMES[1], month, Insurance::Unemployment, 500_000, (Money::from_fen(-1), Money::ZERO)),
            ],
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::AdjustmentApplication(application.clone())).await.unwrap();
        let found = house.waiting(CHANGSHA, "adjustment").await.findings;
        for rule in ["amount_differs", "nothing_to_adjust", "month_not_paid"] {
            assert!(rules_of(&found).contains(&rule), "{rule} in {found:?}");
        }
        house.pass_both(CHANGSHA, "adjustment").await;
        let Some(Message::AdjustmentResult(told)) = house.told.iter().rfind(|message| matches!(message, Message::AdjustmentResult(_))) else { panic!() };
        let expected = Money::sum([difference.0, difference.1, whole.0, whole.1]).unwrap();
        assert_eq!((told.back_fen, told.refund_fen, told.refused.len()), (expected, Money::ZERO, 3));
        let bill = *orders(&house).last().unwrap();
        assert_eq!((bill.kind, bill.total_fen, bill.lines.len(), bill.month), (OrderKind::Back, expected, 2, month));

        // the same lines filed as another application: nothing is owed any more
        let twice = AdjustmentApplication { adjustment_id: Uuid::now_v7(), lines: application.lines[..1].to_vec(), ..application };
        house.file(CHANGSHA, Message::AdjustmentApplication(twice)).await.unwrap();
        let Some(Message::AdjustmentResult(told)) = house.told.last() else { panic!() };
        assert_eq!(told.outcome, FilingOutcome::Returned);
        reverse(&mut house, "adjustment").await.unwrap();
        assert_eq!(rows_of_order(&mut house.db.read(), region(CHANGSHA), orders(&house).last().unwrap().order_id).await.unwrap(), vec![]);
    }

    async fn a_paid_month_that_was_not_owed_goes_back(db: Db) {
        let mut house = House::new(db).await;
        let month = this_month().plus(-1);
        let ids = insure(&house, month.plus(-2), 800_000, 1).await;
        house.file(CHANGSHA, Message::Declaration(declare(&house, month, vec![line(1, ids[0], NAMES[0], 800_000)]))).await.unwrap();
        house.pass_both(CHANGSHA, "declaration").await;
        let mut tx = house.db.begin().await.unwrap();
        let mut relation = house.relation(CHANGSHA, &ids[0]).await.unwrap();
        relation.spans.insert(month, month);
        enrolment::save_relation(&mut tx, &relation).await.unwrap();
        tx.commit().await.unwrap();
        let paid = by_law(month, 800_000, &[Insurance::Pension]);
        let application = AdjustmentApplication {
            adjustment_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            reason: AdjustmentReason::NotOwed,
            note: String::new(),
            lines: vec![adjustment_line(1, ids[0], NAMES[0], month, Insurance::Pension, 0,
                (paid.0.negate().unwrap(), paid.1.negate().unwrap()))],
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::AdjustmentApplication(application)).await.unwrap();
        house.pass_both(CHANGSHA, "adjustment").await;
        let refund = *orders(&house).last().unwrap();
        assert_eq!((refund.kind, refund.total_fen), (OrderKind::Refund, paid.0.try_add(paid.1).unwrap()));
    }

    async fn a_large_back_payment_is_reviewed_twice(db: Db) {
        let mut house = House::new(db).await;
        let last = this_month().plus(-1);
        let ids = insure(&house, last.plus(-11), 3_000_000, 4).await;
        let mut lines = Vec::new();
        for (n, back) in (0..12).flat_map(|back| (0..4).map(move |n| (n, back))) {
            let month = last.plus(-back);
            let number = u32::try_from(lines.len() + 1).unwrap();
            let owed = by_law(month, 1_800_000, &[Insurance::Pension]);
            lines.push(adjustment_line(number, ids[n], NAMES[n], month, Insurance::Pension, 1_800_000, owed));
        }
        let application = AdjustmentApplication {
            adjustment_id: Uuid::now_v7(),
            round: 1,
            employer: house.employer_party(),
            region: region(CHANGSHA),
            reason: AdjustmentReason::Omitted,
            note: "漏报一年，附劳动合同和工资表".into(),
            lines,
            filed_on: clock::today(),
        };
        house.file(CHANGSHA, Message::AdjustmentApplication(application)).await.unwrap();
        house.decide(CHANGSHA, "adjustment", Role::AgencyClerk, Act::Pass).await.unwrap();
        house.decide(CHANGSHA, "adjustment", Role::AgencyReviewer, Act::Approve).await.unwrap();
        assert!(orders(&house).is_empty(), "a second reviewer is still needed");
        house.decide(CHANGSHA, "adjustment", Role::AgencySupervisor, Act::Approve).await.unwrap();
        assert_eq!(orders(&house)[0].lines.len(), 48);
    }
}

fn adjustment_line(
    number: u32,
    id_number: IdNumber,
    name: &str,
    month: Month,
    insurance: Insurance,
    wage: i64,
    (employer_fen, employee_fen): (Money, Money),
) -> AdjustmentLine {
    AdjustmentLine {
        line: number,
        id_number,
        name: name.into(),
        month,
        insurance,
        wage_fen: Money::from_fen(wage),
        employer_fen,
        employee_fen,
    }
}
