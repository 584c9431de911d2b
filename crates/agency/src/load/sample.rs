//! Made-up files for tests and benchmarks: valid check digits, names nobody has, the same for the same seed.

use std::io::{self, Write};

use standard::{Date, IdNumber, Month, RegionCode};

use super::COLUMNS;

/// One row in the order of [`COLUMNS`].
pub type SampleRow = [String; COLUMNS.len()];

/// `persons` made-up persons insured in `region`, one or two stretches of pension each, every third also medical.
/// The same region and seed give the same rows; another seed gives other persons.
pub fn sample(persons: u32, region: RegionCode, seed: u64) -> impl Iterator<Item = SampleRow> {
    (0..persons).flat_map(move |index| person_rows(index, region, seed))
}

/// Writes [`sample`] as a CSV with its heading.
pub fn write_sample(out: impl Write, persons: u32, region: RegionCode, seed: u64) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS.map(|(name, _)| name))?;
    for row in sample(persons, region, seed) {
        csv.write_record(&row)?;
    }
    csv.flush()
}

/// The made-up ID number of person `index` of a sample.
pub fn sample_id(index: u32, region: RegionCode, seed: u64) -> IdNumber {
    // 900 order codes a day leave room for ten million persons within thirty birth years.
    let place = u64::from(index) + (seed % 1_000) * 1_000_000 % 9_000_000;
    let days = i64::try_from(place / 900 % 10_957).unwrap_or_default();
    let first = Date::constant(1970, 1, 1);
    let birth = first.checked_add(jiff::Span::new().days(days)).unwrap_or(first);
    let order = u16::try_from(place % 900).unwrap_or_default();
    let home = if region.number().is_multiple_of(100) {
        RegionCode::new(region.number() + 2).unwrap_or(region)
    } else {
        region
    };
    IdNumber::compose(home, birth, order).expect("a day of the calendar, a region of the list and an order below 1000")
}

/// The made-up name of person `index`.
pub fn sample_name(index: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digits: String = format!("{index:07}").bytes().map(|b| DIGITS[usize::from(b - b'0')]).collect();
    format!("试{digits}")
}

fn person_rows(index: u32, region: RegionCode, seed: u64) -> Vec<SampleRow> {
    let mut state = seed ^ (u64::from(index) << 20) ^ u64::from(region.number());
    let mut below = move |limit: u64| {
        // splitmix64: small, and good enough for samples
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    };
    let id = sample_id(index, region, seed);
    let name = sample_name(index);
    let status = ["正常参保", "正常参保", "暂停参保"][below(3) as usize];
    let from = month(201_801).plus(below(48) as i32);
    let to = from.plus(11 + below(36) as i32);
    let base = format!("{}.00", 4_500 + below(150) * 100);
    let employer = format!("样例{}第{}公司", region.name(), below(2_000));
    let row = |insurance: &str, status: &str, from: Month, to: Month| -> SampleRow {
        [
            id.reveal().to_owned(),
            name.clone(),
            insurance.to_owned(),
            status.to_owned(),
            from.to_string(),
            to.to_string(),
            base.clone(),
            employer.clone(),
        ]
    };
    let mut rows = vec![row("养老", status, from, to)];
    if below(2) == 0 {
        let again = to.plus(2);
        rows.push(row("养老", status, again, again.plus(below(6) as i32)));
    }
    if index.is_multiple_of(3) {
        rows.push(row("医疗", status, from, to));
    }
    rows
}

fn month(yyyymm: i64) -> Month {
    Month::from_yyyymm(yyyymm).expect("a month written here")
}
