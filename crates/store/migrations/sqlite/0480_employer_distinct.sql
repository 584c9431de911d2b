-- 不是同一人: pairs of records that look like one person and are two; first is the record with the earlier number.
CREATE TABLE employer_distinct (
    employer_id BLOB   NOT NULL,
    first_id    BLOB   NOT NULL,
    second_id   BLOB   NOT NULL,
    reason      TEXT   NOT NULL,
    said_name   TEXT   NOT NULL,
    said_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, first_id, second_id)
) WITHOUT ROWID;
