//! The rows of dockets. What names a person is sealed.

use serde::Serialize;
use serde::de::DeserializeOwned;
use standard::{Insurance, Refusal, RegionCode, Timestamp};
use store::{Cipher, Db, Query, Row, Tx, args};
use uuid::Uuid;

use super::{Docket, DocketState, Side};
use crate::enrolment::PersonId;

const TABLE: &str = "agency_transfer";
const COLUMNS: &str = "region, transfer_id, side, round, attempt, state, insurance, person_id, employer_id, from_region, to_region,
     application, letter, information, declined, case_id, posting_case_id, reservation_id, amount_fen, due_on, opened_at";

/// The docket of a transfer in `region`, if there.
pub async fn find(q: &mut dyn Query, db: &Db, region: RegionCode, transfer: Uuid) -> Result<Option<Docket>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLE} WHERE region = $1 AND transfer_id = $2");
    q.optional(&sql, args![region, transfer])
        .await?
        .as_ref()
        .map(|row| read(db.cipher(), row))
        .transpose()
}

/// The same inside a transaction, locked against others until it ends; `transfer_unknown` when there is none.
pub async fn take(tx: &mut Tx, region: RegionCode, transfer: Uuid) -> Result<Docket, Refusal> {
    lock(tx, region, transfer).await?.ok_or_else(|| {
        Refusal::not_found(
            "transfer_unknown",
            "本机构没有这笔转移业务。",
            "This agency knows no such transfer.",
        )
    })
}

/// Locks a transfer in `region` and gives its docket, if there is one yet.
pub async fn lock(tx: &mut Tx, region: RegionCode, transfer: Uuid) -> Result<Option<Docket>, Refusal> {
    tx.lock(&format!("transfer:{region}:{transfer}")).await?;
    let db = tx.db().clone();
    find(tx, &db, region, transfer).await
}

/// The transfers of a person and insurance in `region`, newest first.
pub async fn of_person(
    q: &mut dyn Query,
    db: &Db,
    region: RegionCode,
    person: PersonId,
    insurance: Insurance,
) -> Result<Vec<Docket>, Refusal> {
    let sql =
        format!("SELECT {COLUMNS} FROM {TABLE} WHERE region = $1 AND person_id = $2 AND insurance = $3 ORDER BY opened_at DESC LIMIT 50");
    q.all(&sql, args![region, person.0, insurance])
        .await?
        .iter()
        .map(|row| read(db.cipher(), row))
        .collect()
}

/// Writes a docket, whether new or changed.
pub async fn save(tx: &mut Tx, docket: &Docket) -> Result<(), Refusal> {
    let db = tx.db().clone();
    let id = docket.transfer_id;
    let application = seal(db.cipher(), "application", id, &docket.application)?;
    let letter = docket
        .letter
        .as_ref()
        .map(|letter| seal(db.cipher(), "letter", id, letter))
        .transpose()?;
    let information = docket
        .information
        .as_ref()
        .map(|form| seal(db.cipher(), "information", id, form))
        .transpose()?;
    let declined = docket
        .declined
        .as_ref()
        .map(|decline| seal(db.cipher(), "declined", id, decline))
        .transpose()?;
    tx.execute(
        "INSERT INTO agency_transfer (region, transfer_id, side, round, attempt, state, insurance, person_id, employer_id,
             from_region, to_region, application, letter, information, letter_number, case_id, posting_case_id,
             reservation_id, amount_fen, due_on, opened_at, updated_at, declined)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
         ON CONFLICT (region, transfer_id) DO UPDATE SET
             round = excluded.round, attempt = excluded.attempt, state = excluded.state, application = excluded.application,
             letter = excluded.letter, information = excluded.information, letter_number = excluded.letter_number,
             case_id = excluded.case_id, posting_case_id = excluded.posting_case_id,
             reservation_id = excluded.reservation_id, amount_fen = excluded.amount_fen, due_on = excluded.due_on,
             updated_at = excluded.updated_at, declined = excluded.declined",
        args![
            docket.region,
            id,
            docket.side.key(),
            docket.round,
            docket.attempt,
            docket.state.key(),
            docket.insurance,
            docket.person_id.0,
            docket.employer_id,
            docket.from_region,
            docket.to_region,
            application,
            letter,
            information,
            docket.letter.as_ref().map(|letter| letter.letter_number.as_str()),
            docket.case_id,
            docket.posting_case_id,
            docket.reservation_id,
            docket.amount,
            docket.due_on,
            docket.opened_at,
            Timestamp::now(),
            declined,
        ],
    )
    .await?;
    Ok(())
}

fn seal(cipher: &Cipher, column: &str, id: Uuid, value: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    let text = serde_json::to_string(value).map_err(|error| Refusal::internal(format!("{column}: {error}")))?;
    cipher.seal_text(TABLE, column, id, &text)
}

fn open<T: DeserializeOwned>(cipher: &Cipher, column: &str, id: Uuid, sealed: &[u8]) -> Result<T, Refusal> {
    let text = cipher.open_text(TABLE, column, id, sealed)?;
    serde_json::from_str(&text).map_err(|error| Refusal::internal(format!("{column} of a docket: {error}")))
}

fn read(cipher: &Cipher, row: &Row) -> Result<Docket, Refusal> {
    let id: Uuid = row.get("transfer_id")?;
    let state: String = row.get("state")?;
    let side: String = row.get("side")?;
    let letter: Option<Vec<u8>> = row.get("letter")?;
    let information: Option<Vec<u8>> = row.get("information")?;
    let declined: Option<Vec<u8>> = row.get("declined")?;
    Ok(Docket {
        region: row.get("region")?,
        transfer_id: id,
        side: if side == Side::In.key() { Side::In } else { Side::Out },
        round: row.get("round")?,
        attempt: row.get("attempt")?,
        state: DocketState::parse(&state).ok_or_else(|| Refusal::internal(format!("unknown state of a docket {state}")))?,
        insurance: row.get("insurance")?,
        person_id: PersonId(row.get("person_id")?),
        employer_id: row.get("employer_id")?,
        from_region: row.get("from_region")?,
        to_region: row.get("to_region")?,
        application: open(cipher, "application", id, &row.get::<Vec<u8>>("application")?)?,
        letter: letter.map(|sealed| open(cipher, "letter", id, &sealed)).transpose()?,
        information: information.map(|sealed| open(cipher, "information", id, &sealed)).transpose()?,
        declined: declined.map(|sealed| open(cipher, "declined", id, &sealed)).transpose()?,
        case_id: row.get("case_id")?,
        posting_case_id: row.get("posting_case_id")?,
        reservation_id: row.get("reservation_id")?,
        amount: row.get("amount_fen")?,
        due_on: row.get("due_on")?,
        opened_at: row.get("opened_at")?,
    })
}
