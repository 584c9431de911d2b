//! The employer itself: its name and contact as they stand on every application.

use serde::{Deserialize, Serialize};
use standard::{CreditCode, Rate, Refusal, RegionCode};
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

/// How a unit runs its months.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CompanySettings {
    /// Key of the industry template.
    pub industry: Option<String>,
    /// 工伤保险行业风险类别, 1 to 8.
    pub injury_class: Option<i32>,
    /// 住房公积金缴存比例 of each side; none: the unit pays none.
    #[schema(value_type = Option<String>)]
    pub housing_fund_rate: Option<Rate>,
    /// Whether payroll waits for the month's attendance.
    pub attendance_required: bool,
    /// 发薪日: day of the month after.
    pub pay_day: i64,
    /// 开户银行 wages are paid from.
    pub bank_name: Option<String>,
}

impl Default for CompanySettings {
    fn default() -> CompanySettings {
        CompanySettings {
            industry: None,
            injury_class: None,
            housing_fund_rate: None,
            attendance_required: false,
            pay_day: PAY_DAY,
            bank_name: None,
        }
    }
}

/// The day wages are paid where the unit set none.
const PAY_DAY: i64 = 15;

/// The unit's settings; a unit unknown here has the settings of a new one.
pub async fn settings(q: &mut impl Query, employer_id: Uuid) -> Result<CompanySettings, Refusal> {
    let row = q
        .optional(
            "SELECT industry, injury_class, housing_fund_rate_ppm, attendance_required, pay_day, bank_name
             FROM employer_company WHERE employer_id = $1",
            args![employer_id],
        )
        .await?;
    let Some(row) = row else { return Ok(CompanySettings::default()) };
    Ok(CompanySettings {
        industry: row.get("industry")?,
        injury_class: row.get::<Option<i64>>("injury_class")?.and_then(|class| i32::try_from(class).ok()),
        housing_fund_rate: row.get::<Option<i64>>("housing_fund_rate_ppm")?.map(Rate::from_ppm),
        attendance_required: row.get("attendance_required")?,
        pay_day: row.get("pay_day")?,
        bank_name: row.get("bank_name")?,
    })
}

/// Stores the settings as given; what HR types is checked before.
pub async fn put_settings(tx: &mut Tx, employer_id: Uuid, settings: &CompanySettings) -> Result<(), Refusal> {
    tx.execute(
        "UPDATE employer_company SET industry = $2, injury_class = $3, housing_fund_rate_ppm = $4, attendance_required = $5,
             pay_day = $6, bank_name = $7, version = version + 1 WHERE employer_id = $1",
        args![
            employer_id,
            &settings.industry,
            settings.injury_class.map(i64::from),
            settings.housing_fund_rate.map(Rate::ppm),
            settings.attendance_required,
            settings.pay_day,
            &settings.bank_name
        ],
    )
    .await?;
    Ok(())
}
