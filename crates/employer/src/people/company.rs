//! The employer itself: its name and contact as they stand on every application.

use serde::{Deserialize, Serialize};
use standard::{CreditCode, Refusal, RegionCode};
use store::{Query, Tx, args};
use utoipa::ToSchema;
use uuid::Uuid;

/// 用人单位.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Company {
    /// Key of the organisation.
    pub employer_id: Uuid,
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: CreditCode,
    /// Where the unit is registered for social insurance.
    pub region: RegionCode,
    /// 地址.
    pub address: String,
    /// 联系人.
    pub contact_name: String,
    /// 联系电话.
    pub contact_phone: String,
}

/// Reads the company.
pub async fn get(q: &mut impl Query, employer_id: Uuid) -> Result<Company, Refusal> {
    let row = q
        .optional("SELECT * FROM employer_company WHERE employer_id = $1", args![employer_id])
        .await?
        .ok_or_else(|| Refusal::not_found("employer_not_found", "没有找到该单位", "no such employer"))?;
    let code: String = row.get("credit_code")?;
    Ok(Company {
        employer_id,
        name: row.get("name")?,
        credit_code: CreditCode::parse(&code)?,
        region: row.get("region")?,
        address: row.get("address")?,
        contact_name: row.get("contact_name")?,
        contact_phone: row.get("contact_phone")?,
    })
}

/// Every employer kept here, oldest first; for jobs that go over all of them.
pub async fn ids(q: &mut impl Query) -> Result<Vec<Uuid>, Refusal> {
    let rows = q
        .all("SELECT employer_id FROM employer_company ORDER BY created_at, employer_id", args![])
        .await?;
    rows.iter().map(|row| row.get("employer_id")).collect()
}

/// Stores the company, replacing what was there.
pub async fn put(tx: &mut Tx, company: &Company) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO employer_company (employer_id, name, credit_code, region, address, contact_name, contact_phone, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (employer_id) DO UPDATE SET name = excluded.name, credit_code = excluded.credit_code,
             region = excluded.region, address = excluded.address,
             contact_name = excluded.contact_name, contact_phone = excluded.contact_phone",
        args![
            company.employer_id,
            company.name,
            company.credit_code.to_string(),
            company.region,
            company.address,
            company.contact_name,
            company.contact_phone,
            control::clock::now()
        ],
    )
    .await?;
    Ok(())
}
