//! The names a formula may use: the figures of one person's month in the field's words.

use serde::Serialize;
use utoipa::ToSchema;

use super::Number;

macro_rules! figures {
    ($($(#[$doc:meta])* $variant:ident $zh:literal $en:literal;)+) => {
        /// A figure of one person's month.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(usize)]
        pub enum Figure { $($(#[$doc])* $variant,)+ }

        impl Figure {
            /// Every figure.
            pub const ALL: &'static [Figure] = &[$(Figure::$variant,)+];

            /// The name in a formula.
            pub const fn zh(self) -> &'static str {
                match self { $(Figure::$variant => $zh,)+ }
            }

            /// What it is, in English.
            pub const fn en(self) -> &'static str {
                match self { $(Figure::$variant => $en,)+ }
            }
        }
    };
}

figures! {
    /// The contract wage of the month; in a prorated component that of each stretch.
    Wage "月工资" "monthly contract wage";
    /// The wage for the days in employment, by the steps in force on them.
    EmployedWage "折算工资" "wage of the days in employment";
    /// 计薪日 of the month: working days and statutory holidays.
    PaidDays "当月计薪天数" "paid days of the month";
    /// Those in employment.
    EmployedDays "在职计薪天数" "paid days in employment";
    /// 21.75.
    LawDays "月计薪天数" "21.75 by law";
    /// 应出勤天数.
    ScheduledDays "应出勤天数" "scheduled days";
    /// 实出勤天数.
    WorkedDays "实出勤天数" "worked days";
    /// 应出勤小时.
    ScheduledHours "应出勤小时" "scheduled hours";
    /// 实出勤小时.
    WorkedHours "实出勤小时" "worked hours";
    /// 旷工小时.
    AbsentHours "旷工小时" "hours absent without leave";
    /// 迟到小时.
    LateHours "迟到小时" "hours late";
    /// 事假小时.
    UnpaidLeaveHours "事假小时" "hours of unpaid leave";
    /// 病假小时.
    SickLeaveHours "病假小时" "hours of sick leave";
    /// 带薪假小时.
    PaidLeaveHours "带薪假小时" "hours of paid leave";
    /// 平日加班小时.
    WorkdayOvertime "平日加班小时" "overtime hours on working days";
    /// 休息日加班小时.
    RestDayOvertime "休息日加班小时" "overtime hours on rest days";
    /// 节假日加班小时.
    HolidayOvertime "节假日加班小时" "overtime hours on statutory holidays";
    /// By 劳动法第四十四条.
    WorkdayOvertimePay "平日加班费" "overtime pay, working days, by law";
    /// By 劳动法第四十四条.
    RestDayOvertimePay "休息日加班费" "overtime pay, rest days, by law";
    /// By 劳动法第四十四条.
    HolidayOvertimePay "节假日加班费" "overtime pay, statutory holidays, by law";
    /// The region's minimum wage.
    MinimumWage "最低工资" "monthly minimum wage of the region";
    /// Whole months since the hire.
    ServiceMonths "司龄月数" "months since the hire";
    /// The wage the contribution base is taken from.
    BaseWage "缴费工资" "wage of the contribution base";
    /// What was entered by hand for this component.
    Entered "录入" "amount entered for this component";
}

/// How many there are.
pub const COUNT: usize = Figure::ALL.len();

/// The figures of one person's month.
#[derive(Debug, Clone)]
pub struct Figures(pub [Number; COUNT]);

impl Figures {
    /// All one number, to try a formula.
    pub const fn all(number: Number) -> Figures {
        Figures([number; COUNT])
    }

    /// One figure.
    pub fn get(&self, figure: Figure) -> Number {
        self.0[figure as usize]
    }

    /// Sets one.
    pub fn set(&mut self, figure: Figure, number: Number) {
        self.0[figure as usize] = number;
    }
}

/// A name or function as the editor lists it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormulaName {
    /// As it is written in a formula.
    pub name: &'static str,
    /// What it means, in English.
    pub meaning: &'static str,
    /// True of a function.
    pub function: bool,
}

/// The functions beside `+ − × ÷`, comparisons and `&&`, `||`, `!`.
pub const FUNCTIONS: [(&str, &str); 5] = [
    ("如果", "如果(condition, then, otherwise)"),
    ("最大", "the larger of two"),
    ("最小", "the smaller of two"),
    ("取整", "rounded half up to the yuan"),
    ("保留两位", "rounded half up to the fen"),
];

/// Everything a formula may use.
pub fn names() -> Vec<FormulaName> {
    let figures = Figure::ALL.iter().map(|figure| FormulaName {
        name: figure.zh(),
        meaning: figure.en(),
        function: false,
    });
    let functions = FUNCTIONS.iter().map(|(name, meaning)| FormulaName {
        name,
        meaning,
        function: true,
    });
    figures.chain(functions).collect()
}
