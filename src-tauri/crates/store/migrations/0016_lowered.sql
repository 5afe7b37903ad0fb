-- When a revision found fewer units there than were thought: before a later pull nothing is raised.
ALTER TABLE listings ADD COLUMN lowered_at INTEGER;
CREATE INDEX listings_lowered ON listings (account_id, lowered_at) WHERE lowered_at IS NOT NULL;
