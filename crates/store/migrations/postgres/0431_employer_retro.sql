-- 追溯重算: past months by the law in force now, against what was billed (or declared). state: waiting, running, done, cancelled, failed.
CREATE TABLE employer_retro (
    employer_id UUID   NOT NULL,
    id          UUID   NOT NULL,
    number      BIGINT NOT NULL,
    from_month  BIGINT NOT NULL,
    to_month    BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    at_month    BIGINT NOT NULL,
    after_employee UUID,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    lines       BIGINT NOT NULL,
    people      BIGINT NOT NULL,
    back_fen    BIGINT NOT NULL,
    refund_fen  BIGINT NOT NULL,
    law_version TEXT   NOT NULL,
    failure     TEXT,
    ran_by      UUID   NOT NULL,
    ran_at      BIGINT NOT NULL,
    ended_at    BIGINT,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
);

-- A person, month and insurance that comes out otherwise now.
CREATE TABLE employer_retro_line (
    employer_id  UUID   NOT NULL,
    retro_id     UUID   NOT NULL,
    month        BIGINT NOT NULL,
    employee_id  UUID   NOT NULL,
    insurance    TEXT   NOT NULL,
    region       BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    wage_fen     BIGINT NOT NULL,
    old_employer_fen BIGINT NOT NULL,
    old_employee_fen BIGINT NOT NULL,
    new_employer_fen BIGINT NOT NULL,
    new_employee_fen BIGINT NOT NULL,
    PRIMARY KEY (employer_id, retro_id, month, employee_id, insurance)
);

-- 补缴/退费申报. state: draft, filed, accepted, returned, refused. retro_id: the recalculation it comes from.
CREATE TABLE employer_adjustment (
    employer_id UUID   NOT NULL,
    id          UUID   NOT NULL,
    number      BIGINT NOT NULL,
    retro_id    UUID   NOT NULL,
    region      BIGINT NOT NULL,
    part        BIGINT NOT NULL,
    parts       BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    note        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    round       BIGINT NOT NULL,
    lines       BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    back_fen    BIGINT NOT NULL,
    refund_fen  BIGINT NOT NULL,
    granted_back_fen   BIGINT,
    granted_refund_fen BIGINT,
    office      TEXT   NOT NULL,
    reasons     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    filed_at    BIGINT,
    decided_at  BIGINT,
    version     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
);

-- state: draft, filed, accepted, refused.
CREATE TABLE employer_adjustment_line (
    employer_id   UUID   NOT NULL,
    adjustment_id UUID   NOT NULL,
    line          BIGINT NOT NULL,
    month         BIGINT NOT NULL,
    employee_id   UUID   NOT NULL,
    insurance     TEXT   NOT NULL,
    wage_fen      BIGINT NOT NULL,
    employer_fen  BIGINT NOT NULL,
    employee_fen  BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    reasons       TEXT   NOT NULL,
    PRIMARY KEY (employer_id, adjustment_id, line)
);
CREATE INDEX employer_adjustment_line_month ON employer_adjustment_line (employer_id, month, employee_id);
