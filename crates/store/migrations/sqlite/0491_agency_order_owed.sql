-- people_owe: the order is overdue and its people's relations say so (agency_relation.arrears_fen).
ALTER TABLE agency_order ADD COLUMN people_owe BOOLEAN NOT NULL DEFAULT FALSE;
