//! The old region's check before it lets go (转出预检): pure, every rule named.

use exchange::message::TransferApplication;
use policy::transfer::within_one_province;
use standard::{Finding, RelationStatus};

use crate::enrolment::{AccountKind, Person, Relation};
use crate::status::folded;

/// What the old region knows when it checks.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What was applied for.
    pub application: &'a TransferApplication,
    /// The person's record here.
    pub person: Option<&'a Person>,
    /// The pension relation here.
    pub relation: Option<&'a Relation>,
    /// Whether the relation left with an earlier transfer.
    pub moved_away: bool,
    /// Whether another transfer of the same relation is under way here.
    pub other_open: bool,
    /// What the books hold in the personal account beyond what the history is worth, fen.
    pub account_surplus_fen: i64,
    /// Years whose interest rate is not encoded: those earn no interest in the form.
    pub years_without_rate: &'a [i32],
}

/// Every obstacle, in this order: no record, another name, no relation, retired, moved away, ended, still paid, temporary
/// account, one province, another transfer, arrears, duplicate rows, lump back payment, no months, account surplus.
/// Warnings follow.
pub fn preflight(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(person), Some(relation)) = (facts.person, facts.relation) else {
        return vec![no_relation()];
    };
    let application = facts.application;
    let mut found = Vec::new();
    let mut check = |holds: bool, finding: fn() -> Finding| {
        if holds {
            found.push(finding());
        }
    };
    check(folded(&person.name) != folded(&application.person.name), identity_mismatch);
    check(person.retired, retired);
    check(facts.moved_away, already_transferred);
    check(relation.status == RelationStatus::Terminated && !facts.moved_away, relation_ended);
    check(relation.status == RelationStatus::Active, relation_active);
    check(relation.account_kind == AccountKind::Temporary, temporary_account);
    check(within_one_province(application.from_region, application.to_region), same_province);
    check(facts.other_open, transfer_open);
    check(relation.arrears.fen() > 0, arrears);
    check(relation.duplicates > 0, history_conflict);
    check(relation.lump_months > 36, lump_back_payment);
    check(relation.spans.is_empty(), history_empty);
    check(facts.account_surplus_fen > 0, account_surplus);
    found.extend(policy::account::interest_finding(facts.years_without_rate));
    found
}

fn no_relation() -> Finding {
    Finding::blocking(
        "no_relation",
        "本地没有该人员的养老保险关系",
        "This region has no pension relation of the person",
    )
    .remedy("请核对原参保地后重新申请", "Check the former region and apply again")
}

fn identity_mismatch() -> Finding {
    Finding::blocking(
        "identity_mismatch",
        "姓名与本地参保记录不一致",
        "The name differs from the record here",
    )
    .field("person.name")
    .remedy(
        "核对身份证原件后更正并重新提交",
        "Check against the ID card, correct and submit again",
    )
}

fn retired() -> Finding {
    Finding::blocking(
        "retired",
        "已按月领取基本养老保险待遇，不再转移（国办发〔2009〕66号第二条）",
        "A pension is drawn; no transfer (No. 66, art. 2)",
    )
    .remedy("无需办理转移", "No transfer is needed")
}

fn already_transferred() -> Finding {
    Finding::blocking(
        "already_transferred",
        "该关系已办结转移",
        "The relation has already been transferred",
    )
    .remedy("请在新参保地查询缴费记录", "Look up the record in the new region")
}

fn relation_ended() -> Finding {
    Finding::blocking(
        "relation_ended",
        "该参保关系已终止，没有可转移的关系",
        "The relation has ended; there is nothing to transfer",
    )
    .remedy("请向原参保地核实终止原因", "Ask the old region why it ended")
}

fn relation_active() -> Finding {
    Finding::blocking("relation_active", "仍在正常缴费，未停保", "Contributions still run here")
        .remedy(
            "请原单位先办理停保，停保次月再申请",
            "Have the former employer stop the insurance, then apply again",
        )
        .who("former_employer")
}

fn temporary_account() -> Finding {
    Finding::blocking(
        "temporary_account",
        "临时基本养老保险缴费账户不能转移（国办发〔2009〕66号第五条）",
        "A temporary account is not transferred (No. 66, art. 5)",
    )
    .remedy(
        "待达到待遇领取条件时归集到待遇领取地",
        "It is consolidated where the pension will be drawn",
    )
}

fn same_province() -> Finding {
    Finding::blocking(
        "same_province",
        "省级统筹范围内流动不转移基金",
        "No money moves within a province that pools provincially",
    )
    .remedy("在新参保地直接续保", "Continue directly in the new region")
}

fn transfer_open() -> Finding {
    Finding::blocking(
        "transfer_already_open",
        "该关系另有一笔转移正在办理",
        "Another transfer of this relation is under way",
    )
    .remedy("请等待前一笔办结或撤回", "Wait for the other to end or withdraw it")
}

fn arrears() -> Finding {
    Finding::blocking("arrears", "存在养老保险欠费", "There are arrears")
        .remedy("由原单位或本人补缴欠费后重新申请", "Have the arrears paid, then apply again")
        .who("former_employer")
}

fn history_conflict() -> Finding {
    Finding::blocking(
        "history_conflict",
        "缴费记录有重复月份，需先合并",
        "Months are recorded twice and must be merged first",
    )
    .remedy("由本地经办机构合并重复缴费记录", "This region must merge the duplicate rows")
    .who("agency")
}

fn lump_back_payment() -> Finding {
    Finding::blocking(
        "lump_back_payment",
        "一次性补缴超过3年且无法定依据，不能转移",
        "A lump back payment of over three years without a legal basis is not transferred",
    )
    .remedy("请提供补缴的法律文书后重新申请", "Supply the legal documents of the back payment")
}

fn history_empty() -> Finding {
    Finding::blocking("history_empty", "没有可转移的缴费月份", "There are no months to transfer")
}

fn account_surplus() -> Finding {
    Finding::blocking(
        "account_differs_from_history",
        "个人账户余额大于按缴费记录核算的金额",
        "The personal account holds more than the history is worth",
    )
    .remedy(
        "请先核对个人账户记账明细并更正",
        "Check the account's postings and correct them first",
    )
    .who("agency")
}
