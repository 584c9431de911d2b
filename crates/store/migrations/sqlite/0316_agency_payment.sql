-- 到账: money received, once for each source_key (a line of the bank's statement, a payment of the gateway, a matched 暂收款).
-- principal_fen, late_fee_fen and suspense_fen say where it went and sum to amount_fen.
CREATE TABLE agency_payment (
    region         BIGINT NOT NULL,
    payment_id     BLOB   NOT NULL,
    payment_number TEXT   NOT NULL,
    source_key     TEXT   NOT NULL,
    way            TEXT   NOT NULL,
    order_number   TEXT   NOT NULL,
    order_id       BLOB,
    employer_id    BLOB,
    payer_name     TEXT   NOT NULL,
    reference      TEXT   NOT NULL,
    amount_fen     BIGINT NOT NULL,
    principal_fen  BIGINT NOT NULL,
    late_fee_fen   BIGINT NOT NULL,
    suspense_fen   BIGINT NOT NULL,
    open_fen       BIGINT NOT NULL,
    paid_on        TEXT   NOT NULL,
    received_at    BIGINT NOT NULL,
    PRIMARY KEY (region, payment_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX agency_payment_source ON agency_payment (region, source_key);
CREATE UNIQUE INDEX agency_payment_number ON agency_payment (region, payment_number);
CREATE INDEX agency_payment_order ON agency_payment (region, order_id);
CREATE INDEX agency_payment_day ON agency_payment (region, paid_on);

-- 暂收款: received and not yet posted. state: held (waits for the rest of its order), open (to be matched or refunded),
-- refunding (a refund case holds it), used, refunded. employer_id is nil for money of nobody known.
CREATE TABLE agency_suspense (
    region       BIGINT NOT NULL,
    suspense_id  BLOB   NOT NULL,
    payment_id   BLOB   NOT NULL,
    employer_id  BLOB   NOT NULL,
    payer_name   TEXT   NOT NULL,
    order_id     BLOB,
    order_number TEXT   NOT NULL,
    way          TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    amount_fen   BIGINT NOT NULL,
    left_fen     BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    case_id      BLOB,
    paid_on      TEXT   NOT NULL,
    opened_at    BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (region, suspense_id)
) WITHOUT ROWID;
CREATE INDEX agency_suspense_state ON agency_suspense (region, state, opened_at);
CREATE INDEX agency_suspense_order ON agency_suspense (region, order_id);

-- 退费支付: money approved to go back. source: suspense or order. state: approved, exported, paid. Accounts are sealed.
CREATE TABLE agency_refund (
    region         BIGINT NOT NULL,
    refund_id      BLOB   NOT NULL,
    refund_number  TEXT   NOT NULL,
    source         TEXT   NOT NULL,
    source_id      BLOB   NOT NULL,
    employer_id    BLOB   NOT NULL,
    payee_name     TEXT   NOT NULL,
    bank_name      TEXT   NOT NULL,
    account_sealed BLOB  NOT NULL,
    amount_fen     BIGINT NOT NULL,
    state          TEXT   NOT NULL,
    case_id        BLOB   NOT NULL,
    file_id        BLOB,
    paid_on        TEXT,
    reference      TEXT,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (region, refund_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX agency_refund_number ON agency_refund (region, refund_number);
CREATE UNIQUE INDEX agency_refund_case ON agency_refund (region, case_id);
CREATE INDEX agency_refund_state ON agency_refund (region, state);

-- 银行文件: what was exchanged with the bank. kind: collection (委托扣款, out), statement (到账, in), refund (退费支付, out).
-- A file of the same digest changes nothing.
CREATE TABLE agency_bank_file (
    region     BIGINT NOT NULL,
    file_id    BLOB   NOT NULL,
    kind       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    lines      BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    made_by    TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (region, file_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX agency_bank_file_digest ON agency_bank_file (region, kind, digest);

-- outcome of an imported line: paid, part_paid, late_fee, suspense, repeated, refused. Of an exported line: sent.
CREATE TABLE agency_bank_line (
    region       BIGINT NOT NULL,
    file_id      BLOB   NOT NULL,
    line         BIGINT NOT NULL,
    order_number TEXT   NOT NULL,
    payer_name   TEXT   NOT NULL,
    reference    TEXT   NOT NULL,
    amount_fen   BIGINT NOT NULL,
    on_day       TEXT   NOT NULL,
    outcome      TEXT   NOT NULL,
    findings     TEXT   NOT NULL,
    payment_id   BLOB,
    PRIMARY KEY (region, file_id, line)
) WITHOUT ROWID;
