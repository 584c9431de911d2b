-- 考勤组成员: from a day on, until the next row of the employee. pattern_offset: days by which the rotation is shifted.
CREATE TABLE employer_attendance_member (
    employer_id    UUID   NOT NULL,
    employee_id    UUID   NOT NULL,
    from_on        TEXT   NOT NULL,
    group_id       UUID   NOT NULL,
    pattern_offset BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, from_on)
);

-- 排班: one employee's day, over the rotation. shift: the key of a shift of the group; empty for a day of rest.
CREATE TABLE employer_attendance_schedule (
    employer_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    day         TEXT NOT NULL,
    shift       TEXT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, day)
);
CREATE INDEX employer_attendance_schedule_day ON employer_attendance_schedule (employer_id, day);

-- The company's own days off and days worked, over the State Council's yearly notice.
CREATE TABLE employer_attendance_day (
    employer_id UUID    NOT NULL,
    day         TEXT    NOT NULL,
    works       BOOLEAN NOT NULL,
    name        TEXT    NOT NULL,
    PRIMARY KEY (employer_id, day)
);
