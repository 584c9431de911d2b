-- 考勤: the groups whose rules say when people work, and the closed months.
-- rule: the group's rule as JSON (fixed, shift or flexible hours). Exactly one group may cover everybody not named elsewhere.
CREATE TABLE employer_attendance_group (
    employer_id BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    name        TEXT    NOT NULL,
    covers_all  BOOLEAN NOT NULL,
    departments TEXT    NOT NULL,
    rule        TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, name)
) WITHOUT ROWID;

-- state: open, closed. A month without a row is open. reasons: JSON, the reason given for each kind of anomaly.
CREATE TABLE employer_attendance_month (
    employer_id BLOB   NOT NULL,
    month       BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    reasons     TEXT   NOT NULL,
    changed_by  BLOB,
    changed_name TEXT  NOT NULL,
    changed_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, month)
) WITHOUT ROWID;

-- One closed month of one employee. Minutes are whole; days are hundredths of a day.
CREATE TABLE employer_attendance_summary (
    employer_id               BLOB   NOT NULL,
    month                     BIGINT NOT NULL,
    employee_id               BLOB   NOT NULL,
    scheduled_minutes         BIGINT NOT NULL,
    worked_minutes            BIGINT NOT NULL,
    scheduled_days            BIGINT NOT NULL,
    worked_days               BIGINT NOT NULL,
    absent_minutes            BIGINT NOT NULL,
    late_minutes              BIGINT NOT NULL,
    unpaid_leave_minutes      BIGINT NOT NULL,
    sick_leave_minutes        BIGINT NOT NULL,
    paid_leave_minutes        BIGINT NOT NULL,
    overtime_workday_minutes  BIGINT NOT NULL,
    overtime_restday_minutes  BIGINT NOT NULL,
    overtime_holiday_minutes  BIGINT NOT NULL,
    PRIMARY KEY (employer_id, month, employee_id)
) WITHOUT ROWID;
