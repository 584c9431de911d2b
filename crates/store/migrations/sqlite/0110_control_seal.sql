-- An organisation's signing keys. The newest one that is not retired signs; the secret is sealed.
CREATE TABLE control_key (
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    public_key TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    PRIMARY KEY (owner, version)
) STRICT, WITHOUT ROWID;

-- Signed documents an organisation made or received. The PDF is a blob; subject is sealed.
CREATE TABLE control_document (
    owner TEXT NOT NULL,
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    office_name TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    digest TEXT NOT NULL,
    signature TEXT NOT NULL,
    public_key TEXT NOT NULL,
    subject BLOB NOT NULL,
    reference BLOB,
    blob_id BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX control_document_owner_code ON control_document (owner, code);
CREATE INDEX control_document_code ON control_document (code);
CREATE INDEX control_document_reference ON control_document (owner, reference);
