//! A made-up workforce: names nobody has, valid check digits, several cities; the same for the same size.

use jiff::ToSpan;
use standard::{Date, IdNumber, Money, Month, RegionCode};

/// Someone on the payroll of a made-up employer.
pub struct Worker {
    /// 姓名.
    pub name: String,
    /// 证件号码.
    pub id_number: IdNumber,
    /// Where the person works and is insured.
    pub region: RegionCode,
    /// 入职日期.
    pub hired_on: Date,
    /// 离职日期, of those who leave while the story runs.
    pub left_on: Option<Date>,
    /// 部门.
    pub department: &'static str,
    /// 岗位.
    pub position: &'static str,
    /// 月工资.
    pub wage: Money,
    /// A raise while the story runs: from when, to how much.
    pub raise: Option<(Date, Money)>,
}

const SURNAMES: [&str; 30] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "尤", "许", "何", "吕",
    "施", "张", "孔", "曹", "严", "华", "金", "魏",
];
const GIVEN: [&str; 24] = [
    "安澜", "博远", "承泽", "丹青", "尔雅", "芳洲", "观澜", "浩宇", "嘉树", "景行", "可欣", "林溪", "明轩", "南乔", "沛然", "清和", "若水",
    "思齐", "婉清", "星野", "雅南", "一诺", "子衿", "卓然",
];
const POSTS: [(&str, &str, i64); 8] = [
    ("生产部", "操作工", 620_000),
    ("生产部", "班组长", 840_000),
    ("质量部", "检验员", 680_000),
    ("研发部", "工程师", 1_450_000),
    ("仓储部", "保管员", 560_000),
    ("市场部", "客户经理", 930_000),
    ("财务部", "会计", 880_000),
    ("生产部", "学徒", 390_000),
];

/// What happens to a workforce in the months of a story.
pub struct Course {
    /// The first month closed.
    pub first: Month,
    /// How many months are closed.
    pub months: i32,
    /// Where people work; the first city gets the most.
    pub cities: Vec<RegionCode>,
}

/// `size` people over the cities of a course: most are there before it begins, every twenty-fifth joins and every thirtieth leaves
/// while it runs (on both sides of the 15th), every twentieth gets a raise in the middle of it.
pub fn workforce(size: u32, course: &Course) -> Vec<Worker> {
    (0..size).map(|index| worker(index, course)).collect()
}

fn worker(index: u32, course: &Course) -> Worker {
    let n = index as usize;
    let city = course.cities[if n.is_multiple_of(3) { 0 } else { n % course.cities.len() }];
    let (department, position, wage) = POSTS[(n * 5 + n / 8) % POSTS.len()];
    let wage = Money::from_fen(wage + i64::from(index % 37) * 5_137);
    let month = |offset: i32, day: i8| {
        let month = course.first.plus(offset.rem_euclid(course.months.max(1)));
        month.first_day().checked_add(i32::from(day - 1).days()).unwrap_or(month.last_day())
    };
    let turn = i32::try_from(index / 25).unwrap_or_default();
    let joins = index % 25 == 7;
    let leaves = index % 30 == 11;
    Worker {
        name: format!("{}{}", SURNAMES[n % SURNAMES.len()], GIVEN[(n / SURNAMES.len() + n) % GIVEN.len()]),
        id_number: id_number(index, city),
        region: city,
        hired_on: if joins {
            month(turn, if turn % 2 == 0 { 9 } else { 21 })
        } else {
            Date::constant(2024, 3, 1)
                .checked_add((i64::from(index) * 2 % 480).days())
                .unwrap_or_default()
        },
        left_on: leaves.then(|| month(turn, 18)),
        department,
        position,
        wage,
        raise: (index % 20 == 3).then(|| (month(1, 11), Money::from_fen(wage.fen() + 80_000))),
    }
}

fn id_number(index: u32, city: RegionCode) -> IdNumber {
    let birth = Date::constant(1974, 1, 5)
        .checked_add((i64::from(index) * 41 % 9_800).days())
        .unwrap_or_default();
    let home = RegionCode::new(city.number() + 2).unwrap_or(city);
    let order = u16::try_from(500 + index % 400).unwrap_or(500);
    IdNumber::compose(home, birth, order).expect("a day of the calendar, a region of the list and an order below 1000")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_workforce_is_made_of_different_people_who_come_and_go() {
        let cities = [430_100, 420_100, 440_100, 440_300, 330_100].map(|code| RegionCode::new(code).expect("a pilot region"));
        let course = Course {
            first: Month::new(2026, 8).expect("a month"),
            months: 3,
            cities: cities.to_vec(),
        };
        let people = workforce(300, &course);
        let numbers: BTreeSet<&str> = people.iter().map(|one| one.id_number.reveal()).collect();
        assert_eq!(numbers.len(), 300);
        assert_eq!(people.iter().map(|one| one.region).collect::<BTreeSet<_>>().len(), 5);
        assert!(people.iter().filter(|one| one.left_on.is_some()).count() >= 9);
        assert!(people.iter().filter(|one| one.hired_on >= course.first.first_day()).count() >= 9);
        assert!(
            people.iter().all(|one| one.left_on.is_none_or(|left| left > one.hired_on)),
            "nobody leaves before coming"
        );
    }
}
