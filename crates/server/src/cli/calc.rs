//! `shebao calc`: calculation lines on standard input, answers on standard output, in order.

use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use policy::RuleBook;
use policy::calc::lines::{LINE_BYTES_MAX, answer_lines};

/// Lines answered at once: enough to keep all cores busy, few enough to answer a person at once.
const BATCH_LINES: usize = 8_192;

/// 从标准输入逐行读入 {"id","kind","inputs"}，逐行写出结果
#[derive(Debug, Args)]
pub struct CalcArgs {
    /// 附上每一步的规则、来源与数字 Add the steps with rule, source and figures
    #[arg(long)]
    explain: bool,
    /// 列出所有计算及其输入 List the calculations there are
    #[arg(long)]
    list: bool,
}

/// Exits 0 when every line was answered, also where the answer is an error, and 2 when a line could not be read.
pub fn run(args: CalcArgs) -> ExitCode {
    let output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let done = if args.list {
        list(output)
    } else {
        answer_all(io::stdin().lock(), output, args.explain)
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        // The reader of our output went away; there is nobody left to tell.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("错误 [unreadable_input] 无法读写：{error}\n      Cannot read or write: {error}");
            ExitCode::from(2)
        }
    }
}

fn list(mut output: impl Write) -> io::Result<bool> {
    for kind in policy::calc::catalogue() {
        let line = serde_json::to_string(kind).map_err(io::Error::other)?;
        writeln!(output, "{line}")?;
    }
    output.flush()?;
    Ok(true)
}

/// Whether every line could be read.
fn answer_all(mut input: impl BufRead, mut output: impl Write, explain: bool) -> io::Result<bool> {
    let book = RuleBook::embedded();
    let mut all_readable = true;
    let mut lines = Vec::with_capacity(BATCH_LINES);
    loop {
        let more = next_line(&mut input, &mut lines)?;
        // A batch ends when it is full, and when nothing more is waiting: a person typing gets each answer at once.
        let waiting = more && lines.len() < BATCH_LINES && !input.fill_buf()?.is_empty();
        if !waiting && !lines.is_empty() {
            for answered in answer_lines(book, &lines, explain) {
                all_readable &= answered.readable;
                output.write_all(answered.line.as_bytes())?;
                output.write_all(b"\n")?;
            }
            lines.clear();
            output.flush()?;
        }
        if !more {
            return Ok(all_readable);
        }
    }
}

/// Reads one line into `lines`; blank ones are passed over, over-long ones are kept only as long as needed to refuse them.
fn next_line(input: &mut impl BufRead, lines: &mut Vec<Vec<u8>>) -> io::Result<bool> {
    let mut line = Vec::new();
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        let room = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
        line.extend_from_slice(&part[..part.len().min(room)]);
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            if !line.trim_ascii().is_empty() {
                lines.push(line);
            }
            return Ok(true);
        }
    }
    if !line.trim_ascii().is_empty() {
        lines.push(line);
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn run(input: &str) -> (Vec<serde_json::Value>, bool) {
        let mut output = Vec::new();
        let readable = answer_all(input.as_bytes(), &mut output, false).unwrap();
        let lines = String::from_utf8(output).unwrap();
        (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), readable)
    }

    #[test]
    fn answers_come_in_order_and_errors_are_answers() {
        let one = r#"{"id":1,"kind":"tax_bonus","inputs":{"year":2025,"bonus":"36000.00"}}"#;
        let bad = r#"{"id":"二","kind":"tax_bonus","inputs":{"year":2025,"bonus":"-1"}}"#;
        let (answers, readable) = run(&format!("{one}\n\n{bad}\n{one}"));
        assert!(readable);
        assert_eq!(answers.len(), 3);
        assert_eq!(answers[0]["result"]["tax"], "1080.00");
        assert_eq!(answers[1]["id"], "二");
        assert_eq!(answers[1]["error"]["rule"], "money_negative");
        assert_eq!(answers[2]["id"], 1);
    }

    #[test]
    fn an_unreadable_line_is_answered_and_remembered() {
        let (answers, readable) = run("{\n{\"id\":1,\"kind\":\"nonsense\",\"inputs\":{}}\n");
        assert!(!readable);
        assert_eq!(answers[0]["error"]["rule"], "unreadable_line");
        assert_eq!(answers[1]["error"]["rule"], "unknown_kind");
    }

    #[test]
    fn not_a_number_is_refused_as_such() {
        let (answers, readable) = run(r#"{"id":7,"kind":"tax_bonus","inputs":{"year":2025,"bonus":NaN}}"#);
        assert!(readable);
        assert_eq!(answers[0]["id"], 7);
        assert_eq!(answers[0]["error"]["rule"], "not_a_number");
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let (answers, readable) = run(&"x".repeat(3 * LINE_BYTES_MAX));
        assert!(!readable);
        assert_eq!(answers.len(), 1);
    }
}
