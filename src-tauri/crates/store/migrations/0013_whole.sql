-- SKUs that were made or removed in one go, whole: what is made can be removed again and what is
-- removed brought back, with its listings, as it was.
CREATE TABLE whole_edits (
  batch_id INTEGER NOT NULL REFERENCES edit_batches (id) ON DELETE CASCADE,
  sku_id INTEGER NOT NULL,
  -- Whether it was made; else it was removed.
  made INTEGER NOT NULL CHECK (made IN (0, 1)),
  -- The rows of it as a JSON object: product, sku, parts, counted, listings.
  kept TEXT NOT NULL,
  PRIMARY KEY (batch_id, sku_id)
) STRICT, WITHOUT ROWID;
