-- 转移接续: the employer's side of a transfer and the events the agencies send.
-- state: draft, signed, filed, returned, refused, withdrawn, completed, confirmed.
CREATE TABLE employer_transfer (
    employer_id   BLOB   NOT NULL,
    id            BLOB   NOT NULL,
    number        BIGINT NOT NULL,
    employee_id   BLOB   NOT NULL,
    employee_name TEXT   NOT NULL,
    id_masked     TEXT   NOT NULL,
    insurance     TEXT   NOT NULL,
    from_region   BIGINT NOT NULL,
    to_region     BIGINT NOT NULL,
    months        BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    step          TEXT   NOT NULL,
    round         BIGINT NOT NULL,
    form_sealed   BLOB  NOT NULL,
    document_id   BLOB,
    applied_on    TEXT,
    filed_at      BIGINT,
    due_on        TEXT,
    due_estimated BOOLEAN NOT NULL,
    amount_fen    BIGINT,
    refreshed_at  BIGINT,
    created_by    BLOB   NOT NULL,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
) WITHOUT ROWID;
CREATE INDEX employer_transfer_state ON employer_transfer (employer_id, state);
CREATE INDEX employer_transfer_employee ON employer_transfer (employer_id, employee_id);

-- The timeline. event_id is the message's id, so a repeated message adds nothing.
CREATE TABLE employer_transfer_event (
    employer_id   BLOB   NOT NULL,
    transfer_id   BLOB   NOT NULL,
    event_id      BLOB   NOT NULL,
    round         BIGINT NOT NULL,
    step          TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    office_name   TEXT   NOT NULL,
    office_region BIGINT,
    office_phone  TEXT   NOT NULL,
    actor         TEXT   NOT NULL,
    due_on        TEXT,
    due_estimated BOOLEAN NOT NULL,
    next          TEXT,
    reasons       TEXT   NOT NULL,
    details       TEXT   NOT NULL,
    received_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, transfer_id, event_id)
) WITHOUT ROWID;

-- Running numbers of an employer: 工号, 转移申请编号, 参保申请编号.
CREATE TABLE employer_counter (
    employer_id BLOB   NOT NULL,
    name        TEXT   NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (employer_id, name)
) WITHOUT ROWID;
