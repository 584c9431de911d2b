-- The wage the agency assessed by, before floor and ceiling; nothing on bills read from a file.
ALTER TABLE employer_bill_line ADD COLUMN wage_fen BIGINT;
