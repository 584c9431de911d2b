//! SM2 and SM3 by their published examples, and what a changed byte does.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use standard::sm::{PublicKey, SecretKey, Signature, sm3_hex};

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes([byte; 32]).unwrap()
}

#[test]
fn sm3_gives_the_digests_of_the_standard() {
    // GB/T 32905-2016 A.1 and A.2
    assert_eq!(sm3_hex(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!(
        sm3_hex(&b"abcd".repeat(16)),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    );
}

#[test]
fn sm2_accepts_the_signature_of_the_standard() {
    // GB/T 32918.5-2017 A.2, over "message digest" with the usual identifier
    let secret = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
    let signature = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                     b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    let mut bytes = [0; 32];
    hex::decode_to_slice(secret, &mut bytes).unwrap();
    let public = SecretKey::from_bytes(bytes).unwrap().public();
    let x = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020";
    assert_eq!(&public.to_hex()[2..66], x);
    assert!(public.verify(b"message digest", &Signature::from_hex(signature).unwrap()));
}

#[test]
fn keys_outside_the_curve_are_refused() {
    assert_eq!(SecretKey::from_bytes([0; 32]).unwrap_err().rule, "sm2_secret_key");
    assert_eq!(SecretKey::from_bytes([0xff; 32]).unwrap_err().rule, "sm2_secret_key");
    assert_eq!(PublicKey::from_hex("04").unwrap_err().rule, "sm2_public_key");
    assert_eq!(PublicKey::from_bytes(&[4; 65]).unwrap_err().rule, "sm2_public_key");
    assert!(!key(1).public().verify(b"", &Signature::from_bytes([0; 64])));
    assert_eq!(format!("{:?}", key(1)), "SecretKey(hidden)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_signature_fits_its_bytes_and_key_alone(secret in 1..=250_u8, bytes in prop::collection::vec(any::<u8>(), 1..100), at: prop::sample::Index, bit in 0..8_u8) {
        let key = key(secret);
        let signature = key.sign(&bytes).unwrap();
        prop_assert_eq!(key.sign(&bytes).unwrap(), signature);
        let public = PublicKey::from_hex(&key.public().to_hex()).unwrap();
        prop_assert!(public.verify(&bytes, &Signature::from_hex(&signature.to_hex()).unwrap()));
        let mut altered = bytes.clone();
        altered[at.index(bytes.len())] ^= 1 << bit;
        prop_assert!(!public.verify(&altered, &signature));
        let mut forged = signature.to_bytes();
        forged[at.index(64)] ^= 1 << bit;
        prop_assert!(!public.verify(&bytes, &Signature::from_bytes(forged)));
        prop_assert!(!self::key(secret + 1).public().verify(&bytes, &signature));
    }
}
