-- 核定: what each person owes for a month, all five insurances in one row, so that a region is assessed by one load.
-- kind: regular, back (补缴), refund (退费; amounts are positive all the same). seq names the assessment (one an order) the row
-- was made in; a reversed assessment stays, voided.
CREATE TABLE agency_assessment (
    person_id                 UUID   NOT NULL,
    region                    BIGINT NOT NULL,
    month                     BIGINT NOT NULL,
    kind                      TEXT   NOT NULL,
    seq                       BIGINT NOT NULL,
    order_id                  UUID   NOT NULL,
    employer_id               UUID   NOT NULL,
    insurances                BIGINT NOT NULL,
    wage_fen                  BIGINT NOT NULL,
    pension_base_fen          BIGINT NOT NULL,
    medical_base_fen          BIGINT NOT NULL,
    unemployment_base_fen     BIGINT NOT NULL,
    injury_base_fen           BIGINT NOT NULL,
    maternity_base_fen        BIGINT NOT NULL,
    pension_employer_fen      BIGINT NOT NULL,
    medical_employer_fen      BIGINT NOT NULL,
    unemployment_employer_fen BIGINT NOT NULL,
    injury_employer_fen       BIGINT NOT NULL,
    maternity_employer_fen    BIGINT NOT NULL,
    pension_employee_fen      BIGINT NOT NULL,
    medical_employee_fen      BIGINT NOT NULL,
    unemployment_employee_fen BIGINT NOT NULL,
    injury_employee_fen       BIGINT NOT NULL,
    maternity_employee_fen    BIGINT NOT NULL,
    voided                    BOOLEAN NOT NULL,
    PRIMARY KEY (person_id, region, month, kind, seq)
);
CREATE INDEX agency_assessment_order ON agency_assessment (region, order_id);

-- What an employer's month was assessed from: its declaration, or last month's figures when it declared nothing.
-- basis: declared, last_month, estimated (社会保险法第六十二条). state: pending, assessed, returned, refused, withdrawn, superseded, reversed.
CREATE TABLE agency_declaration (
    region         BIGINT NOT NULL,
    declaration_id UUID   NOT NULL,
    employer_id    UUID   NOT NULL,
    month          BIGINT NOT NULL,
    basis          TEXT   NOT NULL,
    state          TEXT   NOT NULL,
    part           BIGINT NOT NULL,
    parts          BIGINT NOT NULL,
    round          BIGINT NOT NULL,
    content_hash   BYTEA,
    case_id        UUID,
    run_id         UUID,
    order_id       UUID,
    seq            BIGINT NOT NULL,
    people         BIGINT NOT NULL,
    refused        BIGINT NOT NULL,
    employer_fen   BIGINT NOT NULL,
    employee_fen   BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (region, declaration_id)
);
CREATE INDEX agency_declaration_month ON agency_declaration (region, employer_id, month);
CREATE INDEX agency_declaration_case ON agency_declaration (region, case_id);
CREATE INDEX agency_declaration_run ON agency_declaration (region, run_id, declaration_id);

-- 批量核定: one run over a region and month. after_employer is how far it came; it is written with the rows it counts.
CREATE TABLE agency_assessment_run (
    region          BIGINT NOT NULL,
    run_id          UUID   NOT NULL,
    month           BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    total_people    BIGINT NOT NULL,
    people          BIGINT NOT NULL,
    employers       BIGINT NOT NULL,
    skipped         BIGINT NOT NULL,
    employer_fen    BIGINT NOT NULL,
    employee_fen    BIGINT NOT NULL,
    sent            BIGINT NOT NULL,
    after_employer  UUID,
    reason          TEXT,
    started_by      TEXT   NOT NULL,
    started_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    finished_at     BIGINT,
    PRIMARY KEY (region, run_id)
);
CREATE INDEX agency_assessment_run_month ON agency_assessment_run (region, month);
