-- 征集单 as received, or read from a bill file. state: arriving (parts missing), open, part_paid, paid, refund, refunded.
-- kind: regular, back, refund. source: agency, file. Money paid comes from receipts only.
CREATE TABLE employer_bill (
    employer_id  BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    order_number TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    region       BIGINT NOT NULL,
    month        BIGINT NOT NULL,
    filing_id    BLOB,
    people       BIGINT NOT NULL,
    parts        BIGINT NOT NULL,
    parts_here   BIGINT NOT NULL,
    total_fen    BIGINT NOT NULL,
    employer_fen BIGINT NOT NULL,
    employee_fen BIGINT NOT NULL,
    paid_fen     BIGINT NOT NULL,
    late_fee_fen BIGINT NOT NULL,
    suspense_fen BIGINT NOT NULL,
    refunded_fen BIGINT NOT NULL,
    open_fen     BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    issued_on    TEXT   NOT NULL,
    due_on       TEXT   NOT NULL,
    pay_url      TEXT,
    office       TEXT   NOT NULL,
    days_late    BIGINT,
    late_fee_due_fen BIGINT,
    arrears_on   TEXT,
    received_at  BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_bill_month ON employer_bill (employer_id, month, region);

CREATE TABLE employer_bill_part (
    employer_id BLOB   NOT NULL,
    order_id    BLOB   NOT NULL,
    part        BIGINT NOT NULL,
    PRIMARY KEY (employer_id, order_id, part)
) WITHOUT ROWID;

-- One person and month of an order. employee_id: nobody of the unit bears that number when absent.
CREATE TABLE employer_bill_line (
    employer_id   BLOB   NOT NULL,
    order_id      BLOB   NOT NULL,
    line          BIGINT NOT NULL,
    month         BIGINT NOT NULL,
    employee_id   BLOB,
    name          TEXT   NOT NULL,
    id_masked     TEXT   NOT NULL,
    person_number TEXT   NOT NULL,
    base_110     BIGINT NOT NULL,
    base_310     BIGINT NOT NULL,
    base_210     BIGINT NOT NULL,
    base_410     BIGINT NOT NULL,
    base_510     BIGINT NOT NULL,
    employer_110 BIGINT NOT NULL,
    employer_310 BIGINT NOT NULL,
    employer_210 BIGINT NOT NULL,
    employer_410 BIGINT NOT NULL,
    employer_510 BIGINT NOT NULL,
    employee_110 BIGINT NOT NULL,
    employee_310 BIGINT NOT NULL,
    employee_210 BIGINT NOT NULL,
    employee_410 BIGINT NOT NULL,
    employee_510 BIGINT NOT NULL,
    PRIMARY KEY (employer_id, order_id, line)
) WITHOUT ROWID;
CREATE INDEX employer_bill_line_month ON employer_bill_line (employer_id, month);

-- 缴费回执 and 退费通知. kind: payment, refund. number: the agency's own.
CREATE TABLE employer_receipt (
    employer_id  BLOB   NOT NULL,
    order_id     BLOB   NOT NULL,
    kind         TEXT   NOT NULL,
    number       TEXT   NOT NULL,
    paid_fen     BIGINT NOT NULL,
    late_fee_fen BIGINT NOT NULL,
    suspense_fen BIGINT NOT NULL,
    open_fen     BIGINT NOT NULL,
    way          TEXT   NOT NULL,
    paid_on      TEXT   NOT NULL,
    office       TEXT   NOT NULL,
    document_id  BLOB,
    at           BIGINT NOT NULL,
    PRIMARY KEY (employer_id, order_id, kind, number)
) WITHOUT ROWID;

-- 缴费 as the employer began it: what became of it is told by the receipt alone. way: online, bank.
CREATE TABLE employer_payment (
    employer_id BLOB   NOT NULL,
    id          BLOB   NOT NULL,
    order_id    BLOB   NOT NULL,
    way         TEXT   NOT NULL,
    amount_fen  BIGINT NOT NULL,
    reference   TEXT,
    outcome     TEXT   NOT NULL,
    made_by     BLOB   NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_payment_order ON employer_payment (employer_id, order_id);
