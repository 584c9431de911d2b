//! What identifies a rendered sheet: a draft, or a signed document with its verify code and QR code.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;
use standard::{Refusal, Timestamp};

/// Printed on every page of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Whether this is a preview that nobody signed: watermark, no code, no QR code, no seal.
    pub draft: bool,
    /// Whether it is a paper for its reader that nobody signs, such as a payslip: no watermark, no code.
    pub plain: bool,
    /// The verify code, grouped for reading; empty on a draft.
    pub code: String,
    /// Where anyone can verify the document; the QR code holds it. Empty on a draft.
    pub url: String,
    /// The organisation whose key signs, as printed on its seal; empty on a draft.
    pub signer: String,
    /// When it is signed, Beijing time to the minute; empty on a draft.
    pub signed_at: String,
    /// When the document is made; PDF/A wants it in the metadata.
    #[serde(skip)]
    pub(super) made_at: DateTime,
}

impl Mark {
    /// A preview.
    pub fn draft() -> Mark {
        Mark {
            draft: true,
            plain: false,
            code: String::new(),
            url: String::new(),
            signer: String::new(),
            signed_at: String::new(),
            made_at: beijing(Timestamp::now()),
        }
    }

    /// A paper for its reader that nobody signs.
    pub fn plain() -> Mark {
        Mark {
            draft: false,
            plain: true,
            ..Mark::draft()
        }
    }

    /// A document to be signed by `signer` under `code`; `verify_base` is the address of the verify page
    /// without the code (`https://host/verify`).
    pub fn sealed(code: &str, verify_base: &str, signer: &str, signed_at: Timestamp) -> Mark {
        let made_at = beijing(signed_at);
        Mark {
            draft: false,
            plain: false,
            code: code.to_owned(),
            url: format!("{}/{code}", verify_base.trim_end_matches('/')),
            signer: signer.to_owned(),
            signed_at: made_at.strftime("%Y-%m-%d %H:%M").to_string(),
            made_at,
        }
    }

    /// The QR code of the verify address as SVG; a white square where nobody signs.
    pub(super) fn qr_svg(&self) -> Result<String, Refusal> {
        if self.draft || self.plain {
            return Ok(r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#.to_owned());
        }
        let code = QrCode::with_error_correction_level(&self.url, EcLevel::M)
            .map_err(|error| Refusal::internal(format!("QR code of the verify address: {error}")))?;
        Ok(code.render::<svg::Color>().min_dimensions(120, 120).build())
    }
}

/// Beijing's clock at `moment`.
fn beijing(moment: Timestamp) -> DateTime {
    TimeZone::fixed(offset(8)).to_datetime(moment)
}
