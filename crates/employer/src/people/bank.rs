//! 工资卡: the account an employee's wage is paid to. Sealed at rest, masked on screen, revealed with a trace.

use control::identity::{Actor, Permission};
use control::{audit, clock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Refusal, Timestamp};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store as rows;
use crate::employer_of;

const TABLE: &str = "employer_bank_account";
/// 借记卡 numbers have 16 to 19 digits and a check digit (ISO/IEC 7812); passbook accounts have other lengths and none.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 16..=19;
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 9..=30;
const BANK_CHARS: usize = 60;

/// First digits of debit cards of the large banks. A card of another bank is taken as typed.
const CARD_PREFIXES: [(&str, &[&str]); 14] = [
    ("工商银行", &["622200", "622202", "622203", "622208", "621225", "621226", "621227"]),
    ("农业银行", &["622841", "622843", "622845", "622846", "622848", "622849"]),
    ("中国银行", &["621660", "621661", "621663", "621665", "621667", "621668", "601382"]),
    ("建设银行", &["621700", "622700", "436742", "621081"]),
    ("交通银行", &["622258", "622260", "622261", "622262"]),
    ("邮政储蓄银行", &["621098", "621095", "621096", "622150", "622151", "622188"]),
    ("招商银行", &["622580", "622588", "622598", "622609", "621485", "621486"]),
    ("中信银行", &["622690", "622691", "622692", "622696", "622698"]),
    ("光大银行", &["622660", "622662", "622663", "622664", "622665"]),
    ("民生银行", &["622615", "622616", "622617", "622618", "622622"]),
    ("兴业银行", &["622908", "622909"]),
    ("浦发银行", &["622516", "622517", "622518", "622521", "622522"]),
    ("平安银行", &["622155", "622156", "622298"]),
    ("华夏银行", &["622630", "622631", "622632", "622633"]),
];

/// An account to be entered.
#[derive(Clone, Deserialize, ToSchema)]
pub struct NewAccount {
    /// 开户银行.
    pub bank_name: String,
    /// 开户支行.
    #[serde(default)]
    pub branch: Option<String>,
    /// 银行账号.
    pub account: String,
    /// The reader has seen that the card seems to be of another bank.
    #[serde(default)]
    pub confirmed: bool,
}

/// An account as shown.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = BankAccountView)]
pub struct AccountView {
    /// 开户银行.
    pub bank_name: String,
    /// 开户支行.
    pub branch: Option<String>,
    /// 银行账号 with its middle hidden.
    pub account_masked: String,
    /// Who entered it.
    pub entered_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Timestamp,
}

/// The accounts an employee has had, the present one first.
pub(crate) async fn list(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid) -> Result<Vec<AccountView>, Refusal> {
    let rows = q
        .all(
            "SELECT bank_name, branch, account_masked, entered_name, entered_at FROM employer_bank_account
             WHERE employer_id = $1 AND employee_id = $2 ORDER BY seq DESC",
            args![employer_id, employee_id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(AccountView {
                bank_name: row.get("bank_name")?,
                branch: row.get("branch")?,
                account_masked: row.get("account_masked")?,
                entered_name: row.get("entered_name")?,
                entered_at: row.get("entered_at")?,
            })
        })
        .collect()
}

/// The check digit of ISO/IEC 7812 (Luhn).
pub fn luhn(digits: &str) -> bool {
    let mut sum = 0_u32;
    for (at, digit) in digits.bytes().rev().enumerate() {
        let Some(value) = char::from(digit).to_digit(10) else {
            return false;
        };
        let doubled = if at % 2 == 1 { value * 2 } else { value };
        sum += doubled / 10 + doubled % 10;
    }
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// An account number as kept, or what is wrong with it.
pub fn weigh(bank_name: &str, account: &str, confirmed: bool) -> Result<String, Finding> {
    let digits: String = standard::half_width(account).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if !ACCOUNT_DIGITS.contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Finding::blocking(
            "account_unreadable",
            "银行账号应为 9 至 30 位数字",
            "an account number has 9 to 30 digits",
        )
        .field("account")
        .remedy("请按银行卡卡面填写", "copy it from the card"));
    }
    if CARD_DIGITS.contains(&digits.len()) && !luhn(&digits) {
        return Err(Finding::blocking(
            "account_check_digit",
            "银行卡号校验位不符",
            "the check digit of the card number is wrong",
        )
        .field("account")
        .remedy("请逐位核对卡号", "compare it digit by digit"));
    }
    let of = CARD_PREFIXES
        .iter()
        .find(|(_, prefixes)| prefixes.iter().any(|prefix| digits.starts_with(prefix)));
    if let Some((bank, _)) = of
        && CARD_DIGITS.contains(&digits.len())
        && !confirmed
        && !bank_name.contains(bank.trim_end_matches("银行"))
    {
        return Err(Finding::blocking(
            "account_of_other_bank",
            format!("该卡号像是{bank}的卡，与开户银行“{bank_name}”不一致"),
            format!("the number looks like a card of {bank}, not of {bank_name}"),
        )
        .field("bank_name")
        .remedy("请核对开户银行；确认无误后可继续保存", "check the bank; save again to confirm")
        .action("confirm"));
    }
    Ok(digits)
}

/// All but the last four digits hidden.
pub fn mask(account: &str) -> String {
    let tail = account.len().saturating_sub(4);
    format!("{}{}", "*".repeat(tail.min(12)), account.get(tail..).unwrap_or_default())
}

/// Sets the account; the former one stays in the history.
pub async fn set(actor: &Actor, db: &Db, employee_id: Uuid, new: NewAccount) -> Result<(), Refusal> {
    actor.require(Permission::EmployeeEdit)?;
    let employer_id = employer_of(actor)?;
    let bank_name = new.bank_name.trim().to_string();
    let branch = new.branch.map(|text| text.trim().to_string()).filter(|text| !text.is_empty());
    let too_long = |text: &str| text.chars().count() > BANK_CHARS;
    if bank_name.is_empty() || too_long(&bank_name) || branch.as_deref().is_some_and(too_long) {
        return Err(Refusal::invalid(
            Finding::blocking(
                "bank_unreadable",
                "请填写开户银行，不超过 60 个字",
                "name the bank, at most 60 characters",
            )
            .field("bank_name"),
        ));
    }
    let digits = weigh(&bank_name, &new.account, new.confirmed)?;
    let sealed = db.cipher().seal_text(TABLE, "account_sealed", employee_id, &digits)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("employer:{employer_id}:people")).await?;
    rows::get(&mut tx, employer_id, employee_id).await?;
    let before = list(&mut tx, employer_id, employee_id).await?;
    tx.execute(
        "INSERT INTO employer_bank_account (employer_id, employee_id, seq, bank_name, branch, account_sealed, account_masked,
             entered_by, entered_name, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            employer_id,
            employee_id,
            before.len() as i64 + 1,
            &bank_name,
            branch,
            sealed,
            mask(&digits),
            actor.user_id,
            &actor.name,
            clock::now()
        ],
    )
    .await?;
    let was = before
        .first()
        .map(|one| json!({ "bank_name": one.bank_name, "account": one.account_masked }));
    let after = json!({ "bank_name": bank_name, "account": mask(&digits) });
    audit::record(&mut tx, actor, "employee.bank_account", "employee", employee_id, was, Some(after)).await?;
    tx.commit().await
}

/// The account in the open; audited, with the reader's purpose.
pub async fn reveal(actor: &Actor, db: &Db, employee_id: Uuid, purpose: &str) -> Result<String, Refusal> {
    actor.require(Permission::RevealSensitive)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    rows::get(&mut tx, employer_id, employee_id).await?;
    let accounts = open_all(&mut tx, employer_id, &[employee_id]).await?;
    let Some((_, account)) = accounts.into_iter().next() else {
        return Err(Refusal::not_found(
            "account_not_found",
            "该员工还没有登记银行账号",
            "the employee has no account yet",
        ));
    };
    audit::access(&mut tx, actor, "employee.reveal_account", "employee", employee_id, purpose).await?;
    tx.commit().await?;
    Ok(account.account)
}

/// An account in the open, for the bank file.
#[derive(Clone)]
pub struct OpenAccount {
    /// 开户银行.
    pub bank_name: String,
    /// 开户支行.
    pub branch: Option<String>,
    /// 银行账号.
    pub account: String,
}

/// The present accounts of these employees, opened; whoever has none is left out. The caller writes the access to the trail.
pub async fn open_all(
    tx: &mut store::Tx,
    employer_id: Uuid,
    employees: &[Uuid],
) -> Result<std::collections::BTreeMap<Uuid, OpenAccount>, Refusal> {
    let db = tx.db().clone();
    let mut open = std::collections::BTreeMap::new();
    for part in employees.chunks(30_000) {
        let mut bound = args![employer_id];
        bound.extend(part.iter().copied());
        let sql = format!(
            "SELECT employee_id, bank_name, branch, account_sealed FROM employer_bank_account
             WHERE employer_id = $1 AND employee_id IN {} ORDER BY employee_id, seq",
            store::in_list(part.len(), 2)
        );
        for row in tx.all(&sql, bound).await? {
            let id: Uuid = row.get("employee_id")?;
            let sealed: Vec<u8> = row.get("account_sealed")?;
            let account = OpenAccount {
                bank_name: row.get("bank_name")?,
                branch: row.get("branch")?,
                account: db.cipher().open_text(TABLE, "account_sealed", id, &sealed)?,
            };
            // Rows come oldest first: the last one stays.
            open.insert(id, account);
        }
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn card_numbers_are_weighed() {
        let rule = |bank: &str, account: &str, sure: bool| weigh(bank, account, sure).map_err(|finding| finding.rule);
        assert_eq!(
            rule("中国工商银行", "6222 0212 3456 7890 128", false),
            Ok("6222021234567890128".into())
        );
        assert_eq!(
            rule("中国工商银行", "6222021234567890129", false),
            Err("account_check_digit".into())
        );
        assert_eq!(rule("招商银行", "6222021234567890128", false), Err("account_of_other_bank".into()));
        assert!(rule("招商银行", "6222021234567890128", true).is_ok());
        assert!(
            rule("长沙银行", "800123456789", false).is_ok(),
            "a passbook account has no check digit"
        );
        assert_eq!(rule("长沙银行", "80012345a789", false), Err("account_unreadable".into()));
        assert_eq!(mask("6222021234567890128"), "************0128");
    }
}
