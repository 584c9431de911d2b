-- 单位与员工: what is entered once and shared by every part of the employer's side.
CREATE TABLE employer_company (
    employer_id    BLOB   NOT NULL,
    name           TEXT   NOT NULL,
    credit_code    TEXT   NOT NULL,
    region         BIGINT NOT NULL,
    address        TEXT   NOT NULL,
    contact_name   TEXT   NOT NULL,
    contact_phone  TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id)
) WITHOUT ROWID;

-- state: unchecked, direct, needs_transfer, bad_data, transferring, enrolling, insured.
CREATE TABLE employer_employee (
    employer_id  BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    number       BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    id_hash      BLOB  NOT NULL,
    id_sealed    BLOB  NOT NULL,
    id_masked    TEXT   NOT NULL,
    sex          TEXT   NOT NULL,
    birth_date   TEXT   NOT NULL,
    phone_sealed BLOB,
    phone_masked TEXT,
    household_region BIGINT,
    hired_on     TEXT   NOT NULL,
    region       BIGINT NOT NULL,
    department   TEXT   NOT NULL,
    position     TEXT   NOT NULL,
    wage_fen     BIGINT,
    state        TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    override_reason TEXT,
    checked_at   BIGINT,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, id_hash),
    UNIQUE (employer_id, number)
) WITHOUT ROWID;
CREATE INDEX employer_employee_name ON employer_employee (employer_id, name);
CREATE INDEX employer_employee_state ON employer_employee (employer_id, state);

-- The nationwide answer about an employee as it was last heard, one row a relation.
CREATE TABLE employer_relation (
    employer_id BLOB   NOT NULL,
    employee_id BLOB   NOT NULL,
    region      BIGINT NOT NULL,
    insurance   TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    months      BIGINT NOT NULL,
    first_month BIGINT,
    last_month  BIGINT,
    spans       TEXT   NOT NULL,
    checked_at  BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, region, insurance)
) WITHOUT ROWID;
