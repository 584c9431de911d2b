-- 单位登记: the employers of a region, and the standing roll of who is insured by whom since when. A roll row is one
-- stretch: the same insurances from since_month to until_month (open when null); stretches of one employer and person do not overlap.
CREATE TABLE agency_unit (
    region        BIGINT NOT NULL,
    employer_id   UUID   NOT NULL,
    number        TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    credit_code   TEXT   NOT NULL,
    injury_class  BIGINT,
    contact       TEXT   NOT NULL,
    phone_sealed  BYTEA,
    online        BOOLEAN NOT NULL,
    registered_at BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (region, employer_id)
);
CREATE UNIQUE INDEX agency_unit_number ON agency_unit (region, number);
CREATE INDEX agency_unit_code ON agency_unit (region, credit_code);
CREATE INDEX agency_unit_name ON agency_unit (region, name);

-- insurances: bit k is the k-th insurance (pension 1, medical 2, unemployment 4, injury 8, maternity 16).
-- wage_fen: the wage last declared. hired_on counts in the month of entry only.
CREATE TABLE agency_roll (
    region       BIGINT NOT NULL,
    employer_id  UUID   NOT NULL,
    person_id    UUID   NOT NULL,
    since_month  BIGINT NOT NULL,
    until_month  BIGINT,
    insurances   BIGINT NOT NULL,
    wage_fen     BIGINT NOT NULL,
    hired_on     TEXT,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (region, employer_id, person_id, since_month)
);
CREATE INDEX agency_roll_person ON agency_roll (person_id, region);
