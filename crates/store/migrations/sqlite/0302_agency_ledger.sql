-- 基金账: accounts, and journals whose entries sum to zero. Journals and entries are only ever inserted.
CREATE TABLE agency_account (
    region       BIGINT NOT NULL,
    insurance    TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    person_id    BLOB   NOT NULL,
    balance_fen  BIGINT NOT NULL,
    reserved_fen BIGINT NOT NULL,
    PRIMARY KEY (region, person_id, insurance, kind)
) WITHOUT ROWID;

-- kind: post moves balances, reserve sets money aside, settle moves what was reserved, void gives it back.
-- reservation_id is set on settle and void only; one reservation ends once.
CREATE TABLE agency_journal (
    region         BIGINT NOT NULL,
    journal_id     BLOB   NOT NULL,
    posting_key    TEXT   NOT NULL,
    content_hash   BLOB   NOT NULL,
    kind           TEXT   NOT NULL,
    reason         TEXT   NOT NULL,
    reservation_id BLOB,
    corrects_id    BLOB,
    entry_count    BIGINT NOT NULL,
    total_fen      BIGINT NOT NULL,
    made_by        TEXT   NOT NULL,
    made_at        BIGINT NOT NULL,
    PRIMARY KEY (region, journal_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX agency_journal_key ON agency_journal (region, posting_key);
CREATE UNIQUE INDEX agency_journal_end ON agency_journal (region, reservation_id);

CREATE TABLE agency_entry (
    region      BIGINT NOT NULL,
    journal_id  BLOB   NOT NULL,
    line        BIGINT NOT NULL,
    insurance   TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    person_id   BLOB   NOT NULL,
    amount_fen  BIGINT NOT NULL,
    PRIMARY KEY (region, journal_id, line)
) WITHOUT ROWID;
CREATE INDEX agency_entry_account ON agency_entry (region, person_id, kind);
