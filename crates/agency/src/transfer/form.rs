//! 信息表(一) and (二) from the books: pure.

use exchange::message::{AgencyParty, FormOne, FundNotice, InformationForm, Stretch as SentStretch, YearRow};
use policy::RuleBook;
use policy::account::AccountYear;
use policy::transfer::TransferMoney;
use standard::{Date, Finding, Insurance, Money, Month, MonthSet, Rate, RegionCode};

use super::Docket;
use crate::contribution::Stretch;

/// What the form is made of.
pub struct Source<'a> {
    /// The law: rates of the years.
    pub book: &'a RuleBook,
    /// The transfer, with its letter.
    pub docket: &'a Docket,
    /// The history that moves, oldest first.
    pub history: &'a [Stretch],
    /// What it is worth.
    pub money: &'a TransferMoney,
    /// The last employer here.
    pub employer_name: &'a str,
    /// The payee of the contact letter.
    pub payee: &'a AgencyParty,
    /// The payment's reference.
    pub reference: &'a str,
    /// 转移时间, also the day of issue and payment.
    pub on: Date,
}

/// The information form with its fund notice. Refuses `history_empty`.
pub fn information_form(source: &Source<'_>) -> Result<InformationForm, Finding> {
    let spans: MonthSet = source.history.iter().map(|stretch| (stretch.from, stretch.to)).collect();
    let here: MonthSet = source
        .history
        .iter()
        .filter(|stretch| stretch.origin == source.docket.region)
        .map(|stretch| (stretch.from, stretch.to))
        .collect();
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Err(Finding::blocking(
            "history_empty",
            "没有可转移的缴费月份",
            "There are no months to transfer",
        ));
    };
    let money = source.money;
    let account_began = Month::from_yyyymm(199_801)?;
    let form_one = FormOne {
        employer_name: source.employer_name.to_owned(),
        work_started_on: None,
        region_individual_payment_from: None,
        first_paid_month: first,
        account_opened_month: first.max(account_began),
        local_first_month: here.first().unwrap_or(first),
        local_last_month: here.last().unwrap_or(last),
        local_months: here.len(),
        transferred_on: source.on,
        before_1998_fen: money.before_1998,
        until_last_year_fen: money.to_last_year,
        this_year_fen: money.this_year,
        account_fen: money.account,
        pooled_fen: money.pooled,
        total_fen: money.total,
    };
    Ok(InformationForm {
        transfer_id: source.docket.transfer_id,
        form_one,
        form_two: money.detail.years.iter().map(|year| year_row(year, source)).collect(),
        fund_notice: FundNotice {
            amount_fen: money.total,
            account_fen: money.account,
            pooled_fen: money.pooled,
            payee: source.payee.clone(),
            reference: source.reference.to_owned(),
            paid_on: source.on,
        },
        history: source.history.iter().map(sent).collect(),
        issued_on: source.on,
        document: None,
    })
}

fn sent(stretch: &Stretch) -> SentStretch {
    SentStretch {
        from: stretch.from,
        to: stretch.to,
        base_fen: stretch.base,
        employer_name: stretch.employer_name.clone(),
    }
}

/// One year of 信息表(二). Own payments before 2006 are not told apart in the books: the whole credit is shown as own from
/// 2006 and as nothing before, with a remark.
fn year_row(year: &AccountYear, source: &Source<'_>) -> YearRow {
    let place = source
        .history
        .iter()
        .rev()
        .find(|stretch| stretch.from <= year.to && stretch.to >= year.from);
    let region: RegionCode = place.map_or(source.docket.region, |stretch| stretch.origin);
    let rules = source.book.loosely_at(region, year.to).ok();
    let pension = rules.as_ref().map(|rules| rules.insurance(Insurance::Pension));
    let employer_rate = pension.and_then(|pension| pension.employer.map(|rate| *rate.value));
    let employee_rate = pension.and_then(|pension| pension.employee.map(|rate| *rate.value));
    let own = year.credited_own.is_some();
    let part = |amount: Money| if own { amount } else { Money::ZERO };
    let interest = year.interest.unwrap_or(Money::ZERO);
    let mut remarks: Vec<&str> = Vec::new();
    if year.months == 0 {
        remarks.push("本年无缴费，仅计息");
    }
    if year.interest.is_none() && year.year != i32::from(source.on.year()) {
        remarks.push("记账利率未收录，未计息");
    }
    if !own {
        remarks.push("2006年前个人部分未分列");
    }
    if employer_rate.is_none() && year.months > 0 {
        remarks.push("单位比例未收录");
    }
    YearRow {
        region,
        region_name: region.name().to_owned(),
        year: year.year,
        from: year.from,
        to: year.to,
        months: year.months,
        base_fen: year.base_average,
        employer_rate: employer_rate.unwrap_or(Rate::ZERO),
        account_rate: year.account_rate,
        employee_rate: employee_rate.unwrap_or(year.account_rate),
        credited_fen: year.credited,
        credited_employee_fen: year.credited_own.unwrap_or(Money::ZERO),
        interest_fen: interest,
        interest_employee_fen: part(interest),
        balance_fen: year.balance,
        balance_employee_fen: part(year.balance),
        remark: remarks.join("；"),
    }
}

/// What must hold inside a form, whoever made it: ④ = ① + ② + ③, ⑥ = ④ + ⑤, the notice and the yearly rows agree, the
/// history is in order and covers the months said.
pub fn check(form: &InformationForm) -> Vec<Finding> {
    let one = &form.form_one;
    let mut found = Vec::new();
    let sum = |parts: &[Money]| Money::sum(parts.iter().copied()).ok();
    let mut differ = |holds: bool, field: &str, zh: &str, en: &str| {
        if !holds {
            found.push(
                Finding::blocking("amount_mismatch", zh, en)
                    .field(field)
                    .remedy("原参保地核对后重新发送信息表", "The old region must check and send the form again"),
            );
        }
    };
    let parts = [one.before_1998_fen, one.until_last_year_fen, one.this_year_fen];
    differ(
        parts.iter().all(|part| !part.is_negative()) && !one.pooled_fen.is_negative(),
        "form_one",
        "金额为负",
        "An amount is negative",
    );
    differ(
        sum(&parts) == Some(one.account_fen),
        "form_one.account_fen",
        "④不等于①+②+③",
        "④ is not ① + ② + ③",
    );
    differ(
        sum(&[one.account_fen, one.pooled_fen]) == Some(one.total_fen),
        "form_one.total_fen",
        "⑥不等于④+⑤",
        "⑥ is not ④ + ⑤",
    );
    let notice = &form.fund_notice;
    let agree = (notice.amount_fen, notice.account_fen, notice.pooled_fen) == (one.total_fen, one.account_fen, one.pooled_fen);
    differ(
        agree,
        "fund_notice",
        "付款通知与信息表金额不一致",
        "The fund notice and the form differ",
    );
    let credited = Money::sum(form.form_two.iter().flat_map(|row| [row.credited_fen, row.interest_fen])).ok();
    let since_1998 = sum(&[one.until_last_year_fen, one.this_year_fen]);
    differ(
        credited == since_1998,
        "form_two",
        "各年记账与利息之和不等于②+③",
        "The yearly rows do not add up to ② + ③",
    );
    let months: i64 = form.form_two.iter().map(|row| row.months).sum();
    let account_began = Month::from_yyyymm(199_801).unwrap_or(Month::MIN);
    let covered: MonthSet = form
        .history
        .iter()
        .filter(|s| s.to >= account_began)
        .map(|s| (s.from.max(account_began), s.to))
        .collect();
    if months != covered.len() || form.history.is_empty() || form.history.iter().any(|stretch| stretch.from > stretch.to) {
        found.push(
            Finding::blocking(
                "history_conflict",
                "缴费明细与年度行的月数不一致",
                "The months of the history and of the yearly rows differ",
            )
            .field("history")
            .remedy("原参保地核对后重新发送信息表", "The old region must check and send the form again"),
        );
    }
    found
}
