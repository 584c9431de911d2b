//! The catalogue of coded reasons for returning and refusing, each with its remedy.

use serde::{Deserialize, Serialize};
use standard::{Finding, Refusal, Text};

use super::case::{Case, Reason};

/// One reason a clerk may pick.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct ReasonTemplate {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong, Chinese.
    pub zh: &'static str,
    /// What is wrong, English.
    pub en: &'static str,
    /// What the maker or sender should do, Chinese.
    pub remedy_zh: &'static str,
    /// What the maker or sender should do, English.
    pub remedy_en: &'static str,
    /// Whether it is a ground to refuse for good; the others are for returning.
    pub refusal: bool,
}

/// A reason as the clerk sends it: a code of the catalogue or of one of the case's findings, and words of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReasonChoice {
    /// Code.
    pub code: String,
    /// The clerk's words; needed with the code `other`.
    pub text: Option<String>,
}

macro_rules! reasons {
    ($($code:literal $refusal:literal $zh:literal $en:literal $remedy_zh:literal $remedy_en:literal;)+) => {
        const CATALOGUE: &[ReasonTemplate] = &[$(ReasonTemplate {
            code: $code, zh: $zh, en: $en, remedy_zh: $remedy_zh, remedy_en: $remedy_en, refusal: $refusal,
        },)+];
    };
}

reasons! {
    "identity_mismatch" false "姓名与证件号码不一致" "Name and ID number do not belong together"
        "核对身份证原件后更正并重新提交" "Check against the ID card, correct and submit again";
    "field_missing" false "必填项目未填写完整" "Required fields are missing"
        "补全标出的项目后重新提交" "Fill in the marked fields and submit again";
    "document_unclear" false "申请表或附件不清晰、不完整" "The form or an attachment is unclear or incomplete"
        "重新上传完整清晰的材料" "Upload complete, readable documents";
    "signature_invalid" false "电子签名验证未通过" "The electronic signature does not verify"
        "重新签署申请表后提交" "Sign the form again and submit";
    "relation_active" false "原参保地仍在正常缴费，未停保" "Contributions still run in the old region"
        "请原单位先办理停保，停保次月再申请" "Have the former employer stop the insurance, then apply again";
    "arrears" false "原参保地存在欠费" "There are arrears in the old region"
        "由原单位或本人补缴欠费后重新申请" "Have the arrears paid, then apply again";
    "duplicate_person" false "同一人员有多条基本信息" "The person has several records"
        "先在原参保地办理人员信息合并" "Have the records merged in the old region first";
    "relation_missing_new" false "新参保地尚未建立参保关系" "No relation exists in the new region yet"
        "先办理新参保地参保登记" "Enrol in the new region first";
    "amount_mismatch" false "信息表与到账金额不一致" "The information form and the money received differ"
        "原参保地核对后重新发送信息表或补拨资金" "The old region must check and send the form or money again";
    "history_conflict" false "缴费历史存在重复或间断待核" "Contribution history overlaps or needs checking"
        "核对标出的月份后重新发送" "Check the marked months and send again";
    "bank_details_wrong" false "收款账户信息有误" "Bank details are wrong"
        "更正开户行、户名、账号后重新发送" "Correct bank, name and number and send again";
    "wrong_region" false "应由其他经办机构办理" "Another agency is responsible"
        "向标明的经办机构重新提交" "Submit to the agency named";
    "temporary_account" true "临时基本养老保险缴费账户不能转移（国办发〔2009〕66号第五条）" "A temporary account is not transferred (Guobanfa 2009 No. 66, art. 5)"
        "待达到待遇领取条件时归集到待遇领取地" "It is consolidated where the pension will be drawn";
    "retired" true "已按月领取基本养老保险待遇，不再转移（国办发〔2009〕66号第二条）" "A pension is already drawn; no transfer (Guobanfa 2009 No. 66, art. 2)"
        "无需办理转移" "No transfer is needed";
    "same_province" true "省级统筹范围内流动不转移基金" "No money moves within a province that pools provincially"
        "在新参保地直接续保" "Continue directly in the new region";
    "already_transferred" true "该关系已办结转移" "The relation has already been transferred"
        "在新参保地查询缴费记录" "Look up the record in the new region";
    "no_relation" true "原参保地无该人员参保关系" "The old region has no relation of this person"
        "核对原参保地后重新申请" "Check the former region and apply again";
    "not_eligible" true "不符合办理条件" "The conditions are not met"
        "可咨询经办机构；对决定不服的，可依法申请行政复议" "Ask the agency; the decision can be appealed";
    "other" false "其他原因" "Other reason"
        "按说明更正后重新提交" "Correct as described and submit again";
}

/// Every reason, in the order to show.
pub fn reasons_catalogue() -> &'static [ReasonTemplate] {
    CATALOGUE
}

/// The catalogue's reason of `code`.
pub fn reason(code: &str) -> Option<Reason> {
    CATALOGUE.iter().find(|template| template.code == code).map(|template| Reason {
        code: template.code.to_owned(),
        text: Text::new(template.zh, template.en),
        remedy: Some(Text::new(template.remedy_zh, template.remedy_en)),
        field: None,
    })
}

/// One opinion a clerk may pick when passing or approving.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct OpinionTemplate {
    /// Stable code.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// The opinions to pick from when passing or approving, in the order to show.
pub fn opinions() -> &'static [OpinionTemplate] {
    const OPINIONS: &[OpinionTemplate] = &[
        OpinionTemplate {
            code: "complete",
            zh: "材料齐全，符合规定，同意办理。",
            en: "Complete and in order; agreed.",
        },
        OpinionTemplate {
            code: "verified",
            zh: "已核对参保与缴费记录，信息一致，同意。",
            en: "Checked against the records; they agree.",
        },
        OpinionTemplate {
            code: "amount_verified",
            zh: "转移金额已核对无误，同意。",
            en: "The amounts are checked and right.",
        },
        OpinionTemplate {
            code: "reviewed",
            zh: "已复核，同意。",
            en: "Reviewed; agreed.",
        },
    ];
    OPINIONS
}

const MAX_REASONS: usize = 20;
const MAX_TEXT: usize = 500;

/// The reasons a clerk chose for `case`, or why the choice is refused.
pub(super) fn resolve(case: &Case, choices: &[ReasonChoice]) -> Result<Vec<Reason>, Refusal> {
    if choices.is_empty() || choices.len() > MAX_REASONS {
        return Err(Finding::blocking(
            "reason_required",
            format!("退回或不予受理须说明原因（1至{MAX_REASONS}条）。"),
            format!("Give 1 to {MAX_REASONS} reasons to return or refuse."),
        )
        .field("reasons")
        .into());
    }
    choices.iter().map(|choice| resolve_one(case, choice)).collect()
}

fn resolve_one(case: &Case, choice: &ReasonChoice) -> Result<Reason, Refusal> {
    let own = choice.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let found = case.findings.iter().find(|finding| finding.rule == choice.code).map(Reason::of);
    let Some(mut resolved) = found.or_else(|| reason(&choice.code)) else {
        return Err(Finding::blocking(
            "unknown_reason",
            "没有这个原因代码，请从列表中选择。",
            "Unknown reason code; choose from the list.",
        )
        .field("reasons")
        .into());
    };
    if own.is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(Finding::blocking(
            "reason_too_long",
            format!("原因说明不能超过{MAX_TEXT}字。"),
            format!("A reason is at most {MAX_TEXT} characters."),
        )
        .field("reasons")
        .into());
    }
    match own {
        Some(text) => {
            let zh = format!("{}：{text}", resolved.text.zh);
            let en = format!("{}: {text}", resolved.text.en);
            resolved.text = Text::new(zh, en);
        }
        None if choice.code == "other" => {
            return Err(Finding::blocking(
                "reason_text_required",
                "选择“其他原因”时请写明具体原因。",
                "With “other”, say what the reason is.",
            )
            .field("reasons")
            .into());
        }
        None => {}
    }
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_code_both_languages_and_a_remedy() {
        let mut codes: Vec<&str> = CATALOGUE.iter().map(|template| template.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CATALOGUE.len());
        for template in CATALOGUE {
            for text in [template.zh, template.en, template.remedy_zh, template.remedy_en] {
                assert!(!text.is_empty(), "{}", template.code);
            }
            assert!(template.en.is_ascii() && !template.zh.is_ascii(), "{}", template.code);
        }
        assert!(reason("retired").is_some_and(|reason| reason.remedy.is_some()));
        assert!(reason("nonsense").is_none());
    }
}
