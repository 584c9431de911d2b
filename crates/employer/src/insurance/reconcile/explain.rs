//! Why three columns part: rules in order, the first that holds is the reason. Pure.

use serde::{Deserialize, Serialize};
use standard::{Insurance, Money, Text};
use utoipa::ToSchema;

use super::Difference;
use super::gather::{Person, Sheet};
use crate::insurance::amounts::Amounts;
use crate::insurance::bill::store::Bill;

/// One fen a side: what two roundings of the same amount can differ by.
const ROUNDING_FEN: i64 = 1;

/// A coded reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DifferenceReason)]
pub enum Reason {
    /// 分位取整: at most one fen a side.
    Rounding,
    /// 当月入职: not billed yet, or the month of entry counted otherwise.
    LateHire,
    /// 基数不一致.
    BaseMismatch,
    /// 未核定: declared (or to be declared), not on a bill.
    NotBilled,
    /// 申报未通过: the agency refused the line.
    RefusedLine,
    /// 未代扣: on the bill, not on the locked payroll.
    NotDeducted,
    /// 工资未锁定: no pay of the month is locked yet.
    PayrollNotLocked,
    /// 有核定无发薪: billed, neither employed nor paid here in the month.
    BilledNotOnPayroll,
    /// 政策变化: billed by the law of its day; by the law in force now it comes out otherwise.
    LawChanged,
    /// 政策未收录: the law of the region and month is not (all) encoded.
    LawNotEncoded,
    /// 费率不一致: same base, other rate.
    RateMismatch,
    /// 薪酬口径不一致: payroll booked by other figures than the bill.
    BookedOtherwise,
    /// 未缴费: an order with money open.
    Unpaid,
    /// 原因不明.
    Unexplained,
}

impl Reason {
    /// The word on screen.
    pub const fn zh(self) -> &'static str {
        match self {
            Reason::Rounding => "分位取整",
            Reason::LateHire => "当月入职",
            Reason::BaseMismatch => "基数不一致",
            Reason::NotBilled => "未核定",
            Reason::RefusedLine => "申报未通过",
            Reason::NotDeducted => "未代扣",
            Reason::PayrollNotLocked => "工资未锁定",
            Reason::BilledNotOnPayroll => "有核定无发薪",
            Reason::LawChanged => "政策变化",
            Reason::LawNotEncoded => "政策未收录",
            Reason::RateMismatch => "费率不一致",
            Reason::BookedOtherwise => "薪酬口径不一致",
            Reason::Unpaid => "未缴费",
            Reason::Unexplained => "原因不明",
        }
    }

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Reason::Rounding => "rounding",
            Reason::LateHire => "late_hire",
            Reason::BaseMismatch => "base_mismatch",
            Reason::NotBilled => "not_billed",
            Reason::RefusedLine => "refused_line",
            Reason::NotDeducted => "not_deducted",
            Reason::PayrollNotLocked => "payroll_not_locked",
            Reason::BilledNotOnPayroll => "billed_not_on_payroll",
            Reason::LawChanged => "law_changed",
            Reason::LawNotEncoded => "law_not_encoded",
            Reason::RateMismatch => "rate_mismatch",
            Reason::BookedOtherwise => "booked_otherwise",
            Reason::Unpaid => "unpaid",
            Reason::Unexplained => "unexplained",
        }
    }
}

/// The two sides and the base of one insurance in one column.
#[derive(Clone, Copy, PartialEq)]
struct Cell {
    base: Money,
    employer: Money,
    employee: Money,
}

impl Cell {
    fn of(column: &Amounts, insurance: Insurance) -> Cell {
        let at = insurance as usize;
        Cell {
            base: column.bases[at],
            employer: column.employer[at],
            employee: column.employee[at],
        }
    }

    fn money(self) -> (Money, Money) {
        (self.employer, self.employee)
    }

    fn is_nothing(self) -> bool {
        self.employer.is_zero() && self.employee.is_zero()
    }

    /// Both sides apart by rounding only.
    fn nearly(self, other: Cell) -> bool {
        let near = |a: Money, b: Money| (a.fen() - b.fen()).abs() <= ROUNDING_FEN;
        near(self.employer, other.employer) && near(self.employee, other.employee)
    }
}

/// The first reason that holds, in words with figures.
pub(super) fn explain(person: &Person, insurance: Insurance, sheet: &Sheet) -> (Reason, Text) {
    let policy = Cell::of(&person.policy, insurance);
    let billed = Cell::of(&person.billed, insurance);
    let booked = Cell::of(&person.booked, insurance);
    let reason = if policy.money() == billed.money() {
        bill_against_payroll(person, billed, booked, sheet)
    } else {
        law_against_bill(person, insurance, policy, billed, sheet)
    };
    (reason, words(reason, policy, billed, booked))
}

fn law_against_bill(person: &Person, insurance: Insurance, policy: Cell, billed: Cell, sheet: &Sheet) -> Reason {
    let refused = person.declared.as_ref().is_some_and(|declared| declared.state == "refused");
    if billed.is_nothing() {
        return match () {
            () if refused => Reason::RefusedLine,
            () if person.hired_within && person.declared.is_none() => Reason::LateHire,
            () if !person.on_bill || !sheet.is_billed(person.region) => Reason::NotBilled,
            () if person.law_missing => Reason::LawNotEncoded,
            () => Reason::NotBilled,
        };
    }
    if person.law_missing {
        return Reason::LawNotEncoded;
    }
    if policy.is_nothing() {
        return if person.hired_within {
            Reason::LateHire
        } else {
            Reason::BilledNotOnPayroll
        };
    }
    if policy.nearly(billed) {
        return Reason::Rounding;
    }
    let declared = person.declared.as_ref().map(|declared| Cell::of(&declared.amounts, insurance));
    if declared.is_some_and(|declared| declared.money() == billed.money()) {
        // Billed as declared: then either the wage has moved since, or the law.
        let same_wage = person.declared.as_ref().is_some_and(|declared| declared.wage == person.wage);
        return if same_wage { Reason::LawChanged } else { Reason::BaseMismatch };
    }
    if policy.base != billed.base {
        return Reason::BaseMismatch;
    }
    match person.hired_within {
        true => Reason::LateHire,
        false => Reason::RateMismatch,
    }
}

fn bill_against_payroll(person: &Person, billed: Cell, booked: Cell, sheet: &Sheet) -> Reason {
    if !sheet.payroll_locked {
        return Reason::PayrollNotLocked;
    }
    if booked.is_nothing() {
        return Reason::NotDeducted;
    }
    if billed.is_nothing() {
        return if person.on_bill || !person.employed {
            Reason::BookedOtherwise
        } else {
            Reason::NotBilled
        };
    }
    if billed.nearly(booked) {
        return Reason::Rounding;
    }
    if billed.base != booked.base {
        return Reason::BaseMismatch;
    }
    if person.hired_within {
        return Reason::LateHire;
    }
    Reason::BookedOtherwise
}

fn words(reason: Reason, policy: Cell, billed: Cell, booked: Cell) -> Text {
    let sum = |cell: Cell| format!("{}+{}", cell.employer, cell.employee);
    let (zh, en) = match reason {
        Reason::Rounding => (
            "同一金额两次取整，每方相差不超过 1 分".to_string(),
            "two roundings of one amount, at most one fen a side".to_string(),
        ),
        Reason::LateHire => (
            "当月入职：未及时申报，或入职当月的计缴规则不同".to_string(),
            "hired within the month: not declared in time, or the month of entry was counted otherwise".to_string(),
        ),
        Reason::BaseMismatch => (
            format!("基数：政策 {}，征集单 {}，工资 {}", policy.base, billed.base, booked.base),
            format!("bases: policy {}, bill {}, payroll {}", policy.base, billed.base, booked.base),
        ),
        Reason::NotBilled => ("应缴而未在征集单上".to_string(), "owed, but on no bill".to_string()),
        Reason::RefusedLine => (
            "申报行未通过经办机构审核，处理后补充申报".to_string(),
            "the agency refused the line; put it right and declare again".to_string(),
        ),
        Reason::NotDeducted => (
            "征集单有、已锁定的工资没有".to_string(),
            "on the bill, not on the locked payroll".to_string(),
        ),
        Reason::PayrollNotLocked => ("当月工资尚未锁定".to_string(), "no pay of the month is locked yet".to_string()),
        Reason::BilledNotOnPayroll => (
            "征集单有，但当月不在职或已停保；请核实并申请退费".to_string(),
            "billed, but not employed or already stopped; check it and claim it back".to_string(),
        ),
        Reason::LawChanged => (
            format!("核定时为 {}，按现行规定为 {}", sum(billed), sum(policy)),
            format!("{} by the law of its day, {} by the law in force now", sum(billed), sum(policy)),
        ),
        Reason::LawNotEncoded => (
            "该地区当月的政策没有（全部）收录".to_string(),
            "the law of the region and month is not (all) encoded".to_string(),
        ),
        Reason::RateMismatch => (
            format!("基数相同（{}），金额 政策 {}、征集单 {}", policy.base, sum(policy), sum(billed)),
            format!("same base {}, policy {}, bill {}", policy.base, sum(policy), sum(billed)),
        ),
        Reason::BookedOtherwise => (
            format!("征集单 {}，工资 {}", sum(billed), sum(booked)),
            format!("bill {}, payroll {}", sum(billed), sum(booked)),
        ),
        Reason::Unpaid => ("征集单尚未缴清".to_string(), "the order is not paid in full".to_string()),
        Reason::Unexplained => (
            format!("政策 {}，征集单 {}，工资 {}", sum(policy), sum(billed), sum(booked)),
            format!("policy {}, bill {}, payroll {}", sum(policy), sum(billed), sum(booked)),
        ),
    };
    Text::new(zh, en)
}

/// An order with money open.
pub(super) fn unpaid(bill: &Bill) -> Difference {
    Difference {
        person: bill.order_number.clone(),
        insurance: "all".to_string(),
        fen: bill.open,
        reason: Reason::Unpaid,
        key: bill.id.to_string(),
        employee_id: None,
        region: bill.region,
        policy_fen: bill.total,
        billed_fen: bill.total,
        deducted_fen: bill.paid,
        explanation: Text::new(
            format!("征集单 {} 尚欠 {} 元，{} 到期", bill.order_number, bill.open, bill.due_on),
            format!("{} is open on order {}, due on {}", bill.open, bill.order_number, bill.due_on),
        ),
        decision: None,
        note: None,
        decided_by: None,
        decided_at: None,
    }
}
