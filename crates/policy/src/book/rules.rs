//! Everything in force in one region in one month, resolved once.

use standard::{Finding, Insurance, Month, Rate};

use super::{NationLaw, RegionLaw, RuleBook};
use crate::Place;
use crate::timeline::{InForce, Timeline, law_not_encoded};
use crate::values::{EntryMonth, Fixed, HousingFundLimits, InjuryRate, Limits, MinimumWage, RoundingRule};

/// What one insurance asks of a month. A side without a rate in force is not encoded, which is not the same as nothing to pay.
#[derive(Debug, Clone, Copy)]
pub struct InsuranceRules<'a> {
    /// Its own limits, or those of the pension.
    pub limits: Option<InForce<'a, Limits>>,
    /// The employer's rate.
    pub employer: Option<InForce<'a, Rate>>,
    /// The employee's rate.
    pub employee: Option<InForce<'a, Rate>>,
    /// A fixed amount of the employer's.
    pub fixed_employer: Option<InForce<'a, Fixed>>,
    /// A fixed amount of the employee's.
    pub fixed_employee: Option<InForce<'a, Fixed>>,
}

/// The rules of one region in one month.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Whose.
    pub place: Place,
    /// When.
    pub month: Month,
    pub(crate) region: &'a RegionLaw,
    pub(crate) nation: &'a NationLaw,
    insurances: [InsuranceRules<'a>; 5],
    /// The region's work-injury rate.
    pub injury: Option<InForce<'a, InjuryRate>>,
}

/// The value of an optional series in a month, when there is one.
pub(crate) fn known<T>(series: &Option<Timeline<T>>, month: Month) -> Option<InForce<'_, T>> {
    series.as_ref().and_then(|series| series.at(month).ok())
}

/// The value of a series, or the refusal that says which is missing.
pub(crate) fn need<'a, T>(series: &'a Option<Timeline<T>>, month: Month, place: Place, name: &str) -> Result<InForce<'a, T>, Finding> {
    present(series, place, name)?.at(month)
}

/// The series itself.
pub(crate) fn present<'a, T>(series: &'a Option<Timeline<T>>, place: Place, name: &str) -> Result<&'a Timeline<T>, Finding> {
    series.as_ref().ok_or_else(|| {
        law_not_encoded(
            &format!("{}没有已收录的规定：{place}/{name}", place.name()),
            &format!("No law is encoded for {place}/{name}"),
        )
    })
}

impl RuleBook {
    /// Resolves a region and month; `law_not_encoded` where the region or the month is beyond what is encoded.
    pub fn at(&self, place: impl Into<Place>, month: Month) -> Result<Rules<'_>, Finding> {
        let place = place.into();
        let region = self.region(place)?;
        // The pension limits are the default of every insurance: without them no contribution of the month is known.
        need(&region.pension_limits, month, place, "pension.limits")?;
        Ok(self.resolve(place, region, month))
    }

    /// The same without asking that contributions be known: for the housing fund, wages and benefits.
    pub fn loosely_at(&self, place: impl Into<Place>, month: Month) -> Result<Rules<'_>, Finding> {
        let place = place.into();
        Ok(self.resolve(place, self.region(place)?, month))
    }

    fn resolve<'a>(&'a self, place: Place, region: &'a RegionLaw, month: Month) -> Rules<'a> {
        let limits = |own: &'a Option<Timeline<Limits>>| limits_at(own, &region.pension_limits, month);
        let rule = |limits, employer, employee| InsuranceRules {
            limits,
            employer: known(employer, month),
            employee: known(employee, month),
            fixed_employer: None,
            fixed_employee: None,
        };
        const NONE: &Option<Timeline<Rate>> = &None;
        let medical = InsuranceRules {
            fixed_employer: known(&region.medical_fixed_employer, month),
            fixed_employee: known(&region.medical_fixed_employee, month),
            ..rule(limits(&region.medical_limits), &region.medical_employer, &region.medical_employee)
        };
        let insurances = [
            rule(
                known(&region.pension_limits, month),
                &region.pension_employer,
                &region.pension_employee,
            ),
            medical,
            rule(
                limits(&region.unemployment_limits),
                &region.unemployment_employer,
                &region.unemployment_employee,
            ),
            rule(limits(&region.injury_limits), NONE, NONE),
            rule(limits(&region.maternity_limits), &region.maternity_employer, NONE),
        ];
        let insurances = maternity_follows_medical(insurances, region, month);
        Rules {
            place,
            month,
            region,
            nation: &self.nation,
            insurances,
            injury: known(&region.injury_employer, month),
        }
    }
}

/// An insurance without limits of its own uses those of the pension; so does one whose own limits start later.
fn limits_at<'a>(own: &'a Option<Timeline<Limits>>, pension: &'a Option<Timeline<Limits>>, month: Month) -> Option<InForce<'a, Limits>> {
    let own = own
        .as_ref()
        .filter(|own| own.rows().first().is_some_and(|row| row.head.from <= month.first_day()));
    match own {
        Some(own) => own.at(month).ok(),
        None => known(pension, month),
    }
}

/// A medical notice that names maternity sets its limits too.
fn maternity_follows_medical<'a>(mut all: [InsuranceRules<'a>; 5], region: &'a RegionLaw, month: Month) -> [InsuranceRules<'a>; 5] {
    let named = |limits: &InForce<'a, Limits>| limits.value.applies_to.contains(&Insurance::Maternity);
    if region.maternity_limits.is_none()
        && let Some(limits) = known(&region.medical_limits, month).filter(named)
    {
        all[4].limits = Some(limits);
    }
    all
}

impl<'a> Rules<'a> {
    /// What one insurance asks.
    pub fn insurance(&self, insurance: Insurance) -> &InsuranceRules<'a> {
        &self.insurances[insurance as usize]
    }

    /// The limits of an insurance's base.
    pub fn limits(&self, insurance: Insurance) -> Result<InForce<'a, Limits>, Finding> {
        self.insurance(insurance).limits.ok_or_else(|| self.missing(insurance, "limits"))
    }

    /// `law_not_encoded` for a part of an insurance.
    pub(crate) fn missing(&self, insurance: Insurance, part: &str) -> Finding {
        let (place, month, name) = (self.place, self.month, insurance.name());
        law_not_encoded(
            &format!(
                "{}在 {month} 没有已收录的{}保险规定：{place}/{name}.{part}",
                place.name(),
                insurance.zh()
            ),
            &format!("No law is encoded for {place}/{name}.{part} in {month}"),
        )
    }

    /// Limits of the housing fund.
    pub fn housing_fund(&self) -> Result<InForce<'a, HousingFundLimits>, Finding> {
        need(&self.region.housing_fund_limits, self.month, self.place, "housing_fund.limits")
    }

    /// The region's rounding of the housing fund, else the nation's.
    pub fn housing_fund_rounding(&self) -> Result<InForce<'a, RoundingRule>, Finding> {
        match known(&self.region.housing_fund_rounding, self.month) {
            Some(own) => Ok(own),
            None => need(
                &self.nation.housing_fund_rounding,
                self.month,
                Place::NATION,
                "housing_fund.rounding",
            ),
        }
    }

    /// The region's rounding of contributions, else the nation's.
    pub fn contribution_rounding(&self) -> Result<InForce<'a, RoundingRule>, Finding> {
        match known(&self.region.contribution_rounding, self.month) {
            Some(own) => Ok(own),
            None => need(
                &self.nation.contribution_rounding,
                self.month,
                Place::NATION,
                "contribution.rounding",
            ),
        }
    }

    /// How the month of entry counts here.
    pub fn entry_month(&self) -> Result<InForce<'a, EntryMonth>, Finding> {
        match known(&self.region.entry_month, self.month) {
            Some(own) => Ok(own),
            None => need(&self.nation.entry_month, self.month, Place::NATION, "contribution.entry_month"),
        }
    }

    /// The minimum wage.
    pub fn minimum_wage(&self) -> Result<InForce<'a, MinimumWage>, Finding> {
        need(&self.region.minimum_wage, self.month, self.place, "wages.minimum")
    }

    /// The national base rate of an industry class, 1 to 8.
    pub fn injury_class_rate(&self, class: i32) -> Result<(Rate, InForce<'a, crate::values::ClassRates>), Finding> {
        let rates = need(&self.nation.injury_class_rate, self.month, Place::NATION, "injury.class_rate")?;
        let rate = rates.value.rates.iter().find(|(number, _)| *number == class);
        rate.map(|(_, rate)| (*rate, rates)).ok_or_else(|| {
            Finding::blocking("industry_class", "行业类别应为 1 到 8", "An industry class is 1 to 8")
                .field("industry_class")
                .remedy("请按工伤保险行业分类填写 1—8", "Enter the employer's class, 1 to 8")
        })
    }
}
