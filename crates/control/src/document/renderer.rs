//! From a form to PDF bytes, off the async threads, a bounded number at a time.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};
use standard::{Finding, Refusal};
use tokio::sync::Semaphore;
use typst::diag::SourceDiagnostic;
use typst::foundations::Datetime;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::entry::missing_fields;
use super::fonts::{Fonts, default_font_dirs};
use super::forms::{Form, Template};
use super::glyphs;
use super::mark::Mark;
use super::world::FormWorld;

/// Documents typeset at once: each takes a core, and the rest of the program needs some.
const CONCURRENT_MAX: usize = 2;
/// Largest form data accepted (bytes of JSON). Forty yearly rows are some 30 KB.
const DATA_BYTES_MAX: usize = 4 << 20;

/// Typesets forms. Cheap to clone; holds the fonts once.
#[derive(Clone)]
pub struct Renderer {
    source: Arc<FontSource>,
    places: Arc<Semaphore>,
}

/// The fonts, read when first needed: commands that make no document do not pay for them.
struct FontSource {
    dirs: Vec<PathBuf>,
    loaded: OnceLock<Result<Arc<Fonts>, Refusal>>,
}

impl FontSource {
    fn get(&self) -> Result<Arc<Fonts>, Refusal> {
        let loaded = self.loaded.get_or_init(|| {
            let fonts = Fonts::load(&default_font_dirs(&self.dirs)).inspect_err(|refusal| tracing::warn!(%refusal, "no documents"))?;
            tracing::info!(families = ?fonts.families, "document fonts loaded");
            Ok(Arc::new(fonts))
        });
        loaded.clone()
    }
}

/// A finished document.
pub struct Rendered {
    /// PDF/A-2b bytes.
    pub pdf: Vec<u8>,
    /// Required places left empty (`form_field_missing`) and characters the fonts lack (`glyph_missing`);
    /// all warnings.
    pub findings: Vec<Finding>,
}

impl Renderer {
    /// A renderer that looks for fonts in `font_dirs`, then in the usual places. Reads some 50 MB at once. Refuses
    /// with `cjk_font_missing` when this machine has no Chinese font.
    pub fn new(font_dirs: &[PathBuf]) -> Result<Renderer, Refusal> {
        let renderer = Renderer::new_or_refusing(font_dirs);
        renderer.source.get()?;
        Ok(renderer)
    }

    /// Like [`new`](Renderer::new), but reads the fonts with the first document. A machine without fonts still starts:
    /// every document is then refused with `cjk_font_missing`, which says what to install.
    pub fn new_or_refusing(font_dirs: &[PathBuf]) -> Renderer {
        let source = FontSource {
            dirs: font_dirs.to_vec(),
            loaded: OnceLock::new(),
        };
        Renderer {
            source: Arc::new(source),
            places: Arc::new(Semaphore::new(CONCURRENT_MAX)),
        }
    }

    /// Reads the fonts now, off the async threads, so that the first document need not wait; a server calls it in
    /// the background after it has started.
    pub async fn prepare(&self) -> Result<(), Refusal> {
        let source = self.source.clone();
        let loaded = tokio::task::spawn_blocking(move || source.get().map(drop)).await;
        loaded.map_err(|error| Refusal::internal(format!("reading fonts: {error}")))?
    }

    /// The finding `glyph_missing` when `text` (a name, say) has characters no font here can draw.
    pub fn check_glyphs(&self, text: &str) -> Option<Finding> {
        let fonts = self.source.get().ok()?;
        let mut missing = BTreeSet::new();
        glyphs::replace_missing(&mut Value::String(text.to_owned()), &fonts, &mut missing);
        glyphs::finding(&missing)
    }

    /// Typesets `form` under `mark` without holding up the async threads.
    pub async fn render<F: Form>(&self, form: &F, mark: Mark) -> Result<Rendered, Refusal> {
        let data = serde_json::to_value(form).map_err(|error| Refusal::internal(format!("form data: {error}")))?;
        self.render_json(F::TEMPLATE, data, mark).await
    }

    /// Typesets a form kept as JSON (the serialised form struct of `template`).
    pub async fn render_json(&self, template: Template, form: Value, mark: Mark) -> Result<Rendered, Refusal> {
        let source = self.source.clone();
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|_| Refusal::internal("renderer closed"))?;
        tokio::task::spawn_blocking(move || {
            let rendered = source.get().and_then(|fonts| typeset(fonts, template, form, &mark));
            // The typesetter remembers every step of every document; without this its memory only grows.
            comemo::evict(0);
            drop(place);
            rendered
        })
        .await
        .map_err(|error| Refusal::internal(format!("typesetting {}: {error}", template.key())))?
    }
}

fn typeset(fonts: Arc<Fonts>, template: Template, mut form: Value, mark: &Mark) -> Result<Rendered, Refusal> {
    if form.to_string().len() > DATA_BYTES_MAX {
        return Err(too_large());
    }
    let mut findings = missing_fields(&form);
    let mut missing = BTreeSet::new();
    glyphs::replace_missing(&mut form, &fonts, &mut missing);
    findings.extend(glyphs::finding(&missing));
    let mut shown_mark = json!(mark);
    glyphs::replace_missing(&mut shown_mark, &fonts, &mut BTreeSet::new());

    let data = json!({ "fonts": fonts.families, "mark": shown_mark, "form": form }).to_string();
    let world = FormWorld::new(fonts, template.file_name(), data, mark.qr_svg()?);
    let document: PagedDocument = typst::compile(&world).output.map_err(|errors| broken(template, &errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|error| Refusal::internal(error.message()))?;
    let options = PdfOptions {
        standards,
        timestamp: pdf_time(mark),
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| broken(template, &errors))?;
    Ok(Rendered { pdf, findings })
}

fn too_large() -> Refusal {
    Refusal::too_large(
        "form_too_large",
        "表格内容过多，无法生成 PDF",
        "The form holds too much to be made into a PDF",
    )
    .remedy("请分成几份办理", "Split it into several forms")
}

/// The moment the document is made, in Beijing time.
fn pdf_time(mark: &Mark) -> Option<Timestamp> {
    let at = mark.made_at;
    let part = |number: i8| u8::try_from(number).ok();
    let moment = Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Timestamp::new_local(moment, 8 * 60)
}

/// The messages name places in the template, never form values.
fn broken(template: Template, errors: &[SourceDiagnostic]) -> Refusal {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    Refusal::internal(format!("template {}: {}", template.key(), messages.join("; ")))
}
