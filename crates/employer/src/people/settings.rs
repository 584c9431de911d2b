//! 单位设置: who the unit is, its industry, housing fund, pay day and the account wages are paid from.

use control::audit;
use control::identity::{Actor, Permission};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Month, Rate, Refusal};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::company::{self, Company, CompanySettings};
use super::industry::{self, Industry};
use super::store as rows;
use super::{bank, checks};
use crate::employer_of;

const TEXT_CHARS: usize = 120;
/// 发薪日 at the latest: a day every month has.
const PAY_DAY_LAST: i64 = 28;

/// The unit as its settings page shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompanyFile {
    /// Name, registration and contact.
    pub company: Company,
    /// How it runs its months.
    pub settings: CompanySettings,
    /// The template of its industry.
    pub industry: Option<Industry>,
    /// 付款账号 with its middle hidden.
    pub account_masked: Option<String>,
    /// For the next edit.
    pub version: i64,
    /// What the reader may do.
    pub allowed_actions: Vec<String>,
}

/// What HR changes. Absent fields stay; an empty text removes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct CompanyEdit {
    /// The version the change is based on.
    pub version: i64,
    /// 地址.
    #[serde(default)]
    pub address: Option<String>,
    /// 联系人.
    #[serde(default)]
    pub contact_name: Option<String>,
    /// 联系电话.
    #[serde(default)]
    pub contact_phone: Option<String>,
    /// Key of the industry template; it also sets the risk class unless one is given.
    #[serde(default)]
    pub industry: Option<String>,
    /// 工伤保险行业风险类别, as the agency determined it.
    #[serde(default)]
    pub injury_class: Option<i32>,
    /// 住房公积金缴存比例, a decimal or a percentage; empty: none is paid.
    #[serde(default)]
    pub housing_fund_rate: Option<String>,
    /// Whether payroll waits for the month's attendance.
    #[serde(default)]
    pub attendance_required: Option<bool>,
    /// 发薪日.
    #[serde(default)]
    pub pay_day: Option<i64>,
    /// 开户银行 wages are paid from.
    #[serde(default)]
    pub bank_name: Option<String>,
    /// 付款账号.
    #[serde(default)]
    pub account: Option<String>,
}

/// The unit.
pub async fn get(actor: &Actor, db: &Db) -> Result<CompanyFile, Refusal> {
    actor.require(Permission::EmployeeView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let company = company::get(&mut q, employer_id).await?;
    let settings = company::settings(&mut q, employer_id).await?;
    let row = q
        .one(
            "SELECT bank_account_masked, version FROM employer_company WHERE employer_id = $1",
            args![employer_id],
        )
        .await?;
    let industry = settings.industry.as_deref().and_then(industry::template).cloned();
    let edits = actor.may(Permission::EmployeeEdit);
    Ok(CompanyFile {
        company,
        settings,
        industry,
        account_masked: row.get("bank_account_masked")?,
        version: row.get("version")?,
        allowed_actions: if edits { vec!["edit".to_string()] } else { Vec::new() },
    })
}

/// Changes the unit, if nobody did meanwhile.
pub async fn edit(actor: &Actor, db: &Db, book: &RuleBook, edit: CompanyEdit, month: Month) -> Result<CompanyFile, Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:company")).await?;
    let mut company = company::get(&mut tx, employer_id).await?;
    let mut settings = company::settings(&mut tx, employer_id).await?;
    let before = json!({ "company": company, "settings": settings });
    let version: i64 = tx
        .one("SELECT version FROM employer_company WHERE employer_id = $1", args![employer_id])
        .await?
        .get("version")?;
    if version != edit.version {
        return Err(rows::stale());
    }
    let mut findings = contact(&mut company, &edit);
    findings.extend(months(&mut settings, &edit));
    if let Some(typed) = &edit.housing_fund_rate {
        match fund_rate(book, &company, typed, month) {
            Ok(rate) => settings.housing_fund_rate = rate,
            Err(finding) => findings.push(finding),
        }
    }
    let account = account(&settings, &edit, &mut findings);
    if !findings.is_empty() {
        return Err(Refusal::invalid_all(findings));
    }
    company::put(&mut tx, &company).await?;
    company::put_settings(&mut tx, employer_id, &settings).await?;
    if let Some(digits) = account {
        let kept = (!digits.is_empty()).then_some(digits);
        let sealed = kept
            .as_deref()
            .map(|digits| {
                db.cipher()
                    .seal_text("employer_company", "bank_account_sealed", employer_id, digits)
            })
            .transpose()?;
        tx.execute(
            "UPDATE employer_company SET bank_account_sealed = $2, bank_account_masked = $3 WHERE employer_id = $1",
            args![employer_id, sealed, kept.as_deref().map(bank::mask)],
        )
        .await?;
    }
    let after = json!({ "company": company, "settings": settings });
    audit::record(&mut tx, actor, "company.edit", "company", employer_id, Some(before), Some(after)).await?;
    tx.commit().await?;
    get(actor, db).await
}

fn contact(company: &mut Company, edit: &CompanyEdit) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (field, typed, place) in [
        ("address", &edit.address, &mut company.address),
        ("contact_name", &edit.contact_name, &mut company.contact_name),
    ] {
        let Some(text) = typed.as_deref().map(str::trim) else { continue };
        if text.is_empty() || text.chars().count() > TEXT_CHARS {
            findings.push(
                Finding::blocking(
                    "text_missing_or_long",
                    format!("请填写，不超过 {TEXT_CHARS} 个字"),
                    "fill it in, not too long",
                )
                .field(field),
            );
        } else {
            *place = text.to_string();
        }
    }
    if let Some(phone) = &edit.contact_phone {
        match checks::phone(phone) {
            // Kept as typed: a fixed line reads better with its dash.
            Ok(_) => company.contact_phone = phone.trim().to_string(),
            Err(finding) => findings.push(finding.field("contact_phone")),
        }
    }
    findings
}

fn months(settings: &mut CompanySettings, edit: &CompanyEdit) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(key) = edit.industry.as_deref() {
        match industry::template(key) {
            Some(industry) => {
                settings.injury_class = Some(industry.injury_class);
                settings.industry = Some(industry.key.clone());
            }
            None if key.is_empty() => settings.industry = None,
            None => findings.push(Finding::blocking("industry_unknown", "没有这种行业", "there is no such industry").field("industry")),
        }
    }
    if let Some(class) = edit.injury_class {
        if (1..=8).contains(&class) {
            settings.injury_class = Some(class);
        } else {
            findings.push(
                Finding::blocking("industry_class", "行业类别应为 1 到 8", "an industry class is 1 to 8")
                    .field("injury_class")
                    .remedy("请按社保经办机构核定的类别填写", "as the agency determined it"),
            );
        }
    }
    if let Some(day) = edit.pay_day {
        if (1..=PAY_DAY_LAST).contains(&day) {
            settings.pay_day = day;
        } else {
            findings.push(
                Finding::blocking(
                    "pay_day",
                    format!("发薪日应为 1 到 {PAY_DAY_LAST} 日"),
                    "the pay day is the 1st to the 28th",
                )
                .field("pay_day"),
            );
        }
    }
    settings.attendance_required = edit.attendance_required.unwrap_or(settings.attendance_required);
    if let Some(bank) = edit.bank_name.as_deref().map(str::trim) {
        if bank.chars().count() > TEXT_CHARS {
            findings.push(Finding::blocking("bank_unreadable", "开户银行名称过长", "the bank's name is too long").field("bank_name"));
        }
        settings.bank_name = (!bank.is_empty()).then(|| bank.to_string());
    }
    findings
}

/// 住房公积金管理条例第十八条 and the region's bounds.
fn fund_rate(book: &RuleBook, company: &Company, typed: &str, month: Month) -> Result<Option<Rate>, Finding> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let rate = Rate::parse(typed).map_err(|finding| finding.field("housing_fund_rate"))?;
    let rules = book.loosely_at(company.region, month)?;
    let limits = rules.housing_fund()?.value;
    if rate < limits.rate_min || rate > limits.rate_max {
        let (low, high) = (limits.rate_min.percent(), limits.rate_max.percent());
        return Err(Finding::blocking(
            "housing_fund_rate",
            format!("缴存比例应在 {low}—{high} 之间"),
            format!("the rate must be {low} to {high}"),
        )
        .field("housing_fund_rate")
        .remedy(format!("请在 {low}—{high} 之间选择"), format!("choose {low} to {high}")));
    }
    Ok(Some(rate))
}

fn account(settings: &CompanySettings, edit: &CompanyEdit, findings: &mut Vec<Finding>) -> Option<String> {
    let typed = edit.account.as_deref()?.trim();
    if typed.is_empty() {
        return Some(String::new());
    }
    // A unit's account is no card: any length is taken, and no check digit is asked for.
    match bank::weigh(settings.bank_name.as_deref().unwrap_or_default(), typed, true) {
        Ok(digits) => Some(digits),
        Err(finding) => {
            findings.push(finding);
            None
        }
    }
}

/// The account wages are paid from, opened for the bank file; the caller writes the access to the trail.
pub async fn paying_account(db: &Db, q: &mut impl Query, employer_id: Uuid) -> Result<Option<String>, Refusal> {
    let row = q
        .one(
            "SELECT bank_account_sealed FROM employer_company WHERE employer_id = $1",
            args![employer_id],
        )
        .await?;
    row.get::<Option<Vec<u8>>>("bank_account_sealed")?
        .map(|sealed| {
            db.cipher()
                .open_text("employer_company", "bank_account_sealed", employer_id, &sealed)
        })
        .transpose()
}
