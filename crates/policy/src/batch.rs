//! Contributions of many people at once: columns in, columns out, all regions and months mixed, nothing allocated per person.
//!
//! The rules are resolved once per region and month through the same [`Rules`](crate::Rules) as the explained path and compiled to
//! multipliers in 2⁻⁴⁰; [`Table::compile`] refuses a rate for which the multiplier would not be exact for every base within its
//! limits. A property test compares every amount with [`contribution::contributions`](crate::contribution::contributions).

use standard::{Finding, Insurance, Month, Rate, Rounding};

use crate::contribution::Share;
use crate::values::InjuryRate;
use crate::{Place, RuleBook, Rules};

/// Amounts of a person: pension, medical, unemployment, injury, maternity, each employer then employee; fen.
pub const AMOUNTS: usize = 10;
/// Fraction bits of a multiplier.
const SHIFT: u32 = 40;
/// Region's own work-injury rate, then classes 1 to 8.
const CLASSES: usize = 9;

/// The amount of work injury, employer.
const INJURY: u32 = 6;

/// Status of a person whose region and month are not encoded; no amount is computed.
pub const NOT_ENCODED: u16 = 0x8000;

/// How a month counts and the employer's industry class, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// `class` is 1 to 8; nothing takes the region's own rate.
    pub const fn new(share: Share, class: Option<u8>) -> Flags {
        let share = match share {
            Share::Full => 0,
            Share::Half => 1,
            Share::None => 2,
        };
        let class = match class {
            Some(class) => class,
            None => 0,
        };
        Flags(share | class << 2)
    }
}

/// One region, month and share, ready to multiply: two cache lines.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Row {
    floor: [u32; 5],
    ceiling: [u32; 5],
    /// Employer and employee of pension, medical and unemployment, then the employer of injury (the region's own rate) and maternity.
    multiplier: [u64; 8],
    /// Added to medical: employer, employee.
    fixed: [u32; 2],
    /// Bit k is set where amount k is not encoded.
    missing: u16,
    /// One pair of limits serves all five.
    same_limits: bool,
}

impl Row {
    const UNKNOWN: Row = Row {
        floor: [0; 5],
        ceiling: [0; 5],
        multiplier: [0; 8],
        fixed: [0; 2],
        missing: NOT_ENCODED,
        same_limits: true,
    };
}

/// The work-injury rates by class beside a row; kept apart because most people take the region's own.
#[derive(Debug, Clone, Copy, Default)]
struct Classes {
    multiplier: [u64; CLASSES],
    /// Bit k is set where class k is not encoded.
    missing: u16,
}

/// The compiled rules of every region over a span of months.
#[derive(Debug)]
pub struct Table {
    places: Vec<Place>,
    first: Month,
    months: usize,
    rows: Vec<Row>,
    classes: Vec<Classes>,
}

/// The people: one entry a person in every column.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Index into [`Table::places`].
    pub region: &'a [u8],
    /// Months since the table's first.
    pub month: &'a [u8],
    /// Declared wage in fen; above the ceiling anyway from 42 949 672.95 yuan on.
    pub wage_fen: &'a [u32],
    /// [`Flags`].
    pub flags: &'a [u8],
}

/// Where the amounts go: as many entries as there are people.
#[derive(Debug)]
pub struct Amounts<'a> {
    /// Fen, in the order of [`AMOUNTS`].
    pub columns: [&'a mut [u32]; AMOUNTS],
    /// 0, or [`NOT_ENCODED`], or bit k where amount k is not encoded (and left 0).
    pub status: &'a mut [u16],
}

/// Rounds half up at rate ÷ divisor by one multiplication, exactly: with rate ÷ divisor = p/q in lowest terms and an error below
/// one in the multiplier, base ÷ 2⁴⁰ ≤ 1/(2q) keeps every result on its side of the half.
fn multiplier(rate: Rate, divisor: u64, ceiling: u32) -> Result<u64, Finding> {
    let refuse = || {
        Finding::blocking(
            "batch_rate",
            format!("费率 {rate} 无法批量精确计算"),
            format!("The rate {rate} cannot be batched exactly"),
        )
    };
    let ppm = u64::try_from(rate.ppm()).map_err(|_| refuse())?;
    let denominator = 1_000_000 * divisor;
    let reduced = denominator / gcd(ppm, denominator);
    let product = u128::from(ppm) << SHIFT;
    let multiplier = u64::try_from(product.div_ceil(u128::from(denominator))).map_err(|_| refuse())?;
    let exact = u128::from(ceiling) * 2 * u128::from(reduced) <= 1 << SHIFT;
    let within = u128::from(ceiling) * u128::from(multiplier) + (1 << SHIFT) < u128::from(u64::MAX);
    if exact && within { Ok(multiplier) } else { Err(refuse()) }
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Table {
    /// Compiles every region of the book from one month to another, both counted, at most 250 months.
    pub fn compile(book: &RuleBook, first: Month, last: Month) -> Result<Table, Finding> {
        let places: Vec<Place> = book.places().collect();
        let months = usize::try_from(first.until(last) + 1)
            .ok()
            .filter(|months| (1..=250).contains(months));
        let (Some(months), true) = (months, places.len() <= 250) else {
            return Err(Finding::blocking(
                "batch_span",
                "批量测算最多 250 个月、250 个地区",
                "A batch spans at most 250 months and regions",
            ));
        };
        // Row 0 answers for whatever is beyond the table.
        let (mut rows, mut classes) = (vec![Row::UNKNOWN], vec![Classes::default()]);
        for place in &places {
            for offset in 0..months {
                let rules = book.at(*place, first.plus(offset as i32)).ok();
                for share in [Share::Full, Share::Half] {
                    let row = rules
                        .as_ref()
                        .map_or(Ok((Row::UNKNOWN, Classes::default())), |rules| compile(rules, share))?;
                    rows.push(row.0);
                    classes.push(row.1);
                }
            }
        }
        Ok(Table {
            places,
            first,
            months,
            rows,
            classes,
        })
    }

    /// The regions by index.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The month of index 0.
    pub fn first(&self) -> Month {
        self.first
    }

    #[inline(always)]
    fn index(&self, region: u8, month: u8, flags: u8) -> usize {
        let inside = usize::from(region) < self.places.len() && usize::from(month) < self.months;
        let index = 1 + (usize::from(region) * self.months + usize::from(month)) * 2 + usize::from(flags & 1);
        if inside { index } else { 0 }
    }
}

/// One region and month through the very rules that explain themselves.
fn compile(rules: &Rules<'_>, share: Share) -> Result<(Row, Classes), Finding> {
    if rules.contribution_rounding()?.value.rounding != Rounding::HALF_UP_FEN {
        return Err(Finding::blocking(
            "batch_rounding",
            "批量测算只支持四舍五入到分",
            "A batch rounds half up to the fen only",
        ));
    }
    let divisor = if share == Share::Half { 2 } else { 1 };
    let mut row = Row {
        missing: 0,
        ..Row::UNKNOWN
    };
    let fen = |money: standard::Money| {
        u32::try_from(money.fen())
            .map_err(|_| Finding::blocking("batch_money", "上下限超出批量测算范围", "Limits out of range for a batch"))
    };
    for insurance in Insurance::ALL {
        let limits = rules.limits(insurance)?;
        row.floor[insurance as usize] = fen(limits.value.floor)?;
        row.ceiling[insurance as usize] = fen(limits.value.ceiling)?;
    }
    row.same_limits = row.floor == [row.floor[0]; 5] && row.ceiling == [row.ceiling[0]; 5];
    let (pension, medical) = (rules.insurance(Insurance::Pension), rules.insurance(Insurance::Medical));
    let (unemployment, maternity) = (rules.insurance(Insurance::Unemployment), rules.insurance(Insurance::Maternity));
    // (rate, slot, insurance of its base, its amount)
    let sides = [
        (pension.employer, 0, 0, 0),
        (pension.employee, 1, 0, 1),
        (medical.employer, 2, 1, 2),
        (medical.employee, 3, 1, 3),
        (unemployment.employer, 4, 2, 4),
        (unemployment.employee, 5, 2, 5),
        (maternity.employer, 7, 4, 8),
    ];
    for (rate, slot, base, amount) in sides {
        match rate {
            Some(rate) => row.multiplier[slot] = multiplier(*rate.value, divisor, row.ceiling[base])?,
            None => row.missing |= 1 << amount,
        }
    }
    for (slot, (fixed, rate)) in [
        (medical.fixed_employer, medical.employer),
        (medical.fixed_employee, medical.employee),
    ]
    .into_iter()
    .enumerate()
    {
        if let (Some(fixed), Some(_)) = (fixed, rate) {
            row.fixed[slot] = fen(fixed.value.monthly)?;
        }
    }
    let mut classes = Classes::default();
    for class in 0..CLASSES {
        let rate = match (class, rules.injury.map(|rate| *rate.value)) {
            (0, Some(InjuryRate::Flat(rate))) => Some(rate),
            (0, _) => None,
            _ => rules.injury_class_rate(class as i32).ok().map(|(rate, _)| rate),
        };
        match rate {
            Some(rate) => classes.multiplier[class] = multiplier(rate, divisor, row.ceiling[3])?,
            None => classes.missing |= 1 << class,
        }
    }
    row.multiplier[6] = classes.multiplier[0];
    row.missing |= (classes.missing & 1) << INJURY;
    Ok((row, classes))
}

#[inline(always)]
fn rounded(base: u32, multiplier: u64) -> u32 {
    ((u64::from(base) * multiplier + (1 << (SHIFT - 1))) >> SHIFT) as u32
}

/// Computes every person's amounts on one core. All columns must be of one length; the rest of a longer one is left alone.
pub fn assess(table: &Table, people: &People<'_>, out: &mut Amounts<'_>) {
    let lengths = [
        people.region.len(),
        people.month.len(),
        people.wage_fen.len(),
        people.flags.len(),
        out.status.len(),
    ];
    let columns = out.columns.iter().map(|column| column.len());
    let n = lengths.into_iter().chain(columns).min().unwrap_or(0);
    let (region, month) = (&people.region[..n], &people.month[..n]);
    let (wage, flags) = (&people.wage_fen[..n], &people.flags[..n]);
    let status = &mut out.status[..n];
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9] = &mut out.columns;
    let (c0, c1, c2, c3, c4) = (&mut c0[..n], &mut c1[..n], &mut c2[..n], &mut c3[..n], &mut c4[..n]);
    let (c5, c6, c7, c8, c9) = (&mut c5[..n], &mut c6[..n], &mut c7[..n], &mut c8[..n], &mut c9[..n]);
    // 社会保险法第三十三、五十三条: 职工不缴纳工伤保险费、生育保险费.
    c7.fill(0);
    c9.fill(0);
    for i in 0..n {
        let index = table.index(region[i], month[i], flags[i]);
        let row = &table.rows[index];
        // A month that counts nothing: bases of 0 and no fixed amounts.
        let due = u32::from(flags[i] & 2 == 0);
        let base = |k: usize| wage[i].clamp_to(row.floor[k], row.ceiling[k]) * due;
        let pension = base(0);
        let (medical, unemployment, injury, maternity) = if row.same_limits {
            (pension, pension, pension, pension)
        } else {
            (base(1), base(2), base(3), base(4))
        };
        c0[i] = rounded(pension, row.multiplier[0]);
        c1[i] = rounded(pension, row.multiplier[1]);
        c2[i] = rounded(medical, row.multiplier[2]) + row.fixed[0] * due;
        c3[i] = rounded(medical, row.multiplier[3]) + row.fixed[1] * due;
        c4[i] = rounded(unemployment, row.multiplier[4]);
        c5[i] = rounded(unemployment, row.multiplier[5]);
        c6[i] = rounded(injury, row.multiplier[6]);
        c8[i] = rounded(maternity, row.multiplier[7]);
        status[i] = row.missing;
        let class = usize::from(flags[i] >> 2);
        if class > 0 {
            let classes = &table.classes[index];
            let class = class.min(CLASSES - 1);
            c6[i] = rounded(injury, classes.multiplier[class]);
            status[i] = row.missing & !(1 << INJURY) | ((classes.missing >> class) & 1) << INJURY;
        }
    }
}

/// `clamp` without the panic on floor > ceiling, which the loader has refused.
trait ClampTo {
    fn clamp_to(self, floor: u32, ceiling: u32) -> u32;
}

impl ClampTo for u32 {
    #[inline(always)]
    fn clamp_to(self, floor: u32, ceiling: u32) -> u32 {
        self.min(ceiling).max(floor)
    }
}

/// People a piece of parallel work takes.
const PIECE: usize = 16_384;

/// The same on every core.
pub fn assess_parallel(table: &Table, people: &People<'_>, out: &mut Amounts<'_>) {
    let n = people.wage_fen.len().min(out.status.len());
    if n <= PIECE {
        return assess(table, people, out);
    }
    let half = n / 2;
    let (people_left, people_right) = people.split(half);
    let (mut left, mut right) = out.split(half);
    rayon::join(
        || assess_parallel(table, &people_left, &mut left),
        || assess_parallel(table, &people_right, &mut right),
    );
}

impl<'a> People<'a> {
    fn split(&self, at: usize) -> (People<'a>, People<'a>) {
        let cut = |column: &'a [u8]| column.split_at(at.min(column.len()));
        let (region, month, flags) = (cut(self.region), cut(self.month), cut(self.flags));
        let wage = self.wage_fen.split_at(at.min(self.wage_fen.len()));
        (
            People {
                region: region.0,
                month: month.0,
                wage_fen: wage.0,
                flags: flags.0,
            },
            People {
                region: region.1,
                month: month.1,
                wage_fen: wage.1,
                flags: flags.1,
            },
        )
    }
}

impl Amounts<'_> {
    fn split(&mut self, at: usize) -> (Amounts<'_>, Amounts<'_>) {
        let mut left: [&mut [u32]; AMOUNTS] = Default::default();
        let mut right: [&mut [u32]; AMOUNTS] = Default::default();
        for ((column, left), right) in self.columns.iter_mut().zip(&mut left).zip(&mut right) {
            let at = at.min(column.len());
            (*left, *right) = column.split_at_mut(at);
        }
        let at = at.min(self.status.len());
        let (status_left, status_right) = self.status.split_at_mut(at);
        (
            Amounts {
                columns: left,
                status: status_left,
            },
            Amounts {
                columns: right,
                status: status_right,
            },
        )
    }
}
