//! 不予办理通知书 and 补正通知书 of a transfer: 国办发〔2009〕66号第八条 wants the reason in writing.

use ::store::{Tx, jobs};
use control::clock;
use control::document::{self, DeclineReason, Entry};
use control::review::Case;
use exchange::message::{AgencyParty, Reason};
use serde::{Deserialize, Serialize};
use standard::{Date, Refusal};

use super::Docket;
use super::documents::{self, Kind, Wanted};

/// What the notice says beyond the docket.
#[derive(Serialize, Deserialize)]
pub(super) struct Declined {
    case_number: String,
    business: String,
    last: bool,
    reasons: Vec<Reason>,
    on: Date,
}

/// Asks for the notice of a return (补正) or, with `last`, of a refusal (不予办理), once the transaction commits.
pub(super) async fn wanted(
    tx: &mut Tx,
    docket: &Docket,
    case: &Case,
    business: &str,
    reasons: Vec<Reason>,
    last: bool,
) -> Result<(), Refusal> {
    let declined = Declined {
        case_number: case.number.clone(),
        business: business.to_owned(),
        last,
        reasons,
        on: clock::today(),
    };
    let wanted = Wanted {
        region: docket.region,
        transfer_id: docket.transfer_id,
        kind: Kind::Decline,
        maker: String::new(),
        declined: Some(declined),
    };
    let key = format!("{}:{}:decline:{}:{}", docket.region, docket.transfer_id, case.id, case.version);
    jobs::enqueue(tx, documents::QUEUE, Some(&key), &wanted, clock::now()).await?;
    Ok(())
}

pub(super) fn form(docket: &Docket, office: &AgencyParty, declined: &Declined) -> document::Decline {
    let application = &docket.application;
    document::Decline {
        is_final: declined.last,
        case_number: Entry::given(&declined.case_number),
        number: Entry::given(format!("TZ{}", declined.case_number)),
        to: Entry::given(&application.employer.name),
        applied_on: Entry::date(application.applied_on),
        business: Entry::given(&declined.business),
        subject: Entry::given(&application.person.name),
        id_masked: Entry::given(application.person.id_number.masked()),
        correct_by: Entry::none(),
        reasons: declined.reasons.iter().map(reason).collect(),
        office: Entry::given(&office.name),
        stage: Entry::given(&declined.business),
        maker: Entry::none(),
        phone: Entry::given(&office.phone),
        issued_on: Entry::date(declined.on),
    }
}

fn reason(reason: &Reason) -> DeclineReason {
    DeclineReason {
        code: Entry::given(&reason.code),
        text: Entry::given(&reason.text_zh),
        remedy: Entry::optional(reason.remedy_zh.as_deref()),
        basis: Entry::none(),
    }
}
