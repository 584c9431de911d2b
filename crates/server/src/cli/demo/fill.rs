//! Builds the demo's data by the calls the screens make: loading, hiring, filing, reviewing.

use super::{
    PASSWORD,
    months::{self, Plan},
    people::{self, Person},
    pinyin,
    staff::{Course, workforce},
};
use crate::{
    api::PlatformContacts,
    app::{App, pump},
    cli::load_relations::tell_platform,
};
use control::{
    clock,
    identity::{self, Actor, NewUser, Role},
    review::{self, Case, CaseBox, CaseState, Decision, QueueFilter},
};
use employer::{
    insurance::transfer::{self, view::TransferDetail},
    people::{
        company::{self, Company},
        service,
        view::NewEmployee,
    },
};
use standard::{CreditCode, Insurance, Money, Month, Organisation, Refusal, RegionCode};
use std::{collections::BTreeMap, io::Write};
use uuid::Uuid;

/// The employer of the demo; its id is fixed so that several processes can name it.
pub const EMPLOYER: Uuid = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);

/// Its name, as it stands on every application and record.
pub const EMPLOYER_NAME: &str = "长沙星河制造有限公司";

/// The months the demo closes, of the three before this one, in three cities; one bill of the last closed is left unpaid.
pub fn plan(staff: u32, months: u8) -> Plan {
    let course = Course {
        first: Month::of(clock::today()).plus(-3),
        months: i32::from(months),
        cities: [430_100, 510_100, 610_100]
            .map(|code| RegionCode::new(code).expect("a pilot region"))
            .to_vec(),
    };
    Plan {
        workers: workforce(staff, &course),
        unpaid: Some((course.first.plus(course.months - 1), course.cities[2])),
        course,
    }
}

fn changsha() -> RegionCode {
    RegionCode::new(430_100).expect("a pilot region")
}

/// Users, relations, employees, and transfers at several steps.
pub async fn fill(app: &App, people_per_region: u32, plan: &Plan) -> Result<(), Refusal> {
    found(app, people_per_region, plan).await?;
    if app.config.role == crate::config::ServeRole::All {
        if !plan.workers.is_empty() {
            months::close(app, &cast_of_months(app, plan).await?, plan).await?;
        }
        tell_stories(app, plan).await?;
    }
    Ok(())
}

/// The organisations of this process with their users, the employer's staff, and who is insured where.
pub async fn found(app: &App, people_per_region: u32, plan: &Plan) -> Result<(), Refusal> {
    let employer = Organisation::Employer(EMPLOYER);
    if app.config.hosts(&employer) {
        found_company(app, plan).await?;
    }
    if app.config.hosts(&Organisation::Platform) {
        user(app, Organisation::Platform, "platform", "平台运维", Role::PlatformOperator).await?;
    }
    for region in app.config.hosted_regions() {
        found_agency(app, region, people_per_region, plan).await?;
    }
    settle(app).await
}

async fn user(app: &App, organisation: Organisation, username: &str, name: &str, role: Role) -> Result<Actor, Refusal> {
    let mut tx = app.db.begin().await?;
    let new = NewUser {
        username: username.into(),
        name: name.into(),
        role,
        password: PASSWORD.into(),
        must_change: false,
    };
    let user = identity::create_user(&Actor::system(organisation), &mut tx, &new).await?;
    tx.commit().await?;
    Ok(user.actor())
}

/// Who closes the months.
pub async fn cast_of_months(app: &App, plan: &Plan) -> Result<months::Cast, Refusal> {
    let mut offices = BTreeMap::new();
    for region in &plan.course.cities {
        let short = pinyin(*region);
        let clerk = actor(app, &format!("{short}_clerk")).await?;
        let reviewer = actor(app, &format!("{short}_reviewer")).await?;
        offices.insert(*region, (clerk, reviewer));
    }
    Ok(months::Cast {
        employer_id: EMPLOYER,
        hr: actor(app, "hr_manager").await?,
        payroll: actor(app, "payroll").await?,
        offices,
    })
}

async fn found_company(app: &App, plan: &Plan) -> Result<(), Refusal> {
    let company = Company {
        employer_id: EMPLOYER,
        name: EMPLOYER_NAME.into(),
        credit_code: CreditCode::compose("91430100MA4XHYY01")?,
        region: changsha(),
        address: "湖南省长沙市岳麓区虚构路 88 号".into(),
        contact_name: "林晓慧".into(),
        contact_phone: "13800000001".into(),
    };
    let mut tx = app.db.begin().await?;
    company::put(&mut tx, &company).await?;
    tx.commit().await?;
    let employer = Organisation::Employer(EMPLOYER);
    for (username, name, role) in [
        ("hr_manager", "林晓慧", Role::HrManager),
        ("hr_clerk", "胡佳", Role::HrClerk),
        ("finance", "邓会计", Role::Finance),
        ("payroll", "薛明", Role::PayrollReviewer),
    ] {
        user(app, employer, username, name, role).await?;
    }
    months::seed_staff(app, EMPLOYER, plan).await?;
    let name = months::on_the_phone(plan).map_or("李思远", |worker| worker.name.as_str());
    let login = user(app, employer, "employee", name, Role::Employee).await?;
    match months::on_the_phone(plan) {
        Some(worker) => link(app, &login, months::employee_of(app, EMPLOYER, worker).await?).await,
        None => Ok(()),
    }
}

/// Gives the demo's employee login its file.
async fn link(app: &App, login: &Actor, employee_id: Uuid) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    employer::people::login::link(&mut tx, EMPLOYER, login.user_id, employee_id, "employee").await?;
    tx.commit().await
}

async fn found_agency(app: &App, region: RegionCode, others: u32, plan: &Plan) -> Result<(), Refusal> {
    let agency = Organisation::Agency(region);
    let short = pinyin(region);
    for (post, name, role) in [
        ("clerk", "经办员", Role::AgencyClerk),
        // Whoever enters a case at the counter may not check it.
        ("clerk2", "经办员乙", Role::AgencyClerk),
        ("reviewer", "复核员", Role::AgencyReviewer),
        ("supervisor", "主管", Role::AgencySupervisor),
    ] {
        user(app, agency, &format!("{short}_{post}"), &format!("{}{name}", region.name()), role).await?;
    }
    let mut rows = people::load_file(region, others);
    rows.push_str(&months::relations_of(plan, region, EMPLOYER_NAME));
    if rows.lines().nth(1).is_none() {
        // Nobody of the stories is from there, and nobody else was asked for.
        return Ok(());
    }
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().map_err(Refusal::internal)?;
    file.write_all(rows.as_bytes()).map_err(Refusal::internal)?;
    let today = clock::today();
    let mut quiet = |_: agency::load::Progress| {};
    let mut book = agency::load::read(file.path(), today, &mut quiet)?;
    let mut tx = app.db.begin().await?;
    let loaded = agency::load::apply(&mut tx, &Actor::system(agency), app.book, region, &mut book, today, &mut quiet).await?;
    tell_platform(app, &mut tx, region, &loaded).await?;
    tx.commit().await
}

/// Lets every message arrive, every document be made and every question be answered.
pub(super) async fn settle(app: &App) -> Result<(), Refusal> {
    loop {
        let moved = pump(app).await?
            + crate::app::documents(app).await?
            + crate::app::nationwide_checks(app).await?
            + crate::app::collection_documents(app).await?;
        if moved == 0 {
            return Ok(());
        }
    }
}

async fn actor(app: &App, username: &str) -> Result<Actor, Refusal> {
    let credentials = identity::Credentials {
        username: username.into(),
        password: PASSWORD.into(),
        ..Default::default()
    };
    let session = identity::login(&app.db, &credentials).await?;
    identity::logout(&app.db, &session.token).await?;
    Ok(session.user.actor())
}

/// The people who act in the stories.
struct Cast {
    hr: Actor,
    cs_clerk: Actor,
    cs_reviewer: Actor,
    wh_clerk: Actor,
    wh_reviewer: Actor,
}

async fn tell_stories(app: &App, plan: &Plan) -> Result<(), Refusal> {
    let cast = Cast {
        hr: actor(app, "hr_manager").await?,
        cs_clerk: actor(app, "cs_clerk").await?,
        cs_reviewer: actor(app, "cs_reviewer").await?,
        wh_clerk: actor(app, "wh_clerk").await?,
        wh_reviewer: actor(app, "wh_reviewer").await?,
    };
    let newcomer = hire(app, &cast.hr, people::person("李思远")).await?;
    if months::on_the_phone(plan).is_none() {
        link(app, &actor(app, "employee").await?, newcomer).await?;
    }
    hire(app, &cast.hr, people::person("赵敏芝")).await?;
    let wuhan = RegionCode::new(420_100)?;
    // 孙浩然: accepted in Changsha, waits in Wuhan.
    file(app, &cast.hr, people::person("孙浩然"), wuhan).await?;
    review_todo(app, &cast.cs_clerk, &cast.cs_reviewer, "transfer_in").await?;
    // 钱雨桐: all the way, waits for HR.
    file(app, &cast.hr, people::person("钱雨桐"), wuhan).await?;
    review_todo(app, &cast.cs_clerk, &cast.cs_reviewer, "transfer_in").await?;
    let letter = newest(app, &cast.wh_clerk, "transfer_out").await?;
    review_case(app, &cast.wh_clerk, &cast.wh_reviewer, letter).await?;
    review_todo(app, &cast.cs_clerk, &cast.cs_reviewer, "transfer_posting").await?;
    // 吴振华: returned to HR with a coded reason.
    file(app, &cast.hr, people::person("吴振华"), wuhan).await?;
    let case = newest(app, &cast.cs_clerk, "transfer_in").await?;
    give_back(app, &cast.cs_clerk, &case).await?;
    // 罗建新: filed, waits in Changsha's queue.
    file(app, &cast.hr, people::person("罗建新"), RegionCode::new(330_100)?).await?;
    settle(app).await
}

async fn hire(app: &App, hr: &Actor, person: &Person) -> Result<Uuid, Refusal> {
    let new = NewEmployee {
        name: person.name.into(),
        id_number: person.id_number().reveal().into(),
        phone: Some("13900000000".into()),
        hired_on: clock::today(),
        region: changsha(),
        department: "生产部".into(),
        position: "技术员".into(),
        wage_fen: Some(Money::from_fen(800_000)),
        household_region: Some(person.id_number().region()),
        override_reason: None,
    };
    Ok(service::hire(hr, &app.db, &app.status_source(EMPLOYER), new).await?.employee.id)
}

async fn file(app: &App, hr: &Actor, person: &Person, from_region: RegionCode) -> Result<TransferDetail, Refusal> {
    let employee_id = hire(app, hr, person).await?;
    let contacts = PlatformContacts { app, actor: hr };
    let draft = transfer::draft::start(hr, &app.db, &contacts, employee_id, from_region, Insurance::Pension).await?;
    transfer::document::sign(
        hr,
        &app.db,
        &app.renderer,
        &app.config.verify_base(),
        draft.transfer.id,
        draft.transfer.version,
    )
    .await?;
    let view = transfer::file::file(hr, &app.db, draft.transfer.id).await?;
    settle(app).await?;
    Ok(view)
}

async fn newest(app: &App, clerk: &Actor, business: &str) -> Result<Case, Refusal> {
    let filter = QueueFilter {
        case_box: CaseBox::Todo,
        business: Some(business.into()),
        limit: 200,
        ..QueueFilter::default()
    };
    let queue = review::queue(clerk, &app.db, &app.registry, &filter).await?;
    let newest = queue.items.into_iter().map(|item| item.case).max_by_key(|case| case.opened_at);
    newest.ok_or_else(|| Refusal::internal(format!("the demo's script expects a waiting case of {business}")))
}

async fn review_todo(app: &App, clerk: &Actor, reviewer: &Actor, business: &str) -> Result<(), Refusal> {
    let case = newest(app, clerk, business).await?;
    review_case(app, clerk, reviewer, case).await
}

async fn review_case(app: &App, clerk: &Actor, reviewer: &Actor, case: Case) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let case = review::pass(clerk, &mut tx, &app.registry, case.id, &Decision::on(&case)).await?;
    tx.commit().await?;
    if matches!(case.state, CaseState::InReview { .. }) {
        let mut tx = app.db.begin().await?;
        review::approve(reviewer, &mut tx, &app.registry, case.id, &Decision::on(&case)).await?;
        tx.commit().await?;
    }
    settle(app).await
}

async fn give_back(app: &App, clerk: &Actor, case: &Case) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    review::return_for_correction(
        clerk,
        &mut tx,
        &app.registry,
        case.id,
        &Decision::on(case).because("document_unclear"),
    )
    .await?;
    tx.commit().await?;
    settle(app).await
}
