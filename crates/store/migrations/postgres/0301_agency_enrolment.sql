-- 参保登记: the office, its persons and their relations, and the history of contributions.
CREATE TABLE agency_office (
    region        BIGINT NOT NULL,
    name          TEXT   NOT NULL,
    phone         TEXT   NOT NULL,
    address       TEXT   NOT NULL,
    postcode      TEXT   NOT NULL,
    bank_name     TEXT   NOT NULL,
    bank_number   TEXT   NOT NULL,
    account_name  TEXT   NOT NULL,
    account       TEXT   NOT NULL,
    PRIMARY KEY (region)
);

-- Running numbers of a region: 个人编号, 联系函编号, 系统跟踪流水号.
CREATE TABLE agency_counter (
    region  BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    last    BIGINT NOT NULL,
    PRIMARY KEY (region, name)
);

-- person_id is derived from the keyed hash of the ID number, so one number is one person.
CREATE TABLE agency_person (
    person_id        UUID     NOT NULL,
    region           BIGINT  NOT NULL,
    id_hash          BYTEA    NOT NULL,
    name             TEXT    NOT NULL,
    id_sealed        BYTEA    NOT NULL,
    person_number    TEXT    NOT NULL,
    sex              TEXT    NOT NULL,
    birth_date       TEXT    NOT NULL,
    phone_sealed     BYTEA,
    household_region BIGINT,
    retired          BOOLEAN NOT NULL,
    created_at       BIGINT  NOT NULL,
    PRIMARY KEY (person_id, region)
);
CREATE INDEX agency_person_hash ON agency_person (id_hash);
CREATE INDEX agency_person_name ON agency_person (region, name);

CREATE TABLE agency_relation (
    person_id     UUID    NOT NULL,
    region        BIGINT NOT NULL,
    insurance     TEXT   NOT NULL,
    status        TEXT   NOT NULL,
    account_kind  TEXT   NOT NULL,
    months        BIGINT NOT NULL,
    first_month   BIGINT,
    last_month    BIGINT,
    spans         TEXT   NOT NULL,
    duplicates    BIGINT NOT NULL,
    arrears_fen   BIGINT NOT NULL,
    lump_months   BIGINT NOT NULL,
    before_1998_fen BIGINT NOT NULL,
    employer_name TEXT   NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (person_id, region, insurance)
);

-- One row is one stretch of months at one base and one employer. stretch_key tells rows that begin
-- in the same month apart and makes a second load of the same row find the first.
CREATE TABLE agency_contribution (
    person_id     UUID    NOT NULL,
    region        BIGINT NOT NULL,
    insurance     TEXT   NOT NULL,
    from_month    BIGINT NOT NULL,
    stretch_key   BIGINT NOT NULL,
    to_month      BIGINT NOT NULL,
    base_fen      BIGINT NOT NULL,
    employer_name TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    origin_region BIGINT NOT NULL,
    PRIMARY KEY (person_id, region, insurance, from_month, stretch_key)
);
