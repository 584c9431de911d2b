//! The people of a month on both databases: who was employed, at what wage, and that a large unit is read in sets.
#![allow(clippy::unwrap_used)]

mod common;

use common::{changsha, id, star_river, wuhan};
use employer::people::company::{self, CompanySettings};
use employer::people::month::{WageStep, count, id_numbers, of_month, one_of_month};
use employer::people::{SeedPerson, seed};
use policy::RuleBook;
use standard::{Date, Insurance, Money, Month, Rate};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn yuan(amount: i64) -> Money {
    Money::from_fen(amount * 100)
}

store::both! {
    async fn a_month_holds_those_employed_on_some_day_of_it(db: Db) {
        let (employer_id, _) = star_river(&db).await;
        let book = RuleBook::embedded();
        let stays = SeedPerson {
            department: "制造部/一车间".to_string(),
            prior_average: Some((2025, yuan(7_900))),
            wages: vec![
                WageStep { from: day("2024-01-08"), monthly: yuan(8_000) },
                WageStep { from: day("2026-03-01"), monthly: yuan(8_500) },
                WageStep { from: day("2026-09-16"), monthly: yuan(9_000) },
            ],
            ..SeedPerson::new(id("1990-05-01", 11), "王敏", changsha(), day("2024-01-08"), yuan(8_000))
        };
        let joins = SeedPerson::new(id("1991-05-01", 11), "李强", wuhan(), day("2026-09-30"), yuan(6_000));
        let leaves = SeedPerson {
            left_on: Some(day("2026-09-01")),
            ..SeedPerson::new(id("1992-05-01", 11), "赵磊", changsha(), day("2020-01-01"), yuan(7_000))
        };
        let gone = SeedPerson {
            left_on: Some(day("2026-08-31")),
            ..SeedPerson::new(id("1993-05-01", 11), "钱进", changsha(), day("2020-01-01"), yuan(7_000))
        };
        let mut tx = db.begin().await.unwrap();
        let ids = seed(&mut tx, &db, employer_id, &[stays, joins, leaves, gone]).await.unwrap();
        let settings = CompanySettings { housing_fund_rate: Some(Rate::from_ppm(80_000)), ..CompanySettings::default() };
        company::put_settings(&mut tx, employer_id, &settings).await.unwrap();
        tx.commit().await.unwrap();
        let mut q = db.read();
        let people = of_month(&mut q, book, employer_id, month("2026-09"), 0, 100).await.unwrap();
        assert_eq!(people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["王敏", "李强", "赵磊"]);
        assert_eq!(count(&mut q, employer_id, month("2026-09")).await.unwrap(), 3);
        let steps: Vec<i64> = people[0].wages.iter().map(|step| step.monthly.fen()).collect();
        assert_eq!(steps, [850_000, 900_000], "the step in force on the 1st and the one of the 16th");
        assert_eq!(people[0].prior_average, Some(yuan(7_900)));
        assert_eq!(people[0].department, "制造部/一车间");
        assert_eq!(people[0].housing_fund.unwrap().rate, Rate::from_ppm(80_000));
        assert_eq!(people[0].insurances, Insurance::ALL);
        assert_eq!(people[2].left_on, Some(day("2026-09-01")));
        assert_eq!(people[0].special_additional, Money::ZERO);
        let page = of_month(&mut q, book, employer_id, month("2026-09"), people[0].number, 1).await.unwrap();
        assert_eq!(page.len(), 1);
        assert_eq!(page[0].employee_id, ids[1]);
        let one = one_of_month(&mut q, book, employer_id, ids[3], month("2026-09")).await.unwrap();
        assert!(one.is_none(), "who left in August is not of September");
        let one = one_of_month(&mut q, book, employer_id, ids[3], month("2026-08")).await.unwrap().unwrap();
        assert_eq!(one.wages.len(), 1);
        let numbers = id_numbers(&db, &mut q, employer_id, &ids).await.unwrap();
        assert_eq!(numbers[&ids[0]].reveal(), id("1990-05-01", 11).reveal());
        assert_eq!(numbers.len(), 4);
    }

    async fn thousands_are_entered_and_read_in_sets(db: Db) {
        let (employer_id, _) = star_river(&db).await;
        let people: Vec<SeedPerson> = (0..3_000_u16)
            .map(|n| {
                let born = day("1970-01-01").saturating_add(jiff::Span::new().days(i64::from(n / 900)));
                let number = id(&born.to_string(), n % 900 + 1);
                SeedPerson::new(number, "员工", changsha(), day("2022-01-01"), yuan(6_000))
            })
            .collect();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(seed(&mut tx, &db, employer_id, &people).await.unwrap().len(), 3_000);
        tx.commit().await.unwrap();
        let mut q = db.read();
        let (mut seen, mut after) = (0, 0);
        loop {
            let page = of_month(&mut q, RuleBook::embedded(), employer_id, month("2026-10"), after, 1_000).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.number;
            seen += page.len();
            assert!(page.iter().all(|p| p.wages.len() == 1));
        }
        assert_eq!(seen, 3_000);
        // The same number twice refuses the whole lot.
        let mut tx = db.begin().await.unwrap();
        assert!(seed(&mut tx, &db, employer_id, &people[..2]).await.is_err());
    }
}
