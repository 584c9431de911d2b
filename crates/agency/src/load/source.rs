//! Opening a file of rows: CSV in UTF-8 or GBK, or an Excel workbook, as one stream of cells.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, GBK};
use standard::{Finding, Refusal};

use super::FILE_BYTES_MAX;

/// What a file turned out to be.
pub enum Source {
    /// Text, already decoded, without a byte order mark.
    Csv(Box<dyn Read>),
    /// An Excel workbook.
    Xlsx(BufReader<File>),
}

/// Opens `path`. Refuses `file_unreadable`, `file_empty`, `file_too_large`, `file_kind_unknown` and `file_encoding_unknown`.
pub fn open(path: &Path) -> Result<(Source, u64), Refusal> {
    let mut file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes == 0 {
        return Err(
            refuse("file_empty", "文件是空的。", "The file is empty.").remedy("请检查导出是否完整", "Check that the export is whole")
        );
    }
    if bytes > FILE_BYTES_MAX {
        return Err(Refusal::too_large(
            "file_too_large",
            "文件超过 1 GB。请拆分后分次导入。",
            "The file is over 1 GB. Split it.",
        ));
    }
    let mut head = [0; 4];
    let read = read_up_to(&mut file, &mut head).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    match &head[..read] {
        [b'P', b'K', 3, 4] => return Ok((Source::Xlsx(BufReader::new(file)), bytes)),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0xD0, 0xCF, 0x11, 0xE0] => {
            return Err(refuse("file_kind_unknown", "文件格式不支持。", "This kind of file is not read.")
                .remedy("请另存为 CSV（UTF-8 或 GBK）或 .xlsx", "Save it as CSV (UTF-8 or GBK) or .xlsx"));
        }
        _ => {}
    }
    let utf8 = is_utf8(&mut file).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let reader = BufReader::with_capacity(1 << 18, file);
    if !utf8 {
        return Ok((Source::Csv(Box::new(GbkReader::new(reader))), bytes));
    }
    let mut reader = reader;
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        reader.seek_relative(3).map_err(unreadable)?;
    }
    Ok((Source::Csv(Box::new(reader)), bytes))
}

fn unreadable(error: std::io::Error) -> Refusal {
    refuse("file_unreadable", "文件无法读取。", "The file cannot be read.")
        .remedy("请检查路径和权限", "Check the path and permissions")
        .detail(error)
}

fn refuse(rule: &str, zh: &str, en: &str) -> Refusal {
    Refusal::invalid(Finding::blocking(rule, zh, en))
}

fn read_up_to(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

/// Whether the whole file is valid UTF-8; a character may lie across two reads.
fn is_utf8(file: &mut impl Read) -> std::io::Result<bool> {
    let mut buffer = vec![0; 1 << 18];
    let mut kept = 0;
    loop {
        let read = read_up_to(file, &mut buffer[kept..])?;
        let end = kept + read;
        match std::str::from_utf8(&buffer[..end]) {
            Ok(_) => kept = 0,
            Err(error) if error.error_len().is_none() && read > 0 => {
                buffer.copy_within(error.valid_up_to()..end, 0);
                kept = end - error.valid_up_to();
            }
            Err(_) => return Ok(false),
        }
        if read == 0 {
            return Ok(kept == 0);
        }
    }
}

/// GBK to UTF-8 as it is read; a byte that is neither is an error, not a question mark.
struct GbkReader<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_start: usize,
    raw_end: usize,
    text: Vec<u8>,
    text_start: usize,
    done: bool,
}

impl<R: Read> GbkReader<R> {
    fn new(inner: R) -> Self {
        let decoder = GBK.new_decoder_without_bom_handling();
        Self {
            inner,
            decoder,
            raw: vec![0; 1 << 16],
            raw_start: 0,
            raw_end: 0,
            text: Vec::new(),
            text_start: 0,
            done: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        if self.raw_start == self.raw_end {
            self.raw_end = self.inner.read(&mut self.raw)?;
            self.raw_start = 0;
        }
        let last = self.raw_end == 0;
        let mut out = vec![0; (1 << 16) * 3];
        let (result, read, written, replaced) = self.decoder.decode_to_utf8(&self.raw[self.raw_start..self.raw_end], &mut out, last);
        if replaced {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "file_encoding_unknown"));
        }
        self.raw_start += read;
        out.truncate(written);
        self.text = out;
        self.text_start = 0;
        self.done = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for GbkReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.text_start == self.text.len() && !self.done {
            self.refill()?;
        }
        let count = buffer.len().min(self.text.len() - self.text_start);
        buffer[..count].copy_from_slice(&self.text[self.text_start..self.text_start + count]);
        self.text_start += count;
        Ok(count)
    }
}
