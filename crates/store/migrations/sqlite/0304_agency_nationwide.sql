-- 全国参保核查: what the national platform told of the person of an enrolment case, asked by this agency. An answer counts
-- for the round it was asked in only.
CREATE TABLE agency_nationwide (
    region        BIGINT NOT NULL,
    case_id       BLOB   NOT NULL,
    round         BIGINT NOT NULL,
    answer_sealed BLOB   NOT NULL,
    asked_at      BIGINT NOT NULL,
    PRIMARY KEY (region, case_id)
) WITHOUT ROWID;
