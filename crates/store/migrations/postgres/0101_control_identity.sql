-- Users: a small reference table (a login knows no organisation yet).
CREATE TABLE control_user (
    id UUID NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_set_at BIGINT NOT NULL,
    must_change BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX control_user_owner ON control_user (owner, username);

-- Hashes of former passwords, so that they are not used again.
CREATE TABLE control_password (
    user_id UUID NOT NULL,
    set_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, set_at)
);

-- Sessions; of the token only its hash.
CREATE TABLE control_session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX control_session_user ON control_session (user_id);
CREATE INDEX control_session_expiry ON control_session (expires_at);

-- Failed logins by user name, whether such a user exists or not.
CREATE TABLE control_login_attempt (
    username TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX control_login_attempt_age ON control_login_attempt (last_at);

-- Captchas shown and not yet answered.
CREATE TABLE control_captcha (
    id UUID NOT NULL PRIMARY KEY,
    answer_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX control_captcha_expiry ON control_captcha (expires_at);
