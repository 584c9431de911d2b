-- 网上缴费: what was asked of the payment gateway. state: created, paid, cancelled. request_id is ours and makes asking twice one payment.
CREATE TABLE agency_gateway_request (
    region        BIGINT NOT NULL,
    request_id    BLOB   NOT NULL,
    order_id      BLOB   NOT NULL,
    order_number  TEXT   NOT NULL,
    amount_fen    BIGINT NOT NULL,
    principal_fen BIGINT NOT NULL,
    late_fee_fen  BIGINT NOT NULL,
    gateway_id    BLOB,
    page_url      TEXT,
    state         TEXT   NOT NULL,
    asked_on      TEXT   NOT NULL,
    payment_id    BLOB,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (region, request_id)
) WITHOUT ROWID;
CREATE INDEX agency_gateway_request_order ON agency_gateway_request (region, order_id);

-- Nonces of callbacks that took effect: the same letter twice is a replay.
CREATE TABLE agency_gateway_nonce (
    region BIGINT NOT NULL,
    nonce  TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (region, nonce)
) WITHOUT ROWID;

-- 网关对账: one comparison of a day's gateway file with the agency's payments.
CREATE TABLE agency_gateway_day (
    region       BIGINT NOT NULL,
    day          TEXT   NOT NULL,
    gateway_fen  BIGINT NOT NULL,
    agency_fen   BIGINT NOT NULL,
    rows_count   BIGINT NOT NULL,
    posted_count BIGINT NOT NULL,
    differences  TEXT   NOT NULL,
    compared_at  BIGINT NOT NULL,
    PRIMARY KEY (region, day)
) WITHOUT ROWID;
