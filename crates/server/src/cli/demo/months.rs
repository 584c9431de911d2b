//! Months of a made-up employer, closed by the calls the screens make: people come, leave and get raises; attendance is closed; pay
//! is run, reviewed and locked; each city's contributions are declared, assessed, collected, paid and posted.

use super::staff::{Course, Worker};
use crate::app::App;
use agency::collection::bank_file;
use control::{
    clock,
    identity::Actor,
    review::{self, Case, CaseBox, CaseState, Decision, QueueFilter},
};
use employer::{
    attendance::{
        close as closing,
        import::service as machine,
        rule::Rule,
        settings::{self, GroupEdit},
    },
    insurance::{bill, declaration, enrolment, stop},
    payroll,
    people::{self, leave, month::of_month, seed::SeedPerson, service, terms, view::NewEmployee},
};
use exchange::message::StopReason;
use jiff::ToSpan;
use standard::{Date, Money, Month, Refusal, RegionCode, calendar};
use std::{collections::BTreeMap, fmt::Write, future::Future};
use uuid::Uuid;

/// The people who act.
pub struct Cast {
    /// The employer.
    pub employer_id: Uuid,
    /// HR manager of the employer.
    pub hr: Actor,
    /// The employer's payroll reviewer.
    pub payroll: Actor,
    /// Clerk and reviewer of each city's agency.
    pub offices: BTreeMap<RegionCode, (Actor, Actor)>,
}

/// What is to happen.
pub struct Plan {
    /// When and where.
    pub course: Course,
    /// Everybody, the joiners included.
    pub workers: Vec<Worker>,
    /// A bill left unpaid.
    pub unpaid: Option<(Month, RegionCode)>,
}

/// Runs `act` at nine in the morning of `day`.
async fn on<F: Future>(day: Date, act: F) -> F::Output {
    clock::at(clock::morning_of(day), act).await
}

/// Who signs in on the phone: somebody of the first city who is there from before the first month until after the last.
pub fn on_the_phone(plan: &Plan) -> Option<&Worker> {
    let first = plan.course.first.first_day();
    let home = plan.course.cities.first()?;
    plan.workers
        .iter()
        .find(|one| one.region == *home && one.hired_on < first && one.left_on.is_none())
}

/// Enters those who are there before the first month, with their wages.
pub async fn seed_staff(app: &App, cast_employer: Uuid, plan: &Plan) -> Result<(), Refusal> {
    let first = plan.course.first.first_day();
    let people: Vec<SeedPerson> = plan
        .workers
        .iter()
        .filter(|worker| worker.hired_on < first)
        .map(|worker| {
            let mut person = SeedPerson::new(worker.id_number, &worker.name, worker.region, worker.hired_on, worker.wage);
            person.department = worker.department.into();
            person.position = worker.position.into();
            person
        })
        .collect();
    let mut tx = app.db.begin().await?;
    people::seed::seed(&mut tx, &app.db, cast_employer, &people).await?;
    tx.commit().await
}

/// The load file of a city's agency: those who are insured before the first month, with every insurance.
pub fn relations_of(plan: &Plan, region: RegionCode, employer_name: &str) -> String {
    let mut rows = String::new();
    let until = plan.course.first.plus(-1);
    let first = plan.course.first.first_day();
    for worker in plan.workers.iter().filter(|one| one.region == region && one.hired_on < first) {
        for insurance in ["养老", "医疗", "失业", "工伤", "生育"] {
            let _ = writeln!(
                rows,
                "{},{},{insurance},正常参保,{},{until},{},{employer_name}",
                worker.id_number.reveal(),
                worker.name,
                Month::of(worker.hired_on),
                worker.wage.to_yuan()
            );
        }
    }
    rows
}

/// Closes every month of the plan, one after the other.
pub async fn close(app: &App, cast: &Cast, plan: &Plan) -> Result<(), Refusal> {
    on(plan.course.first.first_day(), begin_attendance(app, cast)).await?;
    for offset in 0..plan.course.months {
        let month = plan.course.first.plus(offset);
        arrivals(app, cast, plan, month).await?;
        departures(app, cast, plan, month).await?;
        raises(app, cast, plan, month).await?;
        on(month.plus(1).first_day(), keep_attendance(app, cast, month)).await?;
        on(after(month, 2), pay(app, cast, month)).await?;
        on(after(month, 4), declare(app, cast, plan, month)).await?;
        on(after(month, 9), collect(app, cast, plan, month)).await?;
    }
    Ok(())
}

/// A day of the month after `month`.
fn after(month: Month, day: i32) -> Date {
    let first = month.plus(1).first_day();
    first.checked_add((day - 1).days()).unwrap_or(first)
}

fn in_month(day: Date, month: Month) -> bool {
    Month::of(day) == month
}

/// New employees: hired, enrolled by their agency.
async fn arrivals(app: &App, cast: &Cast, plan: &Plan, month: Month) -> Result<(), Refusal> {
    for worker in plan
        .workers
        .iter()
        .filter(|one| one.hired_on >= plan.course.first.first_day() && in_month(one.hired_on, month))
    {
        on(worker.hired_on, async {
            let source = app.status_source(cast.employer_id);
            let new = NewEmployee {
                name: worker.name.clone(),
                id_number: worker.id_number.reveal().into(),
                phone: None,
                hired_on: worker.hired_on,
                region: worker.region,
                department: worker.department.into(),
                position: worker.position.into(),
                wage_fen: Some(worker.wage),
                household_region: Some(worker.id_number.region()),
                override_reason: None,
            };
            let hired = service::hire(&cast.hr, &app.db, &source, new).await?;
            enrolment::file(&cast.hr, &app.db, &source, hired.employee.id, enrolment::FileEnrolment::default()).await?;
            super::fill::settle(app).await
        })
        .await?;
    }
    for (clerk, reviewer) in cast.offices.values() {
        on(month.last_day(), decide_all(app, clerk, reviewer, "enrolment")).await?;
    }
    Ok(())
}

/// Those who leave: entered on their day, stopped with the agency.
async fn departures(app: &App, cast: &Cast, plan: &Plan, month: Month) -> Result<(), Refusal> {
    let leavers: Vec<(&Worker, Date)> = plan
        .workers
        .iter()
        .filter_map(|one| one.left_on.filter(|day| in_month(*day, month)).map(|day| (one, day)))
        .collect();
    for (worker, day) in &leavers {
        let id = employee_of(app, cast.employer_id, worker).await?;
        let leave = leave::Leave {
            left_on: *day,
            reason: StopReason::Resigned,
            note: None,
        };
        on(*day, leave::leave(&cast.hr, &app.db, id, leave)).await?;
    }
    if leavers.is_empty() {
        return Ok(());
    }
    on(month.last_day(), async {
        for draft in stop::prepare(&cast.hr, &app.db, month.last_day()).await? {
            stop::file(&cast.hr, &app.db, draft.id).await?;
        }
        super::fill::settle(app).await?;
        for (clerk, reviewer) in cast.offices.values() {
            decide_all(app, clerk, reviewer, "relation_stop").await?;
        }
        Ok(())
    })
    .await
}

async fn raises(app: &App, cast: &Cast, plan: &Plan, month: Month) -> Result<(), Refusal> {
    for worker in &plan.workers {
        let Some((from, wage)) = worker.raise.filter(|(from, _)| in_month(*from, month)) else {
            continue;
        };
        if worker.left_on.is_some_and(|left| left < from) || worker.hired_on >= from {
            continue;
        }
        let id = employee_of(app, cast.employer_id, worker).await?;
        on(from, terms::set_wage(&cast.hr, &app.db, id, from, wage, Some("年度调薪"))).await?;
    }
    Ok(())
}

/// Office hours for everybody.
async fn begin_attendance(app: &App, cast: &Cast) -> Result<(), Refusal> {
    let group = GroupEdit {
        name: "常白班".into(),
        covers_all: true,
        departments: Vec::new(),
        rule: Rule::office(),
        version: None,
    };
    settings::put_group(&cast.hr, &app.db, None, &group).await?;
    Ok(())
}

/// The machine's file of the month, and the month closed after its anomalies.
async fn keep_attendance(app: &App, cast: &Cast, month: Month) -> Result<(), Refusal> {
    let people = of_month(&mut app.db.read(), app.book, cast.employer_id, month, 0, 10_000).await?;
    let mut file = String::from("工号,姓名,打卡日期时间,机器号\n");
    for person in &people {
        let mut day = month.first_day().max(person.hired_on);
        let last = person.left_on.unwrap_or(month.last_day()).min(month.last_day());
        while day <= last {
            if calendar::is_working_day(day)? {
                punches(&mut file, person.number, &person.name, day);
            }
            day = day.tomorrow().map_err(Refusal::internal)?;
        }
    }
    machine::upload(&cast.hr, &app.db, &format!("考勤机-{month}.csv"), file.into_bytes(), Some(month)).await?;
    let seen = closing::view(&cast.hr, &app.db, app.book, month, clock::now()).await?;
    let reasons = seen.anomalies.iter().map(|one| (one.kind, "已与部门核对".to_owned())).collect();
    closing::close(&cast.hr, &app.db, app.book, month, &closing::Close { reasons }, clock::now()).await?;
    Ok(())
}

/// A day's punches: now and then somebody is late, and now and then somebody forgets the evening's.
fn punches(file: &mut String, number: i64, name: &str, day: Date) {
    let chance = (number * 31 + i64::from(day.day()) * 17 + i64::from(day.month()) * 7) % 97;
    let morning = if chance == 3 { "09:21" } else { "08:52" };
    let _ = writeln!(file, "{number},{name},{day} {morning},1号机");
    if chance != 5 {
        let _ = writeln!(file, "{number},{name},{day} 18:0{},1号机", chance % 9);
    }
}

/// The month's pay: made, handed to another person, locked.
async fn pay(app: &App, cast: &Cast, month: Month) -> Result<(), Refusal> {
    let run = payroll::service::start(&cast.hr, &app.db, app.book, month).await?;
    while payroll::make::run_jobs(&app.db, app.book).await? > 0 {}
    payroll::service::submit(&cast.hr, &app.db, run.id).await?;
    payroll::service::lock(&cast.payroll, &app.db, run.id, "与考勤、上月工资核对一致").await?;
    Ok(())
}

/// The employee's record of a worker of the plan.
pub async fn employee_of(app: &App, employer_id: Uuid, worker: &Worker) -> Result<Uuid, Refusal> {
    let hash = app.db.cipher().id_hash(&worker.id_number);
    let found = people::store::by_hash(&mut app.db.read(), employer_id, &hash).await?;
    found
        .map(|employee| employee.id)
        .ok_or_else(|| Refusal::internal(format!("the made-up workforce has no {}", worker.name)))
}

/// Each city's declaration: prepared, filed, checked and approved by its agency; the bills come back.
async fn declare(app: &App, cast: &Cast, plan: &Plan, month: Month) -> Result<(), Refusal> {
    for region in &plan.course.cities {
        let drafts = declaration::prepare(&cast.hr, &app.db, app.book, *region, month).await?;
        if let Some(draft) = drafts.first() {
            declaration::file(&cast.hr, &app.db, draft.id).await?;
        }
    }
    super::fill::settle(app).await?;
    for region in &plan.course.cities {
        let (clerk, reviewer) = &cast.offices[region];
        decide_all(app, clerk, reviewer, "declaration").await?;
    }
    Ok(())
}

/// Every bill but the one left unpaid: paid through the bank, posted, receipted.
async fn collect(app: &App, cast: &Cast, plan: &Plan, month: Month) -> Result<(), Refusal> {
    for region in &plan.course.cities {
        if plan.unpaid == Some((month, *region)) {
            continue;
        }
        let mut file = String::from("征集单号,到账金额,到账日期,付款户名,流水号\n");
        let bills = bill::list(&cast.hr, &app.db, Some(month), Some(*region)).await?;
        for (line, bill) in bills.iter().filter(|bill| bill.open_fen > Money::ZERO).enumerate() {
            let today = clock::today();
            let _ = writeln!(
                file,
                "{},{},{today},{},{month}-{}-{line}",
                bill.order_number,
                bill.open_fen.to_yuan(),
                super::fill::EMPLOYER_NAME,
                region.number()
            );
        }
        let name = format!("到账明细-{month}-{}.csv", region.name());
        let (clerk, _) = &cast.offices[region];
        bank_file::import_statement(clerk, &app.db, app.book, &name, file.as_bytes(), clock::today()).await?;
    }
    super::fill::settle(app).await
}

/// Declares, decides and pays every month of the plan once more; what is closed stays as it is.
pub async fn declare_and_pay_again(app: &App, cast: &Cast, plan: &Plan) -> Result<(), Refusal> {
    for offset in 0..plan.course.months {
        let month = plan.course.first.plus(offset);
        on(after(month, 4), declare(app, cast, plan, month)).await?;
        on(after(month, 9), collect(app, cast, plan, month)).await?;
    }
    Ok(())
}

/// Every waiting case of a business: passed by the clerk, approved by the reviewer.
pub async fn decide_all(app: &App, clerk: &Actor, reviewer: &Actor, business: &str) -> Result<(), Refusal> {
    loop {
        let filter = QueueFilter {
            case_box: CaseBox::Todo,
            business: Some(business.into()),
            limit: 200,
            ..QueueFilter::default()
        };
        let waiting = review::queue(clerk, &app.db, &app.registry, &filter).await?;
        if waiting.items.is_empty() {
            return Ok(());
        }
        for item in waiting.items {
            decide(app, clerk, reviewer, item.case).await?;
        }
        super::fill::settle(app).await?;
    }
}

async fn decide(app: &App, clerk: &Actor, reviewer: &Actor, case: Case) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let mut case = review::pass(clerk, &mut tx, &app.registry, case.id, &Decision::on(&case)).await?;
    tx.commit().await?;
    if matches!(case.state, CaseState::InReview { .. }) {
        let mut tx = app.db.begin().await?;
        case = review::approve(reviewer, &mut tx, &app.registry, case.id, &Decision::on(&case)).await?;
        tx.commit().await?;
    }
    if case.state == CaseState::Effective {
        return Ok(());
    }
    Err(Refusal::internal(format!(
        "case {} of {} stopped short of its effect",
        case.number, case.business
    )))
}
