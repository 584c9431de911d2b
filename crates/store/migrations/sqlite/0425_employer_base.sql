-- 缴费工资 (the wage a contribution base is taken from), in force from a month until the next row of the same employee.
-- origin: prior_year_average, entry_wage, adjusted. prior_year: the year averaged. No row is changed but by a newer acceptance.
CREATE TABLE employer_base (
    employer_id   BLOB   NOT NULL,
    employee_id   BLOB   NOT NULL,
    from_month    BIGINT NOT NULL,
    region        BIGINT NOT NULL,
    wage_fen      BIGINT NOT NULL,
    origin        TEXT   NOT NULL,
    prior_year    BIGINT,
    derivation_zh TEXT   NOT NULL,
    derivation_en TEXT   NOT NULL,
    set_by        BLOB   NOT NULL,
    set_at        BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, from_month)
) WITHOUT ROWID;
