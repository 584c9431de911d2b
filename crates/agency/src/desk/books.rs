//! The books of one transfer: the parties, 信息表 and what moved in the ledger.

use control::clock;
use control::identity::{Actor, Permission};
use exchange::message::{DeclineKind, InformationForm, Reason, TransferDecline, YearRow};
use policy::RuleBook;
use serde::Serialize;
use standard::{Date, Money, Month, Rate, Refusal, RegionCode, RelationStatus, Text, Timestamp};
use store::{Db, Query, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::region_of;
use crate::enrolment::{AccountKind, Relation};
use crate::ledger::AccountKind as LedgerAccount;
use crate::transfer::{self, Docket};

/// One of the sums ①–⑥ of 信息表(一).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SumLine {
    /// Indicator code.
    pub key: String,
    /// Its line on the form.
    pub label: Text,
    /// Fen.
    pub amount_fen: Money,
}

/// One row of 信息表(二).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YearLine {
    /// 年度.
    pub year: i32,
    /// 地区名称.
    pub region_name: String,
    /// 开始年月.
    pub from: Month,
    /// 终止年月.
    pub to: Month,
    /// 月数.
    pub months: i64,
    /// 月缴费基数, fen.
    pub base_fen: Money,
    /// 单位比例.
    pub unit_rate: Rate,
    /// 个人比例.
    pub person_rate: Rate,
    /// 划入账户比例.
    pub account_rate: Rate,
    /// 当年记账金额, fen.
    pub credited_fen: Money,
    /// 当年记账利息, fen.
    pub interest_fen: Money,
    /// 年末累计储存额, fen.
    pub balance_fen: Money,
    /// 备注.
    pub note: String,
}

/// 信息表.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InformationView {
    /// ① to ⑥.
    pub lines: Vec<SumLine>,
    /// One row a year.
    pub years: Vec<YearLine>,
}

/// The relation that would move.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandingView {
    /// 参保状态.
    pub status: RelationStatus,
    /// Months paid, each once.
    pub months: i64,
    /// First of them.
    #[schema(value_type = Option<String>)]
    pub first_month: Option<Month>,
    /// Last of them.
    #[schema(value_type = Option<String>)]
    pub last_month: Option<Month>,
    /// Months paid twice.
    pub duplicates: i64,
    /// 欠费, fen.
    pub arrears_fen: Money,
    /// 临时缴费账户.
    pub temporary: bool,
    /// The last employer here.
    pub employer_name: String,
}

/// Why the other office would not go on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeclinedView {
    /// The other office's region.
    pub region_name: String,
    /// It may be tried again.
    pub returned: bool,
    /// Its reasons.
    pub reasons: Vec<DeclinedReason>,
}

/// One reason of the other office.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeclinedReason {
    /// Stable code.
    pub code: String,
    /// What is the matter.
    pub text: Text,
    /// What to do next.
    pub remedy: Option<Text>,
}

/// One line of a journal of this transfer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerLine {
    /// The journal.
    pub journal: Uuid,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `post`, `reserve`, `settle` or `void`.
    pub kind: String,
    /// Whose money.
    pub account: Text,
    /// Fen, debit positive.
    pub amount_fen: Money,
    /// `debit` or `credit`.
    pub side: &'static str,
}

/// A transfer as one of its two offices knows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TransferBooks)]
pub struct TransferDetail {
    /// The transfer.
    pub id: Uuid,
    /// `in` at the new region, `out` at the old one.
    pub side: String,
    /// Where it stands here.
    pub state: String,
    /// 原参保地.
    pub from_region: RegionCode,
    /// Its everyday name.
    pub from_region_name: String,
    /// 新参保地.
    pub to_region: RegionCode,
    /// Its everyday name.
    pub to_region_name: String,
    /// The employer that applied.
    pub employer_name: String,
    /// Its filing, 1 first.
    pub round: i64,
    /// ⑥ in fen; 0 until known.
    pub amount_fen: Money,
    /// Last day of the leg now running.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// 信息表, once made or received; before this office decides, as it would be made today.
    pub information: Option<InformationView>,
    /// `information` is not made yet.
    pub draft: bool,
    /// The relation here that would move, while this office has to decide.
    pub standing: Option<StandingView>,
    /// The other office's return or refusal.
    pub declined: Option<DeclinedView>,
    /// Every journal line of this transfer in this office's books, oldest first.
    pub ledger: Vec<LedgerLine>,
}

/// The books of a transfer of the actor's agency.
pub async fn transfer(actor: &Actor, db: &Db, book: &'static RuleBook, id: Uuid) -> Result<TransferDetail, Refusal> {
    actor.require(Permission::CaseView)?;
    let region = region_of(actor)?;
    let mut q = db.read();
    let docket = transfer::find(&mut q, db, region, id).await?.ok_or_else(|| {
        Refusal::not_found(
            "transfer_unknown",
            "本机构没有这笔转移业务。",
            "This agency knows no such transfer.",
        )
    })?;
    let standing = transfer::standing(&mut q, book, &docket, clock::today()).await?;
    let made = docket.information.as_ref();
    let expected = standing.as_ref().and_then(|standing| standing.information.as_ref());
    Ok(TransferDetail {
        id,
        side: docket.side.key().to_owned(),
        state: docket.state.key().to_owned(),
        from_region: docket.from_region,
        from_region_name: docket.from_region.name().to_owned(),
        to_region: docket.to_region,
        to_region_name: docket.to_region.name().to_owned(),
        employer_name: docket.application.employer.name.clone(),
        round: docket.round,
        amount_fen: docket.amount,
        due_on: docket.due_on,
        draft: made.is_none() && expected.is_some(),
        information: made.or(expected).map(information),
        standing: standing.as_ref().map(|standing| standing_view(&standing.relation)),
        declined: docket.declined.as_ref().map(|decline| declined_view(decline, &docket)),
        ledger: if actor.may(Permission::LedgerView) {
            ledger(&mut q, region, id).await?
        } else {
            Vec::new()
        },
    })
}

fn standing_view(relation: &Relation) -> StandingView {
    StandingView {
        status: relation.status,
        months: relation.spans.len(),
        first_month: relation.spans.first(),
        last_month: relation.spans.last(),
        duplicates: relation.duplicates,
        arrears_fen: relation.arrears,
        temporary: relation.account_kind == AccountKind::Temporary,
        employer_name: relation.employer_name.clone(),
    }
}

fn declined_view(decline: &TransferDecline, docket: &Docket) -> DeclinedView {
    let region = decline.by.region().unwrap_or(docket.region);
    let reason = |reason: &Reason| DeclinedReason {
        code: reason.code.clone(),
        text: Text::new(reason.text_zh.clone(), reason.text_en.clone()),
        remedy: reason
            .remedy_zh
            .as_ref()
            .map(|zh| Text::new(zh.clone(), reason.remedy_en.clone().unwrap_or_default())),
    };
    DeclinedView {
        region_name: region.name().to_owned(),
        returned: decline.kind == DeclineKind::Returned,
        reasons: decline.reasons.iter().map(reason).collect(),
    }
}

fn information(form: &InformationForm) -> InformationView {
    let one = &form.form_one;
    let line = |key: &str, zh: &str, en: &str, amount_fen: Money| SumLine {
        key: key.to_owned(),
        label: Text::new(zh, en),
        amount_fen,
    };
    InformationView {
        lines: vec![
            line(
                "AIC093",
                "① 1998年前个人缴费累计本息",
                "① own payments before 1998, with interest",
                one.before_1998_fen,
            ),
            line(
                "AIC089",
                "② 1998年至上年末个人账户累计储存额",
                "② account from 1998 to the end of last year",
                one.until_last_year_fen,
            ),
            line("AIC082", "③ 当年记账本金", "③ this year's principal", one.this_year_fen),
            line("AIC083", "④ 个人账户转移额（①+②+③）", "④ account moved (①+②+③)", one.account_fen),
            line("AIC084", "⑤ 统筹基金转移额", "⑤ pooled fund moved", one.pooled_fen),
            line("AIC102", "⑥ 转移基金总额（④+⑤）", "⑥ all that is moved (④+⑤)", one.total_fen),
        ],
        years: form.form_two.iter().map(year).collect(),
    }
}

fn year(row: &YearRow) -> YearLine {
    YearLine {
        year: row.year,
        region_name: row.region_name.clone(),
        from: row.from,
        to: row.to,
        months: row.months,
        base_fen: row.base_fen,
        unit_rate: row.employer_rate,
        person_rate: row.employee_rate,
        account_rate: row.account_rate,
        credited_fen: row.credited_fen,
        interest_fen: row.interest_fen,
        balance_fen: row.balance_fen,
        note: row.remark.clone(),
    }
}

/// Journals of a transfer carry its id in their posting key (`transfer:<id>:…`).
async fn ledger(q: &mut dyn Query, region: RegionCode, id: Uuid) -> Result<Vec<LedgerLine>, Refusal> {
    let from = crate::transfer::posting_prefix(id);
    // Every key of the prefix sorts below the prefix followed by the highest character.
    let to = format!("{from}\u{10ffff}");
    let rows = q
        .all(
            "SELECT j.journal_id, j.made_at, j.kind AS what, e.kind AS account, e.amount_fen
             FROM agency_journal j JOIN agency_entry e ON e.region = j.region AND e.journal_id = j.journal_id
             WHERE j.region = $1 AND j.posting_key >= $2 AND j.posting_key < $3
             ORDER BY j.made_at, j.journal_id, e.line",
            args![region, from, to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let amount_fen: Money = row.get("amount_fen")?;
            let account: String = row.get("account")?;
            Ok(LedgerLine {
                journal: row.get("journal_id")?,
                at: row.get("made_at")?,
                kind: row.get("what")?,
                account: account_name(&account),
                amount_fen,
                side: if amount_fen.fen() < 0 { "credit" } else { "debit" },
            })
        })
        .collect()
}

fn account_name(kind: &str) -> Text {
    LedgerAccount::parse(kind).map_or_else(|| Text::new(kind, kind), LedgerAccount::name)
}
