//! The law a run was computed with. Each version is kept once, so that an old payslip still shows, and is computed again with,
//! the law of its day, whatever was encoded since.

use std::io::{Cursor, Read, Write};
use std::ops::Deref;

use policy::RuleBook;
use standard::Refusal;
use store::{Query, Tx, args};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// No law is larger when unpacked.
const BYTES_MAX: u64 = 64 << 20;

/// The book in force now, or one kept from an earlier day.
pub enum Law {
    /// The program's own.
    Now(&'static RuleBook),
    /// An earlier one.
    Then(Box<RuleBook>),
}

impl Deref for Law {
    type Target = RuleBook;

    fn deref(&self) -> &RuleBook {
        match self {
            Law::Now(book) => book,
            Law::Then(book) => book,
        }
    }
}

fn packed(book: &RuleBook) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in book.files() {
        archive
            .start_file(name.as_str(), SimpleFileOptions::default())
            .map_err(Refusal::internal)?;
        archive.write_all(text.as_bytes()).map_err(Refusal::internal)?;
    }
    Ok(archive.finish().map_err(Refusal::internal)?.into_inner())
}

fn unpacked(bytes: Vec<u8>) -> Result<RuleBook, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Refusal::internal)?;
    let mut files = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(Refusal::internal)?;
        let name = file.name().map_err(Refusal::internal)?.into_owned();
        let mut text = String::new();
        file.take(BYTES_MAX).read_to_string(&mut text).map_err(Refusal::internal)?;
        files.push((name, text));
    }
    RuleBook::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// Keeps the book's text, once a version.
pub async fn keep(tx: &mut Tx, employer_id: Uuid, book: &RuleBook) -> Result<(), Refusal> {
    let known = tx
        .optional(
            "SELECT version FROM employer_pay_law WHERE employer_id = $1 AND version = $2",
            args![employer_id, book.version()],
        )
        .await?;
    if known.is_none() {
        tx.execute(
            "INSERT INTO employer_pay_law (employer_id, version, body) VALUES ($1, $2, $3)",
            args![employer_id, book.version(), packed(book)?],
        )
        .await?;
    }
    Ok(())
}

/// The book of a version: the present one when it is the same, else the one kept.
pub async fn of_version(q: &mut impl Query, employer_id: Uuid, version: &str, now: &'static RuleBook) -> Result<Law, Refusal> {
    if now.version() == version {
        return Ok(Law::Now(now));
    }
    let row = q
        .one(
            "SELECT body FROM employer_pay_law WHERE employer_id = $1 AND version = $2",
            args![employer_id, version],
        )
        .await?;
    Ok(Law::Then(Box::new(unpacked(row.get("body")?)?)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_kept_book_is_the_same_book() {
        let book = RuleBook::embedded();
        let bytes = packed(book).unwrap();
        assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
        assert_eq!(unpacked(bytes).unwrap().version(), book.version());
    }
}
