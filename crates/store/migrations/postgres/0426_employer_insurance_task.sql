-- 待办: what the employer's duty to enrol, stop and keep up to date asks for. since: the day that causes it (hired, left, heard),
-- so that finding the same again changes nothing. kind: enrol, stop, stale_status, low_base. state: open, done.
CREATE TABLE employer_insurance_task (
    employer_id UUID   NOT NULL,
    employee_id UUID   NOT NULL,
    kind        TEXT   NOT NULL,
    since       TEXT   NOT NULL,
    region      BIGINT NOT NULL,
    due_on      TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    detail_zh   TEXT   NOT NULL,
    detail_en   TEXT   NOT NULL,
    found_at    BIGINT NOT NULL,
    closed_at   BIGINT,
    PRIMARY KEY (employer_id, employee_id, kind, since)
);
CREATE INDEX employer_insurance_task_open ON employer_insurance_task (employer_id, state, due_on);

-- 排查: one run over the whole roll, with what it found.
CREATE TABLE employer_sweep (
    employer_id UUID   NOT NULL,
    id          UUID   NOT NULL,
    day         TEXT   NOT NULL,
    enrol       BIGINT NOT NULL,
    stop        BIGINT NOT NULL,
    stale       BIGINT NOT NULL,
    low_base    BIGINT NOT NULL,
    fresh       BIGINT NOT NULL,
    closed      BIGINT NOT NULL,
    stop_drafts BIGINT NOT NULL,
    ran_by      UUID,
    ran_at      BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
);
