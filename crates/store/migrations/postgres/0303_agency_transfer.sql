-- 转移接续: what each of the two offices knows of a transfer. A return to the employer and a new filing is a new round.
CREATE TABLE agency_transfer (
    region          BIGINT NOT NULL,
    transfer_id     UUID    NOT NULL,
    side            TEXT   NOT NULL,
    round           BIGINT NOT NULL,
    attempt         BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    insurance       TEXT   NOT NULL,
    person_id       UUID    NOT NULL,
    employer_id     UUID    NOT NULL,
    from_region     BIGINT NOT NULL,
    to_region       BIGINT NOT NULL,
    application     BYTEA   NOT NULL,
    letter          BYTEA,
    information     BYTEA,
    letter_number   TEXT,
    case_id         UUID,
    posting_case_id UUID,
    reservation_id  UUID,
    amount_fen      BIGINT NOT NULL,
    due_on          TEXT,
    opened_at       BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (region, transfer_id)
);
CREATE INDEX agency_transfer_person ON agency_transfer (region, person_id, insurance);
CREATE INDEX agency_transfer_state ON agency_transfer (region, state);
