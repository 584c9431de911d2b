//! The lines of a month's filing, whichever business it is.

use control::identity::Actor;
use control::review;
use policy::RuleBook;
use standard::Refusal;
use store::Db;
use uuid::Uuid;

use crate::declaration::{DECLARATION, MonthLines};
use crate::stop::STOP;
use crate::{adjustment, declaration, stop};

/// The lines of a case of declaration, stop or adjustment; another business has none.
pub async fn lines(
    actor: &Actor,
    db: &Db,
    book: &RuleBook,
    case_id: Uuid,
    only_findings: bool,
    cursor: Option<&str>,
    limit: i64,
) -> Result<MonthLines, Refusal> {
    let case = review::get(actor, db, case_id).await?;
    match case.business.as_str() {
        DECLARATION => declaration::lines(db, book, &case, only_findings, cursor, limit).await,
        STOP => stop::lines(db, &case, only_findings, cursor, limit).await,
        adjustment::ADJUSTMENT => adjustment::lines(db, book, &case, only_findings, cursor, limit).await,
        _ => Err(Refusal::not_found(
            "case_without_lines",
            "该业务件没有明细行。",
            "This business has no lines.",
        )),
    }
}
