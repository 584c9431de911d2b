-- An organisation's signing keys. The newest one that is not retired signs; the secret is sealed.
CREATE TABLE control_key (
    owner TEXT NOT NULL,
    version BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (owner, version)
);

-- Signed documents an organisation made or received. The PDF is a blob; subject is sealed.
CREATE TABLE control_document (
    owner TEXT NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    office_name TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    signature TEXT NOT NULL,
    public_key TEXT NOT NULL,
    subject BYTEA NOT NULL,
    reference UUID,
    blob_id UUID NOT NULL,
    size_bytes BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT,
    PRIMARY KEY (owner, id)
);
CREATE UNIQUE INDEX control_document_owner_code ON control_document (owner, code);
CREATE INDEX control_document_code ON control_document (code);
CREATE INDEX control_document_reference ON control_document (owner, reference);
