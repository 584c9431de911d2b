-- 停保申报 (减员): one application of several people to the agency of a region. state: draft, filed, accepted, returned, refused, dropped.
CREATE TABLE employer_stop (
    employer_id UUID   NOT NULL,
    id          UUID   NOT NULL,
    number      BIGINT NOT NULL,
    region      BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    round       BIGINT NOT NULL,
    office      TEXT   NOT NULL,
    reasons     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    filed_at    BIGINT,
    decided_at  BIGINT,
    version     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
);

-- insurances: bits in the order pension, medical, unemployment, injury, maternity. state: open, stopped, refused.
CREATE TABLE employer_stop_line (
    employer_id UUID   NOT NULL,
    stop_id     UUID   NOT NULL,
    line        BIGINT NOT NULL,
    employee_id UUID   NOT NULL,
    insurances  BIGINT NOT NULL,
    last_month  BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    left_on     TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    reasons     TEXT   NOT NULL,
    PRIMARY KEY (employer_id, stop_id, line)
);
CREATE INDEX employer_stop_line_employee ON employer_stop_line (employer_id, employee_id);
