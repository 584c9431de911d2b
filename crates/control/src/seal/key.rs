//! The signing key of an organisation: made at first use, kept encrypted, replaceable.

use standard::sm::{PublicKey, SecretKey};
use standard::{Organisation, Refusal};
use store::{Query, Row, Tx, args};
use zeroize::Zeroizing;

use crate::clock::now;

/// The organisation's signing key; made and stored when it has none yet. One transaction at a time makes it, so two
/// first uses yield one key.
pub async fn organisation_key(tx: &mut Tx, owner: &Organisation) -> Result<SecretKey, Refusal> {
    if let Some(row) = current(tx, owner).await? {
        return open(tx, owner, &row);
    }
    tx.lock(&format!("key:{owner}")).await?;
    match current(tx, owner).await? {
        Some(row) => open(tx, owner, &row),
        None => make(tx, owner, 1).await,
    }
}

/// The organisation's public key, if it has signed anything yet.
pub async fn organisation_public_key(q: &mut dyn Query, owner: &Organisation) -> Result<Option<PublicKey>, Refusal> {
    let Some(row) = current(q, owner).await? else { return Ok(None) };
    Ok(Some(PublicKey::from_hex(&row.get::<String>("public_key")?)?))
}

/// Retires the present key and makes another. What the old one signed stays verifiable: each document keeps its key.
pub async fn replace_key(tx: &mut Tx, owner: &Organisation) -> Result<SecretKey, Refusal> {
    tx.lock(&format!("key:{owner}")).await?;
    let row = tx
        .one(
            "SELECT COALESCE(MAX(version), 0) AS version FROM control_key WHERE owner = $1",
            args![owner],
        )
        .await?;
    let version: i64 = row.get("version")?;
    tx.execute(
        "UPDATE control_key SET retired_at = $2 WHERE owner = $1 AND retired_at IS NULL",
        args![owner, now()],
    )
    .await?;
    make(tx, owner, version + 1).await
}

async fn current(q: &mut (impl Query + ?Sized), owner: &Organisation) -> Result<Option<Row>, Refusal> {
    q.optional(
        "SELECT version, public_key, secret FROM control_key
         WHERE owner = $1 AND retired_at IS NULL ORDER BY version DESC LIMIT 1",
        args![owner],
    )
    .await
}

async fn make(tx: &mut Tx, owner: &Organisation, version: i64) -> Result<SecretKey, Refusal> {
    let key = random_key()?;
    let secret = Zeroizing::new(key.to_bytes());
    let sealed = tx.db().cipher().seal("control_key", "secret", place(owner, version), &secret[..])?;
    tx.execute(
        "INSERT INTO control_key (owner, version, public_key, secret, created_at, retired_at)
         VALUES ($1, $2, $3, $4, $5, NULL)",
        args![owner, version, key.public().to_hex(), sealed, now()],
    )
    .await?;
    tracing::info!(%owner, version, "signing key made");
    Ok(key)
}

fn open(tx: &Tx, owner: &Organisation, row: &Row) -> Result<SecretKey, Refusal> {
    let version: i64 = row.get("version")?;
    let sealed: Vec<u8> = row.get("secret")?;
    let secret = Zeroizing::new(tx.db().cipher().open("control_key", "secret", place(owner, version), &sealed)?);
    let bytes: [u8; 32] = secret
        .as_slice()
        .try_into()
        .map_err(|_| Refusal::internal("a stored signing key is not 32 bytes"))?;
    Ok(SecretKey::from_bytes(bytes)?)
}

/// Which row a sealed secret belongs to.
fn place(owner: &Organisation, version: i64) -> String {
    format!("{owner}/{version}")
}

fn random_key() -> Result<SecretKey, Refusal> {
    // Nearly every 32 bytes are a key: the order of the curve lies just below 2^256.
    for _ in 0..8 {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        getrandom::fill(&mut bytes[..]).map_err(|error| Refusal::internal(format!("random source: {error}")))?;
        if let Ok(key) = SecretKey::from_bytes(*bytes) {
            return Ok(key);
        }
    }
    Err(Refusal::internal("the random source gave no usable key"))
}
