//! Putting typed text into one form before it is read.

/// Full-width letters, digits, punctuation and spaces to half-width, outer white space removed.
///
/// ```
/// assert_eq!(standard::half_width("　１１０Ｘ－ "), "110X-");
/// ```
pub fn half_width(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            // The full-width forms repeat ASCII in order, 0xFEE0 further on.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    folded.trim().to_owned()
}
