-- Whose limits an account's calls use up: the application's and the seller's, without secrets.
CREATE TABLE limit_owners (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (account_id, endpoint, owner)
) STRICT, WITHOUT ROWID;
