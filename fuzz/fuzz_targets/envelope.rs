//! No bytes from the network make the reading of an envelope panic, and none are believed without a signature.
#![no_main]

use exchange::{Envelope, TrustBook};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::parse(bytes) {
        let now = jiff::Timestamp::UNIX_EPOCH;
        assert!(envelope.open(&TrustBook::new(), now).is_err());
        assert!(envelope.open_question(&TrustBook::new(), now).is_err());
        assert_eq!(Envelope::parse(envelope.to_json().as_bytes()).ok(), Some(envelope));
    }
});
