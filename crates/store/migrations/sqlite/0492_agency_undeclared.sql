-- 未申报核定（社会保险法第六十二条）: the order of what an undeclared month comes to above its people's rows.
ALTER TABLE agency_declaration ADD COLUMN surcharge_order_id BLOB;
ALTER TABLE agency_assessment_run ADD COLUMN surcharge_fen BIGINT NOT NULL DEFAULT 0;
