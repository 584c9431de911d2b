//! Putting the three columns beside each other: the month's people by law, the bills' lines, the locked pay. Set-based reads only.

use std::collections::BTreeMap;

use ::store::{Query, Row, args};
use exchange::message::OrderKind;
use policy::RuleBook;
use standard::{Insurance, Money, Month, Refusal, RegionCode};
use uuid::Uuid;

use super::{Difference, explain};
use crate::insurance::amounts::{Amounts, MonthRules, compute};
use crate::insurance::base;
use crate::insurance::bill::BillState;
use crate::insurance::bill::store::{self as bills, Bill};
use crate::payroll::read;
use crate::people::company;
use crate::people::month::of_month;

/// People read at a time.
const PAGE: i64 = 5_000;

/// What was declared of a person.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub state: String,
    pub wage: Money,
    pub amounts: Amounts,
}

/// One person of any column.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub key: String,
    pub employee_id: Option<Uuid>,
    pub number: Option<i64>,
    pub name: String,
    pub region: RegionCode,
    /// Employed on some day of the month.
    pub employed: bool,
    /// Hired within it.
    pub hired_within: bool,
    /// Rates or limits of the month are not (all) encoded.
    pub law_missing: bool,
    /// The wage the base is taken from now.
    pub wage: Money,
    pub policy: Amounts,
    pub declared: Option<Declared>,
    /// Stands on an order of the month.
    pub on_bill: bool,
    pub billed: Amounts,
    /// Stands on the locked payroll.
    pub on_payroll: bool,
    pub booked: Amounts,
}

/// The month.
pub(super) struct Sheet {
    pub month: Month,
    /// By 工号; those the unit does not know at the end.
    pub people: Vec<Person>,
    /// Orders that collect this month.
    pub orders: Vec<Bill>,
    /// Whether any pay of the month is locked.
    pub payroll_locked: bool,
    /// Paid towards contributions of the month.
    pub paid: Money,
}

impl Person {
    /// 工号 and name.
    pub(super) fn shown(&self) -> String {
        match self.number {
            Some(number) => format!("{number:06} {}", self.name),
            None => self.name.clone(),
        }
    }

    /// Without the name.
    pub(super) fn number_only(&self) -> String {
        self.number.map_or_else(|| "—".to_string(), |number| format!("{number:06}"))
    }

    /// Nothing in any column.
    pub(super) fn is_nothing(&self, insurance: Insurance) -> Result<bool, Refusal> {
        Ok([&self.policy, &self.billed, &self.booked]
            .into_iter()
            .map(|column| column.both(insurance))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .all(Money::is_zero))
    }

    /// The difference of one insurance, explained.
    pub(super) fn difference(&self, insurance: Insurance, sheet: &Sheet) -> Result<Option<Difference>, Refusal> {
        let at = insurance as usize;
        let sides = |column: &Amounts| (column.employer[at], column.employee[at]);
        if sides(&self.policy) == sides(&self.billed) && sides(&self.billed) == sides(&self.booked) {
            return Ok(None);
        }
        let (policy, billed, booked) = (
            self.policy.both(insurance)?,
            self.billed.both(insurance)?,
            self.booked.both(insurance)?,
        );
        let (reason, explanation) = explain::explain(self, insurance, sheet);
        Ok(Some(Difference {
            person: self.shown(),
            insurance: insurance.name().to_string(),
            fen: if billed == policy {
                booked.try_sub(billed)?
            } else {
                billed.try_sub(policy)?
            },
            reason,
            key: self.key.clone(),
            employee_id: self.employee_id,
            region: self.region,
            policy_fen: policy,
            billed_fen: billed,
            deducted_fen: booked,
            explanation,
            decision: None,
            note: None,
            decided_by: None,
            decided_at: None,
        }))
    }
}

impl Sheet {
    /// Orders of the month on which money is owed.
    pub(super) fn unpaid(&self) -> Vec<Difference> {
        self.orders
            .iter()
            .filter(|bill| bill.month == self.month && bill.state.is_owed())
            .map(explain::unpaid)
            .collect()
    }

    /// Whether a region's regular order of the month has come.
    pub(super) fn is_billed(&self, region: RegionCode) -> bool {
        self.orders
            .iter()
            .any(|bill| bill.region == region && bill.kind == OrderKind::Regular && bill.month == self.month)
    }
}

/// Reads all three columns.
pub(super) async fn sheet(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, month: Month) -> Result<Sheet, Refusal> {
    let mut people = by_law(q, book, employer_id, month).await?;
    declared(q, employer_id, month, &mut people).await?;
    let orders = billed(q, employer_id, month, &mut people).await?;
    let paid = paid(q, employer_id, month, &orders).await?;
    let locked = read::locked(q, employer_id, month).await?;
    let payroll_locked = !locked.is_empty();
    for pay in locked {
        let person = people
            .entry(pay.employee_id.to_string())
            .or_insert_with(|| absent(pay.employee_id.to_string(), Some(pay.employee_id), String::new(), pay.region));
        person.on_payroll = true;
        person.booked = Amounts {
            bases: pay.bases,
            employer: pay.employer,
            employee: pay.employee,
        };
    }
    name_absent(q, employer_id, &mut people).await?;
    let mut people: Vec<Person> = people.into_values().collect();
    people.sort_by(|a, b| (a.number.is_none(), a.number, &a.key).cmp(&(b.number.is_none(), b.number, &b.key)));
    Ok(Sheet {
        month,
        people,
        orders,
        payroll_locked,
        paid,
    })
}

fn absent(key: String, employee_id: Option<Uuid>, name: String, region: RegionCode) -> Person {
    Person {
        key,
        employee_id,
        number: None,
        name,
        region,
        employed: false,
        hired_within: false,
        law_missing: false,
        wage: Money::ZERO,
        policy: Amounts::default(),
        declared: None,
        on_bill: false,
        billed: Amounts::default(),
        on_payroll: false,
        booked: Amounts::default(),
    }
}

/// What the law asks for everybody employed in the month, except after the last month of an accepted stop.
async fn by_law(q: &mut impl Query, book: &RuleBook, employer_id: Uuid, month: Month) -> Result<BTreeMap<String, Person>, Refusal> {
    let class = company::settings(q, employer_id).await?.injury_class;
    let stopped = stopped_before(q, employer_id, month).await?;
    let mut rules = MonthRules::new(book, month);
    let mut people = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = of_month(q, book, employer_id, month, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        let bases = base::of_month(q, book, employer_id, month, &page).await?;
        for one in &page {
            let mut person = absent(one.employee_id.to_string(), Some(one.employee_id), one.name.clone(), one.region);
            person.number = Some(one.number);
            person.employed = !stopped.contains(&one.employee_id);
            person.hired_within = Month::of(one.hired_on) == month;
            if let (true, Some(base)) = (person.employed, bases.get(&one.employee_id)) {
                person.wage = base.wage;
                match rules
                    .of(one.region)
                    .and_then(|rules| compute(rules, base.wage, Some(one.hired_on), class, &one.insurances))
                {
                    Ok(computed) => {
                        person.policy = computed.amounts;
                        person.law_missing = computed.missing != 0;
                    }
                    Err(_) => person.law_missing = true,
                }
            }
            people.insert(person.key.clone(), person);
        }
    }
    Ok(people)
}

async fn stopped_before(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<std::collections::BTreeSet<Uuid>, Refusal> {
    let rows = q
        .all(
            "SELECT l.employee_id AS employee_id FROM employer_stop_line l
             JOIN employer_employee e ON e.employer_id = l.employer_id AND e.id = l.employee_id AND e.left_on = l.left_on
             WHERE l.employer_id = $1 AND l.state = 'stopped' AND l.last_month < $2",
            args![employer_id, month],
        )
        .await?;
    rows.iter().map(|row| row.get("employee_id")).collect()
}

async fn declared(q: &mut impl Query, employer_id: Uuid, month: Month, people: &mut BTreeMap<String, Person>) -> Result<(), Refusal> {
    let rows = q
        .all(
            "SELECT l.* FROM employer_declaration_line l JOIN employer_declaration d ON d.employer_id = l.employer_id AND d.id = l.declaration_id
             WHERE l.employer_id = $1 AND l.month = $2 AND l.state IN ('filed', 'accepted', 'refused') ORDER BY d.number",
            args![employer_id, month],
        )
        .await?;
    for row in &rows {
        let key = row.get::<Uuid>("employee_id")?.to_string();
        if let Some(person) = people.get_mut(&key) {
            person.declared = Some(Declared {
                state: row.get("state")?,
                wage: row.get("wage_fen")?,
                amounts: Amounts::read(row)?,
            });
        }
    }
    Ok(())
}

/// Adds the lines of every order that names the month; back payments add, refunds take away.
async fn billed(q: &mut impl Query, employer_id: Uuid, month: Month, people: &mut BTreeMap<String, Person>) -> Result<Vec<Bill>, Refusal> {
    let mut orders = bills::list(q, employer_id, Some(month), None).await?;
    orders.retain(|bill| !matches!(bill.state, BillState::Arriving | BillState::Cancelled));
    // A bill read from a file stands for the agency's own as long as that has not come.
    let received: Vec<RegionCode> = orders
        .iter()
        .filter(|bill| bill.source == "agency")
        .map(|bill| bill.region)
        .collect();
    orders.retain(|bill| bill.source == "agency" || !received.contains(&bill.region));
    let rows = q
        .all(
            "SELECT l.*, b.kind AS kind, b.region AS region, b.source AS source FROM employer_bill_line l
             JOIN employer_bill b ON b.employer_id = l.employer_id AND b.id = l.order_id
             WHERE l.employer_id = $1 AND l.month = $2 AND b.state NOT IN ('arriving', 'cancelled') ORDER BY b.order_number, l.line",
            args![employer_id, month],
        )
        .await?;
    for row in &rows {
        let region: RegionCode = row.get("region")?;
        if row.get::<String>("source")? == "file" && received.contains(&region) {
            continue;
        }
        bill_line(row, region, people)?;
    }
    Ok(orders)
}

fn bill_line(row: &Row, region: RegionCode, people: &mut BTreeMap<String, Person>) -> Result<(), Refusal> {
    let employee_id: Option<Uuid> = row.get("employee_id")?;
    let key = match employee_id {
        Some(id) => id.to_string(),
        None => format!("{}:{}", row.get::<Uuid>("order_id")?, row.get::<i64>("line")?),
    };
    let name: String = row.get("name")?;
    let person = people.entry(key.clone()).or_insert_with(|| absent(key, employee_id, name, region));
    let mut amounts = Amounts::read(row)?;
    let kind: String = row.get("kind")?;
    if kind != "regular" {
        // The base of an adjusted month is the one after the adjustment.
        let after = std::mem::take(&mut amounts.bases);
        for (at, base) in after.into_iter().enumerate() {
            let touched = !amounts.employer[at].is_zero() || !amounts.employee[at].is_zero();
            if touched {
                person.billed.bases[at] = base;
            }
        }
    }
    if kind == "refund" {
        for side in [&mut amounts.employer, &mut amounts.employee] {
            for one in side.iter_mut() {
                *one = one.negate()?;
            }
        }
    }
    person.on_bill = true;
    person.billed.add(&amounts)
}

/// What the receipts say was paid of the month: regular orders as a whole, others by their lines of the month once they are settled.
async fn paid(q: &mut impl Query, employer_id: Uuid, month: Month, orders: &[Bill]) -> Result<Money, Refusal> {
    let mut paid = Money::sum(orders.iter().filter(|bill| bill.kind == OrderKind::Regular).map(|bill| bill.paid))?;
    let sides: Vec<&str> = crate::insurance::amounts::COLUMNS[5..].to_vec();
    let sql = format!(
        "SELECT b.kind AS kind, COALESCE(SUM({}), 0) AS fen FROM employer_bill_line l
         JOIN employer_bill b ON b.employer_id = l.employer_id AND b.id = l.order_id
         WHERE l.employer_id = $1 AND l.month = $2 AND ((b.kind = 'back' AND b.state = 'paid') OR (b.kind = 'refund' AND b.state = 'refunded'))
         GROUP BY b.kind",
        sides.iter().map(|column| format!("l.{column}")).collect::<Vec<_>>().join(" + ")
    );
    for row in q.all(&sql, args![employer_id, month]).await? {
        let fen: Money = row.get("fen")?;
        paid = match row.get::<String>("kind")?.as_str() {
            "refund" => paid.try_sub(fen)?,
            _ => paid.try_add(fen)?,
        };
    }
    Ok(paid)
}

/// 工号 and names of employees who stand on a bill or the payroll without being employed in the month.
async fn name_absent(q: &mut impl Query, employer_id: Uuid, people: &mut BTreeMap<String, Person>) -> Result<(), Refusal> {
    let unknown: Vec<Uuid> = people
        .values()
        .filter(|person| person.number.is_none())
        .filter_map(|person| person.employee_id)
        .collect();
    for chunk in unknown.chunks(10_000) {
        let list = ::store::in_list(chunk.len(), 2);
        let mut args = args![employer_id];
        args.extend(chunk.iter().copied());
        let sql = format!("SELECT id, number, name FROM employer_employee WHERE employer_id = $1 AND id IN {list}");
        for row in q.all(&sql, args).await? {
            if let Some(person) = people.get_mut(&row.get::<Uuid>("id")?.to_string()) {
                person.number = Some(row.get("number")?);
                person.name = row.get("name")?;
            }
        }
    }
    Ok(())
}
