//! The regions' own files: where the header stands, what it says, and what each cell holds. What is not known is left empty, never guessed.

use exchange::message::StopReason;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use standard::{Insurance, Month, Refusal, RegionCode, Sex};

use super::rows::Person;
use crate::people::leave;

/// Whose file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 深圳: 人员参保登记报盘模板, header in row 2, people from row 4.
    Shenzhen,
    /// 广州: header in row 5, people from row 6, coded values.
    Guangzhou,
    /// 浙江 (杭州).
    Zhejiang,
    /// Any other region: our own form.
    Generic,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 增员.
    Joiners,
    /// 减员.
    Leavers,
    /// 缴费工资申报.
    Wages,
}

impl Kind {
    /// The word on screen and in the file's name.
    pub const fn zh(self) -> &'static str {
        match self {
            Kind::Joiners => "增员",
            Kind::Leavers => "减员",
            Kind::Wages => "缴费工资申报",
        }
    }
}

/// What a cell holds.
type Cell = fn(&Person) -> String;

/// A sheet: its name, the row its header stands in and the row people begin in (from 1), its columns.
struct Layout {
    sheet: &'static str,
    title: Option<&'static str>,
    header_row: u32,
    first_row: u32,
    columns: Vec<(&'static str, Cell)>,
}

impl Form {
    /// The form of a region.
    pub fn of(region: RegionCode) -> Form {
        match region.number() / 100 {
            4403 => Form::Shenzhen,
            4401 => Form::Guangzhou,
            3301 => Form::Zhejiang,
            _ => Form::Generic,
        }
    }

    fn layout(self, kind: Kind) -> Layout {
        match (self, kind) {
            (Form::Shenzhen, Kind::Joiners) => shenzhen_joiners(),
            (Form::Shenzhen, Kind::Leavers) => shenzhen_leavers(),
            (Form::Guangzhou, Kind::Joiners | Kind::Leavers) => guangzhou(kind),
            (Form::Zhejiang, Kind::Joiners) => zhejiang(),
            (_, Kind::Joiners) => generic_joiners(),
            (_, Kind::Leavers) => generic_leavers(),
            (_, Kind::Wages) => wages(),
        }
    }
}

fn nothing(_: &Person) -> String {
    String::new()
}

fn id_number(person: &Person) -> String {
    person.id_number.reveal().to_string()
}

fn name(person: &Person) -> String {
    person.name.clone()
}

fn phone(person: &Person) -> String {
    person.phone.clone().unwrap_or_default()
}

fn person_number(person: &Person) -> String {
    person.person_number.clone().unwrap_or_default()
}

fn wage(person: &Person) -> String {
    person.wage.map(|wage| wage.to_yuan()).unwrap_or_default()
}

fn birth(person: &Person) -> String {
    person.id_number.birth_date().to_string()
}

fn sex(person: &Person) -> String {
    match person.id_number.sex() {
        Sex::Male => "男".to_string(),
        Sex::Female => "女".to_string(),
    }
}

fn department(person: &Person) -> String {
    person.department.clone()
}

fn hired_on(person: &Person) -> String {
    person.hired_on.to_string()
}

fn first_month(person: &Person) -> String {
    Month::of(person.hired_on).yyyymm().to_string()
}

fn left_on(person: &Person) -> String {
    person.left_on.map(|day| day.to_string()).unwrap_or_default()
}

fn last_month(person: &Person) -> String {
    person.last_month.map(|month| month.yyyymm().to_string()).unwrap_or_default()
}

fn reason(person: &Person) -> String {
    person.reason.map(|reason| leave::reason_zh(reason).to_string()).unwrap_or_default()
}

fn household_code(person: &Person) -> String {
    person.household.map(|region| region.to_string()).unwrap_or_default()
}

/// 户籍 as 深圳 divides it.
fn shenzhen_household(person: &Person) -> String {
    match person.household.map(RegionCode::number) {
        Some(code) if code / 100 == 4403 => "深圳户籍".to_string(),
        Some(code) if code / 10_000 == 44 => "广东省内非深户".to_string(),
        Some(_) => "广东省外".to_string(),
        None => String::new(),
    }
}

fn shenzhen_joiners() -> Layout {
    let columns: Vec<(&'static str, Cell)> = vec![
        ("证件号码", id_number),
        ("姓名", name),
        ("户籍", shenzhen_household),
        ("入深户时间", nothing),
        ("民族", nothing),
        ("手机", phone),
        ("通讯地址", nothing),
        ("电脑号", person_number),
        ("岗位类别", nothing),
        ("个人身份", nothing),
        ("用工形式", |_| "合同工".to_string()),
        ("学历", nothing),
        ("职称", nothing),
        ("职业资格", nothing),
        ("医疗档次", |_| "一档".to_string()),
        ("部门", department),
        ("户籍地类别", nothing),
        ("户口行政区划代码", household_code),
        ("就业形式", nothing),
        ("就业前身份", nothing),
    ];
    Layout {
        sheet: "人员参保登记报盘模板",
        title: Some("人员参保登记报盘模板"),
        header_row: 2,
        first_row: 4,
        columns,
    }
}

fn shenzhen_leavers() -> Layout {
    Layout {
        sheet: "人员停交报盘模板",
        title: None,
        header_row: 1,
        first_row: 2,
        columns: vec![
            ("电脑号", person_number),
            ("姓名", name),
            ("身份证号", id_number),
            ("停交原因", reason),
        ],
    }
}

fn covered(person: &Person, insurance: Insurance) -> String {
    let yes = person.insurances.contains(&insurance);
    (if yes { "1|参保" } else { "0|不参保" }).to_string()
}

/// 减员原因 of the older 广州 file.
fn guangzhou_reason(person: &Person) -> String {
    match person.reason {
        Some(StopReason::Resigned) => "28|辞职",
        Some(StopReason::Dismissed | StopReason::ContractEnded) => "29|解雇",
        Some(StopReason::Moved) => "22|中断缴费",
        Some(StopReason::Retired | StopReason::Died | StopReason::Other) => "99|其他",
        None => "",
    }
    .to_string()
}

fn guangzhou(kind: Kind) -> Layout {
    let (change, why): (Cell, Cell) = match kind {
        Kind::Leavers => (|_| "12|减员".to_string(), guangzhou_reason),
        _ => (
            |_| "1|增员".to_string(),
            |person| {
                let known = person.person_number.is_some();
                (if known { "12|恢复缴费" } else { "11|新参保" }).to_string()
            },
        ),
    };
    let columns: Vec<(&'static str, Cell)> = vec![
        ("变动类型", change),
        ("变动原因", why),
        ("个人社保号", person_number),
        ("证件类型", |_| "201".to_string()),
        ("证件号码", id_number),
        ("姓名", name),
        ("性别", |person| match person.id_number.sex() {
            Sex::Male => "1|男".to_string(),
            Sex::Female => "2|女".to_string(),
        }),
        ("国籍", nothing),
        ("工资薪金", wage),
        ("出生日期", birth),
        ("人员类别", nothing),
        ("人员状态", nothing),
        ("用工形式", nothing),
        ("户籍类型", nothing),
        ("实际参保年月", first_month),
        ("手机", phone),
        ("养老", |person| covered(person, Insurance::Pension)),
        ("医疗", |person| covered(person, Insurance::Medical)),
        ("失业", |person| covered(person, Insurance::Unemployment)),
        ("工伤", |person| covered(person, Insurance::Injury)),
        ("生育", |person| covered(person, Insurance::Maternity)),
    ];
    Layout {
        sheet: "Sheet1",
        title: None,
        header_row: 5,
        first_row: 6,
        columns,
    }
}

/// Of the 21 columns three are published by name; the rest of ours carry plain names until a real export is at hand.
fn zhejiang() -> Layout {
    let columns: Vec<(&'static str, Cell)> = vec![
        ("姓名", name),
        ("证件号码", id_number),
        ("性别", sex),
        ("出生日期", birth),
        ("手机", phone),
        ("本次参保日期-社保", hired_on),
        ("本次参保日期-医保", hired_on),
        ("是否补缴-医保", |_| "否".to_string()),
        ("缴费工资", wage),
    ];
    Layout {
        sheet: "增员",
        title: None,
        header_row: 1,
        first_row: 2,
        columns,
    }
}

fn generic_joiners() -> Layout {
    Layout {
        sheet: "增员",
        title: None,
        header_row: 1,
        first_row: 2,
        columns: vec![
            ("姓名", name),
            ("证件号码", id_number),
            ("性别", sex),
            ("出生日期", birth),
            ("手机号码", phone),
            ("户口行政区划代码", household_code),
            ("部门", department),
            ("岗位", |person| person.position.clone()),
            ("入职日期", hired_on),
            ("起缴年月", first_month),
            ("缴费工资", wage),
        ],
    }
}

fn generic_leavers() -> Layout {
    Layout {
        sheet: "减员",
        title: None,
        header_row: 1,
        first_row: 2,
        columns: vec![
            ("个人编号", person_number),
            ("姓名", name),
            ("证件号码", id_number),
            ("离职原因", reason),
            ("离职日期", left_on),
            ("社保停缴年月", last_month),
        ],
    }
}

fn wages() -> Layout {
    let columns: Vec<(&'static str, Cell)> = vec![
        ("个人编号", person_number),
        ("姓名", name),
        ("证件号码", id_number),
        ("缴费工资", wage),
        ("养老", |person| covered(person, Insurance::Pension)),
        ("医疗", |person| covered(person, Insurance::Medical)),
        ("失业", |person| covered(person, Insurance::Unemployment)),
        ("工伤", |person| covered(person, Insurance::Injury)),
        ("生育", |person| covered(person, Insurance::Maternity)),
    ];
    Layout {
        sheet: "缴费工资申报",
        title: None,
        header_row: 1,
        first_row: 2,
        columns,
    }
}

/// Writes the workbook. Every cell is text: an ID number or a code must not become a number, nor a name a formula.
pub(super) fn write(form: Form, kind: Kind, people: &[Person]) -> Result<Vec<u8>, Refusal> {
    let layout = form.layout(kind);
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let text = Format::new().set_num_format("@");
        let sheet = book.add_worksheet();
        sheet.set_name(layout.sheet)?;
        if let Some(title) = layout.title {
            sheet.write_string(0, 0, title)?;
        }
        for (column, (header, _)) in (0u16..).zip(&layout.columns) {
            sheet.write_string_with_format(layout.header_row - 1, column, *header, &text)?;
            sheet.set_column_width(column, 18)?;
        }
        for (row, person) in (layout.first_row - 1..).zip(people) {
            for (column, (_, cell)) in (0u16..).zip(&layout.columns) {
                sheet.write_string_with_format(row, column, cell(person), &text)?;
            }
        }
        book.save_to_buffer()
    };
    write().map_err(Refusal::internal)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use standard::IdNumber;

    fn person() -> Person {
        Person {
            id_number: IdNumber::compose("430102".parse().unwrap(), "1990-05-01".parse().unwrap(), 11).unwrap(),
            name: "=王敏".to_string(),
            phone: Some("13800000000".to_string()),
            person_number: None,
            department: "生产部".to_string(),
            position: String::new(),
            household: Some("440300".parse().unwrap()),
            hired_on: "2026-09-03".parse().unwrap(),
            wage: Some(standard::Money::from_fen(850_000)),
            insurances: vec![Insurance::Pension, Insurance::Injury],
            last_month: Some(Month::new(2026, 10).unwrap()),
            reason: Some(StopReason::Resigned),
            left_on: None,
        }
    }

    fn rows(form: Form, kind: Kind) -> Vec<Vec<String>> {
        let bytes = write(form, kind, &[person()]).unwrap();
        let sheet = crate::insurance::roster::read_sheet(&bytes).unwrap();
        let mut rows = vec![Vec::new(); 8];
        for row in sheet.rows {
            rows[row.number as usize] = row.cells.iter().map(crate::insurance::roster::Cell::shown).collect();
        }
        rows
    }

    #[test]
    fn each_region_has_its_header_where_its_system_looks_for_it() {
        let shenzhen = rows(Form::Shenzhen, Kind::Joiners);
        assert_eq!(shenzhen[2][..4], ["证件号码", "姓名", "户籍", "入深户时间"]);
        assert_eq!(shenzhen[4][1..3], ["=王敏", "深圳户籍"]);
        let guangzhou = rows(Form::Guangzhou, Kind::Joiners);
        assert_eq!(guangzhou[5][..3], ["变动类型", "变动原因", "个人社保号"]);
        assert_eq!(guangzhou[6][..2], ["1|增员", "11|新参保"]);
        assert_eq!(guangzhou[6][8], "8500.00");
        assert_eq!(
            guangzhou[6][14..],
            ["202609", "13800000000", "1|参保", "0|不参保", "0|不参保", "1|参保", "0|不参保"]
        );
        let leavers = rows(Form::Guangzhou, Kind::Leavers);
        assert_eq!(leavers[6][..2], ["12|减员", "28|辞职"]);
        let stop = rows(Form::Shenzhen, Kind::Leavers);
        assert_eq!(stop[1], ["电脑号", "姓名", "身份证号", "停交原因"]);
        let hangzhou = rows(Form::of("330100".parse().unwrap()), Kind::Joiners);
        assert!(hangzhou[1].contains(&"本次参保日期-社保".to_string()));
        assert_eq!(Form::of("430100".parse().unwrap()), Form::Generic);
    }
}
