//! Made-up forms for tests. The ID number belongs to nobody: its check digit fits, its person does not exist.

use standard::{Date, Money, Month, Rate};

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("a date of this file")
}

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month of this file")
}

fn yuan(text: &str) -> Entry {
    Entry::money(Money::from_yuan(text).expect("an amount of this file"))
}

pub(crate) fn person(name: &str) -> PersonBlock {
    PersonBlock {
        name: Entry::given(name),
        sex: Entry::given("女"),
        id_kind: Entry::given("居民身份证（户口簿）"),
        id_number: Entry::given("420100199003070022"),
        birth_date: Entry::date(day("1990-03-07")),
        personal_number: Entry::none(),
        household: Entry::missing(),
        phone: Entry::given("13800000000"),
        address: Entry::optional(Some("湖南省长沙市岳麓区麓谷街道某某路88号某某小区3栋1201室")),
    }
}

pub(crate) fn agency(city: &str, code: &str) -> AgencyBlock {
    AgencyBlock {
        name: Entry::given(format!("{city}市社会保险经办机构")),
        region_code: Entry::given(code),
        phone: Entry::given("000-12333").unverified(),
        address: Entry::given(format!("{city}市某某区某某路669号")),
        postcode: Entry::given("410004"),
        bank_name: Entry::given("某某银行某某支行"),
        bank_number: Entry::none(),
        account_name: Entry::given(format!("{city}市社会保险基金专户")),
        account: Entry::given("00000000000000001234"),
    }
}

pub(crate) fn transfer_application(name: &str) -> TransferApplication {
    TransferApplication {
        number: Entry::given("SQ202611210001"),
        applied_on: Entry::date(day("2026-11-21")),
        person: person(name),
        insurance: Entry::given("企业职工基本养老保险"),
        transfer_kind: Entry::given("跨省转移"),
        direction: Entry::given("转入"),
        old_personal_number: Entry::missing(),
        old_region: Entry::given("湖北省武汉市"),
        old_agency: agency("武汉", "420100"),
        new_region: Entry::given("湖南省长沙市"),
        new_agency: Entry::given("长沙市社会保险经办机构"),
        proxy: ProxyBlock::nobody(),
        employer: EmployerBlock {
            name: Entry::given("长沙星河制造有限公司"),
            number: Entry::optional(Some("10023456")),
            credit_code: Entry::given("91430100MA4L000000"),
            contact: Entry::given("李某"),
            phone: Entry::given("0731-80000000"),
        },
        hired_on: Entry::date(day("2026-11-16")),
    }
}

pub(crate) fn contact_letter() -> ContactLetter {
    ContactLetter {
        letter_number: Entry::given("43010020261100001"),
        system_serial: Entry::optional(Some("019E0D2C")),
        person: person("欧阳星河"),
        insurance: Entry::given("企业职工基本养老保险"),
        employer_name: Entry::given("长沙星河制造有限公司"),
        account_kind: "general".to_owned(),
        old_personal_number: Entry::given("4201000012345"),
        old_region: Entry::given("湖北省武汉市"),
        from_agency: agency("武汉", "420100"),
        to_agency: agency("长沙", "430100"),
        maker: Entry::given("张*"),
        issued_on: Entry::date(day("2026-11-23")),
    }
}

pub(crate) fn information_form(years: i32) -> InformationForm {
    InformationForm {
        letter_number: Entry::given("43010020261100001"),
        number: Entry::given("XX420100202600001"),
        person: person("欧阳星河"),
        employer_name: Entry::given("武汉某某科技股份有限公司"),
        work_began: Entry::date(day("2012-07-01")),
        region_began: Entry::missing(),
        first_paid: Entry::month(month("2022-03")),
        account_opened: Entry::month(month("2022-03")),
        local_from: Entry::month(month("2022-03")),
        local_to: Entry::month(month("2025-04")),
        local_months: Entry::count(38),
        moved_on: Entry::date(day("2026-11-25")),
        sums: TransferSums {
            before_1998: yuan("0"),
            after_1998: yuan("10234.56"),
            current_year: yuan("1234.50"),
            account: yuan("11469.06"),
            pooled: yuan("17203.59"),
            total: yuan("28672.65"),
        },
        from_agency: agency("武汉", "420100"),
        maker: Entry::given("王*"),
        checker: Entry::given("赵*"),
        issued_on: Entry::date(day("2026-11-25")),
        years: (0..years).map(|index| year_row(2025 - years + 1 + index)).collect(),
        years_total: YearsTotal {
            months: Entry::count(i64::from(years) * 12),
            credited: yuan("156556.80"),
            credited_person: yuan("156556.80"),
            interest: yuan("4938"),
            interest_person: yuan("4938"),
        },
    }
}

fn year_row(year: i32) -> YearRow {
    let rate = |ppm| Entry::percent(Rate::from_ppm(ppm));
    YearRow {
        region_code: Entry::given("420100"),
        region_name: Entry::given("武汉市"),
        year: Entry::given(year.to_string()),
        from: Entry::month_digits(month(&format!("{year}-01"))),
        to: Entry::month_digits(month(&format!("{year}-12"))),
        months: Entry::count(12),
        base: yuan("4077"),
        employer_rate: rate(160_000),
        account_rate: rate(80_000),
        person_rate: rate(80_000),
        credited: yuan("3913.92"),
        credited_person: yuan("3913.92"),
        interest: yuan("123.45"),
        interest_person: yuan("123.45"),
        balance: yuan("1043913.92"),
        balance_person: yuan("1043913.92"),
        note: Entry::none(),
    }
}

pub(crate) fn fund_notice() -> FundNotice {
    FundNotice {
        number: Entry::given("FK420100202600001"),
        letter_number: Entry::given("43010020261100001"),
        person: person("欧阳星河"),
        insurance: Entry::given("企业职工基本养老保险"),
        account: yuan("11469.06"),
        pooled: yuan("17203.59"),
        total: yuan("28672.65"),
        from_agency: agency("武汉", "420100"),
        to_agency: agency("长沙", "430100"),
        paid_on: Entry::date(day("2026-11-26")),
        bank_serial: Entry::none(),
        maker: Entry::given("钱*"),
        checker: Entry::given("孙*"),
        issued_on: Entry::date(day("2026-11-26")),
    }
}

pub(crate) fn receipt() -> Receipt {
    Receipt {
        case_number: Entry::given("430100-2026-000123"),
        business: Entry::given("企业职工基本养老保险关系转入"),
        subject: Entry::given("欧阳星河"),
        id_masked: Entry::given("4201**********0022"),
        applicant: Entry::given("长沙星河制造有限公司"),
        office: Entry::given("长沙市社会保险经办机构"),
        accepted_on: Entry::date(day("2026-11-21")),
        finished_on: Entry::none(),
        result: Entry::given("已受理"),
        items: vec![Item {
            label: "转移月数".to_owned(),
            value: Entry::count(38),
        }],
        next_steps: vec!["新参保地经办机构于2026年12月11日前发出联系函。".to_owned()],
        maker: Entry::given("张*"),
        checker: Entry::none(),
        phone: Entry::given("0731-12333"),
        due_on: Entry::date(day("2026-12-11")),
        issued_on: Entry::date(day("2026-11-21")),
    }
}

pub(crate) fn collection_order() -> CollectionOrder {
    let line = |insurance: &str, employer: &str, employee: &str, sum: &str| OrderAmount {
        insurance: insurance.to_owned(),
        employer: Entry::given(employer),
        employee: Entry::given(employee),
        sum: Entry::given(sum),
    };
    CollectionOrder {
        number: Entry::given("Z43010020261000000001"),
        kind: Entry::given("正常应缴"),
        employer_name: Entry::given("长沙星河制造有限公司"),
        month: Entry::month(month("2026-10")),
        people: Entry::count(286),
        amounts: vec![
            line("养老", "297,440.00", "148,720.00", "446,160.00"),
            line("医疗", "148,720.00", "37,180.00", "185,900.00"),
        ],
        total: yuan("632060.00"),
        due_on: Entry::date(day("2026-11-16")),
        office: Entry::given("长沙市社会保险经办机构"),
        account_name: Entry::given("长沙市社会保险基金专户"),
        account: Entry::given("00000000000000001234"),
        bank_name: Entry::given("某某银行某某支行"),
        phone: Entry::given("0731-12333"),
        issued_on: Entry::date(day("2026-10-31")),
    }
}

pub(crate) fn payment_receipt() -> PaymentReceipt {
    PaymentReceipt {
        number: Entry::given("J43010020261100000001"),
        order_number: Entry::given("Z43010020261000000001"),
        kind: Entry::given("正常应缴"),
        employer_name: Entry::given("长沙星河制造有限公司"),
        month: Entry::month(month("2026-10")),
        way: Entry::given("网上缴费"),
        reference: Entry::given("GW1763700000abcd"),
        paid_on: Entry::date(day("2026-11-20")),
        principal: yuan("632060.00"),
        late_fee: yuan("1264.12"),
        suspense: yuan("0.88"),
        total: yuan("633325.00"),
        open: yuan("0.00"),
        office: Entry::given("长沙市社会保险经办机构"),
        phone: Entry::given("0731-12333"),
        issued_on: Entry::date(day("2026-11-20")),
    }
}

pub(crate) fn contribution_certificate() -> ContributionCertificate {
    ContributionCertificate {
        number: Entry::given("PZ420100202600001"),
        person: person("欧阳星河"),
        insurance: Entry::given("企业职工基本养老保险"),
        local_from: Entry::month(month("2022-03")),
        local_to: Entry::month(month("2025-04")),
        local_months: Entry::count(38),
        balance: yuan("11469.06"),
        agency: agency("武汉", "420100"),
        maker: Entry::given("王*"),
        issued_on: Entry::date(day("2026-11-25")),
    }
}

pub(crate) fn decline(is_final: bool) -> Decline {
    let reason = |code: &str, text: &str, remedy: &str| DeclineReason {
        code: Entry::given(code),
        text: Entry::given(text),
        remedy: Entry::given(remedy),
        basis: Entry::optional(Some("国办发〔2009〕66号第八条")),
    };
    Decline {
        is_final,
        case_number: Entry::given("420100-2026-000123"),
        number: Entry::given("BZ0001"),
        to: Entry::given("长沙星河制造有限公司"),
        applied_on: Entry::date(day("2026-11-21")),
        business: Entry::given("企业职工基本养老保险关系转出"),
        subject: Entry::given("欧阳星河"),
        id_masked: Entry::given("4201**********0022"),
        correct_by: if is_final { Entry::none() } else { Entry::date(day("2026-12-04")) },
        reasons: vec![
            reason(
                "transfer_arrears",
                "存在欠费3个月，欠费未清不能转出。",
                "由原单位补缴欠费后重新提交。",
            ),
            reason(
                "transfer_out_relation_active",
                "武汉养老保险仍为正常参保。",
                "请原单位办理减员（停保）。",
            ),
        ],
        office: Entry::given("武汉市社会保险经办机构"),
        stage: Entry::given("合规审核"),
        maker: Entry::given("王*"),
        phone: Entry::given("027-12333"),
        issued_on: Entry::date(day("2026-11-24")),
    }
}

pub(crate) fn payslip() -> Payslip {
    let line = |name: &str, amount: &str, figures: &str, basis: &str| PayslipLine {
        name: name.to_owned(),
        amount: yuan(amount),
        figures: figures.to_owned(),
        basis: basis.to_owned(),
    };
    Payslip {
        employer: Entry::given("某某制造有限公司"),
        month: Entry::month(month("2026-09")),
        number: Entry::given("17"),
        name: Entry::given("欧阳星河"),
        department: Entry::given("生产部/一车间"),
        region: Entry::given("长沙"),
        gross: yuan("8413.79"),
        net: yuan("7531.99"),
        earnings: vec![
            line("基本工资", "8000.00", "月工资；其中 月工资 = 8000", "劳动合同"),
            line(
                "平日加班费",
                "413.79",
                "8000.00 ÷ 21.75 ÷ 8 × 360 分钟 ÷ 60 × 1.5",
                "劳动法第四十四条",
            ),
        ],
        deductions: vec![line("养老保险（个人）", "640.00", "8000.00 × 8%", "社会保险法第十二条")],
        employer_costs: vec![line("养老保险（单位）", "1280.00", "8000.00 × 16%", "社会保险法第十二条")],
        law: "0123456789abcdef".to_owned(),
    }
}
