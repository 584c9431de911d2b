-- 员工档案: what is kept of an employee beyond the entry form. Histories are only added to: a later row of the same day
-- stands for the earlier one, which stays to be read.
ALTER TABLE employer_company ADD COLUMN industry TEXT;
ALTER TABLE employer_company ADD COLUMN injury_class BIGINT;
ALTER TABLE employer_company ADD COLUMN housing_fund_rate_ppm BIGINT;
ALTER TABLE employer_company ADD COLUMN attendance_required BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE employer_company ADD COLUMN pay_day BIGINT NOT NULL DEFAULT 15;
ALTER TABLE employer_company ADD COLUMN bank_name TEXT;
ALTER TABLE employer_company ADD COLUMN bank_account_sealed BLOB;
ALTER TABLE employer_company ADD COLUMN bank_account_masked TEXT;
ALTER TABLE employer_company ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- left_on: the last day of employment. insurances: NULL = all five. merged_into: this row was found to be the same person.
ALTER TABLE employer_employee ADD COLUMN left_on TEXT;
ALTER TABLE employer_employee ADD COLUMN leave_reason TEXT;
ALTER TABLE employer_employee ADD COLUMN leave_note TEXT;
ALTER TABLE employer_employee ADD COLUMN first_work_year BIGINT;
ALTER TABLE employer_employee ADD COLUMN insurances TEXT;
ALTER TABLE employer_employee ADD COLUMN fund_joined BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE employer_employee ADD COLUMN fund_base_fen BIGINT;
ALTER TABLE employer_employee ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
ALTER TABLE employer_employee ADD COLUMN phone_hash BLOB;
ALTER TABLE employer_employee ADD COLUMN merged_into BLOB;
CREATE INDEX employer_employee_hired ON employer_employee (employer_id, hired_on);
CREATE INDEX employer_employee_department ON employer_employee (employer_id, department);
CREATE INDEX employer_employee_birth ON employer_employee (employer_id, birth_date, name);

-- 曾经的任职: employments that ended before the present one.
CREATE TABLE employer_stint (
    employer_id  BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    from_on      TEXT   NOT NULL,
    to_on        TEXT   NOT NULL,
    leave_reason TEXT   NOT NULL,
    leave_note   TEXT,
    PRIMARY KEY (employer_id, employee_id, from_on)
) WITHOUT ROWID;

-- 工资历史: monthly_fen NULL withdraws the step of that day.
CREATE TABLE employer_wage (
    employer_id  BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    from_on      TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    monthly_fen  BIGINT,
    reason       TEXT,
    entered_by   BLOB,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, from_on, seq)
) WITHOUT ROWID;
INSERT INTO employer_wage (employer_id, employee_id, from_on, seq, monthly_fen, reason, entered_by, entered_name, entered_at)
SELECT employer_id, id, hired_on, 1, wage_fen, NULL, NULL, '', created_at FROM employer_employee WHERE wage_fen IS NOT NULL;

-- 岗位历史.
CREATE TABLE employer_position (
    employer_id  BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    from_on      TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    department   TEXT   NOT NULL,
    position     TEXT   NOT NULL,
    region       BIGINT NOT NULL,
    reason       TEXT,
    entered_by   BLOB,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, from_on, seq)
) WITHOUT ROWID;
INSERT INTO employer_position (employer_id, employee_id, from_on, seq, department, position, region, reason, entered_by, entered_name, entered_at)
SELECT employer_id, id, hired_on, 1, department, position, region, NULL, NULL, '', created_at FROM employer_employee;

-- 部门: path is the names from the top, parted by '/'; unique, so that a department is named by its path.
CREATE TABLE employer_department (
    employer_id BLOB   NOT NULL,
    path        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (employer_id, path)
) WITHOUT ROWID;
INSERT INTO employer_department (employer_id, path, created_at)
SELECT employer_id, department, MIN(created_at) FROM employer_employee WHERE department <> '' GROUP BY employer_id, department;

-- 劳动合同. kind: fixed, open_ended, task.
CREATE TABLE employer_contract (
    employer_id  BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    round        BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    from_on      TEXT   NOT NULL,
    to_on        TEXT,
    probation_to TEXT,
    signed_on    TEXT,
    ended_on     TEXT,
    note         TEXT,
    entered_by   BLOB   NOT NULL,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_contract_employee ON employer_contract (employer_id, employee_id);
CREATE INDEX employer_contract_to ON employer_contract (employer_id, to_on);

-- 工资卡: the last row counts.
CREATE TABLE employer_bank_account (
    employer_id  BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    seq          BIGINT NOT NULL,
    bank_name    TEXT   NOT NULL,
    branch       TEXT,
    account_sealed BLOB NOT NULL,
    account_masked TEXT NOT NULL,
    entered_by   BLOB   NOT NULL,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, seq)
) WITHOUT ROWID;

-- 专项附加扣除与其他扣除, one row a claim; months inclusive. quantity: halves of a child, tier of the city; amount_fen: an agreed share.
CREATE TABLE employer_family_claim (
    employer_id  BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    kind         TEXT   NOT NULL,
    quantity     BIGINT NOT NULL,
    amount_fen   BIGINT,
    from_month   BIGINT NOT NULL,
    to_month     BIGINT,
    subject_sealed BLOB,
    note         TEXT,
    voided_at    BIGINT,
    voided_name  TEXT,
    entered_by   BLOB   NOT NULL,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_family_claim_employee ON employer_family_claim (employer_id, employee_id);

-- 上年度月平均工资 as given by hand or import; the last row of a year counts.
CREATE TABLE employer_prior_average (
    employer_id  BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    year         BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    average_fen  BIGINT NOT NULL,
    reason       TEXT,
    entered_by   BLOB,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, employee_id, year, seq)
) WITHOUT ROWID;

-- 员工材料: the content lies encrypted in the blob store.
CREATE TABLE employer_document (
    employer_id  BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    employee_id  BLOB   NOT NULL,
    kind         TEXT   NOT NULL,
    file_name    TEXT   NOT NULL,
    media_type   TEXT   NOT NULL,
    bytes        BIGINT NOT NULL,
    digest       TEXT   NOT NULL,
    blob         BLOB   NOT NULL,
    removed_at   BIGINT,
    removed_name TEXT,
    entered_by   BLOB   NOT NULL,
    entered_name TEXT   NOT NULL,
    entered_at   BIGINT NOT NULL,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_document_employee ON employer_document (employer_id, employee_id);

-- 员工账号: which employee a user of the phone pages is.
CREATE TABLE employer_login (
    employer_id BLOB   NOT NULL,
    user_id     BLOB   NOT NULL,
    employee_id BLOB   NOT NULL,
    username    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (employer_id, user_id),
    UNIQUE (employer_id, employee_id)
) WITHOUT ROWID;

-- 保存的视图: a user's own filters and columns of a list.
CREATE TABLE employer_saved_view (
    employer_id BLOB   NOT NULL,
    user_id     BLOB   NOT NULL,
    id          BLOB   NOT NULL,
    page        TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    content     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (employer_id, user_id, id),
    UNIQUE (employer_id, user_id, page, name)
) WITHOUT ROWID;

-- 合并: two records of one person, joined; undone_at says it was taken back. before_sealed is what it takes to take it back.
CREATE TABLE employer_merge (
    employer_id   BLOB   NOT NULL,
    id            BLOB   NOT NULL,
    kept_id       BLOB   NOT NULL,
    merged_id     BLOB   NOT NULL,
    reason        TEXT   NOT NULL,
    before_sealed BLOB   NOT NULL,
    merged_name   TEXT   NOT NULL,
    merged_at     BIGINT NOT NULL,
    undone_name   TEXT,
    undone_at     BIGINT,
    PRIMARY KEY (employer_id, id)
) WITHOUT ROWID;
CREATE INDEX employer_merge_kept ON employer_merge (employer_id, kept_id);
