//! One month of an employer over HTTP: pay, declare, check, pay the bills, reconcile.

use super::Person;
use serde_json::{Value, json};

/// An agency's people.
pub struct Office {
    pub region: &'static str,
    pub clerk: Person,
    pub reviewer: Person,
}

/// Closes `month` and answers the reconciliation's summary. Bills of the regions in `unpaid` stay open.
pub async fn close_month(hr: &Person, payroll: &Person, offices: &[Office], month: &str, unpaid: &[&str]) -> Value {
    pay_wages(hr, payroll, month).await;
    for office in offices {
        let parts = hr
            .post("/declarations", json!({"region": office.region, "month": month}))
            .await
            .ok();
        let first = parts[0]["id"].as_str().unwrap();
        hr.post(&format!("/declarations/{first}/file"), json!({})).await.ok();
    }
    for office in offices {
        decide_next(office, "declaration").await;
    }
    let regions = offices.len();
    let bills = hr
        .wait_for(&format!("/bills?month={month}"), "a bill of every region", |bills| {
            bills.as_array().is_some_and(|all| all.len() == regions)
        })
        .await;
    let mut open = 0;
    for bill in bills.as_array().unwrap() {
        if unpaid.contains(&bill["region"].as_str().unwrap()) {
            open += 1;
            continue;
        }
        let office = offices.iter().find(|office| bill["region"] == office.region).unwrap();
        pay_bill(office, bill).await;
    }
    hr.wait_for(&format!("/bills?month={month}"), "receipts", |bills| {
        bills.as_array().unwrap().iter().filter(|bill| bill["state"] != "paid").count() == open
    })
    .await;
    hr.get(&format!("/reconciliations/{month}?limit=200")).await.ok()
}

/// The bank's file of the day says that a bill was paid in full.
pub async fn pay_bill(office: &Office, bill: &Value) {
    let today = control::clock::today();
    let number = bill["order_number"].as_str().unwrap();
    let fen = bill["open_fen"].as_i64().unwrap();
    let file = format!(
        "征集单号,到账金额,到账日期,付款户名,流水号\n{number},{}.{:02},{today},长沙星河制造有限公司,{number}\n",
        fen / 100,
        fen % 100
    );
    office
        .clerk
        .upload("/collection/bank-files", &format!("{number}.csv"), file.as_bytes())
        .await
        .ok();
}

/// The month's run: made by HR, reviewed and locked by another person.
pub async fn pay_wages(hr: &Person, payroll: &Person, month: &str) {
    let run = hr.post("/payroll/runs", json!({"month": month})).await.ok();
    let path = format!("/payroll/runs/{}", run["id"].as_str().unwrap());
    hr.wait_for(&path, "the run", |run| run["state"] == "draft").await;
    hr.post(&format!("{path}/submit"), json!({})).await.ok();
    payroll.post(&format!("{path}/lock"), json!({"opinion": "与考勤一致"})).await.ok();
}

/// The next waiting case of a business: passed by the clerk, approved by the reviewer.
pub async fn decide_next(office: &Office, business: &str) {
    let path = format!("/cases?box=all&business={business}&limit=100");
    let waiting = |case: &&Value| case["state"] == "in_compliance";
    let of = |body: &Value| body["items"].as_array().unwrap().iter().find(waiting).cloned();
    let body = office.clerk.wait_for(&path, business, |body| of(body).is_some()).await;
    let passed = office.clerk.act(&of(&body).unwrap(), "pass", json!([])).await.ok();
    if passed["case"]["state"] == "in_review" {
        office.reviewer.act(&passed["case"], "approve", json!([])).await.ok();
    }
}
