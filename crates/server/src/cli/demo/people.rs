//! The made-up persons of the demo. Check digits are valid, names are invented, nobody real is meant.

use standard::{Date, IdNumber, RegionCode};

/// One stretch of an insurance in a region.
pub struct Paid {
    /// Region of the agency.
    pub region: u32,
    /// Insurance in Chinese, as the load file has it.
    pub insurance: &'static str,
    /// 参保状态 of the relation.
    pub status: &'static str,
    /// First and last month.
    pub months: (&'static str, &'static str),
    /// Monthly base in yuan.
    pub base: u32,
    /// Who paid.
    pub employer: &'static str,
}

/// A made-up person and what the regions know of them.
pub struct Person {
    /// 姓名.
    pub name: &'static str,
    /// Address code, birth date and order code of the ID number.
    id: (u32, (i16, i8, i8), u16),
    /// What the demo shows with this person.
    pub shows: &'static str,
    /// What was paid where.
    pub paid: &'static [Paid],
}

impl Person {
    /// The ID number, its check digit computed.
    pub fn id_number(&self) -> IdNumber {
        let (region, (year, month, day), order) = self.id;
        let region = RegionCode::new(region).expect("an address code written here");
        IdNumber::compose(region, Date::constant(year, month, day), order).expect("a birth date written here")
    }
}

const fn paid(
    region: u32,
    insurance: &'static str,
    status: &'static str,
    months: (&'static str, &'static str),
    base: u32,
    employer: &'static str,
) -> Paid {
    Paid {
        region,
        insurance,
        status,
        months,
        base,
        employer,
    }
}

const ACTIVE: &str = "正常参保";
const PAUSED: &str = "暂停参保";
const ENDED: &str = "终止参保";

/// Persons the demo hires or leaves for the reader to try.
pub const PEOPLE: &[Person] = &[
    Person {
        name: "周文静",
        id: (420_106, (1991, 3, 14), 262),
        shows: "仍在武汉缴费：先办理停保，再转移",
        paid: &[
            paid(
                420_100,
                "养老",
                ACTIVE,
                ("2019-07", "2026-10"),
                6800,
                "武汉江畔软件有限公司（虚构）",
            ),
            paid(
                420_100,
                "医疗",
                ACTIVE,
                ("2019-07", "2026-10"),
                6800,
                "武汉江畔软件有限公司（虚构）",
            ),
            paid(
                420_100,
                "失业",
                ACTIVE,
                ("2019-07", "2026-10"),
                6800,
                "武汉江畔软件有限公司（虚构）",
            ),
        ],
    },
    Person {
        name: "陈国强",
        id: (420_102, (1985, 8, 20), 131),
        shows: "武汉已停保：可以走完全部转移步骤",
        paid: &[
            paid(420_100, "养老", PAUSED, ("2015-07", "2020-06"), 5200, "武汉晨光机械厂（虚构）"),
            paid(420_100, "养老", PAUSED, ("2020-07", "2026-08"), 7600, "武汉晨光机械厂（虚构）"),
            paid(420_100, "医疗", PAUSED, ("2015-07", "2026-08"), 7600, "武汉晨光机械厂（虚构）"),
        ],
    },
    Person {
        name: "何丽娟",
        id: (440_103, (1988, 11, 2), 84),
        shows: "广州、武汉两地都有记录，重叠月份只计一次",
        paid: &[
            paid(
                440_100,
                "养老",
                PAUSED,
                ("2012-03", "2018-12"),
                5600,
                "广州南风贸易有限公司（虚构）",
            ),
            paid(
                420_100,
                "养老",
                PAUSED,
                ("2018-10", "2026-07"),
                7200,
                "武汉江畔软件有限公司（虚构）",
            ),
        ],
    },
    Person {
        name: "罗建新",
        id: (430_104, (1979, 1, 30), 57),
        shows: "杭州停保，年满四十五岁的普通转移",
        paid: &[paid(
            330_100,
            "养老",
            PAUSED,
            ("2008-05", "2026-06"),
            8800,
            "杭州湖滨电子有限公司（虚构）",
        )],
    },
    Person {
        name: "谭秀英",
        id: (430_111, (1974, 6, 9), 46),
        shows: "女满四十岁、户籍不在长沙以外：年龄提示",
        paid: &[paid(
            440_300,
            "养老",
            PAUSED,
            ("2006-09", "2026-05"),
            6100,
            "深圳海湾制衣有限公司（虚构）",
        )],
    },
    Person {
        name: "王一鸣",
        id: (430_102, (2003, 9, 18), 319),
        shows: "应届毕业生，全国无记录：可直接参保",
        paid: &[],
    },
    Person {
        name: "李思远",
        id: (430_105, (1994, 12, 25), 173),
        shows: "长沙本地已有关系，可续保",
        paid: &[paid(
            430_100,
            "养老",
            PAUSED,
            ("2017-07", "2026-09"),
            6000,
            "长沙岳麓设计院（虚构）",
        )],
    },
    Person {
        name: "赵敏芝",
        id: (510_104, (1990, 2, 11), 228),
        shows: "成都终止参保，仅供了解",
        paid: &[paid(
            510_100,
            "养老",
            ENDED,
            ("2013-07", "2016-02"),
            4300,
            "成都锦里餐饮有限公司（虚构）",
        )],
    },
    Person {
        name: "孙浩然",
        id: (420_111, (1987, 5, 5), 95),
        shows: "已在转移途中：原参保地审核",
        paid: &[paid(
            420_100,
            "养老",
            PAUSED,
            ("2011-07", "2026-07"),
            6900,
            "武汉晨光机械厂（虚构）",
        )],
    },
    Person {
        name: "钱雨桐",
        id: (420_104, (1993, 10, 16), 147),
        shows: "转移已完成，待HR确认",
        paid: &[paid(
            420_100,
            "养老",
            PAUSED,
            ("2016-07", "2026-07"),
            6400,
            "武汉江畔软件有限公司（虚构）",
        )],
    },
    Person {
        name: "吴振华",
        id: (420_103, (1983, 4, 27), 38),
        shows: "申请被退回补正",
        paid: &[paid(
            420_100,
            "养老",
            PAUSED,
            ("2009-01", "2026-06"),
            7100,
            "武汉晨光机械厂（虚构）",
        )],
    },
];

/// The person of a name; the demo's script names only persons of the list.
pub fn person(name: &str) -> &'static Person {
    PEOPLE.iter().find(|p| p.name == name).expect("a person of the list")
}

/// The load file of a region: its story persons and `others` more.
pub fn load_file(region: RegionCode, others: u32) -> String {
    let mut text = String::from("证件号码,姓名,险种,参保状态,起始年月,终止年月,月缴费基数,单位名称\n");
    for person in PEOPLE {
        for paid in person.paid.iter().filter(|p| p.region == region.number()) {
            let (from, to) = paid.months;
            text.push_str(&format!(
                "{},{},{},{},{from},{to},{}.00,{}\n",
                person.id_number().reveal(),
                person.name,
                paid.insurance,
                paid.status,
                paid.base,
                paid.employer
            ));
        }
    }
    for row in agency::load::sample::sample(others, region, 7) {
        text.push_str(&row.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_has_a_valid_number_of_their_own() {
        let mut seen = std::collections::BTreeSet::new();
        for person in PEOPLE {
            let number = person.id_number();
            assert!(IdNumber::parse(number.reveal()).is_ok(), "{}", person.name);
            assert!(seen.insert(number.reveal().to_owned()), "{} shares a number", person.name);
        }
    }

    #[test]
    fn a_region_file_holds_its_own_rows_only() {
        let wuhan = load_file(RegionCode::new(420_100).expect("Wuhan"), 0);
        assert!(wuhan.contains("周文静") && wuhan.contains("孙浩然"));
        assert!(!wuhan.contains("罗建新"), "罗建新 is insured in Hangzhou");
    }
}
