-- 转移接续: what each of the two offices knows of a transfer. A return to the employer and a new filing is a new round.
CREATE TABLE agency_transfer (
    region          BIGINT NOT NULL,
    transfer_id     BLOB   NOT NULL,
    side            TEXT   NOT NULL,
    round           BIGINT NOT NULL,
    attempt         BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    insurance       TEXT   NOT NULL,
    person_id       BLOB   NOT NULL,
    employer_id     BLOB   NOT NULL,
    from_region     BIGINT NOT NULL,
    to_region       BIGINT NOT NULL,
    application     BLOB   NOT NULL,
    letter          BLOB,
    information     BLOB,
    letter_number   TEXT,
    case_id         BLOB,
    posting_case_id BLOB,
    reservation_id  BLOB,
    amount_fen      BIGINT NOT NULL,
    due_on          TEXT,
    opened_at       BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (region, transfer_id)
) WITHOUT ROWID;
CREATE INDEX agency_transfer_person ON agency_transfer (region, person_id, insurance);
CREATE INDEX agency_transfer_state ON agency_transfer (region, state);
