//! 转移接续 of the basic pension: the new region takes over (`transfer_in`), the old region lets go
//! (`transfer_out`), the new region posts history and money (`transfer_posting`). Each is a reviewed case;
//! between them there are messages only, and each message may arrive twice.

mod decline;
pub mod documents;
pub(crate) mod events;
mod form;
mod incoming;
mod messages;
mod money;
mod outgoing;
mod posting;
mod preflight;
mod signed;
mod store;

use control::review::Case;
use exchange::message::{ContactLetter, InformationForm, TransferApplication, TransferDecline};
use standard::{Date, Insurance, Money, Organisation, RegionCode, Timestamp};
use uuid::Uuid;

use crate::enrolment::PersonId;

pub use incoming::TransferIn;
pub(crate) use messages::{application, completed, declined, information, letter};
pub use outgoing::{Standing, TransferOut, standing};
pub use posting::TransferPosting;
pub use preflight::{Facts, preflight};
pub use store::{find, of_person};

/// Key of the case at the new region that takes over.
pub const TRANSFER_IN: &str = "transfer_in";
/// Key of the case at the old region that lets go.
pub const TRANSFER_OUT: &str = "transfer_out";
/// Key of the case at the new region that posts history and money.
pub const TRANSFER_POSTING: &str = "transfer_posting";

/// The transfer a case is about; `None` for other businesses.
pub fn transfer_of(case: &Case) -> Option<Uuid> {
    if ![TRANSFER_IN, TRANSFER_OUT, TRANSFER_POSTING].contains(&case.business.as_str()) {
        return None;
    }
    let id = |value: &serde_json::Value| value.as_str().and_then(|text| text.parse().ok());
    case.form
        .get("transfer_id")
        .and_then(id)
        .or_else(|| case.form.pointer("/application/transfer_id").and_then(id))
}

/// What the posting keys of a transfer's journals begin with.
pub(crate) fn posting_prefix(transfer: Uuid) -> String {
    format!("transfer:{transfer}:")
}

/// Which of the two offices a docket belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// 转入, the new region.
    In,
    /// 转出, the old region.
    Out,
}

impl Side {
    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Side::In => "in",
            Side::Out => "out",
        }
    }
}

/// Where a transfer stands in one office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocketState {
    /// The application or letter is under review here.
    Received,
    /// New region: the contact letter is with the old region.
    LetterSent,
    /// New region: the form has arrived and is under review.
    Posting,
    /// Old region: the money is reserved and the form sent.
    FormSent,
    /// Money and history are posted; the old region has let go.
    Completed,
    /// New region: its own case went back to the employer, who may correct it.
    ReturnedHere,
    /// The old region sent it back; a corrected application or letter may follow.
    ReturnedThere,
    /// Refused for good.
    Refused,
    /// Taken back by the employer.
    Withdrawn,
}

impl DocketState {
    const ALL: [DocketState; 9] = [
        Self::Received,
        Self::LetterSent,
        Self::Posting,
        Self::FormSent,
        Self::Completed,
        Self::ReturnedHere,
        Self::ReturnedThere,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The stored name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::LetterSent => "letter_sent",
            Self::Posting => "posting",
            Self::FormSent => "form_sent",
            Self::Completed => "completed",
            Self::ReturnedHere => "returned_here",
            Self::ReturnedThere => "returned_there",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a stored name.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether someone still has to act.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::LetterSent | Self::Posting | Self::FormSent)
    }
}

/// What one office knows of one transfer. Bodies hold ID numbers, so Debug shows the standing only.
#[derive(Clone, PartialEq)]
pub struct Docket {
    /// Whose docket.
    pub region: RegionCode,
    /// The transfer, the same in every organisation.
    pub transfer_id: Uuid,
    /// New or old region.
    pub side: Side,
    /// The employer's filing it follows, 1 first.
    pub round: i64,
    /// How many letters (old region) were answered, 1 first; part of the posting keys.
    pub attempt: i64,
    /// Where it stands.
    pub state: DocketState,
    /// The insurance.
    pub insurance: Insurance,
    /// The person.
    pub person_id: PersonId,
    /// The employer that applied.
    pub employer_id: Uuid,
    /// 原参保地.
    pub from_region: RegionCode,
    /// 新参保地.
    pub to_region: RegionCode,
    /// The application as filed, without its PDF.
    pub application: TransferApplication,
    /// The contact letter, once written or received.
    pub letter: Option<ContactLetter>,
    /// The information form, once written or received.
    pub information: Option<InformationForm>,
    /// The other office's last word that it does not go on so, with its reasons; gone once something new is sent to it.
    pub declined: Option<TransferDecline>,
    /// The case of this office's first review.
    pub case_id: Option<Uuid>,
    /// The case of posting, at the new region.
    pub posting_case_id: Option<Uuid>,
    /// What the old region set aside.
    pub reservation_id: Option<Uuid>,
    /// ⑥, once known.
    pub amount: Money,
    /// The statutory last day of the leg now running.
    pub due_on: Option<Date>,
    /// When it was opened.
    pub opened_at: Timestamp,
}

impl std::fmt::Debug for Docket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Docket")
            .field("transfer_id", &self.transfer_id)
            .field("side", &self.side)
            .field("round", &self.round)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Docket {
    /// A docket of a message just received.
    pub fn new(region: RegionCode, side: Side, person_id: PersonId, application: TransferApplication) -> Self {
        Self {
            region,
            transfer_id: application.transfer_id,
            side,
            round: i64::from(application.round),
            attempt: 1,
            state: DocketState::Received,
            insurance: application.insurance,
            person_id,
            employer_id: application.employer.id,
            from_region: application.from_region,
            to_region: application.to_region,
            application,
            letter: None,
            information: None,
            declined: None,
            case_id: None,
            posting_case_id: None,
            reservation_id: None,
            amount: Money::ZERO,
            due_on: None,
            opened_at: Timestamp::now(),
        }
    }

    /// The office the docket belongs to.
    pub fn office(&self) -> Organisation {
        Organisation::Agency(self.region)
    }

    /// The other office.
    pub fn counterpart(&self) -> Organisation {
        Organisation::Agency(match self.side {
            Side::In => self.from_region,
            Side::Out => self.to_region,
        })
    }

    /// A posting key of this transfer's current attempt.
    pub fn posting_key(&self, act: &str) -> String {
        format!("{}{}:{act}", posting_prefix(self.transfer_id), self.attempt)
    }
}
