//! Organisations, keys and one message of each kind, all made up.
#![allow(dead_code, clippy::unwrap_used)]

use exchange::message::*;
use exchange::{Message, TrustBook, pilot_agencies};
use standard::sm::SecretKey;
use standard::{CreditCode, Date, IdNumber, Insurance, Money, Month, Organisation, Rate, RegionCode, Timestamp};
use uuid::Uuid;

pub fn region(code: u32) -> RegionCode {
    RegionCode::new(code).unwrap()
}

pub fn changsha() -> Organisation {
    Organisation::Agency(region(430_100))
}

pub fn wuhan() -> Organisation {
    Organisation::Agency(region(420_100))
}

pub fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes([byte; 32]).unwrap()
}

/// Trusts 长沙 with key 1, 武汉 with key 2 and the platform with key 3.
pub fn trust() -> TrustBook {
    let mut book = TrustBook::new();
    book.insert(changsha(), key(1).public());
    book.insert(wuhan(), key(2).public());
    book.insert(Organisation::Platform, key(3).public());
    book
}

pub fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

pub fn person() -> PersonParty {
    let id_number = IdNumber::compose(region(420_106), Date::new(1990, 5, 17).unwrap(), 27).unwrap();
    PersonParty {
        name: "王敏".into(),
        id_number,
        sex: id_number.sex(),
        birth_date: id_number.birth_date(),
        phone: Some("13900000001".into()),
        household_region: Some(region(420_100)),
    }
}

pub fn employer() -> EmployerParty {
    EmployerParty {
        id: Uuid::from_u128(7),
        name: "长沙星河制造有限公司".into(),
        credit_code: CreditCode::compose("91430100MA4Q0000X").unwrap(),
        contact: "李想".into(),
        phone: "0731-55500001".into(),
    }
}

pub fn application() -> TransferApplication {
    let (person, old) = (person(), &pilot_agencies()[1]);
    let form = ApplicationForm {
        transfer_type: "跨省转移".into(),
        direction: "转入".into(),
        insurance: Insurance::Pension,
        former_person_number: None,
        former_region_name: "湖北省武汉市".into(),
        former_region: old.region,
        former_agency_name: old.name.clone(),
        former_agency_phone: old.phone.clone(),
        former_agency_address: old.address.clone(),
        former_agency_postcode: old.postcode.clone(),
        agent: None,
        person_number: None,
        name: person.name.clone(),
        sex: person.sex,
        certificate_type: "01".into(),
        certificate_number: person.id_number,
        birth_date: person.birth_date,
    };
    TransferApplication {
        transfer_id: Uuid::from_u128(9),
        round: 1,
        employer: employer(),
        person,
        insurance: Insurance::Pension,
        from_region: region(420_100),
        to_region: region(430_100),
        form,
        document: document(),
        applied_on: Date::new(2026, 11, 20).unwrap(),
    }
}

pub fn document() -> SignedDocument {
    let digest = standard::sm::sm3_hex(b"pdf");
    let signature = key(4).sign(digest.as_bytes()).unwrap().to_hex();
    SignedDocument {
        verify_code: "A1B2".into(),
        digest,
        signature,
        public_key: key(4).public().to_hex(),
        pdf_base64: None,
    }
}

pub fn reason() -> Reason {
    Reason {
        code: "arrears".into(),
        text_zh: "有欠费".into(),
        text_en: "Contributions are owed".into(),
        remedy_zh: Some("补缴后再申请".into()),
        remedy_en: Some("Pay and apply again".into()),
    }
}

fn office() -> OfficeRef {
    OfficeRef {
        name: "长沙市社会保险经办中心".into(),
        region: Some(region(430_100)),
        phone: None,
        actor_masked: Some("张**".into()),
    }
}

fn letter() -> ContactLetter {
    ContactLetter {
        transfer_id: Uuid::from_u128(9),
        letter_number: "430100-2026-000001".into(),
        system_serial: "1".into(),
        application: application(),
        from_agency: pilot_agencies()[1].clone(),
        to_agency: pilot_agencies()[0].clone(),
        account_kind: AccountKind::General,
        issued_on: Date::new(2026, 11, 21).unwrap(),
        document: Some(document()),
    }
}

fn information() -> InformationForm {
    let (from, to) = (Month::new(2025, 1).unwrap(), Month::new(2025, 12).unwrap());
    let (account, pooled) = (Money::from_fen(38_400), Money::from_fen(57_600));
    let total = account.try_add(pooled).unwrap();
    InformationForm {
        transfer_id: Uuid::from_u128(9),
        form_one: FormOne {
            employer_name: "武汉某公司".into(),
            work_started_on: None,
            region_individual_payment_from: None,
            first_paid_month: from,
            account_opened_month: from,
            local_first_month: from,
            local_last_month: to,
            local_months: 12,
            transferred_on: Date::new(2026, 11, 21).unwrap(),
            before_1998_fen: Money::ZERO,
            until_last_year_fen: account,
            this_year_fen: Money::ZERO,
            account_fen: account,
            pooled_fen: pooled,
            total_fen: total,
        },
        form_two: vec![YearRow {
            region: region(420_100),
            region_name: "武汉".into(),
            year: 2025,
            from,
            to,
            months: 12,
            base_fen: Money::from_fen(40_000),
            employer_rate: Rate::from_ppm(160_000),
            account_rate: Rate::from_ppm(80_000),
            employee_rate: Rate::from_ppm(80_000),
            credited_fen: account,
            credited_employee_fen: account,
            interest_fen: Money::ZERO,
            interest_employee_fen: Money::ZERO,
            balance_fen: account,
            balance_employee_fen: account,
            remark: String::new(),
        }],
        fund_notice: FundNotice {
            amount_fen: total,
            account_fen: account,
            pooled_fen: pooled,
            payee: pilot_agencies()[0].clone(),
            reference: "F1".into(),
            paid_on: Date::new(2026, 11, 21).unwrap(),
        },
        history: vec![Stretch {
            from,
            to,
            base_fen: Money::from_fen(40_000),
            employer_name: "武汉某公司".into(),
        }],
        issued_on: Date::new(2026, 11, 21).unwrap(),
        document: None,
    }
}

/// One message of each kind, in the order of `KINDS`.
pub fn messages() -> Vec<Message> {
    let day = Date::new(2026, 11, 21).unwrap();
    vec![
        Message::EnrolmentApplication(EnrolmentApplication {
            enrolment_id: Uuid::from_u128(8),
            employer: employer(),
            person: person(),
            social_card: Some("A12345678".into()),
            region: region(430_100),
            insurances: Insurance::ALL.to_vec(),
            start_month: Month::new(2026, 11).unwrap(),
            base_fen: Money::from_fen(800_000),
            employed_on: day,
            applied_on: day,
        }),
        Message::EnrolmentResult(EnrolmentResult {
            enrolment_id: Uuid::from_u128(8),
            region: region(430_100),
            outcome: EnrolmentOutcome::Accepted,
            person_number: Some("4301000001".into()),
            effective_on: Some(day),
            office: office(),
            reasons: vec![],
            at: now(),
        }),
        Message::TransferApplication(application()),
        Message::TransferEvent(TransferEvent {
            transfer_id: Uuid::from_u128(9),
            round: 1,
            step: TransferStep::ContactSent,
            at: now(),
            office: office(),
            deadline: Some(day),
            deadline_estimated: false,
            next: Some(TransferStep::OldReviewed),
            reasons: vec![reason()],
            details: Some(serde_json::json!({ "letter_number": "430100-2026-000001" })),
        }),
        Message::ContactLetter(letter()),
        Message::InformationForm(information()),
        Message::TransferDecline(TransferDecline {
            transfer_id: Uuid::from_u128(9),
            by: wuhan(),
            stage: "transfer_out".into(),
            kind: DeclineKind::Returned,
            reasons: vec![reason()],
        }),
        Message::TransferCompleted(TransferCompleted {
            transfer_id: Uuid::from_u128(9),
            posted_on: day,
            amount_fen: Money::from_fen(96_000),
        }),
        Message::DirectoryUpdate(DirectoryUpdate {
            region: region(430_100),
            added: vec!["ab".repeat(32)],
            removed: vec![],
        }),
        Message::StopApplication(StopApplication {
            stop_id: Uuid::from_u128(11),
            round: 1,
            employer: employer(),
            region: region(430_100),
            lines: vec![StopLine {
                line: 1,
                id_number: person().id_number,
                name: "王敏".into(),
                insurances: Insurance::ALL.to_vec(),
                last_month: month(),
                reason: StopReason::Resigned,
                left_on: day,
            }],
            filed_on: day,
        }),
        Message::StopResult(StopResult {
            stop_id: Uuid::from_u128(11),
            region: region(430_100),
            outcome: FilingOutcome::Accepted,
            refused: vec![refused_line()],
            office: office(),
            reasons: vec![],
            at: now(),
        }),
        Message::Declaration(Declaration {
            declaration_id: Uuid::from_u128(12),
            round: 1,
            part: 1,
            parts: 1,
            employer: employer(),
            region: region(430_100),
            month: month(),
            industry_class: Some(4),
            lines: vec![DeclarationLine {
                line: 1,
                id_number: person().id_number,
                name: "王敏".into(),
                insurances: Insurance::ALL.to_vec(),
                wage_fen: Money::from_fen(800_000),
                hired_on: Some(day),
            }],
            expected_fen: Money::from_fen(272_000),
            filed_on: day,
        }),
        Message::DeclarationResult(DeclarationResult {
            declaration_id: Uuid::from_u128(12),
            region: region(430_100),
            month: month(),
            outcome: FilingOutcome::Returned,
            refused: vec![refused_line()],
            office: office(),
            reasons: vec![reason()],
            at: now(),
        }),
        Message::CollectionOrder(order()),
        Message::PaymentReceipt(PaymentReceipt {
            order_id: Uuid::from_u128(13),
            order_number: "43010020261100000001".into(),
            region: region(430_100),
            payment_number: "P2026110001".into(),
            paid_fen: Money::from_fen(192_000),
            late_fee_fen: Money::ZERO,
            suspense_fen: Money::ZERO,
            open_fen: Money::ZERO,
            way: "bank".into(),
            paid_on: day,
            at: now(),
            office: office(),
            document: None,
        }),
        Message::ArrearsNotice(ArrearsNotice {
            order_id: Uuid::from_u128(13),
            order_number: "43010020261100000001".into(),
            region: region(430_100),
            open_fen: Money::from_fen(192_000),
            days_late: 3,
            late_fee_fen: Money::from_fen(288),
            as_of: day,
            office: office(),
        }),
        Message::AdjustmentApplication(AdjustmentApplication {
            adjustment_id: Uuid::from_u128(14),
            round: 1,
            employer: employer(),
            region: region(430_100),
            reason: AdjustmentReason::LawChanged,
            note: "缴费基数下限调整".into(),
            lines: vec![AdjustmentLine {
                line: 1,
                id_number: person().id_number,
                name: "王敏".into(),
                month: month(),
                insurance: Insurance::Pension,
                wage_fen: Money::from_fen(800_000),
                employer_fen: Money::from_fen(1_600),
                employee_fen: Money::from_fen(-800),
            }],
            filed_on: day,
        }),
        Message::AdjustmentResult(AdjustmentResult {
            adjustment_id: Uuid::from_u128(14),
            region: region(430_100),
            outcome: FilingOutcome::Accepted,
            refused: vec![],
            back_fen: Money::from_fen(1_600),
            refund_fen: Money::from_fen(800),
            office: office(),
            reasons: vec![],
            at: now(),
        }),
        Message::RefundNotice(RefundNotice {
            order_id: Uuid::from_u128(13),
            region: region(430_100),
            amount_fen: Money::from_fen(800),
            from: "adjustment".into(),
            paid_on: day,
            office: office(),
            at: now(),
        }),
        Message::OrderCancelled(OrderCancelled {
            order_id: Uuid::from_u128(13),
            order_number: "43010020261100000001".into(),
            region: region(430_100),
            reason: "单位已补办申报，按申报结算".into(),
            office: office(),
            at: now(),
        }),
        Message::OrderDocument(OrderDocument {
            order_id: Uuid::from_u128(13),
            region: region(430_100),
            office: office(),
            document: document(),
            at: now(),
        }),
    ]
}

fn month() -> Month {
    Month::new(2026, 10).unwrap()
}

fn refused_line() -> RefusedLine {
    RefusedLine {
        line: 1,
        reasons: vec![reason()],
    }
}

fn order() -> CollectionOrder {
    let day = Date::new(2026, 11, 10).unwrap();
    CollectionOrder {
        order_id: Uuid::from_u128(13),
        order_number: "43010020261100000001".into(),
        kind: OrderKind::Regular,
        employer_id: Uuid::from_u128(7),
        region: region(430_100),
        month: month(),
        filing_id: Some(Uuid::from_u128(12)),
        lines: vec![OrderLine {
            id_number: person().id_number,
            name: "王敏".into(),
            person_number: "4301000001".into(),
            month: month(),
            wage_fen: Some(Money::from_fen(800_000)),
            items: vec![OrderItem {
                insurance: Insurance::Pension,
                base_fen: Money::from_fen(800_000),
                employer_fen: Money::from_fen(128_000),
                employee_fen: Money::from_fen(64_000),
            }],
        }],
        part: 1,
        parts: 1,
        total_fen: Money::from_fen(192_000),
        issued_on: day,
        due_on: Date::new(2026, 11, 25).unwrap(),
        pay_url: Some("http://127.0.0.1:8080/pay/43010020261100000001".into()),
        office: office(),
        document: None,
    }
}
