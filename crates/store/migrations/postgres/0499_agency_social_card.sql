-- 社会保障卡号, when the person has stated one.
ALTER TABLE agency_person ADD COLUMN card_sealed BYTEA;
