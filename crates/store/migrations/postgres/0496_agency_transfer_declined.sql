-- The other office's last return or refusal of a transfer, with its reasons, sealed.
ALTER TABLE agency_transfer ADD COLUMN declined BYTEA;
