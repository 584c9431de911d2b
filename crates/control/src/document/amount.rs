//! Money as statutory forms write it: grouped figures, and Chinese capitals (大写金额).

use standard::Money;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];

/// Yuan with two decimals and thousands separators: `1,234.50`.
pub fn figures(amount: Money) -> String {
    let fen = amount.fen().unsigned_abs();
    let yuan = (fen / 100).to_string();
    let mut grouped = String::with_capacity(yuan.len() + yuan.len() / 3 + 4);
    if amount.is_negative() {
        grouped.push('-');
    }
    for (index, digit) in yuan.chars().enumerate() {
        if index > 0 && (yuan.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{:02}", fen % 100)
}

/// Chinese capitals, as 《支付结算办法》 asks (正确填写票据和结算凭证的基本规定): `壹仟贰佰叁拾肆元伍角整`.
///
/// 中文大写金额数字到“元”为止的，在“元”之后应写“整”字，在“角”之后可以不写“整”字；阿拉伯数字中间有“0”时，
/// 中文大写要写“零”字，连续有几个“0”时只写一个“零”字。
pub fn upper_case(amount: Money) -> String {
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, cent) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = String::new();
    if amount.is_negative() {
        text.push('负');
    }
    if yuan > 0 {
        text.push_str(&integer(yuan));
        text.push('元');
    }
    match (jiao, cent) {
        (0, 0) => text.push_str(if yuan > 0 { "整" } else { "零元整" }),
        (jiao, 0) => {
            text.push_str(digit(jiao));
            text.push_str("角整");
        }
        (0, cent) => {
            if yuan > 0 {
                text.push('零');
            }
            text.push_str(digit(cent));
            text.push('分');
        }
        (jiao, cent) => {
            text.push_str(digit(jiao));
            text.push('角');
            text.push_str(digit(cent));
            text.push('分');
        }
    }
    text
}

fn digit(value: u64) -> &'static str {
    DIGITS[usize::try_from(value % 10).expect("one digit fits")]
}

/// A positive whole number in capitals, four digits a group.
fn integer(mut value: u64) -> String {
    let mut groups = Vec::new();
    while value > 0 {
        groups.push(value % 10_000);
        value /= 10_000;
    }
    let mut text = String::new();
    let mut gap = false;
    for (index, &group) in groups.iter().enumerate().rev() {
        if group == 0 {
            gap = true;
            continue;
        }
        // A zero is read between groups when the lower one does not fill its thousands, or a whole group is empty.
        if !text.is_empty() && (gap || group < 1_000) {
            text.push('零');
        }
        text.push_str(&four_digits(group));
        text.push_str(GROUPS[index]);
        gap = false;
    }
    text
}

fn four_digits(group: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4).rev() {
        let value = group / 10_u64.pow(place) % 10;
        if value == 0 {
            gap = true;
            continue;
        }
        if gap && !text.is_empty() {
            text.push('零');
        }
        gap = false;
        text.push_str(digit(value));
        text.push_str(PLACES[usize::try_from(place).expect("below four")]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(yuan: &str, expected_figures: &str, expected_upper: &str) {
        let amount = Money::from_yuan(yuan).expect("an amount of this file");
        assert_eq!(figures(amount), expected_figures);
        assert_eq!(upper_case(amount), expected_upper);
    }

    #[test]
    fn amounts_in_figures_and_capitals() {
        check("0.00", "0.00", "零元整");
        check("0.05", "0.05", "伍分");
        check("0.50", "0.50", "伍角整");
        check("1234.50", "1,234.50", "壹仟贰佰叁拾肆元伍角整");
        check("100.01", "100.01", "壹佰元零壹分");
        check("1680.32", "1,680.32", "壹仟陆佰捌拾元叁角贰分");
        check("107000.53", "107,000.53", "壹拾万柒仟元伍角叁分");
        check("6007.14", "6,007.14", "陆仟零柒元壹角肆分");
        check("100000000.00", "100,000,000.00", "壹亿元整");
        check("100001000.00", "100,001,000.00", "壹亿零壹仟元整");
        check("10010000.00", "10,010,000.00", "壹仟零壹万元整");
        check("200500.00", "200,500.00", "贰拾万零伍佰元整");
        check("-1234.56", "-1,234.56", "负壹仟贰佰叁拾肆元伍角陆分");
    }

    #[test]
    fn the_largest_amount_is_written_too() {
        assert!(upper_case(Money::from_fen(i64::MAX)).starts_with("玖京贰仟贰佰"));
        assert!(figures(Money::from_fen(i64::MIN)).starts_with("-92,233,720,368,547,758.08"));
    }
}
