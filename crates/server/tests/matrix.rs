//! Every operation of the interface by every role. What is not written here is denied: a new operation fails this test until
//! its line says who may use it. And every denial stands in the trail of the organisation.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use support::{Data, On, Person};

/// One letter a login: M manager, C clerk, F finance, R payroll reviewer and E employee of an employer; c clerk, r reviewer and s supervisor of an agency; P the platform.
const LOGINS: [(char, &str); 9] = [
    ('M', "hr_manager"),
    ('C', "hr_clerk"),
    ('F', "finance"),
    ('R', "payroll"),
    ('E', "employee"),
    ('c', "cs_clerk"),
    ('r', "cs_reviewer"),
    ('s', "cs_supervisor"),
    ('P', "platform"),
];

/// Who is let in (each then meets the refusals of the matter itself). `*`: also without a session.
const ADMITTED: &str = "
delete /attendance/groups/{id} M
delete /employees/{id}/documents/{document} M
delete /views/{id} MCR
get /adjustments/{id}/lines M
get /agency/assessment-runs crs
get /agency/assessment-runs/{id} crs
get /agency/assessment-runs/{id}/employers crs
get /agency/declarations/template.csv c
get /agency/home crs
get /agency/persons/{id} crs
get /agency/transfers/{id} crs
get /agency/units crs
get /agency/units/{id} crs
get /agency/units/{id}/roll crs
get /attendance MCR
get /attendance/closing MCR
get /attendance/employees/{id} MCR
get /attendance/employees/{id}/balances MCR
get /attendance/imports MCR
get /attendance/requests MCR
get /attendance/schedule MCR
get /attendance/settings MCR
get /audit MsP
get /bases/adjustments M
get /bills MFR
get /bills/template.xlsx M
get /bills/{id} MFR
get /bills/{id}/documents/{document} MFR
get /calculations MCFREcrsP
get /captcha *MCFREcrsP
get /cases crs
get /cases/{id} crs
get /cases/{id}/documents crs
get /cases/{id}/documents/{document} crs
get /cases/{id}/lines crs
get /cases/{id}/preview crs
get /cases/{id}/transfer crs
get /changes MCFREcrsP
get /collection/arrears crs
get /collection/bank-files crs
get /collection/bank-files/{id} crs
get /collection/bank-files/{id}/download c
get /collection/gateway-days crs
get /collection/orders crs
get /collection/orders/{id} crs
get /collection/orders/{id}/documents/{document} crs
get /collection/orders/{id}/people crs
get /collection/pay/{code} *MCFREcrsP
get /collection/refunds crs
get /collection/suspense crs
get /company MCR
get /contacts MCcrsP
get /contracts/expiring MCR
get /deadlines MC
get /declarations MC
get /declarations/{id} MC
get /declarations/{id}/export.xlsx M
get /departments MCR
get /employee-duplicates MCR
get /employee-merges MCR
get /employees MCR
get /employees.xlsx M
get /employees/{id} MCR
get /employees/{id}/bases MC
get /employees/{id}/documents/{document} M
get /employees/{id}/enrolments MC
get /employees/{id}/file MCR
get /employer/home MCFR
get /industries MCR
get /insurance-exports/joiners.xlsx M
get /insurance-months MCFR
get /insurance-months/{month} MCFR
get /insurance-tasks MC
get /law MCFRcrsP
get /me/attendance E
get /me/payslips E
get /me/payslips/{run} E
get /me/payslips/{run}/payslip.pdf E
get /me/requests E
get /me/today E
get /notices MCFREcrsP
get /payroll/accounts MR
get /payroll/components MR
get /payroll/entries/{month} MR
get /payroll/openings/{year} MR
get /payroll/runs MR
get /payroll/runs/{id} MR
get /payroll/runs/{id}/accounting MR
get /payroll/runs/{id}/accounting/{file} MR
get /payroll/runs/{id}/bank/{file} M
get /payroll/runs/{id}/payout M
get /payroll/runs/{id}/payslips MR
get /payroll/runs/{id}/payslips/{employee} MR
get /payroll/runs/{id}/payslips/{employee}/payslip.pdf MR
get /payroll/runs/{id}/table/{file} M
get /recalculations MC
get /recalculations/{id} M
get /reconciliations/{month} MFR
get /reconciliations/{month}/decisions MFR
get /review/opinions crs
get /review/reasons crs
get /rosters M
get /rosters/template.xlsx M
get /rosters/{id} M
get /rosters/{id}/errors.xlsx M
get /rosters/{id}/result.xlsx M
get /stops MC
get /stops/{id} MC
get /stops/{id}/export.xlsx M
get /transfers MC
get /transfers/{id} MC
get /transfers/{id}/application.pdf MC
get /transfers/{id}/documents/{document} M
get /verifications/{code} *MCFREcrsP
get /views MCR
patch /company M
patch /departments M
patch /employees/{id} M
patch /employees/{id}/terms M
patch /stops/{id} M
post /adjustments/{id}/file M
post /agency/assessment-runs s
post /agency/assessment-runs/{id}/cancel s
post /agency/declarations c
post /agency/declarations/file c
post /agency/enrolments c
post /agency/enrolments/check c
post /agency/persons/search crs
post /agency/persons/{id}/reveal crs
post /attendance/closing M
post /attendance/closing/reopen M
post /attendance/corrections M
post /attendance/grants M
post /attendance/groups M
post /attendance/imports M
post /attendance/requests M
post /attendance/requests/{id}/approve M
post /attendance/requests/{id}/refuse M
post /attendance/requests/{id}/revoke M
post /attendance/requests/{id}/withdraw ME
post /bases M
post /bases/adjustments M
post /bills/bank-file MFR
post /bills/import M
post /bills/{id}/pay MFR
post /calculations/{kind} MCFREcrsP
post /cases/{id}/approve rs
post /cases/{id}/pass c
post /cases/{id}/recheck crs
post /cases/{id}/refuse crs
post /cases/{id}/release crs
post /cases/{id}/return crs
post /cases/{id}/reverse s
post /cases/{id}/submit c
post /cases/{id}/take crs
post /cases/{id}/withdraw c
post /collection/bank-files c
post /collection/bank-files/export c
post /collection/callbacks/gateway *MCFREcrsP
post /collection/gateway-days c
post /collection/orders/{id}/cancel s
post /collection/pay/{code} *MCFREcrsP
post /collection/refunds c
post /collection/refunds/{id}/paid c
post /collection/suspense/{id}/match c
post /declarations M
post /declarations/{id}/file M
post /departments M
post /departments/remove M
post /employee-changes M
post /employee-changes/errors.xlsx M
post /employee-changes/import M
post /employee-changes/preview M
post /employee-duplicates/distinct M
post /employee-merges M
post /employee-merges/{id}/undo M
post /employees M
post /employees/{id}/bank-account M
post /employees/{id}/contracts M
post /employees/{id}/contracts/{document}/end M
post /employees/{id}/deductions M
post /employees/{id}/deductions/{document}/end M
post /employees/{id}/documents M
post /employees/{id}/enrolment M
post /employees/{id}/leave M
post /employees/{id}/leave/revoke M
post /employees/{id}/login M
post /employees/{id}/positions M
post /employees/{id}/rehire M
post /employees/{id}/reveal M
post /employees/{id}/status M
post /employees/{id}/wages M
post /insurance-tasks/sweep M
post /me/clock E
post /me/requests E
post /notices/read MCFREcrsP
post /notices/{id}/read MCFREcrsP
post /payroll/components/check MR
post /payroll/components/try M
post /payroll/runs M
post /payroll/runs/{id}/discard M
post /payroll/runs/{id}/lock R
post /payroll/runs/{id}/return R
post /payroll/runs/{id}/submit M
post /recalculations M
post /recalculations/{id}/cancel M
post /recalculations/{id}/propose M
post /reconciliations/{month}/decisions M
post /rosters M
post /rosters/{id}/accept M
post /rosters/{id}/retry M
post /rosters/{id}/transfers M
post /status-queries M
post /stops M
post /stops/{id}/file M
post /transfers M
post /transfers/{id}/confirm M
post /transfers/{id}/file M
post /transfers/{id}/sign M
post /transfers/{id}/withdraw M
post /verifications/{code} *MCFREcrsP
post /views MCR
post /wage-checks M
put /attendance/days M
put /attendance/groups/{id} M
put /attendance/members M
put /attendance/schedule M
put /cases/{id}/form c
put /payroll/accounts M
put /payroll/components M
put /payroll/entries/{month} M
put /payroll/openings/{year} M
put /transfers/{id}/form M
";

/// The operations that begin and end sessions have tests of their own.
fn is_about_sessions(path: &str) -> bool {
    path.contains("/sessions")
}

/// The smallest value a schema takes.
fn sample(schemas: &Value, schema: &Value, name: &str) -> Value {
    match name {
        "region" | "from_region" => return json!("420100"),
        "insurance" => return json!("pension"),
        "month" | "from_month" | "to_month" => return json!("2026-11"),
        _ => {}
    }
    if let Some(target) = schema["$ref"].as_str() {
        return sample(schemas, &schemas[target.rsplit('/').next().unwrap()], name);
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[key].as_array() {
            return sample(schemas, choices.iter().find(|choice| choice["type"] != "null").unwrap(), name);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap(),
        kind => kind,
    };
    match kind.as_str().unwrap_or("object") {
        "string" => match schema["format"].as_str() {
            Some("date") => json!("2026-11-21"),
            Some("uuid") => json!(uuid::Uuid::nil()),
            _ => json!("x"),
        },
        "integer" | "number" => json!(999_999),
        "boolean" => json!(false),
        "array" => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().map(|field| field.as_str().unwrap());
            Value::Object(
                fields
                    .map(|field| (field.to_owned(), sample(schemas, &schema["properties"][field], field)))
                    .collect::<Map<_, _>>(),
            )
        }
    }
}

/// One operation as it is tried.
struct Try {
    name: String,
    method: String,
    path: String,
    body: Option<Value>,
    uploads: bool,
}

fn operations(document: &Value) -> Vec<Try> {
    let schemas = &document["components"]["schemas"];
    let mut tries = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let short = path.strip_prefix("/api/v1").unwrap();
        for (method, operation) in methods.as_object().unwrap() {
            if is_about_sessions(short) {
                continue;
            }
            let nil = uuid::Uuid::nil().to_string();
            let mut address = short
                .replace("{id}", &nil)
                .replace("{document}", &nil)
                .replace("{employee}", &nil)
                .replace("{run}", &nil)
                .replace("{month}", "2026-09")
                .replace("{year}", "2026")
                .replace("{file}", "file.csv")
                .replace("{kind}", "contribution")
                .replace("{month}", "2026-10")
                .replace("{year}", "2026")
                .replace("{employee}", &nil)
                .replace("{run}", &nil)
                .replace("{code}", "ABCD");
            let query: Vec<String> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
                .map(|parameter| {
                    let name = parameter["name"].as_str().unwrap();
                    let value = sample(schemas, &parameter["schema"], name);
                    format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                })
                .collect();
            if !query.is_empty() {
                address = format!("{address}?{}", query.join("&"));
            }
            let content = operation["requestBody"]["content"].as_object();
            let uploads = content.is_some_and(|content| content.contains_key("multipart/form-data"));
            let body = content
                .and_then(|content| content.get("application/json"))
                .map(|json| sample(schemas, &json["schema"], ""));
            tries.push(Try {
                name: format!("{method} {short}"),
                method: method.to_uppercase(),
                path: address,
                body,
                uploads,
            });
        }
    }
    tries
}

async fn status(person: &Person, operation: &Try) -> (u16, String) {
    let answer = if operation.uploads {
        person.upload(&operation.path, "a.csv", b"x").await
    } else {
        person
            .try_send(&operation.method, &operation.path, operation.body.as_ref(), None)
            .await
            .unwrap()
    };
    assert!(answer.status < 500, "{}: {answer:?}", operation.name);
    let rule = answer.body["rule"].as_str().unwrap_or_default().to_owned();
    assert!(
        answer.status < 400 || !rule.is_empty(),
        "{}: every refusal names its rule: {answer:?}",
        operation.name
    );
    (answer.status, rule)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_by_every_role() {
    let folder = tempfile::tempdir().unwrap();
    let server = Data::demo(folder.path(), On::Sqlite, 0).await.serve().await;
    let admitted: BTreeMap<&str, &str> = ADMITTED
        .lines()
        .filter_map(|line| line.trim().rsplit_once(' '))
        .map(|(operation, who)| (operation.trim(), who))
        .collect();
    let nobody = Person::with_cookie(&server, "");
    let mut people = Vec::new();
    for (letter, login) in LOGINS {
        people.push((letter, Person::sign_in(&server, login).await));
    }
    let document = nobody.get("/openapi.json").await.ok();
    let mut found = BTreeMap::new();
    let mut denials = BTreeMap::new();
    for operation in operations(&document) {
        let (code, _) = status(&nobody, &operation).await;
        let mut who = if code == 401 { String::new() } else { "*".to_owned() };
        for (letter, person) in &people {
            let (code, rule) = status(person, &operation).await;
            assert_ne!(code, 401, "{letter} is signed in: {} {rule}", operation.name);
            if code == 403 {
                *denials.entry(*letter).or_insert(0_usize) += 1;
            } else {
                who.push(*letter);
            }
        }
        found.insert(operation.name, who);
    }
    let expected: BTreeMap<String, String> = admitted
        .iter()
        .map(|(operation, who)| ((*operation).to_owned(), (*who).to_owned()))
        .collect();
    let wrong: Vec<String> = found
        .iter()
        .filter(|(operation, who)| expected.get(*operation) != Some(who))
        .map(|(operation, who)| format!("{operation} {who}"))
        .collect();
    assert!(wrong.is_empty(), "who may, in truth:\n{}", wrong.join("\n"));
    assert_eq!(found.len(), expected.len(), "the table names an operation that is gone");
    trail(&people, &denials).await;
}

/// Every manager reads each denial of the own organisation, and of no other.
async fn trail(people: &[(char, Person)], denials: &BTreeMap<char, usize>) {
    for (manager, members) in [('M', "MCFRE"), ('s', "crs"), ('P', "P")] {
        let person = &people.iter().find(|(letter, _)| *letter == manager).unwrap().1;
        let expected: usize = members.chars().map(|letter| denials[&letter]).sum();
        let mut seen = 0;
        let mut cursor = String::new();
        loop {
            let page = person.get(&format!("/audit?denied=true&limit=200{cursor}")).await.ok();
            seen += page["items"].as_array().unwrap().len();
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected, "denials {manager} reads");
    }
}
