-- Where pictures of the seller's own files were put at a marketplace, by the SHA-256 of their
-- content, and until when each is there without being shown by a listing.
CREATE TABLE hosted_pictures (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  digest TEXT NOT NULL,
  address TEXT NOT NULL CHECK (address <> ''),
  until INTEGER,
  PRIMARY KEY (account_id, endpoint, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX hosted_pictures_until ON hosted_pictures (until) WHERE until IS NOT NULL;
