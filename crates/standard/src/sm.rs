//! SM3 digests and SM2 signatures (GM/T 0003, 0004). Key bytes are an argument; nothing here is random.

use std::fmt;

use sm2::dsa::signature::{Signer, Verifier};
use sm2::dsa::{SigningKey, VerifyingKey};
use sm3::{Digest, Sm3};

use crate::Finding;

/// The distinguishing identifier every party uses when none is agreed (GM/T 0009).
const IDENTIFIER: &str = "1234567812345678";

/// The SM3 digest.
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// The SM3 digest in hexadecimal.
pub fn sm3_hex(bytes: &[u8]) -> String {
    hex::encode(sm3(bytes))
}

/// A private key. Debug shows nothing of it.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// A public key: the point uncompressed, 65 bytes.
#[derive(Clone)]
pub struct PublicKey(VerifyingKey);

/// A signature: r and s, 32 bytes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl SecretKey {
    /// The key of 32 bytes; refused when zero or beyond the order of the curve.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<SecretKey, Finding> {
        SigningKey::from_slice(IDENTIFIER, &bytes)
            .map(SecretKey)
            .map_err(|_| unreadable("sm2_secret_key"))
    }

    /// The 32 bytes, for sealed storage only.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.as_ref().clone())
    }

    /// Signs the SM3 digest of the bytes. The same key and bytes give the same signature.
    pub fn sign(&self, bytes: &[u8]) -> Result<Signature, Finding> {
        // Fails only when the derived nonce gives r = 0 or s = 0: a chance of 2^-255.
        let signature = self.0.try_sign(bytes).map_err(|_| unreadable("sm2_sign"))?;
        Ok(Signature(signature.to_bytes().into()))
    }
}

impl PublicKey {
    /// Reads an uncompressed or compressed point.
    pub fn from_bytes(bytes: &[u8]) -> Result<PublicKey, Finding> {
        VerifyingKey::from_sec1_bytes(IDENTIFIER, bytes)
            .map(PublicKey)
            .map_err(|_| unreadable("sm2_public_key"))
    }

    /// The uncompressed point.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_sec1_bytes().to_vec()
    }

    /// Reads the hexadecimal form.
    pub fn from_hex(text: &str) -> Result<PublicKey, Finding> {
        let bytes = hex::decode(text).map_err(|_| unreadable("sm2_public_key"))?;
        PublicKey::from_bytes(&bytes)
    }

    /// The hexadecimal form of the uncompressed point.
    pub fn to_hex(&self) -> String {
        hex::encode(self.to_bytes())
    }

    /// True when the signature is this key's over the SM3 digest of the bytes.
    pub fn verify(&self, bytes: &[u8], signature: &Signature) -> bool {
        let parsed = sm2::dsa::Signature::from_slice(&signature.0);
        parsed.is_ok_and(|signature| self.0.verify(bytes, &signature).is_ok())
    }
}

impl Signature {
    /// The signature of these 64 bytes.
    pub const fn from_bytes(bytes: [u8; 64]) -> Signature {
        Signature(bytes)
    }

    /// The 64 bytes.
    pub const fn to_bytes(self) -> [u8; 64] {
        self.0
    }

    /// Reads the hexadecimal form.
    pub fn from_hex(text: &str) -> Result<Signature, Finding> {
        let mut bytes = [0; 64];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| unreadable("sm2_signature"))?;
        Ok(Signature(bytes))
    }

    /// The hexadecimal form.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

fn unreadable(rule: &str) -> Finding {
    Finding::blocking(rule, "密钥或签名数据无效", "The key or signature is not valid")
        .remedy("请联系系统管理员核对密钥", "Ask the administrator to check the key")
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.to_hex())
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &PublicKey) -> bool {
        self.to_bytes() == other.to_bytes()
    }
}

impl Eq for PublicKey {}
