//! What the typesetter may read: the templates of this crate, the form's data, the QR code, the fonts. No disk, no clock.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::fonts::Fonts;

/// Every file of the templates folder, by its name there.
const TEMPLATES: [(&str, &str); 11] = [
    ("form.typ", include_str!("../../templates/form.typ")),
    ("transfer_application.typ", include_str!("../../templates/transfer_application.typ")),
    ("contact_letter.typ", include_str!("../../templates/contact_letter.typ")),
    ("information_form.typ", include_str!("../../templates/information_form.typ")),
    ("fund_notice.typ", include_str!("../../templates/fund_notice.typ")),
    ("receipt.typ", include_str!("../../templates/receipt.typ")),
    (
        "contribution_certificate.typ",
        include_str!("../../templates/contribution_certificate.typ"),
    ),
    ("decline.typ", include_str!("../../templates/decline.typ")),
    ("payslip.typ", include_str!("../../templates/payslip.typ")),
    ("collection_order.typ", include_str!("../../templates/collection_order.typ")),
    ("payment_receipt.typ", include_str!("../../templates/payment_receipt.typ")),
];

static SOURCES: LazyLock<HashMap<FileId, Source>> = LazyLock::new(|| {
    TEMPLATES
        .iter()
        .map(|(name, text)| {
            let id = file_id(name);
            (id, Source::new(id, (*text).to_owned()))
        })
        .collect()
});

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// One document's world.
pub(super) struct FormWorld {
    fonts: Arc<Fonts>,
    main: FileId,
    data: (FileId, Bytes),
    qr: (FileId, Bytes),
}

impl FormWorld {
    /// A world whose main file is the template `file_name`.
    pub fn new(fonts: Arc<Fonts>, file_name: &str, data: String, qr_svg: String) -> FormWorld {
        FormWorld {
            fonts,
            main: file_id(file_name),
            data: (file_id("data.json"), Bytes::from_string(data)),
            qr: (file_id("qr.svg"), Bytes::from_string(qr_svg)),
        }
    }
}

impl World for FormWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        [&self.data, &self.qr]
            .into_iter()
            .find(|(known, _)| *known == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A document's dates are data.
        None
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("names in this file are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}
