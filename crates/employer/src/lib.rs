//! The employer (用人单位): people, entered once, and their social insurance up to the agencies' doors.
//! Absent on purpose: HTTP, the agencies' and the platform's tables, and any decision of an agency.
//! The employer talks to them in messages only.

pub mod attendance;
mod counter;
mod handle;
mod home;
pub mod insurance;
mod jobs;
pub mod payroll;
pub mod people;

pub use handle::handle;
pub use home::{EmployeeCount, Home, MonthWork, TransferCount, home};
pub use jobs::{run_daily, run_jobs};

use control::identity::Actor;
use standard::{Organisation, Refusal};
use uuid::Uuid;

/// The employer an actor acts for; others have no business here.
pub fn employer_of(actor: &Actor) -> Result<Uuid, Refusal> {
    match actor.organisation {
        Organisation::Employer(id) => Ok(id),
        Organisation::Agency(_) | Organisation::Platform => Err(Refusal::forbidden(
            "not_an_employer",
            "该功能仅供用人单位使用",
            "only employers may use this",
        )),
    }
}
