-- What an adapter must know again after a restart and no marketplace tells. Neither secrets nor
-- anything of a buyer.
CREATE TABLE notes (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  kept_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, endpoint, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX notes_kept_at ON notes (kept_at);
