//! Finding a Chinese serif font on this machine; the sheet's type is never downloaded nor embedded in the binary.

use std::path::{Path, PathBuf};

use standard::{Finding, Refusal, RefusalKind};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontStyle};
use typst::utils::LazyHash;

/// Families that can set a statutory form, best first. The first one found is the text face, the rest stand in
/// for characters it lacks.
const FAMILIES: [&str; 10] = [
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "FandolSong",
    "SimSun",
    "Songti SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
];

/// How deep below a font folder to look.
const DEPTH_MAX: usize = 4;
/// No font file is larger than this (bytes).
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The fonts a renderer uses.
pub(super) struct Fonts {
    pub book: LazyHash<FontBook>,
    pub faces: Vec<Font>,
    /// Families found, best first.
    pub families: Vec<&'static str>,
    /// The characters some face can draw, a bit each.
    covered: Vec<u64>,
}

/// Where fonts are looked for, in order: `extra` (configuration, bundled folder), the user's fonts, Debian's Noto CJK,
/// other system folders.
pub fn default_font_dirs(extra: &[PathBuf]) -> Vec<PathBuf> {
    let mut dirs = extra.to_vec();
    if let Some(home) = std::env::var_os("HOME") {
        dirs.push(Path::new(&home).join(".local/share/fonts"));
    }
    dirs.extend(
        [
            "/usr/share/fonts/opentype/noto",
            "/usr/local/share/fonts",
            "/usr/share/fonts",
            "/System/Library/Fonts",
        ]
        .map(PathBuf::from),
    );
    dirs
}

impl Fonts {
    /// Loads the families of this module from `dirs`; refuses with `cjk_font_missing` when there is none.
    pub fn load(dirs: &[PathBuf]) -> Result<Fonts, Refusal> {
        let mut faces: Vec<(usize, Font)> = Vec::new();
        for dir in dirs {
            for file in font_files(dir) {
                read_faces(&file, &mut faces);
            }
            // One good serif face with a bold is enough; the wide system folders are the last resort.
            if faces.iter().filter(|(rank, _)| *rank == 0).count() >= 2 {
                break;
            }
        }
        if faces.is_empty() {
            return Err(font_missing(dirs));
        }
        faces.sort_by_key(|(rank, _)| *rank);
        let mut families: Vec<&'static str> = faces.iter().map(|(rank, _)| FAMILIES[*rank]).collect();
        families.dedup();
        let faces: Vec<Font> = faces.into_iter().map(|(_, face)| face).collect();
        let covered = covered_by(&faces);
        let book = LazyHash::new(FontBook::from_fonts(&faces));
        Ok(Fonts {
            book,
            faces,
            families,
            covered,
        })
    }

    /// Whether some face can draw `character`.
    pub fn covers(&self, character: char) -> bool {
        let (word, bit) = place_of(u32::from(character));
        self.covered.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

fn covered_by(faces: &[Font]) -> Vec<u64> {
    let mut covered = vec![0; place_of(u32::from(char::MAX)).0 + 1];
    for character in faces.iter().flat_map(|face| face.info().coverage.iter()) {
        let (word, bit) = place_of(character);
        if let Some(bits) = covered.get_mut(word) {
            *bits |= bit;
        }
    }
    covered
}

fn place_of(character: u32) -> (usize, u64) {
    ((character / 64) as usize, 1 << (character % 64))
}

/// Font files below `dir`, by name so that the choice does not depend on the disk's order. An unreadable
/// folder counts as empty.
fn font_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(dir.to_path_buf(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                if depth < DEPTH_MAX {
                    open.push((path, depth + 1));
                }
            } else if may_be_chinese(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Opening every font of a desktop would take seconds; the families above have recognisable file names.
fn may_be_chinese(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    if !matches!(extension.as_deref(), Some("ttc" | "ttf" | "otf")) {
        return false;
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let plain = name.replace(['-', '_', ' '], "");
    let weight = ["thin", "light", "medium", "semibold", "black", "demilight"]
        .iter()
        .any(|weight| plain.contains(weight));
    let family = [
        "serifcjk",
        "sanscjk",
        "sourcehan",
        "notoserifsc",
        "notosanssc",
        "fandolsong",
        "simsun",
        "songti",
        "wqyzenhei",
    ];
    !weight && family.iter().any(|family| plain.contains(family))
}

fn read_faces(file: &Path, faces: &mut Vec<(usize, Font)>) {
    let small = std::fs::metadata(file).is_ok_and(|meta| meta.len() <= FILE_BYTES_MAX);
    let Ok(data) = (if small { std::fs::read(file) } else { return }) else {
        return;
    };
    for face in Font::iter(Bytes::new(data)) {
        let info = face.info();
        let rank = FAMILIES.iter().position(|family| *family == info.family);
        if let (Some(rank), FontStyle::Normal) = (rank, info.variant.style)
            && !faces
                .iter()
                .any(|(other, seen)| *other == rank && seen.info().variant == info.variant)
        {
            faces.push((rank, face));
        }
    }
}

fn font_missing(dirs: &[PathBuf]) -> Refusal {
    let searched = dirs.iter().map(|dir| dir.display().to_string()).collect::<Vec<_>>().join("、");
    let finding = Finding::blocking(
        "cjk_font_missing",
        format!("没有找到中文宋体字库，无法生成 PDF（已查找：{searched}）"),
        format!("No Chinese serif font found, PDF documents cannot be made (searched: {searched})"),
    )
    .remedy(
        "请安装：apt-get install fonts-noto-cjk；或把 NotoSerifCJK 的 .ttc 文件放到 ~/.local/share/fonts 或配置项 fonts.dir 指定的目录，然后重启",
        "Install it (apt-get install fonts-noto-cjk), or put the NotoSerifCJK .ttc files into ~/.local/share/fonts or the folder of the setting fonts.dir, then restart",
    )
    .who("administrator");
    Refusal::new(RefusalKind::Unavailable, finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_what_to_install() {
        let dir = std::env::temp_dir().join("shebao-no-fonts-here");
        let refusal = Fonts::load(&[dir]).err().expect("nothing there");
        assert_eq!(refusal.rule(), "cjk_font_missing");
        assert!(
            refusal.findings[0]
                .remedy
                .as_ref()
                .is_some_and(|text| text.zh.contains("fonts-noto-cjk"))
        );
    }

    #[test]
    fn file_names_decide_what_is_opened() {
        assert!(may_be_chinese(Path::new("/x/NotoSerifCJK-Regular.ttc")));
        assert!(may_be_chinese(Path::new("/x/SourceHanSerifSC-Bold.otf")));
        assert!(!may_be_chinese(Path::new("/x/NotoSerifCJK-Light.ttc")));
        assert!(!may_be_chinese(Path::new("/x/DejaVuSans.ttf")));
        assert!(!may_be_chinese(Path::new("/x/NotoSerifCJK-Regular.woff2")));
    }
}
