//! 记账凭证: a run as a balanced accounting entry. Costs by department on the debit side, what is owed to employees, funds and the tax
//! office on the credit side (企业会计准则第9号——职工薪酬).

use std::collections::BTreeMap;

use ::store::{Db, Query, args};
use control::audit;
use control::identity::{Actor, Permission};
use serde::Serialize;
use standard::{Money, MoneyOverflow, Month, Refusal};
use utoipa::ToSchema;
use uuid::Uuid;

use super::payout::{FileForm, csv_of, plain, xlsx_of};
use super::run::RunState;
use super::slip::Slip;
use super::store as rows;
use super::view;
use crate::employer_of;

/// One line of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PayAccountingLine)]
pub struct EntryLine {
    /// What is booked.
    pub summary: String,
    /// 会计科目.
    pub account: String,
    /// 部门, of costs.
    pub department: String,
    /// 借方.
    pub debit: Money,
    /// 贷方.
    pub credit: Money,
}

/// The entry of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayAccountingEntry)]
pub struct AccountingEntry {
    /// The month.
    pub month: Month,
    /// In order: costs, then what is owed, then what is withheld.
    pub lines: Vec<EntryLine>,
    /// Sum of the debit side, equal to that of the credit side.
    pub total: Money,
}

/// The account a department's pay is booked to unless the company said otherwise.
pub(super) fn usual_account(department: &str) -> &'static str {
    const BY_WORD: [(&str, &str); 9] = [
        ("生产", "生产成本"),
        ("车间", "生产成本"),
        ("制造", "生产成本"),
        ("装配", "生产成本"),
        ("销售", "销售费用"),
        ("市场", "销售费用"),
        ("门店", "销售费用"),
        ("研发", "研发支出"),
        ("施工", "工程施工"),
    ];
    BY_WORD
        .iter()
        .find(|(word, _)| department.contains(word))
        .map_or("管理费用", |(_, account)| account)
}

/// Sums of a department.
#[derive(Default, Clone, Copy)]
struct Costs {
    gross: Money,
    insurance: Money,
    fund: Money,
}

/// Puts the entry together. Every amount is booked once on each side, so it balances by construction; a test proves it for any amounts.
pub(super) fn entry<'a>(
    slips: impl Iterator<Item = (&'a str, &'a Slip)>,
    accounts: &BTreeMap<String, String>,
) -> Result<Vec<EntryLine>, MoneyOverflow> {
    let mut by_department: BTreeMap<(String, String), Costs> = BTreeMap::new();
    let (mut employee, mut employer, mut fund) = (Money::ZERO, Money::ZERO, Money::ZERO);
    let (mut tax, mut other, mut gross) = (Money::ZERO, Money::ZERO, Money::ZERO);
    for (department, slip) in slips {
        let account = accounts
            .get(department)
            .cloned()
            .unwrap_or_else(|| usual_account(department).to_owned());
        let costs = by_department.entry((account, department.to_owned())).or_default();
        let (their, ours) = (Money::sum(slip.employee)?, Money::sum(slip.employer)?);
        costs.gross = costs.gross.try_add(slip.gross.0)?;
        costs.insurance = costs.insurance.try_add(ours)?;
        costs.fund = costs.fund.try_add(slip.fund)?;
        gross = gross.try_add(slip.gross.0)?;
        employee = employee.try_add(their)?;
        employer = employer.try_add(ours)?;
        fund = fund.try_add(slip.fund)?;
        tax = tax.try_add(slip.tax)?.try_add(slip.bonus_tax)?;
        other = other.try_add(slip.other)?;
    }
    let mut lines = Vec::new();
    for ((account, department), costs) in &by_department {
        for (kind, amount) in [("工资", costs.gross), ("社会保险费", costs.insurance), ("住房公积金", costs.fund)] {
            push(&mut lines, "计提", &format!("{account}—{kind}"), department, amount, Money::ZERO);
        }
    }
    for (account, amount) in [
        ("应付职工薪酬—工资", gross),
        ("应付职工薪酬—社会保险费（单位）", employer),
        ("应付职工薪酬—住房公积金（单位）", fund),
    ] {
        push(&mut lines, "计提", account, "", Money::ZERO, amount);
    }
    let withheld = Money::sum([employee, fund, tax, other])?;
    push(&mut lines, "代扣", "应付职工薪酬—工资", "", withheld, Money::ZERO);
    for (account, amount) in [
        ("其他应付款—社会保险费（个人）", employee),
        ("其他应付款—住房公积金（个人）", fund),
        ("应交税费—应交个人所得税", tax),
        ("其他应付款—代扣款", other),
    ] {
        push(&mut lines, "代扣", account, "", Money::ZERO, amount);
    }
    Ok(lines)
}

fn push(lines: &mut Vec<EntryLine>, summary: &str, account: &str, department: &str, debit: Money, credit: Money) {
    if debit.is_zero() && credit.is_zero() {
        return;
    }
    lines.push(EntryLine {
        summary: summary.to_owned(),
        account: account.to_owned(),
        department: department.to_owned(),
        debit,
        credit,
    });
}

async fn accounts(q: &mut impl Query, employer_id: Uuid) -> Result<BTreeMap<String, String>, Refusal> {
    let rows = q
        .all(
            "SELECT department, account FROM employer_pay_account WHERE employer_id = $1",
            args![employer_id],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("department")?, row.get("account")?))).collect()
}

/// The accounting entry of a locked run.
pub async fn get(actor: &Actor, db: &Db, id: Uuid) -> Result<AccountingEntry, Refusal> {
    actor.require(Permission::PayrollView)?;
    let employer_id = employer_of(actor)?;
    let mut q = db.read();
    let run = rows::run(&mut q, employer_id, id).await?;
    run.require_state(RunState::Locked)?;
    let slips = view::slips_of(&mut q, employer_id, id).await?;
    let accounts = accounts(&mut q, employer_id).await?;
    let lines = entry(slips.iter().map(|row| (row.payee.department.as_str(), &row.slip)), &accounts)?;
    Ok(AccountingEntry {
        month: run.month,
        total: Money::sum(lines.iter().map(|line| line.debit))?,
        lines,
    })
}

/// The same as a file.
pub async fn file(actor: &Actor, db: &Db, id: Uuid, form: FileForm) -> Result<Vec<u8>, Refusal> {
    let entry = get(actor, db, id).await?;
    let mut tx = db.begin().await?;
    audit::access(&mut tx, actor, "payroll.accounting", "pay_run", id, "记账凭证").await?;
    tx.commit().await?;
    let rows: Vec<[String; 5]> = entry
        .lines
        .iter()
        .map(|line| {
            let shown = |amount: Money| if amount.is_zero() { String::new() } else { amount.to_yuan() };
            [
                format!("{} {}", entry.month, line.summary),
                line.account.clone(),
                plain(&line.department),
                shown(line.debit),
                shown(line.credit),
            ]
        })
        .collect();
    let head = ["摘要", "会计科目", "部门", "借方金额", "贷方金额"];
    match form {
        FileForm::Csv => csv_of(&head, &rows),
        FileForm::Xlsx => xlsx_of("记账凭证", &head, &rows),
    }
}

/// The people of a run as a table: 薪酬明细表.
pub async fn table(actor: &Actor, db: &Db, id: Uuid, form: FileForm) -> Result<Vec<u8>, Refusal> {
    actor.require(Permission::PayrollPrepare)?;
    actor.require(Permission::DataExport)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    rows::run(&mut tx, employer_id, id).await?;
    let slips = view::slips_of(&mut tx, employer_id, id).await?;
    audit::access(&mut tx, actor, "payroll.export", "pay_run", id, "薪酬明细表").await?;
    tx.commit().await?;
    let mut rows = Vec::with_capacity(slips.len());
    for row in &slips {
        let slip = &row.slip;
        let amounts = [
            slip.gross.0,
            Money::sum(slip.employee)?,
            slip.fund,
            slip.tax.try_add(slip.bonus_tax)?,
            slip.other,
            slip.net.0,
            Money::sum(slip.employer)?,
        ]
        .map(Money::to_yuan);
        let [gross, employee, fund, tax, other, net, employer] = amounts;
        let place = row.payee.region.name().to_owned();
        let number = row.payee.number.to_string();
        let (name, department) = (plain(&row.payee.name), plain(&row.payee.department));
        rows.push([number, name, department, place, gross, employee, fund, tax, other, net, employer]);
    }
    let head = [
        "工号",
        "姓名",
        "部门",
        "参保城市",
        "应发",
        "社保个人",
        "公积金个人",
        "个税",
        "其他扣款",
        "实发",
        "社保单位",
    ];
    match form {
        FileForm::Csv => csv_of(&head, &rows),
        FileForm::Xlsx => xlsx_of("薪酬明细", &head, &rows),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::super::{Gross, Net};
    use super::*;

    proptest! {
        #[test]
        fn any_run_balances(people in prop::collection::vec((prop::array::uniform5(0_i64..1_000_000), 0..3_usize), 0..20)) {
            let departments = ["生产一部", "综合部", "销售部"];
            let slips: Vec<(&str, Slip)> = people
                .iter()
                .map(|(fen, department)| {
                    let [gross, insured, ours, fund, tax] = fen.map(Money::from_fen);
                    let mut slip = Slip { gross: Gross(gross), fund, tax, ..Slip::default() };
                    (slip.employee[0], slip.employer[0]) = (insured, ours);
                    slip.net = Net(Money::from_fen(gross.fen() - insured.fen() - fund.fen() - tax.fen()));
                    (departments[*department], slip)
                })
                .collect();
            let lines = entry(slips.iter().map(|(department, slip)| (*department, slip)), &BTreeMap::new()).unwrap();
            let side = |of: fn(&EntryLine) -> Money| Money::sum(lines.iter().map(of)).unwrap();
            prop_assert_eq!(side(|line| line.debit), side(|line| line.credit));
            // What is left on 应付职工薪酬—工资 is the net pay.
            let wages = lines.iter().filter(|line| line.account == "应付职工薪酬—工资");
            let left: i64 = wages.map(|line| line.credit.fen() - line.debit.fen()).sum();
            prop_assert_eq!(left, slips.iter().map(|(_, slip)| slip.net.fen()).sum::<i64>());
        }
    }

    #[test]
    fn departments_have_their_usual_account() {
        assert_eq!(usual_account("生产部/一车间"), "生产成本");
        assert_eq!(usual_account("人力资源部"), "管理费用");
    }
}
