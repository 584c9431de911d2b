//! 增减员文件: joiners and leavers as the region's own import file takes them, for regions filed in their own system. The headers are the
//! published ones; columns and values nobody confirmed yet are listed in docs/insurance-files.md and stay empty here.

mod form;
mod rows;

use ::store::Db;
use control::identity::{Actor, Permission};
use control::{audit, clock};
use standard::{Refusal, RegionCode};
use uuid::Uuid;

use crate::employer_of;

pub use form::{Form, Kind};

/// Which people a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Hired, not enrolled yet, in a region.
    Joiners(RegionCode),
    /// The leavers of a stop application.
    Stop(Uuid),
    /// The people of a declaration with their wages.
    Declaration(Uuid),
}

/// A file to download.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// 深圳-增员-2026-11-21.
    pub name: String,
    /// The workbook.
    pub bytes: Vec<u8>,
    /// How many people.
    pub people: usize,
}

/// Writes the region's file. Whole ID numbers leave the house: it needs the right to export and stands in the trail.
pub async fn export(actor: &Actor, db: &Db, source: &Source) -> Result<ExportFile, Refusal> {
    actor.require(Permission::DataExport)?;
    actor.require(Permission::InsuranceFile)?;
    let employer_id = employer_of(actor)?;
    let mut tx = db.begin().await?;
    let (region, kind, people) = match source {
        Source::Joiners(region) => (
            *region,
            Kind::Joiners,
            rows::joiners(db, &mut tx, employer_id, *region, clock::today()).await?,
        ),
        Source::Stop(id) => {
            let (region, people) = rows::leavers(db, &mut tx, employer_id, *id).await?;
            (region, Kind::Leavers, people)
        }
        Source::Declaration(id) => {
            let (region, people) = rows::declared(db, &mut tx, employer_id, *id).await?;
            (region, Kind::Wages, people)
        }
    };
    crate::insurance::filing::refuse_empty(people.len())?;
    let bytes = form::write(Form::of(region), kind, &people)?;
    let purpose = format!("{} {}", region.name(), kind.zh());
    audit::access(&mut tx, actor, "insurance.export", "employer", employer_id, &purpose).await?;
    tx.commit().await?;
    Ok(ExportFile {
        name: format!("{}-{}-{}", region.name(), kind.zh(), clock::today()),
        people: people.len(),
        bytes,
    })
}
