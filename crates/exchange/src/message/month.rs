//! One month between an employer and the agency of a region: stop, declaration, bill, receipt, arrears, adjustment, refund.
//!
//! Every result names lines by the number the sender gave them, so that a refused line leads back to a cell or a person.

use std::fmt;

use serde::{Deserialize, Serialize};
use standard::{Date, IdNumber, Insurance, Money, Month, RegionCode, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{EmployerParty, OfficeRef, Reason, SignedDocument};

/// How many lines one message may carry; a larger employer files several parts.
pub const MONTH_LINES_MAX: usize = 10_000;

/// What became of something filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilingOutcome {
    /// In effect; single lines may be refused all the same.
    Accepted,
    /// To be corrected and filed again.
    Returned,
    /// Not possible.
    Refused,
}

/// A line that did not take effect, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    /// The sender's number of the line.
    pub line: u32,
    /// Coded reasons with remedy.
    pub reasons: Vec<Reason>,
}

/// Why an employee leaves the roll (减员原因; national code AAE160 in the comments).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// 辞职.
    Resigned,
    /// 解除或终止劳动合同.
    Dismissed,
    /// 合同期满.
    ContractEnded,
    /// 退休.
    Retired,
    /// 死亡.
    Died,
    /// 跨地区调动.
    Moved,
    /// 其他中断缴费.
    Other,
}

/// One person to be stopped. Debug shows no ID number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopLine {
    /// Number of the line, from 1.
    pub line: u32,
    /// AAC002.
    pub id_number: IdNumber,
    /// AAC003.
    pub name: String,
    /// Which insurances stop.
    pub insurances: Vec<Insurance>,
    /// The last month this employer pays.
    pub last_month: Month,
    /// Why.
    pub reason: StopReason,
    /// 离职日期.
    pub left_on: Date,
}

/// Employer → agency: 停保申报 (减员).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopApplication {
    /// Names the application.
    pub stop_id: Uuid,
    /// Rises with every filing of the same application.
    pub round: u32,
    /// Who files.
    pub employer: EmployerParty,
    /// Where.
    pub region: RegionCode,
    /// Who is stopped.
    pub lines: Vec<StopLine>,
    /// When it was filed.
    pub filed_on: Date,
}

/// Agency → employer: what became of the stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopResult {
    /// Of the application.
    pub stop_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// What became of it.
    pub outcome: FilingOutcome,
    /// Lines that took no effect.
    #[serde(default)]
    pub refused: Vec<RefusedLine>,
    /// Who decided.
    pub office: OfficeRef,
    /// Why it was returned or refused as a whole.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// When.
    pub at: Timestamp,
}

/// One person of a declaration. Debug shows no ID number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationLine {
    /// Number of the line, from 1.
    pub line: u32,
    /// AAC002.
    pub id_number: IdNumber,
    /// AAC003.
    pub name: String,
    /// Which insurances are paid.
    pub insurances: Vec<Insurance>,
    /// 申报工资: the monthly wage the base is taken from, before floor and ceiling. The agency limits it.
    pub wage_fen: Money,
    /// When hired within the month declared; the region's entry-month rule then counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hired_on: Option<Date>,
}

/// Employer → agency: 缴费工资申报 of one month.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Names the declaration.
    pub declaration_id: Uuid,
    /// Rises with every filing of the same declaration.
    pub round: u32,
    /// Part number from 1, of `parts`: a large employer files several, each a declaration of its own.
    pub part: u32,
    /// How many parts.
    pub parts: u32,
    /// Who files.
    pub employer: EmployerParty,
    /// Where.
    pub region: RegionCode,
    /// 费款所属期.
    pub month: Month,
    /// 工伤行业类别 1–8; nothing takes the region's own rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry_class: Option<i32>,
    /// The people.
    pub lines: Vec<DeclarationLine>,
    /// What the employer expects to pay, both sides, fen; a difference is a finding, never a refusal.
    pub expected_fen: Money,
    /// When it was filed.
    pub filed_on: Date,
}

/// Agency → employer: what became of the declaration. The bill follows as [`CollectionOrder`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationResult {
    /// Of the declaration.
    pub declaration_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// 费款所属期.
    pub month: Month,
    /// What became of it.
    pub outcome: FilingOutcome,
    /// Lines that took no effect.
    #[serde(default)]
    pub refused: Vec<RefusedLine>,
    /// Who decided.
    pub office: OfficeRef,
    /// Why it was returned or refused as a whole.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// When.
    pub at: Timestamp,
}

/// What an order collects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// 正常应缴 of the month.
    Regular,
    /// 补缴 of past months.
    Back,
    /// 退费 of past months: money goes to the employer.
    Refund,
    /// 未申报核定: what an undeclared month comes to above its people's lines (社会保险法第六十二条). It has no lines, and is
    /// settled once the month is declared.
    Undeclared,
}

/// One insurance of one person and one month on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// The insurance.
    pub insurance: Insurance,
    /// 缴费基数 after floor and ceiling.
    pub base_fen: Money,
    /// 单位应缴.
    pub employer_fen: Money,
    /// 个人应缴.
    pub employee_fen: Money,
}

/// One person and one month on an order. Debug shows no ID number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// AAC002.
    pub id_number: IdNumber,
    /// AAC003.
    pub name: String,
    /// AAC001 个人编号.
    pub person_number: String,
    /// 费款所属期; differs from the order's for back payments and refunds.
    pub month: Month,
    /// 申报工资 the agency assessed by, before floor and ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wage_fen: Option<Money>,
    /// What each insurance costs.
    pub items: Vec<OrderItem>,
}

/// Agency → employer: 核定单 and 征集单 in one; the bill.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionOrder {
    /// Names the order.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// What it collects.
    pub kind: OrderKind,
    /// Who pays.
    pub employer_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// 费款所属期 (the newest of a back payment).
    pub month: Month,
    /// What it answers: a declaration or an adjustment; nothing when the region was assessed as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing_id: Option<Uuid>,
    /// Person by person.
    pub lines: Vec<OrderLine>,
    /// Part number from 1, of `parts`: lines above [`MONTH_LINES_MAX`] follow in further parts.
    pub part: u32,
    /// How many parts.
    pub parts: u32,
    /// Total of the whole order, both sides, fen.
    pub total_fen: Money,
    /// Issued on.
    pub issued_on: Date,
    /// 缴费截止日; late fee runs from the next day.
    pub due_on: Date,
    /// Where it can be paid online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_url: Option<String>,
    /// Who issued it.
    pub office: OfficeRef,
    /// The sealed document, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
}

/// Agency → employer: an order is void (作废). Nothing is owed on it any more; money that came towards it waits in 暂收款.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// Where.
    pub region: RegionCode,
    /// Why, in the agency's words.
    pub reason: String,
    /// Who cancelled it.
    pub office: OfficeRef,
    /// When.
    pub at: Timestamp,
}

/// Agency → employer: the sealed 征集单. It follows its order once it is typeset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDocument {
    /// The order.
    pub order_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// Who sealed it.
    pub office: OfficeRef,
    /// The document.
    pub document: SignedDocument,
    /// When it was sealed.
    pub at: Timestamp,
}

/// Agency → employer: 缴费回执. Money was received and posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReceipt {
    /// Of the order.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// Where.
    pub region: RegionCode,
    /// The agency's number of the payment.
    pub payment_number: String,
    /// Paid towards contributions by this payment, fen.
    pub paid_fen: Money,
    /// Paid as late fee (滞纳金) by this payment, fen.
    pub late_fee_fen: Money,
    /// Received above what was due and kept as 暂收款, fen.
    pub suspense_fen: Money,
    /// Still open on the order after it, fen.
    pub open_fen: Money,
    /// By which way: `online` or `bank`.
    pub way: String,
    /// Received on.
    pub paid_on: Date,
    /// Posted to funds and personal accounts.
    pub at: Timestamp,
    /// Who posted it.
    pub office: OfficeRef,
    /// The sealed receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
}

/// Agency → employer: 催缴通知. An order is past its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsNotice {
    /// Of the order.
    pub order_id: Uuid,
    /// 征集单号.
    pub order_number: String,
    /// Where.
    pub region: RegionCode,
    /// Still open, fen.
    pub open_fen: Money,
    /// Days late, counted to `as_of`.
    pub days_late: i64,
    /// 滞纳金 up to `as_of`, fen.
    pub late_fee_fen: Money,
    /// Counted to this day.
    pub as_of: Date,
    /// Who reminds.
    pub office: OfficeRef,
}

/// One person, month and insurance whose amount is to be put right. Debug shows no ID number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentLine {
    /// Number of the line, from 1.
    pub line: u32,
    /// AAC002.
    pub id_number: IdNumber,
    /// AAC003.
    pub name: String,
    /// 费款所属期.
    pub month: Month,
    /// The insurance.
    pub insurance: Insurance,
    /// 申报工资 that should have counted, before floor and ceiling.
    pub wage_fen: Money,
    /// What the employer expects to pay more (or get back, negative), employer's side, fen.
    pub employer_fen: Money,
    /// The same for the employee's side, fen.
    pub employee_fen: Money,
}

/// Why an adjustment is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentReason {
    /// A rate, limit or base of law changed for past months.
    LawChanged,
    /// The wage declared was wrong.
    WageCorrected,
    /// A month was not declared.
    Omitted,
    /// A month was paid without duty (left before).
    NotOwed,
}

/// Employer → agency: 补缴 or 退费 of past months. Lines of both signs may stand in one application.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentApplication {
    /// Names the application.
    pub adjustment_id: Uuid,
    /// Rises with every filing of the same application.
    pub round: u32,
    /// Who files.
    pub employer: EmployerParty,
    /// Where.
    pub region: RegionCode,
    /// Why.
    pub reason: AdjustmentReason,
    /// In words, for the reviewer.
    pub note: String,
    /// The lines.
    pub lines: Vec<AdjustmentLine>,
    /// When it was filed.
    pub filed_on: Date,
}

/// Agency → employer: what became of the adjustment. A [`CollectionOrder`] of kind `back` or `refund` follows for what it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentResult {
    /// Of the application.
    pub adjustment_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// What became of it.
    pub outcome: FilingOutcome,
    /// Lines that took no effect.
    #[serde(default)]
    pub refused: Vec<RefusedLine>,
    /// To pay, fen.
    pub back_fen: Money,
    /// To get back, fen.
    pub refund_fen: Money,
    /// Who decided.
    pub office: OfficeRef,
    /// Why it was returned or refused as a whole.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// When.
    pub at: Timestamp,
}

/// Agency → employer: money went back (退费).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundNotice {
    /// The refund order, or the order whose surplus is returned.
    pub order_id: Uuid,
    /// Where.
    pub region: RegionCode,
    /// Paid back, fen.
    pub amount_fen: Money,
    /// From 暂收款 (`suspense`) or from an adjustment (`adjustment`).
    pub from: String,
    /// Paid on.
    pub paid_on: Date,
    /// Who paid.
    pub office: OfficeRef,
    /// When.
    pub at: Timestamp,
}

macro_rules! silent_debug {
    ($($type:ident { $($field:ident),* })+) => {
        $(impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        })+
    };
}

silent_debug! {
    StopLine { line }
    StopApplication { stop_id, region }
    DeclarationLine { line }
    Declaration { declaration_id, region, month, part }
    OrderLine { month }
    CollectionOrder { order_id, region, month, kind, part }
    AdjustmentLine { line, month, insurance }
    AdjustmentApplication { adjustment_id, region }
}
