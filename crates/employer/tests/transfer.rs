//! A transfer on both databases, every step twice and failing.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use common::{Book, Nation, actor, answer, changsha, guangzhou, id, relation, star_river, wuhan};
use control::document::Renderer;
use control::identity::{Actor, Role};
use control::{clock, notice, seal};
use employer::insurance::deadlines::{self, DeadlineKind};
use employer::insurance::transfer::timeline::StepState;
use employer::insurance::transfer::view::{self, TransferDetail};
use employer::insurance::transfer::{TransferAction, TransferState, confirm, document, draft, file, refresh};
use employer::people::service as people;
use employer::people::view::{EmployeeEdit, EmployeeState, NewEmployee};
use exchange::Message;
use exchange::message::{OfficeRef, Reason, TransferEvent, TransferStep};
use serde_json::json;
use standard::{Insurance, Organisation, RegionCode, RelationStatus};
use store::{Db, Query, args, outbox};
use uuid::Uuid;

static RENDERER: LazyLock<Renderer> = LazyLock::new(|| Renderer::new(&[]).unwrap());

struct Story {
    db: Db,
    employer_id: Uuid,
    hr: Actor,
    nation: Nation,
    employee: Uuid,
}

impl Story {
    async fn begin(db: Db) -> Story {
        let (employer_id, hr) = star_river(&db).await;
        let nation = Nation::default();
        let number = id("1990-05-01", 11);
        nation.knows_in_wuhan(&number, "王敏");
        let new = NewEmployee {
            name: "王敏".to_string(),
            id_number: number.reveal().to_string(),
            phone: Some("13800138000".to_string()),
            hired_on: clock::today(),
            region: changsha(),
            department: String::new(),
            position: String::new(),
            wage_fen: None,
            household_region: None,
            override_reason: None,
        };
        let employee = people::hire(&hr, &db, &nation, new).await.unwrap().employee.id;
        Story {
            db,
            employer_id,
            hr,
            nation,
            employee,
        }
    }

    async fn draft(&self) -> TransferDetail {
        draft::start(&self.hr, &self.db, &Book, self.employee, wuhan(), Insurance::Pension)
            .await
            .unwrap()
    }

    async fn sign(&self, id: Uuid) -> TransferDetail {
        let version = self.see(id).await.transfer.version;
        document::sign(&self.hr, &self.db, &RENDERER, "http://localhost/verify", id, version)
            .await
            .unwrap()
    }

    async fn filed(&self) -> Uuid {
        let id = self.draft().await.transfer.id;
        self.sign(id).await;
        file::file(&self.hr, &self.db, id).await.unwrap();
        id
    }

    async fn see(&self, id: Uuid) -> TransferDetail {
        view::get(&self.hr, &self.db, id).await.unwrap()
    }

    async fn hears(&self, from: Organisation, event: TransferEvent) -> Result<(), standard::Refusal> {
        self.hears_as(Uuid::now_v7(), from, event).await
    }

    async fn hears_as(&self, message: Uuid, from: Organisation, event: TransferEvent) -> Result<(), standard::Refusal> {
        let mut tx = self.db.begin().await.unwrap();
        employer::handle(&mut tx, self.employer_id, &from, message, Message::TransferEvent(event)).await?;
        tx.commit().await
    }

    async fn posted(&self) -> Vec<String> {
        let rows = self
            .db
            .read()
            .all("SELECT kind FROM store_outbox ORDER BY created_at, id", args![])
            .await
            .unwrap();
        rows.iter().map(|row| row.get("kind").unwrap()).collect()
    }

    /// The person's household registration is corrected in the record.
    async fn moves(&self, household: RegionCode) {
        let version = people::get(&self.hr, &self.db, self.employee).await.unwrap().version;
        let change = EmployeeEdit {
            version,
            household_region: Some(household),
            ..EmployeeEdit::default()
        };
        people::edit(&self.hr, &self.db, self.employee, change).await.unwrap();
    }

    async fn state_of_employee(&self) -> EmployeeState {
        people::get(&self.hr, &self.db, self.employee).await.unwrap().state
    }
}

fn new_agency() -> Organisation {
    Organisation::Agency(changsha())
}

fn event(transfer_id: Uuid, step: TransferStep) -> TransferEvent {
    TransferEvent {
        transfer_id,
        round: 1,
        step,
        at: clock::now(),
        office: OfficeRef {
            name: "长沙市社会保险经办机构".to_string(),
            region: Some(changsha()),
            phone: Some("0731-12345".to_string()),
            actor_masked: Some("张*".to_string()),
        },
        deadline: Some("2026-12-11".parse().unwrap()),
        deadline_estimated: false,
        next: None,
        reasons: Vec::new(),
        details: None,
    }
}

fn reason() -> Reason {
    Reason {
        code: "former_number_wrong".to_string(),
        text_zh: "原个人编号有误".to_string(),
        text_en: "the former number is wrong".to_string(),
        remedy_zh: Some("请核对后重新填写".to_string()),
        remedy_en: Some("check it".to_string()),
    }
}

store::both! {
    async fn the_form_is_filled_from_data_and_says_what_is_missing(db: Db) {
        let story = Story::begin(db).await;
        let detail = story.draft().await;
        assert_eq!(story.draft().await.transfer.id, detail.transfer.id, "started twice, it is the same transfer");
        let field = |key: &str| detail.form.fields.iter().find(|f| f.key == key).unwrap().clone();
        assert_eq!(field("name").value, "王敏");
        assert_eq!(field("former_region_name").value, "湖北省武汉市");
        assert_eq!(field("former_agency_name").value, "武汉社会保险事业管理局");
        assert_eq!(field("agent_name").value, "陈静");
        assert!(field("former_person_number").missing);
        let findings: Vec<_> = detail.form.findings.iter().map(|f| (f.field.as_deref().unwrap(), f.is_blocking())).collect();
        assert_eq!(findings, [("former_person_number", false)]);
        assert_eq!(detail.transfer.months, 38);
        assert_eq!(detail.transfer.allowed_actions, [TransferAction::Edit, TransferAction::Sign, TransferAction::Withdraw]);
        for (from, rule) in [(guangzhou(), "transfer_no_relation"), (changsha(), "transfer_same_region")] {
            let refusal = draft::start(&story.hr, &story.db, &Book, story.employee, from, Insurance::Pension).await.unwrap_err();
            assert_eq!(refusal.rule(), rule);
        }
        let refusal = draft::start(&story.hr, &story.db, &Book, story.employee, wuhan(), Insurance::Medical).await.unwrap_err();
        assert_eq!(refusal.rule(), "transfer_insurance");
    }

    async fn edits_are_checked_field_by_field_and_unsign(db: Db) {
        let story = Story::begin(db).await;
        let detail = story.draft().await;
        let id = detail.transfer.id;
        let typed = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect::<BTreeMap<_, _>>();
        for (key, value, rule) in [
            ("nonsense", "1", "form_field_unknown"),
            ("name", "别人", "form_field_fixed"),
            ("former_agency_postcode", "12", "form_field_format"),
            ("former_agency_phone", "打给我", "form_field_format"),
            ("address", "a\u{7}b", "form_field_unreadable"),
        ] {
            let refusal = draft::edit(&story.hr, &story.db, id, detail.transfer.version, &typed(&[(key, value)])).await.unwrap_err();
            assert_eq!((refusal.rule(), refusal.findings[0].field.as_deref()), (rule, Some(key)));
        }
        let cleared = draft::edit(&story.hr, &story.db, id, detail.transfer.version, &typed(&[("former_agency_phone", "")])).await.unwrap();
        let refusal = document::sign(&story.hr, &story.db, &RENDERER, "http://localhost/verify", id, cleared.transfer.version).await.unwrap_err();
        assert_eq!((refusal.rule(), refusal.findings[0].field.as_deref()), ("form_field_missing", Some("former_agency_phone")));
        let pairs = typed(&[("former_person_number", "4201000001"), ("former_agency_phone", "027-1")]);
        draft::edit(&story.hr, &story.db, id, cleared.transfer.version, &pairs).await.unwrap();
        let stale = draft::edit(&story.hr, &story.db, id, cleared.transfer.version, &pairs).await.unwrap_err();
        assert_eq!(stale.rule(), "version_conflict");
        let signed = story.sign(id).await;
        assert_eq!(signed.transfer.state, TransferState::Signed);
        let unsigned = draft::edit(&story.hr, &story.db, id, signed.transfer.version, &typed(&[("address", "星河路2号")])).await.unwrap();
        assert_eq!(unsigned.transfer.state, TransferState::Draft);
        assert_eq!(file::file(&story.hr, &story.db, id).await.unwrap_err().rule(), "transfer_state");
        let refilled = draft::refill(&story.hr, &story.db, &Book, id).await.unwrap();
        assert!(refilled.form.fields.iter().any(|f| f.key == "address" && f.value == "星河路2号"), "what HR typed stays");
    }

    async fn signing_and_filing_happen_once_and_need_the_right(db: Db) {
        let story = Story::begin(db).await;
        let id = story.draft().await.transfer.id;
        let clerk = actor(story.employer_id, Role::HrClerk);
        assert_eq!(document::sign(&clerk, &story.db, &RENDERER, "http://localhost/verify", id, 1).await.unwrap_err().rule(), "permission_denied");
        assert_eq!(file::file(&clerk, &story.db, id).await.unwrap_err().rule(), "permission_denied");
        let preview = document::application_pdf(&clerk, &story.db, &RENDERER, id).await.unwrap();
        assert!(preview.starts_with(b"%PDF"));
        story.sign(id).await;
        let signed = story.sign(id).await;
        assert_eq!(signed.documents.len(), 1, "signed twice, there is one document");
        let pdf = document::application_pdf(&story.hr, &story.db, &RENDERER, id).await.unwrap();
        assert_eq!(document::document_pdf(&story.hr, &story.db, id, signed.documents[0].id).await.unwrap(), pdf);
        // A clerk may not see whole ID numbers: a masked draft instead of what was signed, and no signed document.
        let masked = document::application_pdf(&clerk, &story.db, &RENDERER, id).await.unwrap();
        assert!(masked.starts_with(b"%PDF") && masked != pdf);
        let refused = document::document_pdf(&clerk, &story.db, id, signed.documents[0].id).await.unwrap_err();
        assert_eq!(refused.rule(), "permission_denied");
        let kept = seal::document(&story.db, &story.hr.organisation, signed.documents[0].id).await.unwrap();
        assert!(seal::verify_detached(&pdf, &kept.signature, &kept.public_key).unwrap());
        let mut altered = pdf.clone();
        altered[200] ^= 1;
        assert!(!seal::verify_detached(&altered, &kept.signature, &kept.public_key).unwrap());
        file::file(&story.hr, &story.db, id).await.unwrap();
        let filed = file::file(&story.hr, &story.db, id).await.unwrap();
        assert_eq!(story.posted().await, ["transfer_application"], "filed twice, it is sent once");
        assert_eq!(filed.transfer.state, TransferState::Filed);
        assert_eq!(story.state_of_employee().await, EmployeeState::Transferring);
        let now = filed.timeline.iter().find(|item| item.state == StepState::Current).unwrap();
        assert_eq!((now.label.as_str(), now.remaining_working_days), ("新参保地已受理", Some(15)));
        assert_eq!(filed.timeline[0].label, "转移申请已提交");
        let board = deadlines::list(&story.hr, &story.db).await.unwrap();
        let kinds: Vec<DeadlineKind> = board.iter().map(|clock| clock.kind).collect();
        assert_eq!(kinds, [DeadlineKind::Transfer, DeadlineKind::Enrolment]);
        let (_, other) = star_river(&story.db).await;
        assert_eq!(view::get(&other, &story.db, id).await.unwrap_err().rule(), "transfer_not_found");
    }

    async fn events_move_it_on_once_each_and_hr_confirms(db: Db) {
        let story = Story::begin(db).await;
        let id = story.filed().await;
        assert_eq!(confirm::confirm(&story.hr, &story.db, &story.nation, id).await.unwrap_err().rule(), "transfer_state");
        let message = Uuid::now_v7();
        story.hears_as(message, new_agency(), event(id, TransferStep::ContactSent)).await.unwrap();
        story.hears_as(message, new_agency(), event(id, TransferStep::ContactSent)).await.unwrap();
        // Late: shown, but nothing turns back.
        story.hears(new_agency(), event(id, TransferStep::AcceptedNew)).await.unwrap();
        assert_eq!(story.see(id).await.transfer.step, "contact_sent");
        assert_eq!(story.see(id).await.timeline.iter().filter(|i| i.step == "contact_sent").count(), 1);
        let stranger = story.hears(Organisation::Agency(guangzhou()), event(id, TransferStep::Completed)).await.unwrap_err();
        assert_eq!(stranger.rule(), "transfer_not_concerned");
        assert!(story.see(id).await.transfer.allowed_actions.is_empty(), "accepted, it can no longer be withdrawn");
        let old = Organisation::Agency(wuhan());
        for (from, step) in [(old, TransferStep::OldReviewed), (old, TransferStep::FundsSent), (new_agency(), TransferStep::FundsReceived)] {
            story.hears(from, event(id, step)).await.unwrap();
        }
        let mut completed = event(id, TransferStep::Completed);
        completed.details = Some(json!({ "amount_fen": 4_560_000 }));
        story.hears(new_agency(), completed).await.unwrap();
        let detail = story.see(id).await;
        assert_eq!(detail.transfer.state, TransferState::Completed);
        assert_eq!(detail.transfer.amount_fen.unwrap().fen(), 4_560_000);
        assert_eq!(detail.transfer.allowed_actions, [TransferAction::Confirm]);
        let labels: Vec<&str> = detail.timeline.iter().map(|i| i.label.as_str()).collect();
        for label in ["转移申请已提交", "原参保地已审核", "资金已到账", "转移已完成"] {
            assert!(labels.contains(&label), "{label} in {labels:?}");
        }
        let moved = relation(changsha(), Insurance::Pension, RelationStatus::Active, 39, "2026-11");
        let gone = relation(wuhan(), Insurance::Pension, RelationStatus::Terminated, 38, "2026-10");
        story.nation.knows(&id_of_employee(), "王敏", answer(vec![moved, gone]));
        confirm::confirm(&story.hr, &story.db, &story.nation, id).await.unwrap();
        let confirmed = confirm::confirm(&story.hr, &story.db, &story.nation, id).await.unwrap();
        assert_eq!(confirmed.transfer.state, TransferState::Confirmed);
        let employee = people::get(&story.hr, &story.db, story.employee).await.unwrap();
        assert_eq!((employee.state, employee.pension_months), (EmployeeState::Insured, Some(39)));
        let titles: Vec<String> = notice::list(&story.hr, &story.db, false, None, 50).await.unwrap().items.into_iter().map(|n| n.title.zh).collect();
        assert_eq!(titles.iter().filter(|t| t.contains("转移已完成")).count(), 1);
    }

    async fn sent_back_by_the_new_region_it_is_seen_and_goes_on(db: Db) {
        let story = Story::begin(db).await;
        let id = story.filed().await;
        let old = Organisation::Agency(wuhan());
        let way = [(old, TransferStep::OldAccepted), (old, TransferStep::OldReviewed), (old, TransferStep::FundsSent)];
        for (from, step) in way {
            story.hears(from, event(id, step)).await.unwrap();
        }
        let received = event(id, TransferStep::FundsReceived);
        let mut back = event(id, TransferStep::OldAccepted);
        back.reasons = vec![reason()];
        story.hears(old, back).await.unwrap();
        // Told late by the other office: it belongs to the money that went back.
        story.hears(new_agency(), received).await.unwrap();
        let detail = story.see(id).await;
        assert_eq!((detail.transfer.state, detail.transfer.step.as_str()), (TransferState::Filed, "old_accepted"));
        let stop = detail.timeline.iter().find(|item| item.state == StepState::Stopped).unwrap();
        assert_eq!((stop.step.as_str(), stop.reasons[0].text.zh.as_str()), ("set_back", "原个人编号有误"));
        let ahead: Vec<&str> = detail.timeline.iter().filter(|i| i.at.is_none()).map(|i| i.step.as_str()).collect();
        assert_eq!(ahead, ["old_reviewed", "funds_sent", "funds_received", "completed"]);
        let told = control::notice::list(&story.hr, &story.db, false, None, 20).await.unwrap();
        assert!(told.items.iter().any(|notice| notice.body.zh.contains("原个人编号有误（请核对后重新填写）")), "why and what to do");
        for (from, step) in [way[1], way[2], (new_agency(), TransferStep::FundsReceived), (new_agency(), TransferStep::Completed)] {
            story.hears(from, event(id, step)).await.unwrap();
        }
        assert_eq!(story.see(id).await.transfer.state, TransferState::Completed);
    }

    async fn a_returned_application_is_corrected_and_filed_again(db: Db) {
        let story = Story::begin(db).await;
        let id = story.filed().await;
        let mut returned = event(id, TransferStep::Returned);
        returned.reasons = vec![reason()];
        story.hears(new_agency(), returned).await.unwrap();
        let detail = story.see(id).await;
        assert_eq!((detail.transfer.state, detail.transfer.round), (TransferState::Returned, 2));
        let stop = detail.timeline.last().unwrap();
        assert_eq!((stop.state, stop.reasons[0].text.zh.as_str()), (StepState::Stopped, "原个人编号有误"));
        let typed = BTreeMap::from([("former_person_number".to_string(), "4201000001".to_string())]);
        draft::edit(&story.hr, &story.db, id, detail.transfer.version, &typed).await.unwrap();
        story.sign(id).await;
        let filed = file::file(&story.hr, &story.db, id).await.unwrap();
        assert_eq!((filed.transfer.state, filed.transfer.round), (TransferState::Filed, 2));
        assert_eq!(story.posted().await, ["transfer_application", "transfer_application"]);
        // An echo of the first round no longer matters.
        story.hears(new_agency(), event(id, TransferStep::Refused)).await.unwrap();
        assert_eq!(story.see(id).await.transfer.state, TransferState::Filed);
        let mut refused = event(id, TransferStep::Refused);
        refused.round = 2;
        story.hears(new_agency(), refused).await.unwrap();
        assert_eq!(story.see(id).await.transfer.state, TransferState::Refused);
        assert_eq!(story.state_of_employee().await, EmployeeState::NeedsTransfer);
        assert_ne!(story.draft().await.transfer.id, id, "after a refusal a new transfer may start");
    }

    async fn a_withdrawal_reaches_the_agency_unless_it_was_faster(db: Db) {
        let story = Story::begin(db).await;
        let id = story.filed().await;
        file::withdraw(&story.hr, &story.db, id, Some("员工离职")).await.unwrap();
        let withdrawn = file::withdraw(&story.hr, &story.db, id, None).await.unwrap();
        assert_eq!(withdrawn.transfer.state, TransferState::Withdrawn);
        assert_eq!(story.posted().await, ["transfer_application", "transfer_decline"]);
        assert_eq!(story.state_of_employee().await, EmployeeState::NeedsTransfer);
        for crossing in [TransferStep::AcceptedNew, TransferStep::Refused] {
            story.hears(new_agency(), event(id, crossing)).await.unwrap();
            assert_eq!(story.see(id).await.transfer.state, TransferState::Withdrawn);
        }
        story.hears(new_agency(), event(id, TransferStep::ContactSent)).await.unwrap();
        assert_eq!(story.see(id).await.transfer.state, TransferState::Filed, "it had been accepted before: it goes on");
        assert_eq!(story.state_of_employee().await, EmployeeState::Transferring);
    }

    async fn a_draft_withdrawn_is_never_sent(db: Db) {
        let story = Story::begin(db).await;
        let id = story.draft().await.transfer.id;
        file::withdraw(&story.hr, &story.db, id, None).await.unwrap();
        assert!(story.posted().await.is_empty());
        assert_eq!(file::file(&story.hr, &story.db, id).await.unwrap_err().rule(), "transfer_state");
    }

    async fn what_was_typed_before_a_withdrawal_is_not_typed_again(db: Db) {
        let story = Story::begin(db).await;
        let draft = story.draft().await;
        let old = draft.transfer.id;
        let typed = BTreeMap::from([("former_person_number".to_string(), "4201000001".to_string()), ("agent_address".to_string(), String::new())]);
        draft::edit(&story.hr, &story.db, old, draft.transfer.version, &typed).await.unwrap();
        let withdrawn = file::withdraw(&story.hr, &story.db, old, None).await.unwrap();
        assert_eq!(withdrawn.transfer.allowed_actions, [TransferAction::Restart]);
        let again = story.draft().await;
        assert_ne!(again.transfer.id, old);
        assert_eq!(again.transfer.state, TransferState::Draft);
        let value = |key: &str| again.form.fields.iter().find(|f| f.key == key).unwrap().value.clone();
        assert_eq!((value("former_person_number").as_str(), value("agent_address").as_str()), ("4201000001", ""), "cleared stays cleared");
        assert_eq!(value("former_agency_name"), "武汉社会保险事业管理局");
    }

    async fn form_pdf_and_message_are_of_the_same_data(db: Db) {
        let story = Story::begin(db).await;
        let id = story.draft().await.transfer.id;
        let household = |detail: &TransferDetail| detail.form.fields.iter().find(|f| f.key == "household").unwrap().value.clone();
        story.moves(wuhan()).await;
        assert_eq!(household(&story.see(id).await), "湖北省武汉市", "a draft shows the record as it is");
        let signed = story.sign(id).await;
        assert_eq!(household(&signed), "湖北省武汉市", "and is signed so");
        // Between the signature and the filing the record changes: what was signed is not what would be decided.
        story.moves(guangzhou()).await;
        assert_eq!(household(&story.see(id).await), "湖北省武汉市", "a signed form shows what was signed");
        let refusal = file::file(&story.hr, &story.db, id).await.unwrap_err();
        assert_eq!(refusal.rule(), "transfer_form_changed");
        assert!(refusal.findings[0].message.zh.contains("户口所在地"));
        assert!(story.posted().await.is_empty(), "nothing was sent");
        let draft = story.see(id).await;
        assert_eq!((draft.transfer.state, household(&draft).as_str()), (TransferState::Draft, "广东省广州市"));
        assert!(draft.documents[0].revoked_at.is_some());
        story.sign(id).await;
        file::file(&story.hr, &story.db, id).await.unwrap();
        let sent = outbox::due(&story.db, 10, jiff::SignedDuration::from_secs(60)).await.unwrap();
        assert!(sent[0].messages[0].body.contains(r#""household_region":"440100""#), "the message says what the form says");
        assert_eq!(household(&story.see(id).await), "广东省广州市");
    }

    async fn an_application_signed_again_voids_the_one_before(db: Db) {
        let story = Story::begin(db).await;
        let draft = story.draft().await;
        let id = draft.transfer.id;
        let first = story.sign(id).await;
        let code = first.documents[0].verify_code.clone();
        assert_eq!(seal::verify(&story.db, &code, None).await.unwrap().verdict, seal::Verdict::Valid);
        let typed = BTreeMap::from([("former_person_number".to_string(), "4201000001".to_string())]);
        let edited = draft::edit(&story.hr, &story.db, id, first.transfer.version, &typed).await.unwrap();
        assert!(edited.documents[0].revoked_at.is_some(), "the edit takes the signature back");
        assert_eq!(seal::verify(&story.db, &code, None).await.unwrap().verdict, seal::Verdict::Revoked);
        let second = story.sign(id).await;
        let versions: Vec<_> = second.documents.iter().map(|d| (d.version, d.round, d.revoked_at.is_some(), d.current)).collect();
        assert_eq!(versions, [(Some(1), 1, true, false), (Some(2), 1, false, true)]);
        let answer = seal::verify(&story.db, &code, None).await.unwrap().document.unwrap();
        let present = seal::VerifyCode::parse(&second.documents[1].verify_code).unwrap().grouped();
        assert!(answer.revoked_reason.unwrap().contains(&present), "and says which one is valid");
        file::file(&story.hr, &story.db, id).await.unwrap();
        let mut returned = event(id, TransferStep::Returned);
        returned.reasons = vec![reason()];
        story.hears(new_agency(), returned).await.unwrap();
        let third = story.sign(id).await;
        let versions: Vec<_> = third.documents.iter().map(|d| (d.version, d.round, d.revoked_at.is_some())).collect();
        assert_eq!(versions, [(Some(1), 1, true), (Some(2), 1, true), (Some(3), 2, false)]);
    }

    async fn a_second_region_is_transferred_beside_the_first(db: Db) {
        let story = Story::begin(db).await;
        let held = |region| relation(region, Insurance::Pension, RelationStatus::Suspended, 20, "2026-08");
        story.nation.knows(&id_of_employee(), "王敏", answer(vec![held(wuhan()), held(guangzhou())]));
        people::recheck(&story.hr, &story.db, &story.nation, story.employee).await.unwrap();
        let offered = async || people::get(&story.hr, &story.db, story.employee).await.unwrap().allowed_actions.contains(&"start_transfer".to_string());
        assert!(offered().await);
        story.draft().await;
        assert!(offered().await, "Guangzhou has none under way");
        draft::start(&story.hr, &story.db, &Book, story.employee, guangzhou(), Insurance::Pension).await.unwrap();
        assert!(!offered().await, "each region has its own");
    }

    async fn a_stale_status_is_found_and_refreshed(db: Db) {
        let story = Story::begin(db).await;
        assert_eq!(refresh::run_stale(&story.db, &story.nation, story.employer_id, 10).await.unwrap(), 0, "just asked");
        let id = story.filed().await;
        story.hears(new_agency(), event(id, TransferStep::Completed)).await.unwrap();
        let moved = relation(changsha(), Insurance::Pension, RelationStatus::Active, 39, "2026-11");
        story.nation.knows(&id_of_employee(), "王敏", answer(vec![moved]));
        assert_eq!(refresh::run_stale(&story.db, &story.nation, story.employer_id, 10).await.unwrap(), 1);
        let employee = people::get(&story.hr, &story.db, story.employee).await.unwrap();
        assert_eq!(employee.relations[0].region, changsha());
        assert_eq!(refresh::run_stale(&story.db, &story.nation, story.employer_id, 10).await.unwrap(), 0);
    }
}

fn id_of_employee() -> standard::IdNumber {
    id("1990-05-01", 11)
}
