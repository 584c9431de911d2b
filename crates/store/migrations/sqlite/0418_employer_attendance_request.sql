-- 申请: leave, overtime and missing punches. kind: leave, overtime, punch. leave_kind: the kind of leave, or pay or rest of overtime.
-- Days from_on..to_on, or minutes of the day from_on; amount: minutes, where 480 are a day.
-- state: submitted, approved, refused, withdrawn, revoked.
CREATE TABLE employer_attendance_request (
    employer_id BLOB   NOT NULL,
    id          BLOB   NOT NULL,
    number      BIGINT NOT NULL,
    employee_id BLOB   NOT NULL,
    kind        TEXT   NOT NULL,
    detail      TEXT   NOT NULL,
    from_on     TEXT   NOT NULL,
    to_on       TEXT   NOT NULL,
    first_part  TEXT   NOT NULL,
    last_part   TEXT   NOT NULL,
    from_minute BIGINT,
    to_minute   BIGINT,
    amount      BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    made_by     BLOB   NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    decided_by  BLOB,
    decided_name TEXT  NOT NULL,
    decided_at  BIGINT,
    opinion     TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
) WITHOUT ROWID;
CREATE INDEX employer_attendance_request_state ON employer_attendance_request (employer_id, state, number);
CREATE INDEX employer_attendance_request_employee ON employer_attendance_request (employer_id, employee_id, from_on);

-- 假期额度 beside what the law grants: carried over, given by the company, or earned by overtime (month: the month whose closing earned it).
-- amount: minutes, where 480 are a day.
CREATE TABLE employer_attendance_grant (
    employer_id BLOB   NOT NULL,
    id          BLOB   NOT NULL,
    employee_id BLOB   NOT NULL,
    leave_kind  TEXT   NOT NULL,
    year        BIGINT NOT NULL,
    amount      BIGINT NOT NULL,
    month       BIGINT,
    reason      TEXT   NOT NULL,
    made_by     BLOB   NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_attendance_grant_employee ON employer_attendance_grant (employer_id, employee_id, year);
CREATE INDEX employer_attendance_grant_month ON employer_attendance_grant (employer_id, month);

-- 累计工作 before this employer, for annual leave.
CREATE TABLE employer_attendance_service (
    employer_id  BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    prior_months BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id)
) WITHOUT ROWID;
