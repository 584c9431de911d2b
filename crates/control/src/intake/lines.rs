//! Text files as an editor shows them: which line a row begins in, and what stands between its cells.

use std::io::{self, Read};

/// Text whose every line ends in one `\n`, the last line too: `\r\n` and a lone `\r` become it. A reader that counts `\n`
/// then counts what an editor counts.
pub struct Lines<R> {
    inner: R,
    after_return: bool,
    last: u8,
}

impl<R: Read> Lines<R> {
    /// Over text in UTF-8.
    pub fn new(inner: R) -> Lines<R> {
        Lines {
            inner,
            after_return: false,
            last: b'\n',
        }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.inner.read(out)?;
            if read == 0 {
                let ended = std::mem::replace(&mut self.last, b'\n') == b'\n';
                out[0] = b'\n';
                return Ok(usize::from(!ended));
            }
            let mut kept = 0;
            for at in 0..read {
                let byte = out[at];
                let second_half = byte == b'\n' && std::mem::take(&mut self.after_return);
                if !second_half {
                    self.after_return = byte == b'\r';
                    out[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            if kept > 0 {
                self.last = out[kept - 1];
                return Ok(kept);
            }
        }
    }
}

/// The line each record of [`Lines`] begins in; blank lines and line breaks inside quotes count as the lines they are.
#[derive(Debug, Default)]
pub struct RowNumbers {
    earliest: u64,
}

impl RowNumbers {
    /// The next record's: `line` is where the reader stands after it, `breaks` the line breaks inside its cells.
    pub fn next(&mut self, line: u64, breaks: usize) -> u64 {
        let first = line.saturating_sub(1 + breaks as u64).max(self.earliest).max(1);
        self.earliest = line;
        first
    }
}

/// Lines looked at for the separator: a title may stand above the heading.
const LINES_TOLD_BY: usize = 10;

/// What stands between the cells: of comma, tab, semicolon and bar the one some early line has most of; of equals the comma.
pub fn separator(head: &str) -> u8 {
    let most = |candidate: u8| {
        let counts = head.lines().take(LINES_TOLD_BY);
        counts.map(|line| line.bytes().filter(|byte| *byte == candidate).count()).max()
    };
    [b'|', b';', b'\t', b',']
        .into_iter()
        .max_by_key(|candidate| most(*candidate))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn through(text: &str, piece: usize) -> String {
        struct Slow<'a>(&'a [u8], usize);
        impl Read for Slow<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let count = self.1.min(out.len()).min(self.0.len());
                out[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let mut all = String::new();
        Lines::new(Slow(text.as_bytes(), piece)).read_to_string(&mut all).unwrap();
        all
    }

    #[test]
    fn every_line_end_becomes_one() {
        for piece in 1..5 {
            for (text, same) in [
                ("", ""),
                ("a", "a\n"),
                ("a\r\nb\r\n", "a\nb\n"),
                ("a\rb", "a\nb\n"),
                ("\r\n\r\na\n\n", "\n\na\n\n"),
                ("a\r\r\nb", "a\n\nb\n"),
            ] {
                assert_eq!(through(text, piece), same, "{text:?} by {piece}");
            }
        }
    }

    #[test]
    fn the_separator_is_told_below_a_title_too() {
        for (head, separated_by) in [
            ("姓名,证件号码\n", b','),
            ("十一月名单\n姓名;证件号码\n", b';'),
            ("名单, 十一月\n姓名\t证件号码\t城市\n", b'\t'),
            ("姓名|证件号码", b'|'),
            ("姓名", b','),
        ] {
            assert_eq!(separator(head), separated_by, "{head}");
        }
    }
}
