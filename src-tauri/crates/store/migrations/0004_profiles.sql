-- What a supplier's columns hold, kept under a name so that it need be said once.
CREATE TABLE mapping_profiles (
  name TEXT PRIMARY KEY COLLATE NOCASE CHECK (name <> ''),
  -- Pairs of a column's header and what it is taken for.
  columns TEXT NOT NULL,
  -- Pairs of a field and the value of its blank cells.
  defaults TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
