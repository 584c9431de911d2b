//! Keys outside the database, and what is done with them: sealing of identifying fields and the keyed hash of ID numbers.
//!
//! The master key file holds one key a line, `version hex`; the highest version seals, every version opens, so a
//! rotation adds a line and rows are sealed anew when they are next written.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use standard::{IdNumber, Refusal};
use zeroize::Zeroizing;

use crate::db::StoreConfig;
use crate::fault::Result;
use crate::id_hash::IdHash;

type Key = Zeroizing<[u8; 32]>;

const MASTER_FILE: &str = "master.key";
const DIRECTORY_FILE: &str = "directory.key";
const VERSION_BYTES: usize = 2;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// Seals and opens identifying fields (AES-256-GCM-SIV) and hashes ID numbers (HMAC-SHA256).
pub struct Cipher {
    fields: BTreeMap<u16, Aes256GcmSiv>,
    current: u16,
    directory: Hmac<Sha256>,
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cipher(key version {})", self.current)
    }
}

impl Cipher {
    /// Takes the keys of the configuration, or of the files in the data folder, which are made when missing.
    pub fn load(config: &StoreConfig) -> Result<Cipher> {
        let master = match &config.master_key {
            Some(text) => text.clone(),
            None => key_file(&config.data_dir.join(MASTER_FILE))?,
        };
        let directory = match &config.directory_key {
            Some(text) => text.clone(),
            None => key_file(&config.data_dir.join(DIRECTORY_FILE))?,
        };
        let directory = parse(&directory)?.pop_last().ok_or_else(bad_key)?.1;
        Cipher::new(parse(&master)?, &directory)
    }

    fn new(masters: BTreeMap<u16, Key>, directory: &Key) -> Result<Cipher> {
        let current = *masters.keys().last().ok_or_else(bad_key)?;
        let fields = masters
            .iter()
            .map(|(version, master)| {
                let key = derive(master, b"shebao field sealing");
                (*version, Aes256GcmSiv::new((&*key).into()))
            })
            .collect();
        Ok(Cipher {
            fields,
            current,
            directory: mac(&derive(directory, b"shebao national id hash")),
        })
    }

    /// Seals `plain` for one place; it opens only there. The id is the row's key.
    pub fn seal(&self, table: &str, column: &str, id: impl AsRef<[u8]>, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(VERSION_BYTES + NONCE_BYTES + TAG_BYTES + plain.len());
        sealed.extend(self.current.to_be_bytes());
        // The thread's own generator, seeded by the system: a call of the system for each field costs more than sealing it.
        let nonce: [u8; NONCE_BYTES] = rand::random();
        sealed.extend(nonce);
        let aad = place(table, column, id.as_ref());
        let body = self.fields[&self.current]
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &aad })
            .map_err(|_| Refusal::internal("the value is too long to seal"))?;
        sealed.extend(body);
        Ok(sealed)
    }

    /// Opens what [`Cipher::seal`] gave for the same place.
    pub fn open(&self, table: &str, column: &str, id: impl AsRef<[u8]>, sealed: &[u8]) -> Result<Vec<u8>> {
        let fault = |what: &str| Refusal::internal(format!("{table}.{column} cannot be opened: {what}"));
        let (version, rest) = sealed
            .split_first_chunk::<VERSION_BYTES>()
            .ok_or_else(|| fault("it is too short"))?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| fault("it is too short"))?;
        let version = u16::from_be_bytes(*version);
        let key = self
            .fields
            .get(&version)
            .ok_or_else(|| fault(&format!("key version {version} is missing")))?;
        let aad = place(table, column, id.as_ref());
        key.decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: &aad })
            .map_err(|_| fault("it was sealed with another key, for another row, or was altered"))
    }

    /// Seals a text.
    pub fn seal_text(&self, table: &str, column: &str, id: impl AsRef<[u8]>, plain: &str) -> Result<Vec<u8>> {
        self.seal(table, column, id, plain.as_bytes())
    }

    /// Opens a text.
    pub fn open_text(&self, table: &str, column: &str, id: impl AsRef<[u8]>, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.open(table, column, id, sealed)?).map_err(|_| Refusal::internal(format!("{table}.{column} is not text")))
    }

    /// Whether `sealed` was made with an older key and should be sealed anew when written.
    pub fn is_outdated(&self, sealed: &[u8]) -> bool {
        sealed.get(..VERSION_BYTES) != Some(&self.current.to_be_bytes())
    }

    /// The key under which a person is looked up, the same in every organisation of the country.
    pub fn id_hash(&self, number: &IdNumber) -> IdHash {
        let mut mac = self.directory.clone();
        mac.update(number.reveal().as_bytes());
        IdHash(mac.finalize().into_bytes().into())
    }

    /// A keyed hash of any other identifying text (a phone number, a bank account) for exact look-up within `purpose`.
    pub fn text_hash(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut mac = self.directory.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Adds a new master key to the file in the data folder and gives its version. It seals from the next start on.
pub fn rotate(config: &StoreConfig) -> Result<u16> {
    if config.master_key.is_some() {
        return Err(Refusal::conflict(
            "master_key_configured",
            "主密钥由配置提供，不能在此轮换。请在 keys.master 中追加一行新版本。",
            "The master key comes from the configuration. Add a new version to keys.master there.",
        ));
    }
    let path = config.data_dir.join(MASTER_FILE);
    let mut text = key_file(&path)?;
    let version = parse(&text)?
        .keys()
        .last()
        .copied()
        .unwrap_or(0)
        .checked_add(1)
        .ok_or_else(bad_key)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&format!("{version} {}\n", &*fresh_key()?));
    let beside = path.with_extension("key.new");
    write_secret(&beside, &text)
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(|error| file_fault(&path, &error))?;
    Ok(version)
}

/// Distinguishes every place a sealed value can stand in; the lengths keep two places from reading the same.
fn place(table: &str, column: &str, id: &[u8]) -> Vec<u8> {
    let mut aad = Vec::with_capacity(table.len() + column.len() + id.len() + 2);
    aad.extend(table.as_bytes());
    aad.push(0);
    aad.extend(column.as_bytes());
    aad.push(0);
    aad.extend(id);
    aad
}

fn mac(key: &Key) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&**key).expect("HMAC takes a key of any length")
}

fn derive(key: &Key, purpose: &[u8]) -> Key {
    let mut mac = mac(key);
    mac.update(purpose);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Reads `hex`, or lines of `version hex` (also separated by commas).
fn parse(text: &str) -> Result<BTreeMap<u16, Key>> {
    let mut keys = BTreeMap::new();
    for line in text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()) {
        let (version, digits) = match line.split_once([' ', ':']) {
            Some((version, digits)) => (version.parse().map_err(|_| bad_key())?, digits.trim()),
            None => (1, line),
        };
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits, &mut *key).map_err(|_| bad_key())?;
        if keys.insert(version, key).is_some() {
            return Err(bad_key());
        }
    }
    Ok(keys)
}

/// The file's text; the file is made with a fresh key when missing. Two processes that start at once agree on one key.
fn key_file(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read.map_err(|error| file_fault(path, &error)),
    }
    let text = format!("1 {}\n", &*fresh_key()?);
    let beside = path.with_extension(format!("key.{}", uuid::Uuid::now_v7().simple()));
    let made = write_secret(&beside, &text).and_then(|()| fs::hard_link(&beside, path));
    let _ = fs::remove_file(&beside);
    match made {
        // someone else was first
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        done => done.map_err(|error| file_fault(path, &error))?,
    }
    fs::read_to_string(path).map_err(|error| file_fault(path, &error))
}

fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn fresh_key() -> Result<Zeroizing<String>> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *key).map_err(|error| Refusal::internal(format!("no randomness: {error}")))?;
    Ok(Zeroizing::new(hex::encode(key.as_slice())))
}

fn bad_key() -> Refusal {
    Refusal::internal("a key is not 64 hexadecimal digits, or lines of `version hex`; check keys.master, keys.directory and the key files")
}

fn file_fault(path: &Path, error: &io::Error) -> Refusal {
    crate::fault::folder(path, error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn keys(text: &str) -> Cipher {
        let directory = parse(&"3c".repeat(32)).unwrap().pop_last().unwrap().1;
        Cipher::new(parse(text).unwrap(), &directory).unwrap()
    }

    #[test]
    fn a_value_opens_only_in_its_place() {
        let cipher = keys(&"ab".repeat(32));
        let sealed = cipher.seal("person", "phone", [1], b"13800000000").unwrap();
        assert_eq!(cipher.open("person", "phone", [1], &sealed).unwrap(), b"13800000000");
        assert_ne!(
            cipher.seal("person", "phone", [1], b"13800000000").unwrap(),
            sealed,
            "each sealing differs"
        );
        for (table, column, id) in [("employee", "phone", 1), ("person", "bank", 1), ("person", "phone", 2)] {
            assert!(cipher.open(table, column, [id], &sealed).is_err(), "{table}.{column} {id}");
        }
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(cipher.open("person", "phone", [1], &altered).is_err(), "byte {at}");
            assert!(cipher.open("person", "phone", [1], &sealed[..at]).is_err(), "cut at {at}");
        }
        assert!(keys(&"ac".repeat(32)).open("person", "phone", [1], &sealed).is_err(), "another key");
    }

    #[test]
    fn rotation_keeps_old_values_readable() {
        let old = format!("1 {}", "ab".repeat(32));
        let before = keys(&old);
        let after = keys(&format!("{old}\n2 {}\n", "cd".repeat(32)));
        let sealed = before.seal_text("t", "c", "id", "张三").unwrap();
        assert_eq!(after.open_text("t", "c", "id", &sealed).unwrap(), "张三");
        assert!(after.is_outdated(&sealed) && !before.is_outdated(&sealed));
        let fresh = after.seal_text("t", "c", "id", "张三").unwrap();
        assert!(!after.is_outdated(&fresh));
        assert!(before.open_text("t", "c", "id", &fresh).is_err(), "the new key is needed");
    }

    #[test]
    fn key_files_are_private_and_rotate() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::embedded(folder.path());
        let first = Cipher::load(&config).unwrap();
        let sealed = first.seal("t", "c", "id", b"x").unwrap();
        assert_eq!(rotate(&config).unwrap(), 2);
        let second = Cipher::load(&config).unwrap();
        assert_eq!(second.open("t", "c", "id", &sealed).unwrap(), b"x");
        assert!(second.is_outdated(&sealed));
        #[cfg(unix)]
        for name in [MASTER_FILE, DIRECTORY_FILE] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file stays");
    }

    #[test]
    fn malformed_keys_are_refused_without_quoting_them() {
        for text in ["", "12", "zz", &format!("1 {0}\n1 {0}", "ab".repeat(32)), &"ab".repeat(33)] {
            let config = StoreConfig {
                master_key: Some(text.into()),
                directory_key: Some("3c".repeat(32)),
                ..StoreConfig::default()
            };
            let refusal = Cipher::load(&config).unwrap_err().to_string();
            assert!(text.is_empty() || text == "12" || !refusal.contains(text));
        }
    }

    #[test]
    fn the_hash_depends_on_the_national_key_only() {
        let number = IdNumber::parse("11010519491231002X").unwrap();
        let (a, b) = (keys(&"ab".repeat(32)), keys(&"cd".repeat(32)));
        assert_eq!(a.id_hash(&number), b.id_hash(&number));
        let text = a.id_hash(&number).to_string();
        assert_eq!(text.parse::<IdHash>().unwrap(), a.id_hash(&number));
        assert!("xyz".parse::<IdHash>().is_err());
        let other = Cipher::new(
            parse(&"ab".repeat(32)).unwrap(),
            &parse(&"3d".repeat(32)).unwrap().pop_last().unwrap().1,
        )
        .unwrap();
        assert_ne!(a.id_hash(&number), other.id_hash(&number));
        assert_ne!(a.text_hash("phone", "1"), a.text_hash("bank", "1"));
    }
}
