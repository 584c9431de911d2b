//! 缴费基数年度调整: the yearly bases of a region from the averages of the year before, previewed person by person, then accepted.

use std::collections::BTreeMap;

use ::store::{Db, Query};
use control::identity::{Actor, Permission};
use control::{audit, clock};
use policy::RuleBook;
use serde::{Deserialize, Serialize};
use serde_json::json;
use standard::{Finding, Insurance, Money, Month, Refusal, RegionCode, Text};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, BaseRow};
use super::{Base, BaseOrigin, equals_net, of_month};
use crate::employer_of;
use crate::payroll::read::{locked, yearly_average};
use crate::people::month::{MonthPerson, of_month as people_of, one_of_month};

/// People read at a time.
const PAGE: i64 = 5_000;
/// Most people of one preview on screen; acceptance has no such bound.
const SHOWN: usize = 500;
/// A change of the base of this share or more is shown as a warning (percent).
const JUMP_PERCENT: i64 = 30;

/// What one person's base becomes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdjustmentPreviewLine {
    /// Who.
    pub employee_id: Uuid,
    /// 工号.
    pub number: i64,
    /// Name.
    pub name: String,
    /// The base in force before, if any.
    pub old_fen: Option<Money>,
    /// The new one before floor and ceiling.
    pub wage_fen: Money,
    /// The new one as the pension counts it, after floor and ceiling; absent where the limits are not encoded yet.
    pub base_fen: Option<Money>,
    /// `floor`, `ceiling` or nothing.
    pub clamped: Option<String>,
    /// Where it comes from.
    pub origin: BaseOrigin,
    /// The origin's word on screen.
    pub origin_name: String,
    /// In words.
    pub derivation: Text,
    /// What is to be looked at.
    pub findings: Vec<Finding>,
}

/// The preview of a region's yearly adjustment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdjustmentPreview {
    /// Where.
    pub region: RegionCode,
    /// Its everyday name.
    pub region_name: String,
    /// The contribution year.
    pub year: i32,
    /// In force from here: the month the region's year begins.
    pub from_month: Month,
    /// Floor of the pension's base, when encoded.
    pub floor_fen: Option<Money>,
    /// Ceiling of the pension's base, when encoded.
    pub ceiling_fen: Option<Money>,
    /// How many people.
    pub people: i64,
    /// How many are raised to the floor.
    pub at_floor: i64,
    /// How many are cut at the ceiling.
    pub at_ceiling: i64,
    /// People who keep the wage of entry because nothing is known of the year before.
    pub without_average: i64,
    /// The people, those with findings first.
    pub lines: Vec<AdjustmentPreviewLine>,
    /// Of the region as a whole.
    pub findings: Vec<Finding>,
    /// What the reader may do: `accept`.
    pub allowed_actions: Vec<String>,
}

/// Which adjustment.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct AdjustmentChoice {
    /// Where.
    pub region: RegionCode,
    /// The contribution year.
    pub year: i32,
}

/// A wage entered by hand.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct HandBase {
    /// Whose.
    pub employee_id: Uuid,
    /// In force from here.
    pub from_month: Month,
    /// 缴费工资, gross, before floor and ceiling.
    pub wage_fen: Money,
    /// Why.
    pub reason: String,
    /// HR has seen the warning that it equals last month's net pay.
    #[serde(default)]
    pub confirmed: bool,
}

/// The month a region's contribution year begins: the start of that year's limits (July in some regions, January in others).
pub fn year_begins(book: &RuleBook, region: RegionCode, year: i32) -> Result<Month, Finding> {
    let law = book.region(region.into())?;
    let rows = law.pension_limits.as_ref().map(|limits| limits.rows()).unwrap_or_default();
    let starts = |of: i32| rows.iter().map(|row| Month::of(row.head.from)).find(|month| month.year() == of);
    // Limits of a year that nothing is known of begin when those of the year before did.
    let month = starts(year).or_else(|| starts(year - 1).map(|month| month.plus(12)));
    month.ok_or_else(|| {
        Finding::blocking(
            "base_year_unknown",
            format!("{}在 {year} 年的缴费年度起始月没有收录", region.name()),
            format!("the month in which the contribution year {year} begins in {region} is not encoded"),
        )
        .field("year")
        .remedy("请选择已收录的年度", "choose a year that is encoded")
    })
}

/// Everybody's new base with its derivation, before anything is stored.
pub async fn preview(actor: &Actor, db: &Db, book: &RuleBook, choice: AdjustmentChoice) -> Result<AdjustmentPreview, Refusal> {
    actor.require(Permission::WageView)?;
    actor.require(Permission::InsuranceView)?;
    let employer_id = employer_of(actor)?;
    let mut preview = compute(&mut db.read(), book, employer_id, choice).await?.0;
    preview.lines.sort_by_key(|line| (line.findings.is_empty(), line.number));
    preview.lines.truncate(SHOWN);
    if actor.require(Permission::InsuranceFile).is_ok() && preview.people > 0 {
        preview.allowed_actions.push("accept".to_string());
    }
    Ok(preview)
}

/// Accepts the adjustment: one row a person from the month the year begins. Again: the same rows.
pub async fn accept(actor: &Actor, db: &Db, book: &RuleBook, choice: AdjustmentChoice) -> Result<AdjustmentPreview, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    tx.lock(&format!("bases:{employer_id}")).await?;
    let (preview, rows) = compute(&mut tx, book, employer_id, choice).await?;
    store::put(&mut tx, employer_id, &rows, actor.user_id, clock::now()).await?;
    let after = json!({ "region": choice.region, "year": choice.year, "from_month": preview.from_month, "people": rows.len() });
    audit::record(&mut tx, actor, "base.adjust", "employer", employer_id, None, Some(after)).await?;
    tx.commit().await?;
    self::preview(actor, db, book, choice).await
}

async fn compute(
    q: &mut impl Query,
    book: &RuleBook,
    employer_id: Uuid,
    choice: AdjustmentChoice,
) -> Result<(AdjustmentPreview, Vec<BaseRow>), Refusal> {
    let from_month = year_begins(book, choice.region, choice.year)?;
    let averages = yearly_average(q, employer_id, choice.year - 1).await?;
    let mut preview = blank(book, choice, from_month);
    let mut rows = Vec::new();
    let mut after = 0;
    loop {
        let people = people_of(q, book, employer_id, from_month, after, PAGE).await?;
        let Some(last) = people.last() else { break };
        after = last.number;
        let here: Vec<MonthPerson> = people.into_iter().filter(|person| person.region == choice.region).collect();
        let before = of_month(q, book, employer_id, from_month.previous(), &here).await?;
        for person in &here {
            let Some(base) = new_base(
                person,
                averages.get(&person.employee_id),
                choice.year,
                before.get(&person.employee_id),
            ) else {
                continue;
            };
            let old = before.get(&person.employee_id).map(|base| base.wage);
            let line = preview.count(person, &base, old);
            preview.lines.push(line);
            rows.push(BaseRow {
                employee_id: person.employee_id,
                from_month,
                region: choice.region,
                prior_year: (base.origin == BaseOrigin::PriorYearAverage).then_some(choice.year - 1),
                base,
            });
        }
    }
    Ok((preview, rows))
}

fn blank(book: &RuleBook, choice: AdjustmentChoice, from_month: Month) -> AdjustmentPreview {
    let limits = book.at(choice.region, from_month).and_then(|rules| {
        let limits = rules.limits(Insurance::Pension)?;
        Ok((limits.value.floor, limits.value.ceiling))
    });
    let (bounds, findings) = match limits {
        Ok(bounds) => (Some(bounds), Vec::new()),
        Err(finding) => (
            None,
            vec![Finding {
                severity: standard::Severity::Warning,
                ..finding
            }],
        ),
    };
    AdjustmentPreview {
        region: choice.region,
        region_name: choice.region.name().to_string(),
        year: choice.year,
        from_month,
        floor_fen: bounds.map(|(floor, _)| floor),
        ceiling_fen: bounds.map(|(_, ceiling)| ceiling),
        people: 0,
        at_floor: 0,
        at_ceiling: 0,
        without_average: 0,
        lines: Vec::new(),
        findings,
        allowed_actions: Vec::new(),
    }
}

/// Averages of the payroll win; then the average of the record; then the base so far (of whoever entered too late to have a year).
fn new_base(person: &MonthPerson, paid: Option<&(i64, Money)>, year: i32, before: Option<&Base>) -> Option<Base> {
    let prior = year - 1;
    if let Some((months, average)) = paid {
        return Some(Base {
            wage: *average,
            origin: BaseOrigin::PriorYearAverage,
            derivation: Text::new(
                format!("{prior} 年薪酬 {months} 个月，月平均应发 {average} 元"),
                format!("{months} months paid in {prior}, {average} gross a month on average"),
            ),
        });
    }
    if let Some(average) = person.prior_average {
        return Some(Base {
            wage: average,
            origin: BaseOrigin::PriorYearAverage,
            derivation: Text::new(
                format!("{prior} 年月平均工资 {average} 元（员工档案登记）"),
                format!("monthly average of {prior}: {average} (from the record)"),
            ),
        });
    }
    let entry = person.wages.first().map(|step| step.monthly);
    let wage = before.map(|base| base.wage).or(entry)?;
    Some(Base {
        wage,
        origin: before.map_or(BaseOrigin::EntryWage, |base| base.origin),
        derivation: Text::new(
            format!("{prior} 年没有工资记录，沿用 {wage} 元"),
            format!("nothing was paid in {prior}; {wage} stays"),
        ),
    })
}

impl AdjustmentPreview {
    fn count(&mut self, person: &MonthPerson, base: &Base, old: Option<Money>) -> AdjustmentPreviewLine {
        let mut findings = Vec::new();
        let bounds = self.floor_fen.zip(self.ceiling_fen);
        let clamped = bounds.and_then(|(floor, ceiling)| match base.wage {
            wage if wage < floor => Some("floor"),
            wage if wage > ceiling => Some("ceiling"),
            _ => None,
        });
        self.people += 1;
        self.at_floor += i64::from(clamped == Some("floor"));
        self.at_ceiling += i64::from(clamped == Some("ceiling"));
        if base.origin == BaseOrigin::EntryWage {
            self.without_average += 1;
        }
        if let Some(jump) = old.and_then(|old| jump(old, base.wage)) {
            findings.push(jump);
        }
        AdjustmentPreviewLine {
            employee_id: person.employee_id,
            number: person.number,
            name: person.name.clone(),
            old_fen: old,
            wage_fen: base.wage,
            base_fen: bounds.map(|(floor, ceiling)| base.wage.clamp(floor, ceiling)),
            clamped: clamped.map(String::from),
            origin: base.origin,
            origin_name: base.origin.zh().to_string(),
            derivation: base.derivation.clone(),
            findings,
        }
    }
}

/// A base that moved by 30 % or more in a year is looked at before it is accepted.
fn jump(old: Money, new: Money) -> Option<Finding> {
    let moved = i128::from((new.fen() - old.fen()).abs()) * 100;
    (!old.is_zero() && moved >= i128::from(old.fen()) * i128::from(JUMP_PERCENT)).then(|| {
        Finding::warning(
            "base_jump",
            format!("由 {old} 元变为 {new} 元，变动不小于 {JUMP_PERCENT}%"),
            format!("from {old} to {new}: a change of {JUMP_PERCENT} % or more"),
        )
        .field("wage")
        .remedy("请核对上年度工资", "check the wages of the year before")
    })
}

/// Sets one person's wage by hand. One equal to last month's net pay is refused until HR says it was seen.
pub async fn set_by_hand(actor: &Actor, db: &Db, book: &RuleBook, input: HandBase) -> Result<Vec<store::BaseView>, Refusal> {
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let reason: String = input.reason.trim().chars().take(200).collect();
    if reason.is_empty() || input.wage_fen <= Money::ZERO {
        return Err(Refusal::invalid(
            Finding::blocking(
                "base_incomplete",
                "请填写大于零的缴费工资和调整原因",
                "a wage above zero and a reason are needed",
            )
            .field("wage")
            .remedy("请补充后提交", "complete them and submit again"),
        ));
    }
    let mut tx = db.begin().await?;
    tx.lock(&format!("bases:{employer_id}")).await?;
    let person = one_of_month(&mut tx, book, employer_id, input.employee_id, input.from_month)
        .await?
        .ok_or_else(|| Refusal::not_found("employee_not_in_month", "该员工在该月不在职", "not employed in that month"))?;
    let net = net_of(&mut tx, employer_id, input.employee_id, input.from_month.previous()).await?;
    if let Some(finding) = equals_net(input.wage_fen, net).filter(|_| !input.confirmed) {
        return Err(Refusal::invalid(finding.action("confirm")));
    }
    let row = BaseRow {
        employee_id: input.employee_id,
        from_month: input.from_month,
        region: person.region,
        prior_year: None,
        base: Base {
            wage: input.wage_fen,
            origin: BaseOrigin::Adjusted,
            derivation: Text::new(format!("手工调整：{reason}"), format!("set by hand: {reason}")),
        },
    };
    store::put(&mut tx, employer_id, std::slice::from_ref(&row), actor.user_id, clock::now()).await?;
    let after = json!({ "from_month": input.from_month, "wage_fen": input.wage_fen, "reason": reason });
    audit::record(&mut tx, actor, "base.set", "employee", input.employee_id, None, Some(after)).await?;
    tx.commit().await?;
    history(actor, db, input.employee_id).await
}

/// Every base an employee ever had, newest first.
pub async fn history(actor: &Actor, db: &Db, employee_id: Uuid) -> Result<Vec<store::BaseView>, Refusal> {
    actor.require(Permission::InsuranceView)?;
    let wages = actor.require(Permission::WageView).is_ok();
    store::history(&mut db.read(), employer_of(actor)?, employee_id, wages).await
}

async fn net_of(q: &mut impl Query, employer_id: Uuid, employee_id: Uuid, month: Month) -> Result<Option<Money>, Refusal> {
    let paid = locked(q, employer_id, month).await?;
    Ok(paid.into_iter().find(|one| one.employee_id == employee_id).map(|one| one.net.0))
}

/// Last month's net pay of everybody, to flag bases equal to it.
pub(crate) async fn nets(q: &mut impl Query, employer_id: Uuid, month: Month) -> Result<BTreeMap<Uuid, Money>, Refusal> {
    let paid = locked(q, employer_id, month).await?;
    Ok(paid.into_iter().map(|one| (one.employee_id, one.net.0)).collect())
}
