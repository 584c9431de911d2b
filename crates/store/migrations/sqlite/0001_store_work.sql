-- Messages that leave, kept in order per channel (from, to). The body is sealed.
CREATE TABLE store_outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    from_organisation TEXT NOT NULL,
    to_organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX store_outbox_open ON store_outbox (sequence) WHERE state = 'open';
CREATE INDEX store_outbox_settled ON store_outbox (settled_at) WHERE state <> 'open';

-- A channel that someone delivers now, or that waits after a failure. A free channel has no row.
CREATE TABLE store_outbox_channel (
    from_organisation TEXT NOT NULL,
    to_organisation TEXT NOT NULL,
    lease BLOB,
    busy_until INTEGER NOT NULL,
    PRIMARY KEY (from_organisation, to_organisation)
) STRICT, WITHOUT ROWID;

-- Messages that took effect here.
CREATE TABLE store_inbox (
    owner TEXT NOT NULL,
    message_id BLOB NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (owner, message_id)
) STRICT, WITHOUT ROWID;

-- Work to do later. The body is sealed.
CREATE TABLE store_job (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    key TEXT,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    lease BLOB,
    reason TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX store_job_key ON store_job (queue, key);
CREATE INDEX store_job_due ON store_job (queue, run_at) WHERE state = 'open';

-- Answers given under a caller's key, so that a repeat gets the same answer. The answer is sealed.
CREATE TABLE store_idempotency (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    answer BLOB,
    begun_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX store_idempotency_age ON store_idempotency (begun_at);
