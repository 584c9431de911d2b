//! The signed cover every message, question and answer travels in.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use standard::sm::{SecretKey, Signature};
use standard::{Finding, Organisation, Refusal, RefusalKind};
use uuid::Uuid;

use crate::canonical::canonical;
use crate::strict::strict;
use crate::{Answer, Message, Question, TrustStore};

/// The version of the envelope written and understood here.
pub const VERSION: u32 = 1;
/// A message older than this is refused; the sender seals it anew at each attempt.
pub const MESSAGE_AGE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// A question or answer older than this is refused.
pub const QUESTION_AGE_MAX: SignedDuration = SignedDuration::from_mins(5);
/// How far the clocks of two organisations may be apart.
const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// A message under its sender's signature. Debug leaves the body out: it holds personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Of the envelope's form.
    pub version: u32,
    /// Names the message for ever; a repeat has the same.
    #[serde(deserialize_with = "strict")]
    pub id: Uuid,
    /// Who speaks.
    #[serde(deserialize_with = "strict")]
    pub from: Organisation,
    /// To whom.
    #[serde(deserialize_with = "strict")]
    pub to: Organisation,
    /// What it is: `transfer_application`….
    pub kind: String,
    /// When it was sealed.
    #[serde(deserialize_with = "strict")]
    pub sent_at: Timestamp,
    /// The content, by kind.
    pub body: Value,
    /// SM2 over the canonical text of all the rest, 128 lower-case hexadecimal digits.
    #[serde(default)]
    pub signature: String,
}

impl Envelope {
    /// Seals a message.
    pub fn seal(
        message: &Message,
        from: Organisation,
        to: Organisation,
        id: Uuid,
        sent_at: Timestamp,
        key: &SecretKey,
    ) -> Result<Envelope, Refusal> {
        Envelope::seal_body(message.kind(), message.body_json(), from, to, id, sent_at, key)
    }

    /// Seals the stored kind and body of a message, as an outbox keeps them.
    pub fn seal_body(
        kind: &str,
        body: Value,
        from: Organisation,
        to: Organisation,
        id: Uuid,
        sent_at: Timestamp,
        key: &SecretKey,
    ) -> Result<Envelope, Refusal> {
        let kind = kind.to_owned();
        let mut envelope = Envelope {
            version: VERSION,
            id,
            from,
            to,
            kind,
            sent_at,
            body,
            signature: String::new(),
        };
        envelope.signature = key.sign(envelope.signed_text().as_bytes())?.to_hex();
        Ok(envelope)
    }

    /// Seals a question.
    pub fn seal_question(
        question: &Question,
        from: Organisation,
        to: Organisation,
        id: Uuid,
        sent_at: Timestamp,
        key: &SecretKey,
    ) -> Result<Envelope, Refusal> {
        Envelope::seal_body("question", question.to_json(), from, to, id, sent_at, key)
    }

    /// Seals the answer to a question; bound to the question's id, so that it answers no other.
    pub fn seal_answer(&self, answer: &Answer, id: Uuid, sent_at: Timestamp, key: &SecretKey) -> Result<Envelope, Refusal> {
        let body = json!({ "question_id": self.id, "answer": answer.to_json() });
        Envelope::seal_body("answer", body, self.to, self.from, id, sent_at, key)
    }

    /// Checks the envelope and reads the message. Rules, in order: `envelope_unknown_version`, `envelope_unsigned`,
    /// `envelope_unknown_sender`, `envelope_altered`, `envelope_expired`, `envelope_unknown_kind`, `envelope_body`.
    ///
    /// Whether it was seen before is the inbox's to say, and whether it is for this organisation its receiver's.
    pub fn open(&self, trust: &dyn TrustStore, now: Timestamp) -> Result<Message, Refusal> {
        self.verify(trust, now, MESSAGE_AGE_MAX)?;
        Message::from_parts(&self.kind, self.body.clone())
    }

    /// Checks the envelope and reads the question.
    pub fn open_question(&self, trust: &dyn TrustStore, now: Timestamp) -> Result<Question, Refusal> {
        self.verify(trust, now, QUESTION_AGE_MAX)?;
        self.expect_kind("question")?;
        Question::from_json(self.body.clone())
    }

    /// Checks the envelope as the answer to this very question and reads it.
    pub fn open_answer(&self, question: &Envelope, trust: &dyn TrustStore, now: Timestamp) -> Result<Answer, Refusal> {
        self.verify(trust, now, QUESTION_AGE_MAX)?;
        self.expect_kind("answer")?;
        let asked = json!(question.id);
        let fits = self.from == question.to && self.to == question.from && self.body.get("question_id") == Some(&asked);
        if !fits {
            return Err(refuse(
                RefusalKind::Invalid,
                "envelope_other_answer",
                "答复与所问不符",
                "The answer is to another question",
            ));
        }
        Answer::from_json(self.body.get("answer").cloned().unwrap_or(Value::Null))
    }

    /// Refuses an envelope addressed to somebody else.
    pub fn expect_receiver(&self, me: &Organisation) -> Result<(), Refusal> {
        if self.to == *me {
            return Ok(());
        }
        Err(refuse(
            RefusalKind::NotFound,
            "envelope_misaddressed",
            "本机构不是该报文的接收方",
            "The message is for another organisation",
        ))
    }

    /// As it travels: canonical JSON.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        canonical(&json!(self), &mut out);
        out
    }

    /// Reads what travelled.
    pub fn parse(bytes: &[u8]) -> Result<Envelope, Refusal> {
        serde_json::from_slice(bytes).map_err(|error| {
            let detail = format!("line {} column {}", error.line(), error.column());
            refuse(
                RefusalKind::Invalid,
                "envelope_unreadable",
                "报文格式无法识别",
                "The envelope is not readable",
            )
            .detail(detail)
        })
    }

    fn verify(&self, trust: &dyn TrustStore, now: Timestamp, age_max: SignedDuration) -> Result<(), Refusal> {
        if self.version != VERSION {
            return Err(refuse(
                RefusalKind::Invalid,
                "envelope_unknown_version",
                "报文版本不支持",
                "The version of the envelope is not known",
            ));
        }
        if self.signature.is_empty() {
            return Err(refuse(
                RefusalKind::Forbidden,
                "envelope_unsigned",
                "报文没有签名",
                "The envelope is not signed",
            ));
        }
        let Some(key) = trust.public_key(&self.from) else {
            return Err(refuse(
                RefusalKind::Forbidden,
                "envelope_unknown_sender",
                "发送方不在信任名单内",
                "The sender is not trusted",
            ));
        };
        // Upper-case digits would decode to the same signature: only the written form counts.
        let signature = Signature::from_hex(&self.signature)
            .ok()
            .filter(|read| read.to_hex() == self.signature);
        if !signature.is_some_and(|signature| key.verify(self.signed_text().as_bytes(), &signature)) {
            return Err(refuse(
                RefusalKind::Forbidden,
                "envelope_altered",
                "报文签名与内容不符",
                "The signature does not fit the content",
            ));
        }
        let age = now.duration_since(self.sent_at);
        if age > age_max || age < -CLOCK_SKEW_MAX {
            return Err(refuse(
                RefusalKind::Invalid,
                "envelope_expired",
                "报文已过有效时间或时钟不一致",
                "The envelope is out of its time",
            ));
        }
        Ok(())
    }

    fn expect_kind(&self, kind: &str) -> Result<(), Refusal> {
        if self.kind == kind { Ok(()) } else { Err(unknown_kind()) }
    }

    /// The canonical text of everything but the signature.
    fn signed_text(&self) -> String {
        let mut value = json!(self);
        if let Value::Object(map) = &mut value {
            map.shift_remove("signature");
        }
        let mut out = String::new();
        canonical(&value, &mut out);
        out
    }
}

pub(crate) fn unknown_kind() -> Refusal {
    refuse(
        RefusalKind::Invalid,
        "envelope_unknown_kind",
        "报文类型不支持",
        "The kind of message is not known",
    )
}

pub(crate) fn unreadable_body(error: &serde_json::Error) -> Refusal {
    // The category only: the text of the error may quote the body.
    refuse(
        RefusalKind::Invalid,
        "envelope_body",
        "报文内容不符合约定",
        "The body does not have the agreed form",
    )
    .detail(format!("{:?}", error.classify()))
}

fn refuse(kind: RefusalKind, rule: &str, zh: &str, en: &str) -> Refusal {
    let finding = Finding::blocking(rule, zh, en).remedy(
        "请发送方核对密钥、时钟与软件版本后重新发送",
        "The sender should check key, clock and software version and send again",
    );
    Refusal::new(kind, finding)
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("id", &self.id)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("kind", &self.kind)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}
