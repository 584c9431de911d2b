//! The business `refund`: proposed by one person, checked by a second, approved by a third; the money is then promised.

use ::store::Tx;
use async_trait::async_trait;
use control::identity::{Actor, Field, Permission};
use control::review::{self, Business, Case, Effect, Form, NewCase, Reason, Registry, Section, Subject, ViewField};
use serde_json::json;
use standard::{Date, Finding, Money, Refusal, RegionCode, Text};
use uuid::Uuid;

use super::{Filed, RefundForm, RefundSource, store};
use crate::collection::order::{self, OrderKind, OrderState};
use crate::collection::suspense::{self, SuspenseState};
use crate::enrolment::next_number;
use crate::ledger::{self, Account, AccountKind, Entry, Journal, SUSPENSE_FUND};

/// Key of the business.
pub const REFUND: &str = "refund";

/// The business `refund`.
pub struct Refund;

/// Proposes a refund: a case is drafted and submitted, and the amount is set aside until it is decided.
pub async fn propose(actor: &Actor, tx: &mut Tx, registry: &Registry, form: RefundForm) -> Result<Case, Refusal> {
    actor.require(Permission::PaymentRegister)?;
    let region = crate::collection::region_of(actor)?;
    let filed = filed(tx, region, form).await?;
    let new = NewCase {
        business: REFUND.to_owned(),
        subject: Subject {
            name: filed.form.payee_name.clone(),
            id_masked: None,
            person: None,
        },
        form: serde_json::to_value(&filed).map_err(|error| Refusal::internal(error.to_string()))?,
        before: None,
    };
    let case = review::draft(actor, tx, registry, new).await?;
    let case = review::submit(actor, tx, registry, case.id, case.version).await?;
    hold(tx, &filed, Some(case.id)).await?;
    Ok(case)
}

/// What the books say of the source; refused unless it can go back now.
async fn filed(tx: &mut Tx, region: RegionCode, form: RefundForm) -> Result<Filed, Refusal> {
    if let Some(finding) = findings_of(&form).into_iter().next() {
        return Err(Refusal::invalid(finding));
    }
    let (employer_id, order_number, amount_fen) = match form.source {
        RefundSource::Suspense => {
            tx.lock(&format!("suspense:{region}:{}", form.source_id)).await?;
            let held = suspense::get(tx, region, form.source_id).await?;
            suspense::matching::require_open(&held)?;
            (held.employer_id, held.order_number, held.left)
        }
        RefundSource::Order => {
            let order = order::get(tx, region, form.source_id).await?;
            if order.kind != OrderKind::Refund || order.state != OrderState::Open {
                return Err(Refusal::conflict(
                    "order_not_refundable",
                    "只有待支付的退费单可以退费。",
                    "Only a refund order that is open can be paid back.",
                ));
            }
            (order.employer_id, order.order_number, order.total)
        }
    };
    Ok(Filed {
        region,
        form,
        employer_id,
        order_number,
        amount_fen,
    })
}

fn findings_of(form: &RefundForm) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut wrong = |field: &str, ok: bool, zh: &str, en: &str| {
        if !ok {
            findings.push(Finding::blocking(format!("refund_{field}_invalid"), zh, en).field(field));
        }
    };
    let length = |text: &str| text.trim().chars().count();
    wrong(
        "payee_name",
        (1..=100).contains(&length(&form.payee_name)),
        "收款户名须填写（100字以内）",
        "The payee's name has 1–100 characters",
    );
    wrong(
        "bank_name",
        (1..=100).contains(&length(&form.bank_name)),
        "开户银行须填写（100字以内）",
        "The bank's name has 1–100 characters",
    );
    let digits = form.account.chars().all(|c| c.is_ascii_digit());
    wrong(
        "account",
        digits && (8..=32).contains(&form.account.len()),
        "银行账号为8–32位数字",
        "An account has 8–32 digits",
    );
    wrong(
        "reason",
        (1..=500).contains(&length(&form.reason)),
        "退费原因须填写（500字以内）",
        "The reason has 1–500 characters",
    );
    findings
}

fn read(form: &Form) -> Result<Filed, Refusal> {
    serde_json::from_value(form.clone()).map_err(|error| Refusal::internal(format!("a refund does not read: {error}")))
}

/// Sets the amount in suspense aside for a case, or frees it.
async fn hold(tx: &mut Tx, filed: &Filed, case_id: Option<Uuid>) -> Result<(), Refusal> {
    if filed.form.source == RefundSource::Suspense {
        let mut held = suspense::get(tx, filed.region, filed.form.source_id).await?;
        if matches!(held.state, SuspenseState::Open | SuspenseState::Refunding) {
            held.state = if case_id.is_some() {
                SuspenseState::Refunding
            } else {
                SuspenseState::Open
            };
            held.case_id = case_id;
            suspense::store::save(tx, &held).await?;
        }
    }
    Ok(())
}

/// Promises the money: 借 暂收款, 贷 应退. A refund order promised when it was opened.
async fn promise(tx: &mut Tx, actor: &Actor, case: &Case, filed: &Filed) -> Result<(), Refusal> {
    let refuse_changed = || {
        Refusal::conflict(
            "refund_amount_changed",
            "待退金额已变化，请退回重新申请。",
            "The amount has changed since; return the case and propose it anew.",
        )
    };
    match filed.form.source {
        RefundSource::Suspense => {
            let mut held = suspense::get(tx, filed.region, filed.form.source_id).await?;
            if held.case_id != Some(case.id) || held.left != filed.amount_fen {
                return Err(refuse_changed());
            }
            let journal = Journal {
                region: filed.region,
                posting_key: format!("refund:{}:approved", case.id),
                reason: ledger::Reason::RefundApproved,
                entries: vec![
                    Entry::decrease(Account::suspense(held.employer_id), held.left),
                    Entry::increase(
                        Account::of_employer(SUSPENSE_FUND, AccountKind::RefundPayable, held.employer_id),
                        held.left,
                    ),
                ],
                corrects: None,
            };
            ledger::post_many(tx, actor, filed.region, &[journal]).await?;
            held.left = Money::ZERO;
            held.state = SuspenseState::Refunded;
            suspense::store::save(tx, &held).await
        }
        RefundSource::Order => {
            let order = order::get(tx, filed.region, filed.form.source_id).await?;
            if order.state != OrderState::Open || order.total != filed.amount_fen {
                return Err(refuse_changed());
            }
            order::store::event(tx, &order, "refund_approved", &actor.name, Some(order.total), "").await
        }
    }
}

#[async_trait]
impl Business for Refund {
    fn key(&self) -> &'static str {
        REFUND
    }

    fn name(&self) -> Text {
        Text::new("退费", "Refund")
    }

    fn accuracy(&self, form: &Form, _today: Date) -> Vec<Finding> {
        match serde_json::from_value::<RefundForm>(form.clone()) {
            Ok(form) => findings_of(&form),
            Err(_) => vec![Finding::blocking(
                "form_unreadable",
                "退费申请内容无法读取",
                "The refund cannot be read",
            )],
        }
    }

    async fn effect(&self, tx: &mut Tx, case: &Case, actor: &Actor) -> Result<Effect, Refusal> {
        let filed = read(&case.form)?;
        promise(tx, actor, case, &filed).await?;
        let number = next_number(tx, filed.region, "refund", 1).await?;
        let number = format!("TF{}{number:08}", filed.region.number());
        let refund_id = store::insert(tx, &filed, case.id, &number).await?;
        Ok(Effect {
            result: json!({ "refund_id": refund_id, "refund_number": number, "amount_fen": filed.amount_fen }),
        })
    }

    async fn returned(&self, tx: &mut Tx, case: &Case, _reasons: &[Reason], last: bool) -> Result<(), Refusal> {
        if last {
            hold(tx, &read(&case.form)?, None).await?;
        }
        Ok(())
    }

    async fn withdrawn(&self, tx: &mut Tx, case: &Case) -> Result<(), Refusal> {
        hold(tx, &read(&case.form)?, None).await
    }

    fn view(&self, case: &Case) -> Vec<Section> {
        let Ok(filed) = read(&case.form) else { return Vec::new() };
        let source = match filed.form.source {
            RefundSource::Suspense => "暂收款",
            RefundSource::Order => "退费单",
        };
        let tail: String = filed
            .form
            .account
            .chars()
            .skip(filed.form.account.len().saturating_sub(4))
            .collect();
        let line = |key: &str, zh: &str, en: &str, value: String| ViewField::new(key, Text::new(zh, en), value);
        vec![Section {
            title: Text::new("退费申请", "Refund"),
            fields: vec![
                line("source", "资金来源", "From", source.to_owned()),
                line("order_number", "征集单号", "Order", filed.order_number),
                line("amount", "退费金额（元）", "Amount (yuan)", filed.amount_fen.to_yuan()),
                line("payee_name", "收款户名", "Payee", filed.form.payee_name),
                line("bank_name", "开户银行", "Bank", filed.form.bank_name),
                line("account", "银行账号", "Account", format!("****{tail}")).sensitive(Field::BankAccount),
                line("reason", "退费原因", "Reason", filed.form.reason),
            ],
        }]
    }
}
