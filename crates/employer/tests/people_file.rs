//! The employee's file on both databases: histories, contracts, account, deductions, documents, leaving, and every refusal.
#![allow(clippy::unwrap_used)]

mod common;

use common::{actor, changsha, id, star_river, wuhan};
use control::identity::{Actor, Role};
use employer::people::bank::{self, NewAccount};
use employer::people::claim::{self, NewClaim};
use employer::people::contract::{self, ContractKind, NewContract};
use employer::people::family::ClaimKind;
use employer::people::leave::{self, Leave, Return};
use employer::people::month::one_of_month;
use employer::people::settings::{self, CompanyEdit};
use employer::people::terms::{self, PlaceChange, PriorAverage, TermsEdit};
use employer::people::{SeedPerson, department, document, file, login, seed, service};
use exchange::message::StopReason;
use policy::RuleBook;
use standard::{Date, IdNumber, Insurance, Money, Month, RefusalKind};
use store::Db;
use uuid::Uuid;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn yuan(amount: i64) -> Money {
    Money::from_fen(amount * 100)
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn book() -> &'static RuleBook {
    RuleBook::embedded()
}

/// 星河制造 with 王敏, hired in January 2024.
async fn wang_min(db: &Db) -> (Uuid, Actor, Uuid) {
    let (employer_id, hr) = star_river(db).await;
    let ids = enter(db, employer_id, &[(id("1990-05-01", 11), "王敏")]).await;
    (employer_id, hr, ids[0])
}

async fn enter(db: &Db, employer_id: Uuid, people: &[(IdNumber, &str)]) -> Vec<Uuid> {
    let people: Vec<SeedPerson> = people
        .iter()
        .map(|(number, name)| SeedPerson {
            department: "制造部".to_string(),
            position: "工程师".to_string(),
            ..SeedPerson::new(*number, name, changsha(), day("2024-01-08"), yuan(8_000))
        })
        .collect();
    let mut tx = db.begin().await.unwrap();
    let ids = seed(&mut tx, db, employer_id, &people).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

fn leaving(on: &str) -> Leave {
    Leave {
        left_on: day(on),
        reason: StopReason::Resigned,
        note: None,
    }
}

fn back(on: &str) -> Return {
    Return {
        hired_on: day(on),
        region: changsha(),
        department: "研发部".to_string(),
        position: "主管".to_string(),
        wage_fen: yuan(12_000),
    }
}

fn term(from: &str, to: Option<&str>) -> NewContract {
    NewContract {
        kind: if to.is_some() {
            ContractKind::Fixed
        } else {
            ContractKind::OpenEnded
        },
        from: day(from),
        to: to.map(day),
        probation_to: None,
        signed_on: None,
        note: None,
    }
}

fn claim(kind: ClaimKind) -> NewClaim {
    NewClaim {
        kind,
        quantity: None,
        amount_fen: None,
        from_month: month("2026-01"),
        to_month: None,
        subject: None,
        note: None,
    }
}

store::both! {
    async fn a_wage_is_a_history_that_is_only_added_to(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        let past = terms::set_wage(&hr, &db, who, day("2026-08-01"), yuan(8_500), None).await.unwrap_err();
        assert_eq!(past.rule(), "past_step_needs_reason");
        terms::set_wage(&hr, &db, who, day("2026-08-01"), yuan(8_500), Some("补录调薪")).await.unwrap();
        terms::set_wage(&hr, &db, who, day("2026-08-01"), yuan(8_600), Some("金额更正")).await.unwrap();
        let same = terms::set_wage(&hr, &db, who, day("2026-08-01"), yuan(8_600), Some("再来一次")).await.unwrap_err();
        assert_eq!(same.rule(), "nothing_changes");
        let early = terms::set_wage(&hr, &db, who, day("2020-01-01"), yuan(1), Some("更早")).await.unwrap_err();
        assert_eq!(early.rule(), "step_before_hire");
        let nothing = terms::set_wage(&hr, &db, who, day("2026-08-01"), Money::ZERO, Some("零")).await.unwrap_err();
        assert_eq!(nothing.rule(), "wage_not_positive");
        let read = file::get(&hr, &db, book(), who).await.unwrap();
        let steps = read.wages.unwrap().steps;
        assert_eq!(steps.len(), 3, "the corrected row stays to be read");
        assert_eq!(steps.iter().filter(|step| step.holds).count(), 2);
        let person = one_of_month(&mut db.read(), book(), employer_id, who, month("2026-08")).await.unwrap().unwrap();
        assert_eq!(person.wages.iter().map(|step| step.monthly).collect::<Vec<_>>(), [yuan(8_600)]);
        assert_eq!(service::get(&hr, &db, who).await.unwrap().wage_fen, Some(yuan(8_600)), "the list shows the wage of today");
        let bare = terms::withdraw_wage(&hr, &db, who, day("2026-08-01"), None).await.unwrap_err();
        assert_eq!(bare.rule(), "past_step_needs_reason");
        terms::withdraw_wage(&hr, &db, who, day("2026-08-01"), Some("误录")).await.unwrap();
        assert_eq!(service::get(&hr, &db, who).await.unwrap().wage_fen, Some(yuan(8_000)));
        let last = terms::withdraw_wage(&hr, &db, who, day("2024-01-08"), Some("误录")).await.unwrap_err();
        assert_eq!(last.rule(), "last_wage_step");
        let gone = terms::withdraw_wage(&hr, &db, who, day("2025-08-01"), Some("误录")).await.unwrap_err();
        assert_eq!(gone.rule(), "wage_step_not_found");
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(terms::set_wage(&clerk, &db, who, day("2026-12-01"), yuan(9), None).await.unwrap_err().rule(), "permission_denied");
        let seen = file::get(&clerk, &db, book(), who).await.unwrap();
        assert!(seen.wages.is_none() && seen.accounts.is_none() && seen.deductions.is_none(), "the clerk sees no wages");
        let finance = actor(employer_id, Role::Finance);
        assert_eq!(file::get(&finance, &db, book(), who).await.unwrap_err().kind, RefusalKind::Forbidden);
    }

    async fn a_move_holds_from_its_day(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        let to = PlaceChange {
            from: day("2026-09-16"),
            department: Some("研发部/平台组".to_string()),
            position: None,
            region: Some(wuhan()),
            reason: Some("组织调整".to_string()),
        };
        terms::transfer_position(&hr, &db, who, to).await.unwrap();
        let mut q = db.read();
        let august = one_of_month(&mut q, book(), employer_id, who, month("2026-08")).await.unwrap().unwrap();
        assert_eq!((august.department.as_str(), august.region), ("制造部", changsha()));
        let september = one_of_month(&mut q, book(), employer_id, who, month("2026-09")).await.unwrap().unwrap();
        assert_eq!((september.department.as_str(), september.region), ("研发部/平台组", wuhan()));
        let paths: Vec<String> = department::all(&hr, &db).await.unwrap().into_iter().map(|one| one.path).collect();
        assert_eq!(paths, ["制造部", "研发部", "研发部/平台组"], "those above are there too");
        department::rename(&hr, &db, "研发部", "技术中心").await.unwrap();
        assert_eq!(service::get(&hr, &db, who).await.unwrap().department, "技术中心/平台组");
        let positions = file::get(&hr, &db, book(), who).await.unwrap().positions;
        assert!(positions.iter().any(|row| row.department == "研发部/平台组"), "the history keeps the old name");
        let held = department::remove(&hr, &db, "技术中心").await.unwrap_err();
        assert_eq!(held.rule(), "department_has_people");
        department::remove(&hr, &db, "制造部").await.unwrap();
        assert_eq!(department::remove(&hr, &db, "制造部").await.unwrap_err().rule(), "department_not_found");
        assert_eq!(department::add(&hr, &db, "技术中心").await.unwrap_err().rule(), "department_exists");
        assert_eq!(department::add(&hr, &db, "财务//部").await.unwrap_err().rule(), "department_unreadable");
        assert_eq!(department::rename(&hr, &db, "技术中心", "技术中心/下级").await.unwrap_err().rule(), "department_into_itself");
    }

    async fn contracts_are_entered_renewed_and_watched(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        contract::add(&hr, &db, who, term("2024-01-08", Some("2026-12-31"))).await.unwrap();
        let twice = contract::add(&hr, &db, who, term("2026-06-01", Some("2027-12-31"))).await.unwrap_err();
        assert_eq!(twice.rule(), "contract_overlaps");
        let due = contract::expiring(&hr, &db, day("2026-11-21"), 60).await.unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!((due[0].on, due[0].overdue), (day("2026-12-31"), false));
        assert!(contract::expiring(&hr, &db, day("2026-10-01"), 60).await.unwrap().is_empty());
        contract::add(&hr, &db, who, term("2027-01-01", Some("2029-12-31"))).await.unwrap();
        assert!(contract::expiring(&hr, &db, day("2026-11-21"), 60).await.unwrap().is_empty(), "it was renewed");
        let third = contract::add(&hr, &db, who, term("2030-01-01", Some("2032-12-31"))).await.unwrap();
        assert_eq!(third[0].rule, "open_ended_due");
        let read = file::get(&hr, &db, book(), who).await.unwrap();
        assert_eq!(read.contracts.iter().map(|one| one.round).collect::<Vec<_>>(), [3, 2, 1]);
        let first = read.contracts[2].id;
        assert_eq!(contract::end(&hr, &db, who, first, day("2027-05-01")).await.unwrap_err().rule(), "contract_end_unfit");
        contract::end(&hr, &db, who, first, day("2026-11-30")).await.unwrap();
        assert_eq!(contract::end(&hr, &db, who, Uuid::nil(), day("2026-11-30")).await.unwrap_err().rule(), "contract_not_found");
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(contract::add(&clerk, &db, who, term("2033-01-01", None)).await.unwrap_err().rule(), "permission_denied");
    }

    async fn the_account_is_sealed_masked_and_revealed_with_a_trace(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        let new = |bank: &str, account: &str| NewAccount { bank_name: bank.to_string(), branch: None, account: account.to_string(), confirmed: false };
        let wrong = bank::set(&hr, &db, who, new("中国工商银行", "6222021234567890129")).await.unwrap_err();
        assert_eq!(wrong.rule(), "account_check_digit");
        assert!(!serde_json::to_string(&wrong).unwrap().contains("6222021234567890129"));
        assert_eq!(bank::set(&hr, &db, who, new("招商银行", "6222021234567890128")).await.unwrap_err().rule(), "account_of_other_bank");
        assert_eq!(bank::reveal(&hr, &db, who, "发薪核对").await.unwrap_err().rule(), "account_not_found");
        bank::set(&hr, &db, who, new("中国工商银行", "6222 0212 3456 7890 128")).await.unwrap();
        let accounts = file::get(&hr, &db, book(), who).await.unwrap().accounts.unwrap();
        assert_eq!(accounts[0].account_masked, "************0128");
        assert_eq!(bank::reveal(&hr, &db, who, "发薪核对").await.unwrap(), "6222021234567890128");
        let reviewer = actor(employer_id, Role::PayrollReviewer);
        assert_eq!(bank::reveal(&reviewer, &db, who, "看看").await.unwrap_err().rule(), "permission_denied");
        let trail = control::audit::trail(&hr, &db, &control::audit::AuditFilter::default()).await.unwrap();
        assert!(trail.iter().any(|event| event.action == "employee.reveal_account"));
    }

    async fn deductions_come_to_what_the_law_says(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        for kind in [ClaimKind::Child, ClaimKind::Mortgage] {
            claim::add(&hr, &db, book(), who, claim(kind)).await.unwrap();
        }
        let shared = NewClaim { amount_fen: Some(yuan(1_500)), ..claim(ClaimKind::Elder) };
        claim::add(&hr, &db, book(), who, shared.clone()).await.unwrap();
        let pension = NewClaim { amount_fen: Some(yuan(1_000)), ..claim(ClaimKind::PersonalPension) };
        claim::add(&hr, &db, book(), who, pension).await.unwrap();
        let person = one_of_month(&mut db.read(), book(), employer_id, who, month("2026-09")).await.unwrap().unwrap();
        assert_eq!(person.special_additional, yuan(2_000 + 1_000 + 1_500));
        assert_eq!(person.other_deduction, yuan(1_000));
        let before = one_of_month(&mut db.read(), book(), employer_id, who, month("2025-12")).await.unwrap().unwrap();
        assert_eq!(before.special_additional, Money::ZERO);
        for (new, rule) in [
            (claim(ClaimKind::Rent), "mortgage_and_rent"),
            (claim(ClaimKind::Mortgage), "claim_twice"),
            (NewClaim { quantity: Some(3), ..claim(ClaimKind::Child) }, "claim_quantity"),
            (NewClaim { amount_fen: Some(yuan(1)), ..claim(ClaimKind::Degree) }, "claim_amount_not_meant"),
            (claim(ClaimKind::HealthInsurance), "claim_amount_missing"),
            (NewClaim { amount_fen: Some(yuan(201)), ..claim(ClaimKind::HealthInsurance) }, "claim_amount_out_of_range"),
            (NewClaim { to_month: Some(month("2025-01")), ..claim(ClaimKind::Degree) }, "claim_ends_before_start"),
        ] {
            assert_eq!(claim::add(&hr, &db, book(), who, new).await.unwrap_err().rule(), rule);
        }
        let claims = file::get(&hr, &db, book(), who).await.unwrap().deductions.unwrap().claims;
        let mortgage = claims.iter().find(|one| one.kind == ClaimKind::Mortgage).unwrap().id;
        claim::end(&hr, &db, who, mortgage, Some(month("2026-08"))).await.unwrap();
        let person = one_of_month(&mut db.read(), book(), employer_id, who, month("2026-09")).await.unwrap().unwrap();
        assert_eq!(person.special_additional, yuan(2_000 + 1_500));
        claim::add(&hr, &db, book(), who, NewClaim { from_month: month("2026-09"), ..claim(ClaimKind::Rent) }).await.unwrap();
        assert_eq!(claim::end(&hr, &db, who, Uuid::nil(), None).await.unwrap_err().rule(), "claim_not_found");
    }

    async fn documents_are_what_their_content_says(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        let pdf = b"%PDF-1.7 made up".to_vec();
        let kept = document::add(&hr, &db, who, "contract", "..\\合同 王敏.pdf", &pdf).await.unwrap();
        assert_eq!((kept.file_name.as_str(), kept.media_type.as_str()), ("合同 王敏.pdf", "application/pdf"));
        let opened = document::open(&hr, &db, who, kept.id).await.unwrap();
        assert_eq!(opened.content, pdf);
        assert_eq!(document::add(&hr, &db, who, "contract", "a.pdf", b"MZ program").await.unwrap_err().rule(), "document_not_readable_kind");
        assert_eq!(document::add(&hr, &db, who, "secret", "a.pdf", &pdf).await.unwrap_err().rule(), "document_kind_unknown");
        let large = vec![b'%'; document::BYTES_MAX + 1];
        assert_eq!(document::add(&hr, &db, who, "other", "a.pdf", &large).await.unwrap_err().rule(), "document_too_large");
        let clerk = actor(employer_id, Role::HrClerk);
        assert_eq!(document::open(&clerk, &db, who, kept.id).await.err().unwrap().rule(), "permission_denied");
        let (_, stranger) = star_river(&db).await;
        assert_eq!(document::open(&stranger, &db, who, kept.id).await.err().unwrap().rule(), "document_not_found");
        document::remove(&hr, &db, who, kept.id).await.unwrap();
        assert_eq!(document::open(&hr, &db, who, kept.id).await.err().unwrap().rule(), "document_not_found");
    }

    async fn leaving_keeps_the_record_and_coming_back_begins_anew(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        contract::add(&hr, &db, who, term("2024-01-08", None)).await.unwrap();
        assert_eq!(leave::leave(&hr, &db, who, leaving("2023-12-31")).await.unwrap_err().rule(), "left_before_hire");
        assert_eq!(leave::leave(&hr, &db, who, leaving("2038-12-31")).await.unwrap_err().rule(), "left_over_a_year_ahead");
        assert_eq!(leave::revoke(&hr, &db, who).await.unwrap_err().rule(), "not_left");
        leave::leave(&hr, &db, who, leaving("2026-08-15")).await.unwrap();
        assert_eq!(leave::leave(&hr, &db, who, leaving("2026-08-15")).await.unwrap_err().rule(), "already_left");
        let read = file::get(&hr, &db, book(), who).await.unwrap();
        assert_eq!(read.contracts[0].ended_on, Some(day("2026-08-15")));
        assert!(read.allowed_actions.contains(&"rehire".to_string()));
        let late = terms::set_wage(&hr, &db, who, day("2026-09-01"), yuan(9_000), Some("晚")).await.unwrap_err();
        assert_eq!(late.rule(), "step_after_leaving");
        leave::revoke(&hr, &db, who).await.unwrap();
        assert_eq!(file::get(&hr, &db, book(), who).await.unwrap().contracts[0].ended_on, None);
        leave::leave(&hr, &db, who, leaving("2026-08-15")).await.unwrap();
        let early = leave::rehire(&hr, &db, who, back("2026-08-10")).await.unwrap_err();
        assert_eq!(early.rule(), "rehired_before_leaving");
        let near = leave::rehire(&hr, &db, who, back("2026-08-20")).await.unwrap_err();
        assert_eq!(near.rule(), "rehired_in_month_of_leaving");
        leave::rehire(&hr, &db, who, back("2026-11-02")).await.unwrap();
        let mut q = db.read();
        let august = one_of_month(&mut q, book(), employer_id, who, month("2026-08")).await.unwrap().unwrap();
        assert_eq!((august.left_on, august.wages[0].monthly), (Some(day("2026-08-15")), yuan(8_000)));
        assert!(one_of_month(&mut q, book(), employer_id, who, month("2026-10")).await.unwrap().is_none());
        let november = one_of_month(&mut q, book(), employer_id, who, month("2026-11")).await.unwrap().unwrap();
        assert_eq!((november.hired_on, november.wages[0].monthly, november.position.as_str()), (day("2026-11-02"), yuan(12_000), "主管"));
        assert_eq!(file::get(&hr, &db, book(), who).await.unwrap().stints.len(), 1);
    }

    async fn terms_and_the_units_settings_are_weighed(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        let unit = settings::get(&hr, &db).await.unwrap();
        for (edit, rule) in [
            (CompanyEdit { industry: Some("alchemy".into()), ..CompanyEdit::default() }, "industry_unknown"),
            (CompanyEdit { injury_class: Some(9), ..CompanyEdit::default() }, "industry_class"),
            (CompanyEdit { housing_fund_rate: Some("20%".into()), ..CompanyEdit::default() }, "housing_fund_rate"),
            (CompanyEdit { pay_day: Some(31), ..CompanyEdit::default() }, "pay_day"),
            (CompanyEdit { contact_phone: Some("12".into()), ..CompanyEdit::default() }, "phone_unreadable"),
        ] {
            let edit = CompanyEdit { version: unit.version, ..edit };
            assert_eq!(settings::edit(&hr, &db, book(), edit, month("2026-11")).await.unwrap_err().rule(), rule);
        }
        let edit = CompanyEdit {
            version: unit.version,
            industry: Some("machinery".into()),
            housing_fund_rate: Some("8%".into()),
            bank_name: Some("长沙银行".into()),
            account: Some("800123456789".into()),
            ..CompanyEdit::default()
        };
        let unit = settings::edit(&hr, &db, book(), edit.clone(), month("2026-11")).await.unwrap();
        assert_eq!((unit.settings.injury_class, unit.account_masked.as_deref()), (Some(4), Some("********6789")));
        assert_eq!(settings::edit(&hr, &db, book(), edit, month("2026-11")).await.unwrap_err().rule(), "version_conflict");
        assert_eq!(settings::paying_account(&db, &mut db.read(), employer_id).await.unwrap().as_deref(), Some("800123456789"));
        let read = file::get(&hr, &db, book(), who).await.unwrap();
        assert!(read.extra_missing.contains(&"workshop".to_string()) && read.documents_missing.contains(&"contract".to_string()));
        let wrong = TermsEdit { version: read.version, extra: Some([("shoe".to_string(), "42".to_string())].into()), ..TermsEdit::default() };
        assert_eq!(terms::edit_terms(&hr, &db, who, wrong).await.unwrap_err().rule(), "extra_field_unknown");
        let year = TermsEdit { version: read.version, first_work_year: Some(1900), ..TermsEdit::default() };
        assert_eq!(terms::edit_terms(&hr, &db, who, year).await.unwrap_err().rule(), "year_unreadable");
        let good = TermsEdit {
            version: read.version,
            insurances: Some(vec![Insurance::Injury]),
            fund_base_fen: Some(yuan(7_000)),
            first_work_year: Some(2026),
            prior_average: Some(PriorAverage { year: 2025, average_fen: yuan(7_800) }),
            extra: Some([("workshop".to_string(), "一车间".to_string())].into()),
            ..TermsEdit::default()
        };
        terms::edit_terms(&hr, &db, who, good.clone()).await.unwrap();
        assert_eq!(terms::edit_terms(&hr, &db, who, good).await.unwrap_err().rule(), "version_conflict");
        let person = one_of_month(&mut db.read(), book(), employer_id, who, month("2026-09")).await.unwrap().unwrap();
        assert_eq!(person.insurances, [Insurance::Injury]);
        assert_eq!(person.prior_average, Some(yuan(7_800)));
        assert_eq!(person.housing_fund.unwrap().base, Some(yuan(7_000)));
        assert!(person.first_employment_year);
    }

    async fn an_employee_has_one_login(db: Db) {
        let (employer_id, hr, who) = wang_min(&db).await;
        let name = format!("wm-{}", &who.simple().to_string()[20..]);
        let made = login::create(&hr, &db, who, &name, "Shebao-2026-wm").await.unwrap();
        assert_eq!(login::create(&hr, &db, who, "other", "Shebao-2026-wm").await.unwrap_err().rule(), "login_exists");
        let me = Actor { user_id: made.user_id, ..actor(employer_id, Role::Employee) };
        assert_eq!(login::employee_of(&me, &mut db.read()).await.unwrap(), who);
        let stranger = actor(employer_id, Role::Employee);
        assert_eq!(login::employee_of(&stranger, &mut db.read()).await.unwrap_err().rule(), "login_without_employee");
        assert_eq!(login::employee_of(&hr, &mut db.read()).await.unwrap_err().rule(), "permission_denied");
    }
}
