-- 缴费工资申报 of a month and region; a large employer has several parts. state: draft, filed, accepted, returned, refused.
-- batch: what was prepared together; findings: of the batch as a whole, kept with its first part.
CREATE TABLE employer_declaration (
    employer_id  BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    number       BIGINT NOT NULL,
    batch        BLOB   NOT NULL,
    region       BIGINT NOT NULL,
    month        BIGINT NOT NULL,
    part         BIGINT NOT NULL,
    parts        BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    round        BIGINT NOT NULL,
    people       BIGINT NOT NULL,
    refused      BIGINT NOT NULL,
    industry_class BIGINT,
    employer_fen BIGINT NOT NULL,
    employee_fen BIGINT NOT NULL,
    law_version  TEXT   NOT NULL,
    findings     TEXT   NOT NULL,
    office       TEXT   NOT NULL,
    reasons      TEXT   NOT NULL,
    prepared_by  BLOB   NOT NULL,
    prepared_at  BIGINT NOT NULL,
    filed_at     BIGINT,
    decided_at   BIGINT,
    version      BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id),
    UNIQUE (employer_id, number)
) WITHOUT ROWID;
CREATE INDEX employer_declaration_month ON employer_declaration (employer_id, month, region);

-- What was (or is to be) declared for a person, with what it costs by the law of the day it was prepared.
-- state: draft, filed, accepted, refused. findings: of this person.
CREATE TABLE employer_declaration_line (
    employer_id    BLOB   NOT NULL,
    declaration_id BLOB   NOT NULL,
    line           BIGINT NOT NULL,
    month          BIGINT NOT NULL,
    region         BIGINT NOT NULL,
    employee_id    BLOB   NOT NULL,
    name           TEXT   NOT NULL,
    insurances     BIGINT NOT NULL,
    wage_fen       BIGINT NOT NULL,
    origin         TEXT   NOT NULL,
    derivation_zh  TEXT   NOT NULL,
    derivation_en  TEXT   NOT NULL,
    hired_on       TEXT,
    base_110     BIGINT NOT NULL,
    base_310     BIGINT NOT NULL,
    base_210     BIGINT NOT NULL,
    base_410     BIGINT NOT NULL,
    base_510     BIGINT NOT NULL,
    employer_110 BIGINT NOT NULL,
    employer_310 BIGINT NOT NULL,
    employer_210 BIGINT NOT NULL,
    employer_410 BIGINT NOT NULL,
    employer_510 BIGINT NOT NULL,
    employee_110 BIGINT NOT NULL,
    employee_310 BIGINT NOT NULL,
    employee_210 BIGINT NOT NULL,
    employee_410 BIGINT NOT NULL,
    employee_510 BIGINT NOT NULL,
    state          TEXT   NOT NULL,
    findings       TEXT   NOT NULL,
    reasons        TEXT   NOT NULL,
    PRIMARY KEY (employer_id, declaration_id, line)
) WITHOUT ROWID;
CREATE INDEX employer_declaration_line_month ON employer_declaration_line (employer_id, month, employee_id);
