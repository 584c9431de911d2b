//! Attachments and generated documents: sealed, in the folder `blobs` of the data folder.

use std::fmt;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use standard::Refusal;
use uuid::Uuid;

use crate::db::StoreConfig;
use crate::fault::Result;
use crate::keyring::Cipher;
use crate::value::{FromColumn, Kind, ToArg, Value};

/// Names one stored content, which never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobId(pub Uuid);

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ToArg for BlobId {
    const KIND: Kind = Kind::Uuid;
    fn to_arg(&self) -> Value {
        Value::Uuid(self.0)
    }
}

impl FromColumn for BlobId {
    fn from_column(value: &Value) -> std::result::Result<BlobId, std::borrow::Cow<'static, str>> {
        Uuid::from_column(value).map(BlobId)
    }
}

/// The largest content, in bytes.
pub const SIZE_MAX: usize = 64 << 20;

/// The place where contents are kept.
pub struct Blobs {
    place: Arc<dyn ObjectStore>,
    cipher: Arc<Cipher>,
}

impl Blobs {
    pub(crate) fn open(config: &StoreConfig, cipher: Arc<Cipher>) -> Result<Blobs> {
        let folder = config.data_dir.join("blobs");
        let fault = |error: &dyn fmt::Display| Refusal::internal(format!("blob folder {}: {error}", folder.display()));
        std::fs::create_dir_all(&folder).map_err(|error| crate::fault::folder(&folder, &error))?;
        let place = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| fault(&error))?
            .with_fsync(true);
        Ok(Blobs {
            place: Arc::new(place),
            cipher,
        })
    }

    /// Stores `content` and gives its name. It is on disk before this returns; write the name in a transaction after.
    pub async fn put(&self, content: &[u8]) -> Result<BlobId> {
        if content.len() > SIZE_MAX {
            return Err(Refusal::too_large(
                "blob_too_large",
                "文件超过 64 MB,无法保存。请压缩或拆分后重试。",
                "The file is larger than 64 MB. Compress or split it and try again.",
            ));
        }
        let id = BlobId(Uuid::now_v7());
        let sealed = self.cipher.seal("blob", "content", id.0, content)?;
        self.place
            .put(&path(id), sealed.into())
            .await
            .map_err(|error| Refusal::internal(format!("blob {id}: {error}")))?;
        Ok(id)
    }

    /// The content stored under `id`.
    pub async fn get(&self, id: BlobId) -> Result<Vec<u8>> {
        let sealed = match self.place.get(&path(id)).await {
            Ok(found) => found.bytes().await,
            Err(object_store::Error::NotFound { .. }) => {
                return Err(Refusal::not_found("blob_not_found", "找不到该文件。", "This file does not exist."));
            }
            Err(error) => Err(error),
        }
        .map_err(|error| Refusal::internal(format!("blob {id}: {error}")))?;
        self.cipher.open("blob", "content", id.0, &sealed)
    }
}

/// The last two digits spread the files over 256 folders.
fn path(id: BlobId) -> Path {
    let name = id.0.simple().to_string();
    Path::from(format!("{}/{name}", &name[30..]))
}
