-- 对账处理: what was decided on a difference, only added to; the last row of a difference counts as long as its figures stand.
-- decision: accepted, corrected, reopened.
CREATE TABLE employer_difference (
    employer_id  BLOB   NOT NULL,
    month        BIGINT NOT NULL,
    person       TEXT   NOT NULL,
    insurance    TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    policy_fen   BIGINT NOT NULL,
    billed_fen   BIGINT NOT NULL,
    deducted_fen BIGINT NOT NULL,
    decision     TEXT   NOT NULL,
    note         TEXT   NOT NULL,
    decided_by   BLOB   NOT NULL,
    decided_name TEXT   NOT NULL,
    decided_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, month, person, insurance, seq)
) WITHOUT ROWID;
