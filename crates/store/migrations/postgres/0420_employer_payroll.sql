-- 薪酬: components, what is entered by hand for a month, the runs of the months, one payslip a person and run.

-- 薪酬项目. kind: earning (收入), deduction (扣款), note (说明). A taxed deduction lowers the gross, another one the net.
CREATE TABLE employer_pay_component (
    employer_id    UUID    NOT NULL,
    code           TEXT    NOT NULL,
    position       BIGINT  NOT NULL,
    body           TEXT    NOT NULL,
    updated_at     BIGINT  NOT NULL,
    PRIMARY KEY (employer_id, code)
);

-- The company's way of prorating, and the version of its components as a whole.
CREATE TABLE employer_pay_scheme (
    employer_id    UUID    NOT NULL,
    proration      TEXT    NOT NULL,
    version        BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL,
    PRIMARY KEY (employer_id)
);

-- 录入: an amount of one component for one person in one month; for_month is the month a back payment is for.
CREATE TABLE employer_pay_entry (
    employer_id    UUID    NOT NULL,
    month          BIGINT  NOT NULL,
    employee_id    UUID    NOT NULL,
    component      TEXT    NOT NULL,
    for_month      BIGINT  NOT NULL,
    amount_fen     BIGINT  NOT NULL,
    note           TEXT    NOT NULL,
    entered_by     TEXT    NOT NULL,
    entered_at     BIGINT  NOT NULL,
    PRIMARY KEY (employer_id, month, employee_id, component, for_month)
);

-- 年中接入: what was paid and withheld in a year before the first run here.
CREATE TABLE employer_pay_opening (
    employer_id    UUID    NOT NULL,
    year           BIGINT  NOT NULL,
    employee_id    UUID    NOT NULL,
    income_fen     BIGINT  NOT NULL,
    special_fen    BIGINT  NOT NULL,
    additional_fen BIGINT  NOT NULL,
    other_fen      BIGINT  NOT NULL,
    withheld_fen   BIGINT  NOT NULL,
    bonus_used     BOOLEAN NOT NULL,
    PRIMARY KEY (employer_id, year, employee_id)
);

-- The law a run was computed with, so that an old payslip still shows the law of its day.
CREATE TABLE employer_pay_law (
    employer_id    UUID    NOT NULL,
    version        TEXT    NOT NULL,
    body           BYTEA   NOT NULL,
    PRIMARY KEY (employer_id, version)
);

-- state: making, draft, submitted, locked, discarded. kind: regular, difference.
-- done_number is the last employee number whose payslip is stored: a run that is taken up again goes on behind it.
CREATE TABLE employer_pay_run (
    employer_id    UUID    NOT NULL,
    id             UUID    NOT NULL,
    month          BIGINT  NOT NULL,
    seq            BIGINT  NOT NULL,
    kind           TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    scheme         TEXT    NOT NULL,
    law            TEXT    NOT NULL,
    expected       BIGINT  NOT NULL,
    done           BIGINT  NOT NULL,
    done_number    BIGINT  NOT NULL,
    people         BIGINT  NOT NULL,
    gross_fen      BIGINT  NOT NULL,
    employer_fen   BIGINT  NOT NULL,
    employee_fen   BIGINT  NOT NULL,
    fund_fen       BIGINT  NOT NULL,
    tax_fen        BIGINT  NOT NULL,
    other_fen      BIGINT  NOT NULL,
    net_fen        BIGINT  NOT NULL,
    blocking       BIGINT  NOT NULL,
    warnings       BIGINT  NOT NULL,
    findings       TEXT    NOT NULL,
    made_by        UUID    NOT NULL,
    made_name      TEXT    NOT NULL,
    submitted_by   UUID,
    submitted_name TEXT,
    reviewed_by    UUID,
    reviewed_name  TEXT,
    opinion        TEXT,
    version        BIGINT  NOT NULL,
    created_at     BIGINT  NOT NULL,
    submitted_at   BIGINT,
    locked_at      BIGINT,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, month, seq)
);

-- 工资条: one wide row a person. In a difference run every amount is the difference to what was locked before.
-- income, additional and other are what the month brings into the cumulative withholding of the year.
CREATE TABLE employer_payslip (
    employer_id    UUID    NOT NULL,
    run_id         UUID    NOT NULL,
    number         BIGINT  NOT NULL,
    month          BIGINT  NOT NULL,
    employee_id    UUID    NOT NULL,
    name           TEXT    NOT NULL,
    region         BIGINT  NOT NULL,
    department     TEXT    NOT NULL,
    gross_fen      BIGINT  NOT NULL,
    counted_fen    BIGINT  NOT NULL,
    income_fen     BIGINT  NOT NULL,
    additional_fen BIGINT  NOT NULL,
    other_tax_fen  BIGINT  NOT NULL,
    bonus_fen      BIGINT  NOT NULL,
    base_pension_fen          BIGINT NOT NULL,
    base_medical_fen          BIGINT NOT NULL,
    base_unemployment_fen     BIGINT NOT NULL,
    base_injury_fen           BIGINT NOT NULL,
    base_maternity_fen        BIGINT NOT NULL,
    employer_pension_fen      BIGINT NOT NULL,
    employer_medical_fen      BIGINT NOT NULL,
    employer_unemployment_fen BIGINT NOT NULL,
    employer_injury_fen       BIGINT NOT NULL,
    employer_maternity_fen    BIGINT NOT NULL,
    employee_pension_fen      BIGINT NOT NULL,
    employee_medical_fen      BIGINT NOT NULL,
    employee_unemployment_fen BIGINT NOT NULL,
    employee_injury_fen       BIGINT NOT NULL,
    employee_maternity_fen    BIGINT NOT NULL,
    fund_fen       BIGINT  NOT NULL,
    tax_fen        BIGINT  NOT NULL,
    bonus_tax_fen  BIGINT  NOT NULL,
    other_fen      BIGINT  NOT NULL,
    net_fen        BIGINT  NOT NULL,
    severity       BIGINT  NOT NULL,
    findings       TEXT    NOT NULL,
    lines          TEXT    NOT NULL,
    inputs         TEXT    NOT NULL,
    PRIMARY KEY (employer_id, run_id, number)
);
CREATE INDEX employer_payslip_employee ON employer_payslip (employer_id, employee_id, month);

-- 会计科目 by department, where the company said otherwise than the default.
CREATE TABLE employer_pay_account (
    employer_id    UUID    NOT NULL,
    department     TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    PRIMARY KEY (employer_id, department)
);
