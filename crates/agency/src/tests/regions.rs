//! Runs over a whole region: in pieces, broken off, cancelled, and started again.

use control::clock;
use control::identity::Role;
use policy::RuleBook;
use standard::{CreditCode, Money, Month, Organisation, Timestamp};
use store::{Query, args, both, jobs};
use uuid::Uuid;

use super::house::{CHANGSHA, House, region};
use crate::assessment::run::{self, Run, RunState};
use crate::assessment::{Assessor, Insurances, Insured};
use crate::employers::Stretch;
use crate::enrolment::PersonId;
use crate::ledger::AccountKind;

/// Employers with 1 to 9 people each; gives how many people there are.
async fn settle(house: &House, employers: u32) -> i64 {
    let mut tx = house.db.begin().await.unwrap();
    let (mut units, mut people) = (Vec::new(), Vec::new());
    for n in 1..=employers {
        let employer = Uuid::from_u128(u128::from(n) << 64);
        let party = exchange::message::EmployerParty {
            id: employer,
            name: format!("单位{n}"),
            credit_code: CreditCode::compose(&format!("91430100MA4L{n:05}")).unwrap(),
            contact: String::new(),
            phone: String::new(),
        };
        units.push(crate::employers::register(&mut tx, region(CHANGSHA), &party).await.unwrap());
        for k in 0..=(n * 7 % 9) {
            people.push(Stretch {
                employer_id: employer,
                person_id: PersonId(Uuid::from_u128(u128::from(n) << 64 | u128::from(k + 1))),
                since: Month::of(clock::today()).plus(-2),
                until: (k == 3).then(|| Month::of(clock::today()).plus(-1)),
                insurances: Insurances(if k == 2 { 0b0_1001 } else { 0b1_1111 }),
                wage: Money::from_fen(i64::from(k) * 350_000),
                hired_on: None,
            });
        }
    }
    crate::employers::replace(&mut tx, region(CHANGSHA), Uuid::nil(), &[], &people)
        .await
        .unwrap();
    tx.execute("UPDATE agency_unit SET online = FALSE WHERE region = $1", args![region(CHANGSHA)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let month = Month::of(clock::today());
    i64::try_from(people.iter().filter(|one| one.covers(month)).count()).unwrap()
}

async fn start(house: &mut House, month: Month) -> Result<Run, standard::Refusal> {
    let actor = house.staff(CHANGSHA, Role::AgencySupervisor);
    let mut tx = house.db.begin().await?;
    let run = run::start(&actor, &mut tx, RuleBook::embedded(), month, clock::today()).await?;
    tx.commit().await?;
    Ok(run)
}

async fn advance(house: &House, run: &Run, size: i64) -> Run {
    run::advance(&house.db, RuleBook::embedded(), region(CHANGSHA), run.run_id, "", size)
        .await
        .unwrap()
}

/// Rows, people and money of the region's assessments.
async fn books(house: &House) -> (i64, i64, i64) {
    let mut sums = Vec::new();
    for insurance in ["pension", "medical", "unemployment", "injury", "maternity"] {
        sums.push(format!("{insurance}_employer_fen + {insurance}_employee_fen"));
    }
    let sql = format!(
        "SELECT COUNT(*) AS rows_, COUNT(DISTINCT person_id) AS people, COALESCE(SUM({}), 0) AS fen FROM agency_assessment WHERE region = $1",
        sums.join(" + ")
    );
    let row = house.db.read().one(&sql, args![region(CHANGSHA)]).await.unwrap();
    (row.get("rows_").unwrap(), row.get("people").unwrap(), row.get("fen").unwrap())
}

both! {
    async fn a_region_is_assessed_in_pieces_and_nobody_twice(db: Db) {
        let mut house = House::new(db).await;
        let expected = settle(&house, 40).await;
        let month = Month::of(clock::today());
        let run = start(&mut house, month).await.unwrap();
        assert_eq!((run.total_people, run.state), (expected, RunState::Running));
        assert_eq!(start(&mut house, month).await.unwrap().run_id, run.run_id, "one run at a time");
        assert_eq!(start(&mut house, month.plus(-1)).await.unwrap_err().rule(), "run_in_progress");
        let mut seen = 0;
        loop {
            let now = advance(&house, &run, 13).await;
            assert!(now.people >= seen && now.people <= expected);
            seen = now.people;
            house.sound().await;
            if now.state == RunState::Done { break; }
        }
        let (rows, people, fen) = books(&house).await;
        assert_eq!((rows, people), (expected, expected));
        assert_eq!(house.funds(CHANGSHA, AccountKind::Assessed).await, fen, "orders come to what the rows come to");
        // everybody by the law itself
        let assessor = Assessor::new(RuleBook::embedded(), region(CHANGSHA), month).unwrap();
        let one = Insured { person_id: PersonId(Uuid::from_u128(1 << 64 | 3)), employer_id: Uuid::from_u128(1 << 64), class: None,
            insurances: Insurances(0b0_1001), wage: Money::from_fen(700_000), hired_on: None };
        let law = assessor.assess(&[one]).unwrap().remove(0);
        let sql = "SELECT pension_employer_fen AS p, medical_employer_fen AS m, injury_employer_fen AS i FROM agency_assessment WHERE person_id = $1";
        let row = house.db.read().one(sql, args![one.person_id.0]).await.unwrap();
        assert_eq!([row.get::<Money>("p").unwrap(), row.get("m").unwrap(), row.get("i").unwrap()], [law.employer[0], Money::ZERO, law.employer[3]]);

        // a second run finds nobody left
        let again = start(&mut house, month).await.unwrap();
        while advance(&house, &again, 1_000).await.state.is_open() {}
        assert_eq!(books(&house).await, (rows, people, fen));
        let clerk = house.staff(CHANGSHA, Role::AgencySupervisor);
        let page = run::employers(&clerk, &house.db, run.run_id, None, 30).await.unwrap();
        assert_eq!((page.items.len(), page.items[0].finding.rule.as_str()), (30, "not_declared"));
        let rest = run::employers(&clerk, &house.db, run.run_id, page.next_cursor.as_deref(), 30).await.unwrap();
        assert_eq!((rest.items.len(), rest.next_cursor), (10, None));
        assert_eq!(run::list(&clerk, &house.db, None, 1).await.unwrap().items[0].run_id, again.run_id);
    }

    async fn a_cancelled_run_keeps_what_it_assessed_and_another_finishes(db: Db) {
        let mut house = House::new(db).await;
        let expected = settle(&house, 20).await;
        let month = Month::of(clock::today());
        let run = start(&mut house, month).await.unwrap();
        advance(&house, &run, 10).await;
        let actor = house.staff(CHANGSHA, Role::AgencySupervisor);
        let mut tx = house.db.begin().await.unwrap();
        assert_eq!(run::cancel(&actor, &mut tx, run.run_id).await.unwrap().state, RunState::Cancelled);
        tx.commit().await.unwrap();
        let before = books(&house).await;
        assert_eq!(advance(&house, &run, 10).await.state, RunState::Cancelled);
        assert_eq!(books(&house).await, before, "a cancelled run does nothing more");
        // the worker takes the job of the cancelled run away, and does the new one's
        let next = start(&mut house, month).await.unwrap();
        while run::run_jobs(&house.db, RuleBook::embedded(), "", run::PIECE).await.unwrap() > 0 {}
        assert_eq!(jobs::waiting(&mut house.db.read(), run::QUEUE).await.unwrap(), 0);
        assert_eq!(run::get(&actor, &house.db, next.run_id).await.unwrap().state, RunState::Done);
        assert_eq!(books(&house).await.0, expected);
        house.sound().await;
    }

    async fn a_run_leaves_alone_who_declared(db: Db) {
        let mut house = House::new(db).await;
        settle(&house, 3).await;
        let month = Month::of(clock::today());
        let mut tx = house.db.begin().await.unwrap();
        tx.execute(
            "INSERT INTO agency_declaration (region, declaration_id, employer_id, month, basis, state, part, parts, round, seq, people,
                 refused, employer_fen, employee_fen, updated_at)
             VALUES ($1, $2, $3, $4, 'declared', 'pending', 1, 1, 1, 0, 1, 0, 0, 0, $5)",
            args![region(CHANGSHA), Uuid::now_v7(), Uuid::from_u128(2 << 64), month, Timestamp::now()],
        ).await.unwrap();
        tx.commit().await.unwrap();
        let run = start(&mut house, month).await.unwrap();
        let mut now = run;
        while now.state.is_open() { now = advance(&house, &now, 2).await; }
        assert_eq!((now.employers, now.skipped), (2, 1));
        assert_eq!(start(&mut house, month.plus(1)).await.unwrap_err().rule(), "month_in_future");
        assert_eq!(house.staff(CHANGSHA, Role::AgencyClerk).organisation, Organisation::Agency(region(CHANGSHA)));
        let clerk = house.staff(CHANGSHA, Role::AgencyClerk);
        let mut tx = house.db.begin().await.unwrap();
        let refused = run::start(&clerk, &mut tx, RuleBook::embedded(), month, clock::today()).await.unwrap_err();
        assert_eq!(refused.kind, standard::RefusalKind::Forbidden);
    }
}
