//! A workbook is a zip: every part is measured before a reader takes any of them into memory.

use std::io::{Read, Seek, copy, sink};

/// What the parts of a workbook may come to.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of all parts together, unpacked.
    pub unpacked: u64,
    /// Bytes of the shared strings, unpacked: readers hold all of them in memory at once, the rows they do not.
    pub strings: u64,
    /// A part that unpacks to more than this multiple of its packed size is a bomb ...
    pub ratio: u64,
    /// ... from this unpacked size on; small parts of one repeated style compress well.
    pub ratio_from: u64,
}

/// Why a workbook is not to be read.
#[derive(Debug)]
pub enum PartsFault {
    /// It is no zip, or a broken one.
    Broken(String),
    /// It unpacks to more than it may.
    TooLarge,
}

fn broken(error: impl std::fmt::Display) -> PartsFault {
    PartsFault::Broken(error.to_string())
}

/// Unpacks every part into nothing, counting. The sizes a zip declares can lie; these cannot.
pub fn measure<R: Read + Seek>(workbook: R, bounds: &Bounds) -> Result<(), PartsFault> {
    let mut archive = zip::ZipArchive::new(workbook).map_err(broken)?;
    let mut total = 0u64;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let strings = part.name().map_err(broken)?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let most = if strings { bounds.strings } else { bounds.unpacked };
        let packed = part.compressed_size().max(1);
        let by_ratio = packed.saturating_mul(bounds.ratio).max(bounds.ratio_from);
        let room = (bounds.unpacked - total).min(most).min(by_ratio);
        // What says by itself that it is too large need not be unpacked to be believed.
        if part.size() > room {
            return Err(PartsFault::TooLarge);
        }
        let unpacked = copy(&mut part.take(room + 1), &mut sink()).map_err(broken)?;
        if unpacked > room {
            return Err(PartsFault::TooLarge);
        }
        total += unpacked;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::{Cursor, Write};

    const BOUNDS: Bounds = Bounds {
        unpacked: 8 << 20,
        strings: 2 << 20,
        ratio: 100,
        ratio_from: 1 << 20,
    };

    fn measured(parts: &[(&str, &[u8])]) -> Result<(), PartsFault> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        measure(archive.finish().unwrap(), &BOUNDS)
    }

    /// Text that packs to about a sixth, as a real sheet does.
    fn rows(bytes: usize) -> Vec<u8> {
        let mut state = 1u32;
        let mut text = Vec::with_capacity(bytes);
        while text.len() < bytes {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.extend(format!("<c><v>{state}</v></c>").bytes());
        }
        text.truncate(bytes);
        text
    }

    #[test]
    fn each_part_has_its_bound() {
        let sheet = "xl/worksheets/sheet1.xml";
        let strings = "xl/sharedStrings.xml";
        assert!(measured(&[(sheet, &rows(4 << 20)), (strings, &rows(1 << 20))]).is_ok());
        for (parts, what) in [
            (vec![(sheet, vec![0; 4 << 20])], "ratio"),
            (vec![(strings, vec![0; 2 << 20])], "ratio of the strings"),
            (vec![(strings, rows(3 << 20))], "size of the strings"),
            (
                vec![(sheet, rows(5 << 20)), ("xl/worksheets/sheet2.xml", rows(5 << 20))],
                "size of all",
            ),
        ] {
            let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (*name, content.as_slice())).collect();
            assert!(matches!(measured(&parts), Err(PartsFault::TooLarge)), "{what}");
        }
        assert!(matches!(
            measure(Cursor::new(b"PK\x03\x04 no zip"), &BOUNDS),
            Err(PartsFault::Broken(_))
        ));
    }
}
