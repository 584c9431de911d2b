-- 支付网关: payments asked by agencies. The gateway is an organisation of its own; region names the payee. state: created, paid, cancelled.
-- told_at: when the agency took the callback.
CREATE TABLE gateway_payment (
    region       BIGINT NOT NULL,
    payment_id   BLOB   NOT NULL,
    request_id   BLOB   NOT NULL,
    order_number TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    payee_name   TEXT   NOT NULL,
    payer_name   TEXT   NOT NULL,
    amount_fen   BIGINT NOT NULL,
    late_fee_fen BIGINT NOT NULL,
    callback_url TEXT   NOT NULL,
    return_url   TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    serial       TEXT,
    expires_at   BIGINT NOT NULL,
    paid_on      TEXT,
    paid_at      BIGINT,
    told_at      BIGINT,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (region, payment_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX gateway_payment_request ON gateway_payment (region, request_id);
CREATE INDEX gateway_payment_day ON gateway_payment (region, paid_on);
