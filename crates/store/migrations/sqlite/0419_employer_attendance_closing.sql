-- 考勤关账的经过: every closing and reopening, with the anomalies at that moment and the reasons given. Rows are only added.
CREATE TABLE employer_attendance_closing (
    employer_id BLOB   NOT NULL,
    month       BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    act         TEXT   NOT NULL,
    people      BIGINT NOT NULL,
    anomalies   TEXT   NOT NULL,
    reasons     TEXT   NOT NULL,
    made_by     BLOB   NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (employer_id, month, seq)
) WITHOUT ROWID;
