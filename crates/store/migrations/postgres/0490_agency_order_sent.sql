-- When an order went to its employer; nothing while it waits, or where the employer does not file electronically.
ALTER TABLE agency_order ADD COLUMN sent_at BIGINT;
UPDATE agency_order SET sent_at = created_at WHERE pay_url IS NOT NULL;
