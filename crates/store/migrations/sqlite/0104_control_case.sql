-- Cases (业务件). What is filed, what stood before and what the effect yielded are sealed.
CREATE TABLE control_case (
    owner TEXT NOT NULL,
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    business TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    subject_id_masked TEXT,
    subject_person BLOB,
    state TEXT NOT NULL,
    level INTEGER NOT NULL,
    round INTEGER NOT NULL,
    form_sealed BLOB NOT NULL,
    before_sealed BLOB,
    result_sealed BLOB,
    findings TEXT NOT NULL,
    reasons TEXT NOT NULL,
    source_from TEXT,
    source_message BLOB,
    maker BLOB,
    maker_name TEXT,
    assignee BLOB,
    assignee_name TEXT,
    due_on TEXT,
    due_sort TEXT NOT NULL,
    due_estimated INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    submitted_at INTEGER,
    closed_at INTEGER,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX control_case_number ON control_case (owner, number);
CREATE UNIQUE INDEX control_case_message ON control_case (owner, business, source_message);
CREATE INDEX control_case_waiting ON control_case (owner, state, due_sort, id);
CREATE INDEX control_case_maker ON control_case (owner, maker, updated_at);
CREATE INDEX control_case_changed ON control_case (owner, updated_at, id);
CREATE INDEX control_case_subject ON control_case (owner, subject_name);

-- What was done to a case; rows are only ever added. The form is kept, sealed, at every submission.
CREATE TABLE control_case_step (
    owner TEXT NOT NULL,
    case_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    round INTEGER NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    level INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    opinion TEXT,
    reasons TEXT NOT NULL,
    findings TEXT NOT NULL,
    form_sealed BLOB,
    at INTEGER NOT NULL,
    PRIMARY KEY (owner, case_id, seq)
) STRICT, WITHOUT ROWID;

-- Who held which post in a case: one row a person and case, so that nobody holds two.
CREATE TABLE control_case_handler (
    owner TEXT NOT NULL,
    case_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    stage INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (owner, case_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX control_case_handler_user ON control_case_handler (owner, user_id, at);

-- The last sequence of the case number, by organisation and day.
CREATE TABLE control_serial (
    owner TEXT NOT NULL,
    day TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (owner, day)
) STRICT, WITHOUT ROWID;
