-- Who did, read or was refused what. Rows are only ever added. Before and after are sealed.
CREATE TABLE control_audit (
    owner TEXT NOT NULL,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    before_sealed BLOB,
    after_sealed BLOB,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX control_audit_object ON control_audit (owner, object, object_id, id);
CREATE INDEX control_audit_denied ON control_audit (owner, id) WHERE kind = 'denied';
