-- The contact book: how each region's agency is reached and where it is paid. Reference data, one row a region.
CREATE TABLE platform_contact (
    region       BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    phone        TEXT   NOT NULL,
    address      TEXT   NOT NULL,
    postcode     TEXT   NOT NULL,
    bank_name    TEXT   NOT NULL,
    bank_number  TEXT   NOT NULL,
    account_name TEXT   NOT NULL,
    account      TEXT   NOT NULL,
    PRIMARY KEY (region)
);
