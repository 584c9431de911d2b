//! Signing, keeping and verifying, on both databases.
#![allow(clippy::unwrap_used)]

use standard::{Organisation, RegionCode};
use store::{Db, Query, args};
use uuid::Uuid;

use super::*;
use crate::clock::now;
use crate::document::{Mark, Template, samples, tests::renderer, tests::text_of};
use crate::identity::{Actor, Role};

const EMPLOYER: Organisation = Organisation::Employer(Uuid::from_u128(7));

fn agency() -> Organisation {
    Organisation::Agency(RegionCode::parse("430100").unwrap())
}

fn hr(role: Role) -> Actor {
    Actor {
        user_id: Uuid::from_u128(1),
        name: "李经理".to_owned(),
        organisation: EMPLOYER,
        role,
    }
}

fn request<'a>(code: &VerifyCode, pdf: &'a [u8]) -> SignRequest<'a> {
    SignRequest {
        code: code.clone(),
        kind: Template::TransferApplication,
        pdf,
        office_name: "长沙星河制造有限公司",
        subject: "欧阳**",
        reference: Some(Uuid::from_u128(9)),
        signed_at: now(),
    }
}

async fn signed(db: &Db, pdf: &[u8]) -> SealedDocument {
    let code = VerifyCode::new().unwrap();
    let mut tx = db.begin().await.unwrap();
    let document = sign_document(&mut tx, &hr(Role::HrManager), request(&code, pdf)).await.unwrap();
    tx.commit().await.unwrap();
    document
}

async fn verdict(db: &Db, document: &SealedDocument, pdf: Option<&[u8]>) -> Verdict {
    verify(db, &document.code, pdf).await.unwrap().verdict
}

store::both! {
    async fn a_signed_application_verifies_and_a_changed_byte_does_not(db: Db) {
        let code = VerifyCode::new().unwrap();
        let form = samples::transfer_application("欧阳星河");
        let mark = Mark::sealed(&code.grouped(), "https://shebao.test/verify", "长沙星河制造有限公司", now());
        let pdf = renderer().render(&form, mark).await.unwrap().pdf;
        assert!(text_of(&pdf).contains(&code.grouped()), "the code is printed in what is signed");

        let mut tx = db.begin().await.unwrap();
        let document = sign_document(&mut tx, &hr(Role::HrManager), request(&code, &pdf)).await.unwrap();
        tx.commit().await.unwrap();

        let answer = verify(&db, &code.grouped(), Some(&pdf)).await.unwrap();
        assert!(answer.valid && answer.compared);
        let shown = answer.document.unwrap();
        assert_eq!((shown.office_name.as_str(), shown.subject.as_str()), ("长沙星河制造有限公司", "欧阳**"));
        assert_eq!(shown.signed_by, EMPLOYER);
        assert_eq!(verdict(&db, &document, None).await, Verdict::Valid);
        assert_eq!(document_pdf(&db, &document).await.unwrap(), pdf);

        for place in [0, pdf.len() / 2, pdf.len() - 1] {
            let mut changed = pdf.clone();
            changed[place] ^= 1;
            assert_eq!(verdict(&db, &document, Some(&changed)).await, Verdict::Altered, "byte {place}");
            assert_eq!(verify_detached(&changed, &document.signature, &document.public_key), Ok(false));
        }
        assert_eq!(verify_detached(&pdf, &document.signature, &document.public_key), Ok(true));
    }

    async fn a_code_nobody_has_is_unknown_and_a_mistyped_one_is_refused(db: Db) {
        let code = VerifyCode::new().unwrap();
        let answer = verify(&db, code.as_str(), None).await.unwrap();
        assert_eq!((answer.verdict, answer.valid, answer.document), (Verdict::Unknown, false, None));
        assert_eq!(verify(&db, "7K2M", None).await.unwrap_err().rule(), "verify_code_invalid");
    }

    async fn a_revoked_document_says_so(db: Db) {
        let document = signed(&db, b"a document").await;
        for _ in 0..2 {
            let mut tx = db.begin().await.unwrap();
            revoke_document(&mut tx, &hr(Role::HrManager), document.id, "填错").await.unwrap();
            tx.commit().await.unwrap();
        }
        let answer = verify(&db, &document.code, Some(b"a document")).await.unwrap();
        assert_eq!(answer.verdict, Verdict::Revoked);
        assert_eq!(answer.document.unwrap().revoked_reason.as_deref(), Some("填错"));
        assert_eq!(verdict(&db, &document, Some(b"another")).await, Verdict::Altered);

        let mut tx = db.begin().await.unwrap();
        let stranger = Actor { organisation: agency(), role: Role::AgencyClerk, ..hr(Role::HrManager) };
        let refusal = revoke_document(&mut tx, &stranger, document.id, "x").await.unwrap_err();
        assert_eq!(refusal.rule(), "document_not_found");
    }

    async fn what_a_new_signature_replaces_is_void_and_says_by_what(db: Db) {
        let (first, second) = (signed(&db, b"first").await, signed(&db, b"second").await);
        let reference = Uuid::from_u128(9);
        let clerk = hr(Role::HrClerk);
        for voided in [1, 0] {
            let mut tx = db.begin().await.unwrap();
            let kind = Template::TransferApplication;
            let n = supersede_documents(&mut tx, &clerk, reference, kind, Some(second.id), "已由新版本取代").await.unwrap();
            assert_eq!(n, voided, "once is enough");
            tx.commit().await.unwrap();
        }
        assert_eq!(verdict(&db, &second, None).await, Verdict::Valid);
        let answer = verify(&db, &first.code, None).await.unwrap().document.unwrap();
        assert_eq!(answer.revoked_reason.as_deref(), Some("已由新版本取代"));
        assert!(answer.revoked_at.is_some());
        let elsewhere = Actor { organisation: agency(), role: Role::AgencyClerk, ..clerk };
        let mut tx = db.begin().await.unwrap();
        let kind = Template::TransferApplication;
        assert_eq!(supersede_documents(&mut tx, &elsewhere, reference, kind, None, "x").await.unwrap(), 0, "nobody voids another's");
    }

    async fn a_tampered_record_is_altered(db: Db) {
        let document = signed(&db, b"a document").await;
        let forged = standard::sm::sm3_hex(b"forged");
        let mut tx = db.begin().await.unwrap();
        tx.execute("UPDATE control_document SET digest = $2 WHERE owner = $1", args![EMPLOYER, forged]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(verdict(&db, &document, Some(b"forged")).await, Verdict::Altered);
        assert_eq!(verdict(&db, &document, None).await, Verdict::Altered);
    }

    async fn another_organisation_keeps_and_verifies_what_it_received(db: Db) {
        let document = signed(&db, b"a document").await;
        let received = |pdf: &'static [u8]| ReceivedDocument {
            code: VerifyCode::parse(&document.code).unwrap(),
            kind: document.kind,
            pdf,
            signed_by: document.signed_by,
            office_name: &document.office_name,
            signed_at: document.signed_at,
            signature: &document.signature,
            public_key: &document.public_key,
            subject: &document.subject,
            reference: Some(Uuid::from_u128(10)),
        };
        let mut tx = db.begin().await.unwrap();
        let refusal = keep_received(&mut tx, &agency(), received(b"a documenT")).await.unwrap_err();
        assert_eq!(refusal.rule(), "document_signature_invalid");
        let kept = keep_received(&mut tx, &agency(), received(b"a document")).await.unwrap();
        let again = keep_received(&mut tx, &agency(), received(b"a document")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(kept.id, again.id, "the same message twice is kept once");

        let own = documents_of(&db, &agency(), Uuid::from_u128(10)).await.unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!(document_pdf(&db, &own[0]).await.unwrap(), b"a document");
        let shown = verify(&db, &document.code, None).await.unwrap().document.unwrap();
        assert_eq!(shown.signed_by, EMPLOYER);
        assert!(super::document(&db, &agency(), document.id).await.is_err(), "another owner's record is not shown");
    }

    async fn a_document_opens_with_its_own_matter_only_and_the_trail_knows(db: Db) {
        let document = signed(&db, b"a document").await;
        let (own, other) = (Uuid::from_u128(9), Uuid::from_u128(10));
        let opened = || async {
            let sql = "SELECT COUNT(*) AS n FROM control_audit WHERE action = 'case.document_pdf' AND object_id = $1";
            db.read().one(sql, args![document.id.to_string()]).await.unwrap().get::<i64>("n").unwrap()
        };
        let clerk = hr(Role::HrManager);
        for references in [&[][..], &[other]] {
            let refusal = open_document(&clerk, &db, references, document.id, "case.document_pdf", "test").await.unwrap_err();
            assert_eq!(refusal.rule(), "document_not_found");
        }
        assert_eq!(opened().await, 0);
        let pdf = open_document(&clerk, &db, &[other, own], document.id, "case.document_pdf", "test").await.unwrap();
        assert_eq!((pdf.as_slice(), opened().await), (&b"a document"[..], 1));
        let stranger = Actor { organisation: agency(), ..hr(Role::HrManager) };
        assert!(open_document(&stranger, &db, &[own], document.id, "case.document_pdf", "test").await.is_err());
    }

    async fn a_key_is_made_once_kept_sealed_and_can_be_replaced(db: Db) {
        assert_eq!(organisation_public_key(&mut db.read(), &agency()).await.unwrap(), None);
        let tasks = (0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.unwrap();
                let key = organisation_key(&mut tx, &agency()).await.unwrap();
                tx.commit().await.unwrap();
                key.public().to_hex()
            })
        });
        let tasks: Vec<_> = tasks.collect();
        let mut made = std::collections::BTreeSet::new();
        for task in tasks {
            made.insert(task.await.unwrap());
        }
        assert_eq!(made.len(), 1, "eight first uses at once make one key");

        let row = db.read().one("SELECT secret FROM control_key WHERE owner = $1", args![agency()]).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let secret = organisation_key(&mut tx, &agency()).await.unwrap().to_bytes();
        let stored: Vec<u8> = row.get("secret").unwrap();
        assert!(!stored.windows(32).any(|part| part == secret), "the secret is not stored in the clear");

        let replaced = replace_key(&mut tx, &agency()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!made.contains(&replaced.public().to_hex()));
        let current = organisation_public_key(&mut db.read(), &agency()).await.unwrap();
        assert_eq!(current, Some(replaced.public()));
    }

    async fn what_an_old_key_signed_stays_valid_and_staff_without_the_right_cannot_sign(db: Db) {
        let document = signed(&db, b"a document").await;
        let mut tx = db.begin().await.unwrap();
        replace_key(&mut tx, &EMPLOYER).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(verdict(&db, &document, Some(b"a document")).await, Verdict::Valid);

        let code = VerifyCode::new().unwrap();
        let mut tx = db.begin().await.unwrap();
        let refusal = sign_document(&mut tx, &hr(Role::Finance), request(&code, b"x")).await.unwrap_err();
        assert_eq!(refusal.rule(), "permission_denied");
    }
}
