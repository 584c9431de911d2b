-- 参保登记申请: one application of an employer to an agency to enrol an employee.
-- state: filed, effective, returned, refused.
CREATE TABLE employer_enrolment (
    employer_id UUID   NOT NULL,
    id          UUID   NOT NULL,
    number      BIGINT NOT NULL,
    employee_id UUID   NOT NULL,
    region      BIGINT NOT NULL,
    insurances  TEXT   NOT NULL,
    from_month  BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    round       BIGINT NOT NULL,
    person_number TEXT,
    reasons     TEXT   NOT NULL,
    filed_at    BIGINT NOT NULL,
    decided_at  BIGINT,
    filed_by    UUID   NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
);
CREATE INDEX employer_enrolment_employee ON employer_enrolment (employer_id, employee_id);
