//! Every template is typeset and read back with `pdftotext` (Debian package poppler-utils).
#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::*;

/// One renderer for all tests: reading the fonts takes a moment.
pub(crate) fn renderer() -> &'static Renderer {
    static RENDERER: OnceLock<Renderer> = OnceLock::new();
    RENDERER.get_or_init(|| Renderer::new(&[]).unwrap_or_else(|refusal| panic!("{refusal}")))
}

pub(crate) fn mark(signer: &str) -> Mark {
    let at = "2026-11-21T10:20:00Z".parse().unwrap();
    Mark::sealed("7K2M-9QXR-4TAB", "https://shebao.test/verify/", signer, at)
}

/// The PDF's text without spaces and line ends, so that a wrapped cell reads as one.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-q", "-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is missing: install poppler-utils");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "pdftotext cannot read the PDF");
    String::from_utf8(output.stdout)
        .unwrap()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// Typesets `form`, keeps the PDF when `SHEBAO_KEEP_PDF` names a folder, and looks for `expected` in its text.
async fn check<F: Form>(name: &str, form: &F, mark: Mark, expected: &[&str]) -> (Rendered, String) {
    let rendered = renderer().render(form, mark).await.unwrap();
    if let Some(dir) = std::env::var_os("SHEBAO_KEEP_PDF") {
        std::fs::write(std::path::Path::new(&dir).join(format!("{name}.pdf")), &rendered.pdf).unwrap();
    }
    assert!(rendered.pdf.starts_with(b"%PDF-1.7"), "{name} is no PDF 1.7");
    assert!(find(&rendered.pdf, b"pdfaid:part"), "{name} does not declare PDF/A");
    let text = text_of(&rendered.pdf);
    for part in expected {
        assert!(text.contains(part), "{name} lacks {part}: {text}");
    }
    (rendered, text)
}

fn find(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn fields(rendered: &Rendered) -> Vec<&str> {
    rendered.findings.iter().filter_map(|finding| finding.field.as_deref()).collect()
}

#[tokio::test]
async fn the_application_shows_every_place_and_marks_the_empty_ones() {
    let form = samples::transfer_application("欧阳星河");
    let expected = [
        "基本养老保险关系转移接续申请表",
        "申请编号：SQ202611210001",
        "欧阳星河",
        "420100199003070022",
        "湖北省武汉市",
        "武汉市社会保险经办机构",
        "000-12333（待核实）",
        "91430100MA4L000000",
        "户籍地【待填】",
        "原个人编号【待填】",
        "（单位盖章）",
        "校验码7K2M-9QXR-4TAB",
        "https://shebao.test/verify/7K2M-9QXR-4TAB",
        "2026-11-2118:20",
        "第1页共1页",
    ];
    let (rendered, text) = check("transfer_application", &form, mark("长沙星河制造有限公司"), &expected).await;
    assert_eq!(
        text.matches("【待填】").count(),
        3,
        "two empty places, and the note that explains the mark"
    );
    assert_eq!(fields(&rendered), ["person.household", "old_personal_number"]);
    assert!(text.contains("电子签章"), "the signer's seal stands on its document");
}

#[tokio::test]
async fn a_preview_has_neither_code_nor_seal() {
    let form = samples::transfer_application("欧阳星河");
    let (_, text) = check("draft", &form, Mark::draft(), &["预览稿，未签署，不作办理依据。"]).await;
    assert!(!text.contains("校验码") && !text.contains("电子签章") && !text.contains("扫码核验"));
}

#[tokio::test]
async fn the_seal_stands_only_where_its_organisation_signs() {
    let form = samples::transfer_application("欧阳星河");
    let (_, text) = check("other_signer", &form, mark("别的单位"), &["签署别的单位"]).await;
    assert!(!text.contains("电子签章"));
}

#[tokio::test]
async fn the_letters_and_notices_show_their_values() {
    let changsha = "长沙市社会保险经办机构";
    let wuhan = "武汉市社会保险经办机构";
    let letter = [
        "联系函编号：43010020261100001",
        "√基本养老保险个人账户临时基本养老保险缴费账户",
        "00000000000000001234",
    ];
    check("contact_letter", &samples::contact_letter(), mark(changsha), &letter).await;
    let notice = [
        "基本养老保险转移基金付款通知",
        "¥28,672.65",
        "贰万捌仟陆佰柒拾贰元陆角伍分",
        "2026年11月26日",
    ];
    check("fund_notice", &samples::fund_notice(), mark(wuhan), &notice).await;
    let receipt = [
        "业务流水号：430100-2026-000123",
        "已受理",
        "转移月数38",
        "1.新参保地经办机构于",
        "4201**********0022",
    ];
    check("receipt", &samples::receipt(), mark(changsha), &receipt).await;
    let order = [
        "征集单号：Z43010020261000000001",
        "养老297,440.00148,720.00446,160.00",
        "陆拾叁万贰仟零陆拾元整",
        "缴费截止日2026年11月16日",
    ];
    check("collection_order", &samples::collection_order(), mark(changsha), &order).await;
    let paid = [
        "缴费编号：J43010020261100000001",
        "滞纳金¥1,264.12",
        "暂收款¥0.88",
        "陆拾叁万叁仟叁佰贰拾伍元整",
    ];
    check("payment_receipt", &samples::payment_receipt(), mark(changsha), &paid).await;
    let certificate = [
        "凭证编号：PZ420100202600001",
        "¥11,469.06",
        "壹万壹仟肆佰陆拾玖元零陆分",
        "2025年04月",
    ];
    check(
        "contribution_certificate",
        &samples::contribution_certificate(),
        mark(wuhan),
        &certificate,
    )
    .await;
}

#[tokio::test]
async fn a_return_lists_all_reasons_and_a_refusal_names_the_appeal() {
    let returned = [
        "社会保险业务补正通知书",
        "2026年12月04日前",
        "transfer_out_relation_active",
        "由原单位补缴欠费后重新提交。",
        "请原单位办理减员",
    ];
    let (_, text) = check("returned", &samples::decline(false), mark("武汉市社会保险经办机构"), &returned).await;
    assert!(!text.contains("行政复议"));
    let refused = ["社会保险业务不予办理通知书", "60日内依法申请行政复议", "6个月内依法提起行政诉讼"];
    check("refused", &samples::decline(true), mark("武汉市社会保险经办机构"), &refused).await;
}

#[tokio::test]
async fn a_payslip_shows_each_line_with_its_figures() {
    let shown = [
        "工资条",
        "某某制造有限公司",
        "应发工资",
        "捌仟肆佰壹拾叁元柒角玖分",
        "社会保险法第十二条",
        "规定版本",
    ];
    let (_, text) = check("payslip", &samples::payslip(), Mark::plain(), &shown).await;
    assert!(!text.contains("预览稿") && !text.contains("校验码"), "nobody signs a payslip");
}

#[tokio::test]
async fn forty_yearly_rows_run_over_pages_with_their_heads() {
    let expected = [
        "⑥转移总金额（⑥＝④＋⑤）¥28,672.65",
        "198601198612",
        "202501202512",
        "第3页共3页",
        "合计480",
    ];
    let form = samples::information_form(40);
    let (rendered, text) = check("information_form", &form, mark("武汉市社会保险经办机构"), &expected).await;
    assert_eq!(
        text.matches("年末累计储存额").count(),
        2,
        "the head stands on both pages of part two"
    );
    assert_eq!(fields(&rendered), ["person.household", "region_began"]);
}

#[tokio::test]
async fn no_yearly_rows_is_said_so() {
    check("no_years", &samples::information_form(0), mark("x"), &["无缴费记录", "第2页共2页"]).await;
}

#[tokio::test]
async fn what_people_type_is_never_read_as_markup() {
    let name = "#panic(\"x\")$a^b$*粗*_斜_\\[@ref<l>//";
    let (_, text) = check("markup", &samples::transfer_application(name), Mark::draft(), &[]).await;
    assert!(text.contains("#panic(\"x\")$a^b$*粗*_斜_"), "{text}");
}

#[tokio::test]
async fn long_names_wrap_and_rare_characters_are_reported() {
    let long = "买买提·".repeat(15);
    check(
        "long_name",
        &samples::transfer_application(&long),
        mark("长沙星河制造有限公司"),
        &[&long],
    )
    .await;
    let (rendered, _) = check(
        "rare_name",
        &samples::transfer_application("𠮷\u{e123}三"),
        Mark::draft(),
        &["𠮷〓（U+E123）三"],
    )
    .await;
    let finding = rendered.findings.iter().find(|finding| finding.rule == "glyph_missing").unwrap();
    assert!(finding.message.zh.contains("U+E123") && !finding.message.zh.contains("U+20BB7"));
    assert_eq!(renderer().check_glyphs("欧阳星河𠮷"), None);
    assert!(renderer().check_glyphs("\u{e123}").is_some());
}

#[tokio::test]
async fn the_same_form_gives_the_same_bytes() {
    let form = samples::receipt();
    let first = renderer().render(&form, mark("x")).await.unwrap().pdf;
    let second = renderer().render(&form, mark("x")).await.unwrap().pdf;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let mut form = samples::receipt();
    form.next_steps = vec!["很长".repeat(1_000_000)];
    let refusal = renderer().render(&form, Mark::draft()).await.err().unwrap();
    assert_eq!(refusal.rule(), "form_too_large");
}
