-- 征集单: what an employer is to pay for a month, or to get back. Amounts by insurance and side are fixed at opening.
-- held_fen waits in 暂收款 until the order is paid in full; late_from is the first day whose late fee is not yet in late_due_fen.
CREATE TABLE agency_order (
    region                    BIGINT NOT NULL,
    order_id                  BLOB   NOT NULL,
    order_number              TEXT   NOT NULL,
    pay_code                  TEXT   NOT NULL,
    kind                      TEXT   NOT NULL,
    employer_id               BLOB   NOT NULL,
    employer_name             TEXT   NOT NULL,
    month                     BIGINT NOT NULL,
    filing_id                 BLOB,
    people                    BIGINT NOT NULL,
    pension_employer_fen      BIGINT NOT NULL,
    pension_employee_fen      BIGINT NOT NULL,
    medical_employer_fen      BIGINT NOT NULL,
    medical_employee_fen      BIGINT NOT NULL,
    unemployment_employer_fen BIGINT NOT NULL,
    unemployment_employee_fen BIGINT NOT NULL,
    injury_employer_fen       BIGINT NOT NULL,
    injury_employee_fen       BIGINT NOT NULL,
    maternity_employer_fen    BIGINT NOT NULL,
    maternity_employee_fen    BIGINT NOT NULL,
    total_fen                 BIGINT NOT NULL,
    held_fen                  BIGINT NOT NULL,
    late_due_fen              BIGINT NOT NULL,
    late_paid_fen             BIGINT NOT NULL,
    late_from                 TEXT   NOT NULL,
    state                     TEXT   NOT NULL,
    issued_on                 TEXT   NOT NULL,
    due_on                    TEXT   NOT NULL,
    paid_on                   TEXT,
    reminded_on               TEXT,
    closed_reason             TEXT,
    pay_url                   TEXT,
    created_at                BIGINT NOT NULL,
    updated_at                BIGINT NOT NULL,
    PRIMARY KEY (region, order_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX agency_order_number ON agency_order (region, order_number);
CREATE UNIQUE INDEX agency_order_pay ON agency_order (region, pay_code);
CREATE INDEX agency_order_state ON agency_order (region, state, due_on);
CREATE INDEX agency_order_employer ON agency_order (region, employer_id, month);

-- What happened to an order, for its timeline; inserted only.
CREATE TABLE agency_order_event (
    region     BIGINT NOT NULL,
    order_id   BLOB   NOT NULL,
    event_id   BLOB   NOT NULL,
    kind       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    amount_fen BIGINT,
    details    TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (region, order_id, event_id)
) WITHOUT ROWID;
