//! The histories a month needs of a stretch of people: one query a table.

use std::collections::{BTreeMap, HashMap};

use standard::{Date, Money, Month, Refusal, RegionCode};
use store::{Args, Query, Row, args};
use uuid::Uuid;

use super::family::{Claim, ClaimKind};

/// A stretch of 工号 whose histories are read together.
pub(super) struct Range {
    pub employer_id: Uuid,
    pub low: i64,
    pub high: i64,
    pub month: Month,
}

/// The histories of the people of a range.
#[derive(Default)]
pub(super) struct Histories {
    pub wages: HashMap<Uuid, BTreeMap<Date, Money>>,
    pub places: HashMap<Uuid, (String, String, RegionCode)>,
    pub stints: HashMap<Uuid, (Date, Date)>,
    pub claims: HashMap<Uuid, Vec<Claim>>,
    pub averages: HashMap<Uuid, Money>,
}

/// Which rows of a table are read.
struct Wanted<'a> {
    table: &'a str,
    columns: &'a str,
    /// The further arguments are `$4` and on.
    condition: &'a str,
    order: &'a str,
}

impl Range {
    fn bound(&self) -> Args {
        args![self.employer_id, self.low, self.high]
    }

    /// Rows of a table that belong to the range, in the order given.
    async fn rows(&self, q: &mut impl Query, wanted: Wanted<'_>, bound: Args) -> Result<Vec<Row>, Refusal> {
        let Wanted {
            table,
            columns,
            condition,
            order,
        } = wanted;
        let sql = format!(
            "SELECT t.employee_id AS employee_id, {columns} FROM employer_employee e
             JOIN {table} t ON t.employer_id = e.employer_id AND t.employee_id = e.id
             WHERE e.employer_id = $1 AND e.number >= $2 AND e.number <= $3 AND {condition} ORDER BY e.number, {order}"
        );
        q.all(&sql, bound).await
    }

    pub(super) async fn read(&self, q: &mut impl Query) -> Result<Histories, Refusal> {
        let mut file = Histories::default();
        self.wages(q, &mut file).await?;
        self.places(q, &mut file).await?;
        self.stints(q, &mut file).await?;
        self.claims(q, &mut file).await?;
        self.averages(q, &mut file).await?;
        Ok(file)
    }

    async fn wages(&self, q: &mut impl Query, file: &mut Histories) -> Result<(), Refusal> {
        let wanted = Wanted {
            table: "employer_wage",
            columns: "t.from_on, t.monthly_fen",
            condition: "t.from_on <= $4",
            order: "t.from_on, t.seq",
        };
        let mut bound = self.bound();
        bound.push(self.month.last_day());
        for row in self.rows(q, wanted, bound).await? {
            let steps = file.wages.entry(row.get("employee_id")?).or_default();
            match row.get::<Option<Money>>("monthly_fen")? {
                Some(monthly) => steps.insert(row.get("from_on")?, monthly),
                None => steps.remove(&row.get::<Date>("from_on")?),
            };
        }
        Ok(())
    }

    async fn places(&self, q: &mut impl Query, file: &mut Histories) -> Result<(), Refusal> {
        let wanted = Wanted {
            table: "employer_position",
            columns: "t.department, t.position, t.region",
            condition: "t.from_on <= $4",
            order: "t.from_on, t.seq",
        };
        let mut bound = self.bound();
        bound.push(self.month.last_day());
        for row in self.rows(q, wanted, bound).await? {
            let place = (row.get("department")?, row.get("position")?, row.get("region")?);
            file.places.insert(row.get("employee_id")?, place);
        }
        Ok(())
    }

    async fn stints(&self, q: &mut impl Query, file: &mut Histories) -> Result<(), Refusal> {
        let wanted = Wanted {
            table: "employer_stint",
            columns: "t.from_on, t.to_on",
            condition: "t.from_on <= $4 AND t.to_on >= $5",
            order: "t.from_on",
        };
        let mut bound = self.bound();
        bound.push(self.month.last_day());
        bound.push(self.month.first_day());
        for row in self.rows(q, wanted, bound).await? {
            file.stints
                .insert(row.get("employee_id")?, (row.get("from_on")?, row.get("to_on")?));
        }
        Ok(())
    }

    async fn claims(&self, q: &mut impl Query, file: &mut Histories) -> Result<(), Refusal> {
        let wanted = Wanted {
            table: "employer_family_claim",
            columns: "t.kind, t.quantity, t.amount_fen",
            condition: "t.voided_at IS NULL AND t.from_month <= $4 AND (t.to_month IS NULL OR t.to_month >= $4)",
            order: "t.id",
        };
        let mut bound = self.bound();
        bound.push(self.month);
        for row in self.rows(q, wanted, bound).await? {
            let kind: String = row.get("kind")?;
            let kind = ClaimKind::parse(&kind).ok_or_else(|| Refusal::internal("a claim has an unknown kind"))?;
            file.claims.entry(row.get("employee_id")?).or_default().push(Claim {
                kind,
                quantity: row.get("quantity")?,
                amount: row.get("amount_fen")?,
            });
        }
        Ok(())
    }

    /// 上年度: the year before the month's, or the one before that where a contribution year begins in July.
    async fn averages(&self, q: &mut impl Query, file: &mut Histories) -> Result<(), Refusal> {
        let wanted = Wanted {
            table: "employer_prior_average",
            columns: "t.average_fen",
            condition: "t.year >= $4 AND t.year <= $5",
            order: "t.year, t.seq",
        };
        let mut bound = self.bound();
        bound.push(i64::from(self.month.year()) - 2);
        bound.push(i64::from(self.month.year()) - 1);
        for row in self.rows(q, wanted, bound).await? {
            file.averages.insert(row.get("employee_id")?, row.get("average_fen")?);
        }
        Ok(())
    }
}
