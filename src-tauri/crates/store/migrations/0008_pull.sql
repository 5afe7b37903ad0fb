-- A read that was cut off goes on where it was, and reads up to when it began. What came since
-- needs another.
ALTER TABLE cursors ADD COLUMN under_way INTEGER NOT NULL DEFAULT 0 CHECK (under_way IN (0, 1));
