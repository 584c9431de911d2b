-- Notices to the users of an organisation.
CREATE TABLE control_notice (
    owner TEXT NOT NULL,
    id BLOB NOT NULL,
    audience TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    body_en TEXT NOT NULL,
    link TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX control_notice_audience ON control_notice (owner, audience, id);

-- Who has read which.
CREATE TABLE control_notice_read (
    owner TEXT NOT NULL,
    notice_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (owner, notice_id, user_id)
) STRICT, WITHOUT ROWID;
