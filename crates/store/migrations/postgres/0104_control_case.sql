-- Cases (业务件). What is filed, what stood before and what the effect yielded are sealed.
CREATE TABLE control_case (
    owner TEXT NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    business TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    subject_id_masked TEXT,
    subject_person UUID,
    state TEXT NOT NULL,
    level BIGINT NOT NULL,
    round BIGINT NOT NULL,
    form_sealed BYTEA NOT NULL,
    before_sealed BYTEA,
    result_sealed BYTEA,
    findings TEXT NOT NULL,
    reasons TEXT NOT NULL,
    source_from TEXT,
    source_message UUID,
    maker UUID,
    maker_name TEXT,
    assignee UUID,
    assignee_name TEXT,
    due_on TEXT,
    due_sort TEXT NOT NULL,
    due_estimated BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL,
    submitted_at BIGINT,
    closed_at BIGINT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (owner, id)
);
CREATE UNIQUE INDEX control_case_number ON control_case (owner, number);
CREATE UNIQUE INDEX control_case_message ON control_case (owner, business, source_message);
CREATE INDEX control_case_waiting ON control_case (owner, state, due_sort, id);
CREATE INDEX control_case_maker ON control_case (owner, maker, updated_at);
CREATE INDEX control_case_changed ON control_case (owner, updated_at, id);
CREATE INDEX control_case_subject ON control_case (owner, subject_name);

-- What was done to a case; rows are only ever added. The form is kept, sealed, at every submission.
CREATE TABLE control_case_step (
    owner TEXT NOT NULL,
    case_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    round BIGINT NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    level BIGINT NOT NULL,
    user_id UUID NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    opinion TEXT,
    reasons TEXT NOT NULL,
    findings TEXT NOT NULL,
    form_sealed BYTEA,
    at BIGINT NOT NULL,
    PRIMARY KEY (owner, case_id, seq)
);

-- Who held which post in a case: one row a person and case, so that nobody holds two.
CREATE TABLE control_case_handler (
    owner TEXT NOT NULL,
    case_id UUID NOT NULL,
    user_id UUID NOT NULL,
    stage BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (owner, case_id, user_id)
);
CREATE INDEX control_case_handler_user ON control_case_handler (owner, user_id, at);

-- The last sequence of the case number, by organisation and day.
CREATE TABLE control_serial (
    owner TEXT NOT NULL,
    day TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (owner, day)
);
