-- 停保 and 补缴/退费 as filed: which case an application became, so that a later round finds it. orders: what it came to.
CREATE TABLE agency_filing (
    region          BIGINT NOT NULL,
    filing_id       UUID   NOT NULL,
    business        TEXT   NOT NULL,
    employer_id     UUID   NOT NULL,
    case_id         UUID   NOT NULL,
    round           BIGINT NOT NULL,
    content_hash    BYTEA  NOT NULL,
    back_order_id   UUID,
    refund_order_id UUID,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (region, filing_id)
);
CREATE INDEX agency_filing_employer ON agency_filing (region, employer_id);
