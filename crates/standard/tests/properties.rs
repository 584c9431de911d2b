//! Properties that hold for every value, against simple models.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use standard::calendar::{add_working_days, is_working_day, remaining_working_days, working_days};
use standard::{CreditCode, Date, IdNumber, Money, Month, MonthSet, Rate, RegionCode, Rounding, Unit};

fn dates(years: std::ops::RangeInclusive<i16>) -> impl Strategy<Value = Date> {
    (years, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn regions() -> impl Strategy<Value = RegionCode> {
    (prop::sample::select(vec![11_u32, 31, 42, 43, 44, 51, 65, 81]), 0..10_000_u32)
        .prop_map(|(province, rest)| RegionCode::new(province * 10_000 + rest).unwrap())
}

fn id_numbers() -> impl Strategy<Value = IdNumber> {
    (regions(), dates(1900..=2026), 0..1000_u16).prop_map(|(region, birth, order)| IdNumber::compose(region, birth, order).unwrap())
}

fn months() -> impl Strategy<Value = Month> {
    (1990..2010_i32, 1..=12_u32).prop_map(|(year, month)| Month::new(year, month).unwrap())
}

fn spans() -> impl Strategy<Value = Vec<(Month, Month)>> {
    prop::collection::vec((months(), 0..30_i32).prop_map(|(from, length)| (from, from.plus(length))), 0..12)
}

/// The months one by one: the model a MonthSet is compared with.
fn model(spans: &[(Month, Month)]) -> BTreeSet<i64> {
    let each = |&(from, to): &(Month, Month)| (0..=from.until(to)).map(move |n| from.plus(n).yyyymm());
    spans.iter().flat_map(each).collect()
}

fn units() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Unit::Fen, Unit::Jiao, Unit::Yuan])
}

proptest! {
    #[test]
    fn money_is_written_as_it_is_read(fen: i64) {
        let money = Money::from_fen(fen);
        // the one amount whose size has no positive twin
        prop_assume!(fen != i64::MIN);
        prop_assert_eq!(Money::from_yuan(&money.to_yuan()).unwrap(), money);
        prop_assert_eq!(serde_json::to_string(&money).unwrap(), fen.to_string());
    }

    #[test]
    fn rates_are_written_as_they_are_read(ppm in -10_000_000_000_i64..10_000_000_000) {
        let rate = Rate::from_ppm(ppm);
        prop_assert_eq!(Rate::parse(&rate.to_string()).unwrap(), rate);
        prop_assert_eq!(Rate::parse(&rate.percent()).unwrap(), rate);
    }

    /// Against the definition: the result is a multiple of the unit, and no multiple is nearer (or on the named side).
    #[test]
    fn rounding_keeps_its_definition(fen in -10_000_000_000_i64..10_000_000_000, ppm in -3_000_000_i64..3_000_000, unit in units()) {
        let step: i128 = match unit { Unit::Fen => 1_000_000, Unit::Jiao => 10_000_000, Unit::Yuan => 100_000_000 };
        let exact = i128::from(fen) * i128::from(ppm);
        let scaled = |rounding| i128::from(Money::from_fen(fen).times(Rate::from_ppm(ppm), rounding).unwrap().fen()) * 1_000_000;
        let near = scaled(Rounding::HalfUp(unit));
        prop_assert_eq!(near % step, 0);
        prop_assert!((near - exact).abs() * 2 <= step);
        if (near - exact).abs() * 2 == step {
            prop_assert!(near.abs() > exact.abs());
        }
        let even = scaled(Rounding::HalfEven(unit));
        prop_assert!((even - exact).abs() * 2 <= step);
        if (even - exact).abs() * 2 == step {
            prop_assert_eq!(even / step % 2, 0);
        }
        let (down, up) = (scaled(Rounding::Down(unit)), scaled(Rounding::Up(unit)));
        prop_assert!(down.abs() <= exact.abs() && exact.abs() - down.abs() < step);
        prop_assert!(up.abs() >= exact.abs() && up.abs() - exact.abs() < step);
    }

    #[test]
    fn any_ratio_gives_an_amount_or_a_refusal(numerator: i128, denominator: i128, unit in units()) {
        for rounding in [Rounding::HalfUp(unit), Rounding::Down(unit), Rounding::Up(unit), Rounding::HalfEven(unit)] {
            let _ = Money::from_ratio(numerator, denominator, rounding);
        }
    }

    #[test]
    fn months_count_like_numbers(month in months(), n in -500..500_i32) {
        let later = month.plus(n);
        prop_assert_eq!(month.until(later), n);
        prop_assert_eq!(later.plus(-n), month);
        prop_assert_eq!(Month::from_yyyymm(month.yyyymm()).unwrap(), month);
        prop_assert_eq!(Month::parse(&month.to_string()).unwrap(), month);
        prop_assert_eq!(Month::parse(&month.yyyymm().to_string()).unwrap(), month);
        prop_assert_eq!(Month::of(month.last_day()), month);
        prop_assert_eq!(Month::of(month.last_day().tomorrow().unwrap()), month.next());
        prop_assert_eq!(month.first_day().yesterday().unwrap(), month.previous().last_day());
    }

    #[test]
    fn month_sets_are_sets(left in spans(), right in spans()) {
        let (a, b): (MonthSet, MonthSet) = (left.iter().copied().collect(), right.iter().copied().collect());
        let (model_a, model_b) = (model(&left), model(&right));
        prop_assert_eq!(a.len(), i64::try_from(model_a.len()).unwrap());
        prop_assert_eq!(model(a.spans()), model_a.clone());
        prop_assert_eq!(model(a.union(&b).spans()), &model_a | &model_b);
        prop_assert_eq!(model(a.intersection(&b).spans()), &model_a & &model_b);
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert!(a.spans().windows(2).all(|pair| pair[0].1.until(pair[1].0) > 1), "spans touch: {}", a);
        prop_assert_eq!(a.to_string().parse::<MonthSet>().unwrap(), a.clone());
        for &(from, _) in &right {
            prop_assert_eq!(a.contains(from), model_a.contains(&from.yyyymm()));
        }
    }

    #[test]
    fn id_numbers_keep_what_they_are_made_of(region in regions(), birth in dates(1900..=2026), order in 0..1000_u16) {
        let number = IdNumber::compose(region, birth, order).unwrap();
        prop_assert_eq!((number.region(), number.birth_date()), (region, birth));
        prop_assert_eq!(number.sex() == standard::Sex::Male, order % 2 == 1);
        prop_assert_eq!(IdNumber::parse(&number.reveal().to_lowercase()).unwrap(), number);
        prop_assert!(number.check_on(Date::new(2027, 1, 1).unwrap()).is_ok());
    }

    /// ISO 7064 MOD 11-2 finds every single wrong digit and every swap of neighbours.
    #[test]
    fn a_slip_in_an_id_number_is_found(number in id_numbers(), at in 0..18_usize, digit in b'0'..=b'9') {
        let mut wrong = number.reveal().as_bytes().to_vec();
        prop_assume!(wrong[at] != digit);
        wrong[at] = digit;
        prop_assert!(IdNumber::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
        let mut swapped = number.reveal().as_bytes().to_vec();
        let other = (at + 1).min(17);
        swapped.swap(at, other);
        let same = swapped == number.reveal().as_bytes();
        prop_assert_eq!(IdNumber::parse(std::str::from_utf8(&swapped).unwrap()).is_ok(), same);
    }

    #[test]
    fn an_id_number_never_shows_itself(number in id_numbers()) {
        let shown = format!("{number} {number:?} {}", number.masked());
        let birth = &number.reveal()[6..14];
        prop_assert!(!shown.contains(birth));
        let wrong = format!("{}{}", &number.reveal()[..17], if number.reveal().ends_with('1') { '2' } else { '1' });
        let finding = format!("{:?}", IdNumber::parse(&wrong).unwrap_err());
        prop_assert!(!finding.contains(&wrong[..17]));
    }

    #[test]
    fn a_slip_in_a_credit_code_is_found(front in "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", at in 0..18_usize, other in "[0-9A-HJ-NPQRTUWXY]") {
        let code = CreditCode::compose(&front).unwrap();
        prop_assert_eq!(CreditCode::parse(code.as_str()).unwrap(), code);
        let mut wrong = code.as_str().to_owned();
        prop_assume!(wrong[at..=at] != other);
        wrong.replace_range(at..=at, &other);
        prop_assert!(CreditCode::parse(&wrong).is_err());
    }

    #[test]
    fn working_days_are_counted_one_by_one(start in dates(2004..=2026), n in 1..120_u32) {
        let deadline = add_working_days(start, n);
        prop_assert!(deadline.date > start);
        if deadline.estimated {
            prop_assert!(deadline.date.year() > 2026);
        } else {
            prop_assert!(is_working_day(deadline.date).unwrap());
            let after = start.tomorrow().unwrap();
            prop_assert_eq!(working_days(after, deadline.date).unwrap(), i64::from(n));
        }
        prop_assert_eq!(remaining_working_days(start, deadline.date), i64::from(n));
        prop_assert_eq!(remaining_working_days(deadline.date, start), -i64::from(n));
    }
}

#[test]
fn money_is_read_as_people_write_it() {
    let cases = [
        ("1234.5", Some(123_450)),
        ("１２３４．５０", Some(123_450)),
        ("¥1,234.50", Some(123_450)),
        ("-0.01", Some(-1)),
        ("1.500", Some(150)),
        ("0", Some(0)),
        ("1,23.00", None),
        ("1.005", None),
        ("", None),
        (".5", None),
        ("1.", None),
        ("+1", None),
        ("1e3", None),
        ("一百", None),
        ("92233720368547758.07", Some(i64::MAX)),
        ("92233720368547758.08", None),
    ];
    for (text, fen) in cases {
        assert_eq!(Money::from_yuan(text).ok().map(Money::fen), fen, "{text:?}");
    }
}

#[test]
fn rates_are_read_exactly_or_refused() {
    let cases = [
        ("0.08", Some(80_000)),
        ("8%", Some(80_000)),
        ("0.05 %", Some(500)),
        ("1", Some(1_000_000)),
        ("0.0000001", None),
        ("8", Some(8_000_000)),
        ("", None),
        ("%", None),
        ("0,08", None),
    ];
    for (text, ppm) in cases {
        assert_eq!(Rate::parse(text).ok().map(Rate::ppm), ppm, "{text:?}");
    }
}

#[test]
fn months_are_read_in_the_forms_files_have() {
    for text in ["2025-06", "202506", "2025/6", "2025.06", "2025年6月", "２０２５－０６"] {
        assert_eq!(Month::parse(text).unwrap().to_string(), "2025-06", "{text:?}");
    }
    for text in [
        "",
        "2025",
        "2025-13",
        "2025-00",
        "25-06",
        "2025-06-01",
        "20256",
        "2025年",
        "0000-01",
    ] {
        assert!(Month::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn months_and_deadlines_stay_within_the_calendar() {
    assert_eq!(Month::MAX.plus(i32::MAX), Month::MAX);
    assert_eq!(Month::MIN.plus(i32::MIN), Month::MIN);
    assert_eq!(Month::MAX.last_day(), Date::MAX);
    assert_eq!(add_working_days(Date::MAX, 5).date, Date::MAX);
    assert_eq!(
        MonthSet::of(Month::MAX, Month::MAX)
            .union(&MonthSet::of(Month::MIN, Month::MIN))
            .len(),
        2
    );
}
