//! Returned or refused at every step: coded reasons reach HR, HR corrects and files again, money set aside comes back.

use super::{Cast, account_of_id, file_transfer, id_of, sign_and_file, steps};
use crate::support::{Data, On, load_relations, made_up_id};
use serde_json::{Value, json};
use standard::Date;
use std::path::Path;

/// A made-up person of Wuhan whose insurance was stopped.
struct Stopped {
    name: &'static str,
    id: String,
}

fn stopped() -> Vec<Stopped> {
    ["卢远航", "谢初晴", "向天明", "程小满"]
        .into_iter()
        .zip(501..)
        .map(|(name, order)| Stopped {
            name,
            id: made_up_id(Date::constant(1990, 4, 9), order),
        })
        .collect()
}

fn row(id: &str, name: &str, status: &str, to: &str) -> String {
    format!("{id},{name},养老,{status},2016-01,{to},5600.00,武汉晨光机械厂（虚构）")
}

/// The last return or refusal of HR's timeline.
fn last_stop(transfer: &Value) -> Value {
    transfer["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|row| row["state"] == "stopped")
        .unwrap_or_else(|| panic!("nothing stopped: {transfer}"))
        .clone()
}

fn because(code: &str) -> Value {
    json!([{"code": code, "text": null}])
}

/// HR is told which office gave the transfer back, why, and what to do; a notice says so too.
async fn hr_is_told(cast: &Cast, id: &str, state: &str, code: &str) -> Value {
    let transfer = cast.hr_sees(id, state).await;
    let stop = last_stop(&transfer);
    let reason = stop["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["code"] == code)
        .unwrap_or_else(|| panic!("{code} is not in {stop}"))
        .clone();
    assert!(!reason["text"]["zh"].as_str().unwrap().is_empty());
    assert!(
        !reason["remedy"]["zh"].as_str().unwrap_or_default().is_empty(),
        "HR must see what to do: {reason}"
    );
    assert!(!stop["office"].as_str().unwrap().is_empty());
    transfer
}

async fn every_step(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::demo(folder.path(), on, 0).await;
    let people = stopped();
    load_relations(
        &data.config,
        "420100",
        &people.iter().map(|p| row(&p.id, p.name, "暂停参保", "2026-06")).collect::<Vec<_>>(),
    );
    let cast = Cast::of(data.serve().await).await;
    returned_at_each_step(&cast).await;
    not_stopped_there(&cast, &data.config).await;
    refused_at_each_step(&cast, &people).await;
}

/// 何丽娟 comes back from the clerk, the reviewer, the old region and the posting, and still arrives.
async fn returned_at_each_step(cast: &Cast) {
    let name = "何丽娟";
    let id = file_transfer(&cast.hr, name, &id_of(name)).await;

    let case = cast.cs_clerk.case_of("transfer_in", name).await;
    let unexplained = cast.cs_clerk.act(&case, "return", json!([])).await;
    assert_eq!(unexplained.rule(), "reason_required");
    let unknown = cast.cs_clerk.act(&case, "return", because("no_such_reason")).await;
    assert_eq!(unknown.rule(), "unknown_reason");
    cast.cs_clerk.act(&case, "return", because("document_unclear")).await.ok();
    let returned = hr_is_told(cast, &id, "returned", "document_unclear").await;
    correct_and_file(cast, &returned).await;

    let case = cast.cs_clerk.case_of("transfer_in", name).await;
    assert_eq!(case["round"], 2, "the same case, its next round: {case}");
    let passed = cast.cs_clerk.act(&case, "pass", json!([])).await.ok();
    cast.cs_reviewer.act(&passed["case"], "return", because("field_missing")).await.ok();
    let returned = hr_is_told(cast, &id, "returned", "field_missing").await;
    correct_and_file(cast, &returned).await;

    cast.take_over(name).await;
    let case = cast.wh_clerk.case_of("transfer_out", name).await;
    cast.wh_clerk.act(&case, "return", because("duplicate_person")).await.ok();
    let returned = hr_is_told(cast, &id, "returned", "duplicate_person").await;
    assert!(last_stop(&returned)["label"].as_str().is_some());
    correct_and_file(cast, &returned).await;

    cast.take_over(name).await;
    let case = cast.wh_clerk.case_of("transfer_out", name).await;
    let passed = cast.wh_clerk.act(&case, "pass", json!([])).await.ok();
    cast.wh_reviewer
        .act(&passed["case"], "return", because("history_conflict"))
        .await
        .ok();
    let returned = hr_is_told(cast, &id, "returned", "history_conflict").await;
    correct_and_file(cast, &returned).await;

    cast.take_over(name).await;
    cast.let_go(name).await;
    let posting = cast.cs_clerk.case_of("transfer_posting", name).await;
    cast.cs_clerk.act(&posting, "return", because("amount_mismatch")).await.ok();
    // The money is between the two agencies: it goes back there, not to HR, whose screen says so.
    cast.let_go(name).await;
    cast.post(name).await;
    let done = cast.hr_sees(&id, "completed").await;
    assert_eq!(done["round"], 5, "{done}");
    let returns = steps(&done).iter().filter(|step| *step == "returned").count();
    assert_eq!(returns, 4, "{:?}", steps(&done));
}

/// HR edits the returned form, signs and files it again.
async fn correct_and_file(cast: &Cast, returned: &Value) {
    let id = returned["id"].as_str().unwrap();
    assert!(
        returned["allowed_actions"].as_array().unwrap().contains(&json!("edit")),
        "{returned}"
    );
    let round = returned["round"].as_i64().unwrap();
    let address = format!("湖南省长沙市岳麓区虚构路 {round} 号");
    let edited = cast
        .hr
        .put(
            &format!("/transfers/{id}/form"),
            json!({"version": returned["version"], "fields": {"address": address}}),
        )
        .await
        .ok();
    let field = edited["form"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["key"] == "address")
        .unwrap();
    assert_eq!(field["value"], address);
    let stale = cast
        .hr
        .put(
            &format!("/transfers/{id}/form"),
            json!({"version": returned["version"], "fields": {"address": "x"}}),
        )
        .await;
    assert_eq!(stale.status, 409);
    sign_and_file(&cast.hr, id).await;
}

/// 周文静 still pays in Wuhan: the machine does not let the clerk pass her; once stopped, she is transferred.
async fn not_stopped_there(cast: &Cast, config: &Path) {
    let name = "周文静";
    let id = file_transfer(&cast.hr, name, &id_of(name)).await;
    cast.take_over(name).await;
    let case = cast.wh_clerk.case_of("transfer_out", name).await;
    let blocked = cast.wh_clerk.act(&case, "pass", json!([])).await;
    assert_eq!(blocked.rule(), "compliance_blocking");
    assert!(
        blocked.body["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["rule"] == "relation_active"),
        "{blocked:?}"
    );
    let case = cast.wh_clerk.case_of("transfer_out", name).await;
    cast.wh_clerk.act(&case, "return", because("relation_active")).await.ok();
    let returned = hr_is_told(cast, &id, "returned", "relation_active").await;

    // The former employer stops the insurance; the server reads the same books while it serves.
    let paid = |insurance: &str| {
        format!(
            "{},{name},{insurance},暂停参保,2019-07,2026-10,6800.00,武汉江畔软件有限公司（虚构）",
            id_of(name)
        )
    };
    load_relations(config, "420100", &["养老", "医疗", "失业"].map(paid));
    correct_and_file(cast, &returned).await;
    cast.take_over(name).await;
    cast.let_go(name).await;
    cast.post(name).await;
    cast.hr_sees(&id, "completed").await;
}

/// Refused for good by each of the four: the relation stays where it was, with all its money.
async fn refused_at_each_step(cast: &Cast, people: &[Stopped]) {
    let [first, second, third, fourth] = people else {
        panic!("four people")
    };
    let id = file_transfer(&cast.hr, first.name, &first.id).await;
    let case = cast.cs_clerk.case_of("transfer_in", first.name).await;
    cast.cs_clerk.act(&case, "refuse", because("retired")).await.ok();
    refused(cast, &id, "retired").await;

    let id = file_transfer(&cast.hr, second.name, &second.id).await;
    let case = cast.cs_clerk.case_of("transfer_in", second.name).await;
    let passed = cast.cs_clerk.act(&case, "pass", json!([])).await.ok();
    cast.cs_reviewer.act(&passed["case"], "refuse", because("same_province")).await.ok();
    refused(cast, &id, "same_province").await;

    let id = file_transfer(&cast.hr, third.name, &third.id).await;
    cast.take_over(third.name).await;
    let case = cast.wh_clerk.case_of("transfer_out", third.name).await;
    cast.wh_clerk.act(&case, "refuse", because("temporary_account")).await.ok();
    refused(cast, &id, "temporary_account").await;

    let held = balance(cast, &fourth.id).await;
    assert!(held > 0);
    let id = file_transfer(&cast.hr, fourth.name, &fourth.id).await;
    cast.take_over(fourth.name).await;
    cast.let_go(fourth.name).await;
    let posting = cast.cs_clerk.case_of("transfer_posting", fourth.name).await;
    cast.cs_clerk.act(&posting, "refuse", because("not_eligible")).await.ok();
    refused(cast, &id, "not_eligible").await;
    let back = cast
        .wh_reviewer
        .wait_for(&format!("/agency/transfers/{id}"), "the money to come back", |t| {
            t["state"] == "refused"
        })
        .await;
    let kinds: Vec<&str> = back["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"reserve") && kinds.contains(&"void") && !kinds.contains(&"settle"),
        "{kinds:?}"
    );
    assert_eq!(balance(cast, &fourth.id).await, held, "the account is as it was");
}

async fn refused(cast: &Cast, id: &str, code: &str) {
    let transfer = hr_is_told(cast, id, "refused", code).await;
    assert_eq!(
        transfer["allowed_actions"],
        json!(["restart"]),
        "a refusal is final; another application may begin"
    );
    let again = cast.hr.post(&format!("/transfers/{id}/sign"), json!({})).await;
    assert_eq!(again.rule(), "transfer_state");
    let employee = cast
        .hr
        .get(&format!("/employees/{}", transfer["employee_id"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(employee["state"], "needs_transfer", "{employee}");
}

async fn balance(cast: &Cast, id_number: &str) -> i64 {
    let person = account_of_id(&cast.wh_reviewer, id_number).await;
    let account = person["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["insurance"] == "pension")
        .unwrap_or_else(|| panic!("{person}"))
        .clone();
    assert_eq!(account["reserved_fen"], 0, "nothing is set aside: {account}");
    account["balance_fen"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn returned_and_refused_at_each_step_sqlite() {
    every_step(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn returned_and_refused_at_each_step_postgres() {
    every_step(On::Postgres).await;
}
