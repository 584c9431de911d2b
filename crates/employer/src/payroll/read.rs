//! What other parts of the employer read of locked pay: the month's contributions and the yearly average. A difference run is
//! added to what it corrects.

use std::collections::BTreeMap;

use standard::{Insurance, Money, Month, Refusal, RegionCode, Rounding};
use store::{Query, Row, args};
use uuid::Uuid;

use super::{Gross, Net};

/// What was paid to one person for one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// Whom.
    pub employee_id: Uuid,
    /// Where insured.
    pub region: RegionCode,
    /// 应发.
    pub gross: Gross,
    /// 实发.
    pub net: Net,
    /// Contribution bases in the order of [`Insurance::ALL`].
    pub bases: [Money; 5],
    /// The employer's parts.
    pub employer: [Money; 5],
    /// The employee's parts, deducted.
    pub employee: [Money; 5],
    /// 住房公积金, each side.
    pub housing_fund_each: Money,
    /// Tax withheld, that on a yearly bonus included.
    pub tax: Money,
    /// The newest run of the month that paid the person.
    pub run_id: Uuid,
}

/// The columns of one side or of the bases: `column("employer", Insurance::Pension)` is `employer_pension_fen`.
pub(super) fn column(side: &str, insurance: Insurance) -> String {
    format!("{side}_{}_fen", insurance.name())
}

/// The fifteen columns of bases and contributions: bases, employer, employee, each in the order of [`Insurance::ALL`].
pub(super) fn contribution_columns() -> Vec<String> {
    ["base", "employer", "employee"]
        .into_iter()
        .flat_map(|side| Insurance::ALL.map(|insurance| column(side, insurance)))
        .collect()
}

/// Reads the five columns of a side.
pub(super) fn five(row: &Row, side: &str) -> Result<[Money; 5], Refusal> {
    let mut all = [Money::ZERO; 5];
    for insurance in Insurance::ALL {
        all[insurance as usize] = row.get(&column(side, insurance))?;
    }
    Ok(all)
}

/// Everyone paid for the month, all locked runs added, by employee number.
pub async fn locked(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<Vec<Paid>, Refusal> {
    let sums: Vec<String> = contribution_columns()
        .into_iter()
        .map(|name| format!("SUM(p.{name}) AS {name}"))
        .collect();
    let sql = format!(
        "SELECT p.employee_id, r.seq, p.run_id, p.region, SUM(p.gross_fen) AS gross_fen, SUM(p.net_fen) AS net_fen, SUM(p.fund_fen) AS fund_fen,
                SUM(p.tax_fen + p.bonus_tax_fen) AS tax_fen, {}
         FROM employer_pay_run r JOIN employer_payslip p ON p.employer_id = r.employer_id AND p.run_id = r.id
         WHERE r.employer_id = $1 AND r.month = $2 AND r.state = 'locked'
         GROUP BY p.number, p.employee_id, r.seq, p.run_id, p.region ORDER BY p.number, r.seq",
        sums.join(", ")
    );
    let mut all: Vec<Paid> = Vec::new();
    for row in q.all(&sql, args![employer_id, month]).await? {
        let paid = Paid {
            employee_id: row.get("employee_id")?,
            region: row.get("region")?,
            gross: Gross(row.get("gross_fen")?),
            net: Net(row.get("net_fen")?),
            bases: five(&row, "base")?,
            employer: five(&row, "employer")?,
            employee: five(&row, "employee")?,
            housing_fund_each: row.get("fund_fen")?,
            tax: row.get("tax_fen")?,
            run_id: row.get("run_id")?,
        };
        match all.last_mut().filter(|before| before.employee_id == paid.employee_id) {
            Some(before) => add(before, paid)?,
            None => all.push(paid),
        }
    }
    Ok(all)
}

/// Adds what a later run changed.
fn add(before: &mut Paid, later: Paid) -> Result<(), Refusal> {
    before.gross = Gross(before.gross.0.try_add(later.gross.0)?);
    before.net = Net(before.net.0.try_add(later.net.0)?);
    for (side, more) in [
        (&mut before.bases, later.bases),
        (&mut before.employer, later.employer),
        (&mut before.employee, later.employee),
    ] {
        for (one, more) in side.iter_mut().zip(more) {
            *one = one.try_add(more)?;
        }
    }
    before.housing_fund_each = before.housing_fund_each.try_add(later.housing_fund_each)?;
    before.tax = before.tax.try_add(later.tax)?;
    (before.region, before.run_id) = (later.region, later.run_id);
    Ok(())
}

/// Months paid in a year and the average of the wages that count to the contribution base, for the base of the year after.
/// 社会保险费申报缴纳: 职工本人上一年度月平均工资; rounded half up to the fen.
pub async fn yearly_average(q: &mut impl Query, employer_id: Uuid, year: i32) -> Result<BTreeMap<Uuid, (i64, Money)>, Refusal> {
    let (first, last) = (Month::new(year, 1)?, Month::new(year, 12)?);
    let rows = q
        .all(
            "SELECT p.employee_id, COUNT(DISTINCT p.month) AS months, SUM(p.counted_fen) AS counted_fen
             FROM employer_pay_run r JOIN employer_payslip p ON p.employer_id = r.employer_id AND p.run_id = r.id
             WHERE r.employer_id = $1 AND r.month >= $2 AND r.month <= $3 AND r.state = 'locked'
             GROUP BY p.employee_id",
            args![employer_id, first, last],
        )
        .await?;
    let mut averages = BTreeMap::new();
    for row in rows {
        let (months, total): (i64, Money) = (row.get("months")?, row.get("counted_fen")?);
        averages.insert(
            row.get("employee_id")?,
            (months, total.ratio(1, months.max(1), Rounding::HALF_UP_FEN)?),
        );
    }
    Ok(averages)
}
