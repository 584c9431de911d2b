-- 新员工名单: an uploaded roster and its rows. Cells may hold ID numbers, so they are sealed.
-- state: checking, ready, accepted, failed.
CREATE TABLE employer_roster (
    employer_id   UUID   NOT NULL,
    id            UUID   NOT NULL,
    file_name     TEXT   NOT NULL,
    file_digest   TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    header        TEXT   NOT NULL,
    above_sealed  BYTEA  NOT NULL,
    total         BIGINT NOT NULL,
    done          BIGINT NOT NULL,
    direct        BIGINT NOT NULL,
    transfer      BIGINT NOT NULL,
    bad           BIGINT NOT NULL,
    unanswered    BIGINT NOT NULL,
    created       BIGINT NOT NULL,
    uploaded_by   UUID   NOT NULL,
    uploader_name TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    finished_at   BIGINT,
    PRIMARY KEY (employer_id, id)
);

-- verdict is NULL until the nationwide check has been stored, which is what makes the job resumable.
CREATE TABLE employer_roster_row (
    employer_id  UUID   NOT NULL,
    roster_id    UUID   NOT NULL,
    row_number   BIGINT NOT NULL,
    cells_sealed BYTEA  NOT NULL,
    name         TEXT   NOT NULL,
    id_masked    TEXT   NOT NULL,
    verdict      TEXT,
    from_regions TEXT   NOT NULL,
    findings     TEXT   NOT NULL,
    relations    TEXT   NOT NULL,
    employee_id  UUID,
    PRIMARY KEY (employer_id, roster_id, row_number)
);
CREATE INDEX employer_roster_row_verdict ON employer_roster_row (employer_id, roster_id, verdict);
