//! What must hold whatever the input: the batch equals the explained path, contributions rise with the wage,
//! the year's withholding equals the settlement, months are counted once, an explanation replays to the same fen.
#![allow(clippy::unwrap_used)]

use policy::batch::{AMOUNTS, Amounts, Flags, NOT_ENCODED, People, Table, assess, assess_parallel};
use policy::contribution::{Case, Share, contributions};
use policy::tax::{TaxMonth, annual, withholding};
use policy::transfer::months_once;
use policy::{RuleBook, Silent, calc};
use proptest::prelude::*;
use serde_json::json;
use standard::{Insurance, Money, Month, MonthSet};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

struct Out {
    columns: Vec<Vec<u32>>,
    status: Vec<u16>,
}

impl Out {
    fn new(n: usize) -> Out {
        Out {
            columns: vec![vec![u32::MAX; n]; AMOUNTS],
            status: vec![u16::MAX; n],
        }
    }

    fn amounts(&mut self) -> Amounts<'_> {
        let mut columns = self.columns.iter_mut();
        Amounts {
            columns: std::array::from_fn(|_| columns.next().unwrap().as_mut_slice()),
            status: &mut self.status,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Every region and month of the book, and beyond; whole yuan make the exact halves common.
    #[test]
    fn the_batch_equals_the_explained_path(
        people in prop::collection::vec((0_u8..14, 0_u8..80, prop_oneof![0_u32..6_000_000, (0_u32..60_000).prop_map(|yuan| yuan * 100)], 0_u8..3, 0_u8..9), 1..200),
    ) {
        let book = RuleBook::embedded();
        let first = month("2021-06");
        let table = Table::compile(book, first, month("2027-12")).unwrap();
        let column = |pick: fn(&(u8, u8, u32, u8, u8)) -> u8| people.iter().map(pick).collect::<Vec<u8>>();
        let (regions, months) = (column(|one| one.0), column(|one| one.1));
        let wages: Vec<u32> = people.iter().map(|one| one.2).collect();
        let share = |one: &(u8, u8, u32, u8, u8)| [Share::Full, Share::Half, Share::None][usize::from(one.3)];
        let flags: Vec<u8> = people.iter().map(|one| Flags::new(share(one), (one.4 > 0).then_some(one.4)).0).collect();
        let mut out = Out::new(people.len());
        assess(&table, &People { region: &regions, month: &months, wage_fen: &wages, flags: &flags }, &mut out.amounts());
        for (i, person) in people.iter().enumerate() {
            let when = first.plus(i32::from(person.1));
            let rules = table.places().get(usize::from(person.0)).and_then(|place| book.at(*place, when).ok());
            let Some(rules) = rules.filter(|_| when <= month("2027-12")) else {
                prop_assert_eq!(out.status[i], NOT_ENCODED);
                prop_assert!(out.columns.iter().all(|column| column[i] == 0));
                continue;
            };
            // The product's entry rule: hired on the 20th counts half; what counts nothing has no date that says so.
            let hired_on = (share(person) == Share::Half).then(|| when.first_day().with().day(20).build().unwrap());
            let case = Case { wage: fen(i64::from(person.2)), hired_on, industry_class: (person.4 > 0).then_some(i32::from(person.4)) };
            let all = contributions(&rules, &case, &mut Silent).unwrap();
            for insurance in Insurance::ALL {
                let one = all.of(insurance);
                for (side, amount) in [one.employer, one.employee].into_iter().enumerate() {
                    let k = insurance as usize * 2 + side;
                    let missing = out.status[i] >> k & 1 == 1;
                    prop_assert_eq!(missing, amount.is_none(), "{} {} {} {}", rules.place, when, insurance.name(), side);
                    let expected = if share(person) == Share::None { Money::ZERO } else { amount.unwrap_or(Money::ZERO) };
                    prop_assert_eq!(fen(i64::from(out.columns[k][i])), expected, "{} {} {} {} {}", rules.place, when, insurance.name(), side, person.2);
                }
            }
        }
    }

    #[test]
    fn contributions_rise_with_the_wage_and_stay_within_the_limits(region in 0_usize..12, wage in 0_i64..5_000_000, more in 0_i64..1_000_000) {
        let book = RuleBook::embedded();
        let place = book.places().nth(region).unwrap();
        let rules = book.at(place, month("2025-06")).unwrap();
        let pay = |wage: i64| contributions(&rules, &Case { wage: fen(wage), ..Case::default() }, &mut Silent).unwrap();
        let (less, greater) = (pay(wage), pay(wage + more));
        for insurance in Insurance::ALL {
            let limits = rules.limits(insurance).unwrap().value;
            let (low, high) = (less.of(insurance), greater.of(insurance));
            prop_assert!(low.base <= high.base && low.base >= limits.floor && high.base <= limits.ceiling);
            prop_assert!(low.employer <= high.employer && low.employee <= high.employee);
        }
        let (employer, employee) = greater.totals().unwrap();
        let sides = greater.all.iter().flat_map(|one| [one.employer, one.employee]).flatten();
        prop_assert_eq!(Money::sum(sides).unwrap(), employer.try_add(employee).unwrap());
    }

    /// Twelve months withheld in one employment are the year's tax, when no month is taxed below nothing.
    #[test]
    fn the_tax_of_the_year_is_the_settlement(incomes in prop::collection::vec(0_i64..20_000_000, 12), special in 0_i64..400_000) {
        let book = RuleBook::embedded();
        let months: Vec<TaxMonth> = incomes.iter().map(|income| TaxMonth { income: fen(*income), special: fen(special), ..TaxMonth::default() }).collect();
        let withheld = withholding(book, month("2025-01"), &months, false, &mut Silent).unwrap();
        let total = Money::sum(withheld.iter().copied()).unwrap();
        let year = TaxMonth { income: fen(incomes.iter().sum()), special: fen(special * 12), ..TaxMonth::default() };
        let (_, tax) = annual(book, 2025, &year, &mut Silent).unwrap();
        // A month that would refund keeps what was withheld; the settlement returns it.
        prop_assert!(total >= tax);
        let refunds = (1..=12).any(|n| {
            let upto = withholding(book, month("2025-01"), &months[..n], false, &mut Silent).unwrap();
            n > 1 && upto[n - 1].is_zero()
        });
        if !refunds {
            prop_assert_eq!(total, tax);
        }
    }

    #[test]
    fn months_are_never_counted_twice(spans in prop::collection::vec((0_i32..300, 0_i32..40), 0..8)) {
        let start = month("2000-01");
        let sets: Vec<MonthSet> = spans.iter().map(|(from, length)| MonthSet::of(start.plus(*from), start.plus(from + length))).collect();
        let all = months_once(&sets);
        let counted = (0..400).filter(|offset| spans.iter().any(|(from, length)| from <= offset && *offset <= from + length)).count();
        prop_assert_eq!(all.len(), counted as i64);
    }

    #[test]
    fn an_explanation_replays_to_the_same_fen(wage in 0_i64..10_000_000, region in 0_usize..12) {
        let book = RuleBook::embedded();
        let place = book.places().nth(region).unwrap().to_string();
        let inputs = json!({"region": place, "month": "2025-06", "wage": fen(wage).to_yuan()});
        let explained = calc::explain(book, "contribution", &inputs).unwrap();
        prop_assert_eq!(&explained.value, &calc::calculate(book, "contribution", &inputs).unwrap());
        prop_assert_eq!(explained.law, book.version());
        let stated = explained.steps.iter().find(|step| step.rule == "contribution_base").unwrap();
        prop_assert_eq!(explained.value["pension"]["base"].as_str().unwrap(), &stated.result);
    }

    /// Whatever text stands in a field, the answer is a result or a named refusal.
    #[test]
    fn any_text_in_any_field_is_answered(kind in 0..calc::catalogue().len(), field in 0_usize..10, text in "\\PC{0,24}") {
        let kind = &calc::catalogue()[kind];
        let mut inputs: serde_json::Value = serde_json::from_str(kind.example).unwrap();
        let field = kind.fields[field % kind.fields.len()].name;
        inputs[field] = json!(text);
        if let Err(finding) = calc::calculate(RuleBook::embedded(), kind.name, &inputs) {
            prop_assert!(!finding.rule.is_empty() && !finding.message.zh.is_empty() && !finding.message.en.is_empty());
        }
    }
}

#[test]
fn all_cores_give_what_one_core_gives() {
    let table = Table::compile(RuleBook::embedded(), month("2024-01"), month("2025-12")).unwrap();
    let n = 100_003;
    let byte = |modulus: usize| (0..n).map(|i| (i * 7919 % modulus) as u8).collect::<Vec<u8>>();
    let (region, months, flags) = (byte(12), byte(24), vec![0_u8; n]);
    let wages: Vec<u32> = (0..n)
        .map(|i| 200_000 + (i as u32).wrapping_mul(2_654_435_761) % 2_800_000)
        .collect();
    let people = People {
        region: &region,
        month: &months,
        wage_fen: &wages,
        flags: &flags,
    };
    let (mut one, mut all) = (Out::new(n), Out::new(n));
    assess(&table, &people, &mut one.amounts());
    assess_parallel(&table, &people, &mut all.amounts());
    assert_eq!(one.columns, all.columns);
    assert_eq!(one.status, all.status);
}
