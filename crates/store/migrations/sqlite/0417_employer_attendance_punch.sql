-- 打卡. minute: since 1970-01-01 00:00 in China; day: the calendar day it falls on. The key makes a repeat impossible.
-- source: web, import, correction. A punch is voided by a correction, never removed.
CREATE TABLE employer_attendance_punch (
    employer_id BLOB    NOT NULL,
    day         TEXT    NOT NULL,
    employee_id BLOB    NOT NULL,
    minute      BIGINT  NOT NULL,
    source      TEXT    NOT NULL,
    device      TEXT    NOT NULL,
    import_id   BLOB,
    voided      BOOLEAN NOT NULL,
    recorded_at BIGINT  NOT NULL,
    PRIMARY KEY (employer_id, day, employee_id, minute)
) WITHOUT ROWID;
CREATE INDEX employer_attendance_punch_employee ON employer_attendance_punch (employer_id, employee_id, day);

-- 补卡与更正: who added or voided which punch, and why. Rows are only added.
CREATE TABLE employer_attendance_correction (
    employer_id BLOB   NOT NULL,
    id          BLOB   NOT NULL,
    employee_id BLOB   NOT NULL,
    day         TEXT   NOT NULL,
    minute      BIGINT NOT NULL,
    act         TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    request_id  BLOB,
    made_by     BLOB   NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_attendance_correction_employee ON employer_attendance_correction (employer_id, employee_id, day);

-- 打卡导入: one file. errors: the first refused rows as JSON, each with its number in the file.
CREATE TABLE employer_attendance_import (
    employer_id BLOB   NOT NULL,
    id          BLOB   NOT NULL,
    file_name   TEXT   NOT NULL,
    row_count   BIGINT NOT NULL,
    taken       BIGINT NOT NULL,
    repeated    BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    first_day   TEXT,
    last_day    TEXT,
    errors      TEXT   NOT NULL,
    made_by     BLOB   NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
