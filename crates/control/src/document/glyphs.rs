//! Characters no installed font can draw. PDF/A refuses them, so they are replaced by 〓 and their code, and reported.

use std::collections::BTreeSet;

use serde_json::Value;
use standard::Finding;

use super::fonts::Fonts;

/// The mark Chinese typesetting uses for a character the font lacks.
const GETA: char = '〓';

/// Replaces every character of `value` that cannot be drawn, and collects those characters.
pub(super) fn replace_missing(value: &mut Value, fonts: &Fonts, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => *text = replaced(text, fonts, missing),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_missing(item, fonts, missing)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace_missing(field, fonts, missing)),
        _ => {}
    }
}

fn replaced(text: &str, fonts: &Fonts, missing: &mut BTreeSet<char>) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if drawable(c, fonts) {
            shown.push(c);
        } else if c.is_control() || is_invisible(c) {
            // Control characters, variation selectors and direction marks draw nothing.
            shown.push_str(if c == '\n' || c == '\t' { " " } else { "" });
        } else {
            missing.insert(c);
            shown.push(GETA);
            shown.push_str(&format!("（U+{:04X}）", u32::from(c)));
        }
    }
    shown
}

fn drawable(c: char, fonts: &Fonts) -> bool {
    !c.is_control() && !is_invisible(c) && fonts.covers(c)
}

fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0xE01EF)
}

/// The finding for characters that no font of this machine draws; `None` when all can be drawn.
pub(super) fn finding(missing: &BTreeSet<char>) -> Option<Finding> {
    if missing.is_empty() {
        return None;
    }
    let codes = missing
        .iter()
        .map(|c| format!("U+{:04X}", u32::from(*c)))
        .collect::<Vec<_>>()
        .join("、");
    Some(
        Finding::warning(
            "glyph_missing",
            format!("本机字库缺少生僻字（{codes}），PDF 中以“〓”加编码代替"),
            format!("The installed fonts lack rare characters ({codes}); the PDF shows “〓” with their code"),
        )
        .remedy(
            "请安装覆盖该字的字库（如 Noto Serif CJK 最新版）后重新生成，或在打印件上手写该字并由经办人核对",
            "Install a font that has them (for example the newest Noto Serif CJK) and render again, or write them on the printout by hand",
        )
        .who("administrator"),
    )
}
