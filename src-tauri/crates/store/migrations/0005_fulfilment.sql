-- Who keeps and ships the goods of a listing: a quantity that is not the seller's is not his to set.
ALTER TABLE listings ADD COLUMN fulfilled_by TEXT NOT NULL DEFAULT 'seller'
  CHECK (fulfilled_by IN ('seller', 'marketplace', 'third_party'));
