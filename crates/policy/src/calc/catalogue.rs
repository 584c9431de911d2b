//! The calculations there are, with their inputs: for the page where people try them, and for help texts.

use serde::Serialize;

/// One input.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Field {
    /// Its API name.
    pub name: &'static str,
    /// `money`, `rate`, `decimal`, `month`, `date`, `region`, `insurance`, `integer`, `flag`, `text`, `list` or `choice:a|b`.
    pub kind: &'static str,
    /// Must be given.
    pub required: bool,
    /// Label.
    pub zh: &'static str,
}

/// One calculation.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Kind {
    /// Its API name.
    pub name: &'static str,
    /// What it is called.
    pub zh: &'static str,
    /// What it is called in English.
    pub en: &'static str,
    /// Its inputs in order.
    pub fields: &'static [Field],
    /// Inputs that work, as JSON: to start from.
    pub example: &'static str,
}

macro_rules! fields {
    ($($name:literal $kind:literal $zh:literal $($optional:ident)?;)*) => {
        &[$(Field { name: $name, kind: $kind, required: !fields!(@ $($optional)?), zh: $zh }),*]
    };
    (@ optional) => { true };
    (@) => { false };
}

static KINDS: &[Kind] = &[
    Kind {
        name: "base_limits",
        zh: "缴费基数上下限",
        en: "Limits of the contribution base",
        fields: fields! { "region" "region" "地区"; "month" "month" "费款所属期"; "insurance" "insurance" "险种"; },
        example: r#"{"region":"430100","month":"2025-06","insurance":"pension"}"#,
    },
    Kind {
        name: "contribution_base",
        zh: "缴费基数",
        en: "Contribution base",
        fields: fields! { "region" "region" "地区"; "month" "month" "费款所属期"; "insurance" "insurance" "险种"; "wage" "money" "月工资"; },
        example: r#"{"region":"430100","month":"2025-06","insurance":"pension","wage":"10000.00"}"#,
    },
    Kind {
        name: "contribution",
        zh: "五险缴费",
        en: "Contributions of the five insurances",
        fields: fields! { "region" "region" "地区"; "month" "month" "费款所属期"; "wage" "money" "月工资";
        "hired_on" "date" "入职日期" optional; "industry_class" "integer" "工伤行业类别（1—8）" optional;
        "medical_tier" "integer" "医疗保险档次（1、2）" optional; },
        example: r#"{"region":"430100","month":"2025-06","wage":"10000.00"}"#,
    },
    Kind {
        name: "flexible_contribution",
        zh: "灵活就业缴费",
        en: "Contributions without an employer",
        fields: fields! { "region" "region" "地区"; "month" "month" "费款所属期"; "base" "money" "自选缴费基数";
        "pension_only" "flag" "只缴养老保险" optional; "medical_base" "money" "医疗保险基数（可自选的地区）" optional;
        "medical_tier" "integer" "医疗保险档次（1、2，分档的地区）" optional; },
        example: r#"{"region":"310000","month":"2025-08","base":"8000.00"}"#,
    },
    Kind {
        name: "housing_fund",
        zh: "住房公积金",
        en: "Housing fund",
        fields: fields! { "region" "region" "地区"; "month" "month" "月份"; "base" "money" "缴存基数"; "rate" "rate" "缴存比例"; },
        example: r#"{"region":"310000","month":"2025-08","base":"10000.00","rate":"0.07"}"#,
    },
    Kind {
        name: "payroll",
        zh: "工资条",
        en: "Payslip",
        fields: fields! { "region" "region" "地区"; "month" "month" "工资月份"; "first_month" "integer" "本年首个发薪月";
        "wage" "money" "月工资"; "housing_fund_rate" "rate" "公积金比例" optional; "housing_fund_base" "money" "公积金基数" optional;
        "additional_deduction" "money" "专项附加扣除（月）" optional; },
        example: r#"{"region":"110000","month":"2025-07","first_month":7,"wage":"10000.00","housing_fund_rate":"0.12"}"#,
    },
    Kind {
        name: "tax_withholding",
        zh: "工资个税累计预扣",
        en: "Cumulative tax withholding",
        fields: fields! { "year" "integer" "年度"; "first_month" "integer" "首月"; "months" "list" "各月收入与扣除";
        "first_employment" "flag" "当年首次就业" optional; },
        example: r#"{"year":2025,"first_month":1,"months":[{"income":"30000.00","special_deduction":"4500.00","additional_deduction":"2000.00"}]}"#,
    },
    Kind {
        name: "tax_bonus",
        zh: "年终奖个税",
        en: "Tax on the yearly bonus",
        fields: fields! { "year" "integer" "年度"; "bonus" "money" "全年一次性奖金"; },
        example: r#"{"year":2025,"bonus":"36000.00"}"#,
    },
    Kind {
        name: "tax_annual",
        zh: "综合所得汇算",
        en: "Annual settlement",
        fields: fields! { "year" "integer" "年度"; "income" "money" "全年收入"; "special_deduction" "money" "专项扣除";
        "additional_deduction" "money" "专项附加扣除"; "other_deduction" "money" "其他扣除" optional; },
        example: r#"{"year":2025,"income":"240000.00","special_deduction":"36000.00","additional_deduction":"24000.00"}"#,
    },
    Kind {
        name: "retirement",
        zh: "法定退休年龄",
        en: "Statutory retirement age",
        fields: fields! { "birth_month" "month" "出生年月"; "category" "choice:male|female_55|female_50" "人员类别"; },
        example: r#"{"birth_month":"1966-07","category":"male"}"#,
    },
    Kind {
        name: "minimum_contribution",
        zh: "最低缴费年限",
        en: "Minimum contribution months",
        fields: fields! { "year" "integer" "退休年度"; },
        example: r#"{"year":2032}"#,
    },
    Kind {
        name: "payment_months",
        zh: "计发月数",
        en: "Payment months",
        fields: fields! { "years" "integer" "退休年龄（岁）"; "months" "integer" "另加月数"; },
        example: r#"{"years":60,"months":1}"#,
    },
    Kind {
        name: "pension",
        zh: "养老金测算",
        en: "Pension",
        fields: fields! { "calculation_base" "money" "计发基数"; "average_index" "decimal" "平均缴费指数"; "contribution_years" "decimal" "缴费年限";
        "account_balance" "money" "个人账户储存额" optional; "payment_months" "decimal" "计发月数" optional;
        "deemed_years" "decimal" "视同缴费年限" optional; "transition_coefficient" "decimal" "过渡系数" optional; },
        example: r#"{"calculation_base":"7694.00","average_index":"1.0324","contribution_years":"31.33","account_balance":"85298.25","payment_months":"139"}"#,
    },
    Kind {
        name: "personal_account",
        zh: "个人账户储存额",
        en: "Personal account",
        fields: fields! { "history" "list" "缴费起止年月与月缴费基数"; "until" "month" "算到年月"; },
        example: r#"{"history":[{"from":"2023-01","to":"2025-06","base":"6000.00"}],"until":"2026-06"}"#,
    },
    Kind {
        name: "transfer_fund",
        zh: "转移基金",
        en: "Money that moves",
        fields: fields! { "years" "list" "各年月缴费基数与月数"; "account" "money" "个人账户储存额" optional; },
        example: r#"{"years":[{"monthly_base":"5000.00","months":12}],"account":"4800.00"}"#,
    },
    Kind {
        name: "benefit_place",
        zh: "待遇领取地",
        en: "Place that pays the pension",
        fields: fields! { "household" "region" "户籍地"; "current" "region" "现关系所在地"; "years" "list" "各地缴费月数（按时间）"; },
        example: r#"{"household":"430100","current":"440100","years":[{"region":"440100","months":132}]}"#,
    },
    Kind {
        name: "unemployment_months",
        zh: "失业金领取月数",
        en: "Months of unemployment benefit",
        fields: fields! { "region" "region" "地区"; "month" "month" "失业月份"; "contribution_months" "integer" "累计缴费月数"; },
        example: r#"{"region":"440100","month":"2025-06","contribution_months":54}"#,
    },
    Kind {
        name: "unemployment_amount",
        zh: "失业金标准",
        en: "Unemployment benefit",
        fields: fields! { "region" "region" "地区"; "month" "month" "领取月份"; "benefit_month" "integer" "第几个月领取"; },
        example: r#"{"region":"440100","month":"2025-03","benefit_month":1}"#,
    },
    Kind {
        name: "injury_disability",
        zh: "工伤伤残待遇",
        en: "Disability benefits",
        fields: fields! { "grade" "integer" "伤残等级（1—10）"; "own_wage" "money" "本人工资"; "regional_average_wage" "money" "统筹地区平均工资"; },
        example: r#"{"grade":4,"own_wage":"8000.00","regional_average_wage":"7000.00"}"#,
    },
    Kind {
        name: "maternity_days",
        zh: "产假天数",
        en: "Days of maternity leave",
        fields: fields! { "region" "region" "地区"; "dystocia" "flag" "难产"; "babies" "integer" "胎儿数"; "child_order" "integer" "孩次"; "month" "month" "生育年月" optional; },
        example: r#"{"region":"330100","dystocia":false,"babies":1,"child_order":2}"#,
    },
    Kind {
        name: "maternity_allowance",
        zh: "生育津贴",
        en: "Maternity allowance",
        fields: fields! { "employer_average_wage" "money" "单位上年度月平均工资"; "days" "integer" "天数"; },
        example: r#"{"employer_average_wage":"8000.00","days":158}"#,
    },
    Kind {
        name: "medical_reimbursement",
        zh: "医疗费用报销",
        en: "Medical reimbursement",
        fields: fields! { "eligible" "money" "政策范围内费用"; "eligible_before" "money" "本期此前已结算的费用" optional;
        "region" "region" "地区（按当地方案）" optional; "month" "month" "就医年月（按当地方案）" optional;
        "care" "choice:outpatient|inpatient" "就医类型（按当地方案）" optional; "hospital_level" "integer" "医院等级（1—3）" optional;
        "retired" "flag" "已退休" optional; "deductible" "money" "起付线（自填方案）" optional;
        "tiers" "list" "各段上限与比例（自填方案）" optional; "cap" "money" "封顶线（自填方案）" optional; },
        example: r#"{"eligible":"20000.00","deductible":"1000.00","tiers":[{"up_to":"10000.00","ratio":"0.85"},{"ratio":"0.90"}],"cap":"100000.00"}"#,
    },
    Kind {
        name: "annual_leave",
        zh: "年休假天数",
        en: "Annual leave",
        fields: fields! { "cumulative_service_months" "integer" "累计工作月数"; },
        example: r#"{"cumulative_service_months":120}"#,
    },
    Kind {
        name: "annual_leave_proration",
        zh: "年休假折算",
        en: "Leave for a part of the year",
        fields: fields! { "remaining_calendar_days" "integer" "当年剩余日历天数"; "entitlement_days" "integer" "全年应休天数"; },
        example: r#"{"remaining_calendar_days":200,"entitlement_days":10}"#,
    },
    Kind {
        name: "daily_wage",
        zh: "日工资",
        en: "Daily wage",
        fields: fields! { "monthly_wage" "money" "月工资"; },
        example: r#"{"monthly_wage":"8700.00"}"#,
    },
    Kind {
        name: "overtime",
        zh: "加班工资",
        en: "Overtime pay",
        fields: fields! { "monthly_wage" "money" "月工资"; "hours" "decimal" "小时数"; "day" "choice:workday|rest_day|holiday" "日期类型"; },
        example: r#"{"monthly_wage":"5000.00","hours":"2","day":"rest_day"}"#,
    },
    Kind {
        name: "severance",
        zh: "经济补偿与赔偿",
        en: "Severance",
        fields: fields! { "monthly_wage" "money" "月工资"; "service_months" "integer" "本单位工作月数"; "unlawful" "flag" "违法解除"; "regional_average_wage" "money" "本地区上年度月平均工资" optional; },
        example: r#"{"monthly_wage":"3500.00","service_months":21,"unlawful":true}"#,
    },
    Kind {
        name: "late_fee",
        zh: "滞纳金",
        en: "Late fee",
        fields: fields! { "principal" "money" "欠缴本金"; "from" "date" "首个欠缴日"; "paid_on" "date" "缴纳日"; },
        example: r#"{"principal":"10000.00","from":"2025-06-01","paid_on":"2025-06-30"}"#,
    },
    Kind {
        name: "day_type",
        zh: "日期类型",
        en: "Kind of day",
        fields: fields! { "date" "date" "日期"; },
        example: r#"{"date":"2026-10-01"}"#,
    },
    Kind {
        name: "working_days",
        zh: "工作日天数",
        en: "Working days",
        fields: fields! { "from" "date" "起（计入）"; "to" "date" "止（计入）"; },
        example: r#"{"from":"2026-01-01","to":"2026-12-31"}"#,
    },
    Kind {
        name: "id_number",
        zh: "身份号码校验",
        en: "ID number check",
        fields: fields! { "number" "text" "公民身份号码"; },
        example: r#"{"number":"11010519491231002X"}"#,
    },
    Kind {
        name: "credit_code",
        zh: "统一社会信用代码校验",
        en: "Credit code check",
        fields: fields! { "code" "text" "统一社会信用代码"; },
        example: r#"{"code":"91350100M000100Y43"}"#,
    },
];

/// Every calculation, in the order a reader would look for them.
pub fn catalogue() -> &'static [Kind] {
    KINDS
}
