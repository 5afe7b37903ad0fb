-- What a marketplace took of orders, booking by booking.
CREATE TABLE fees (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  -- The marketplace's key of the booking.
  entry TEXT NOT NULL CHECK (entry <> ''),
  position INTEGER NOT NULL,
  -- The order at the marketplace.
  order_id TEXT NOT NULL,
  -- Null where the booking names no line.
  line_id TEXT,
  -- What it was taken for, in the marketplace's own word.
  kind TEXT NOT NULL,
  -- What the seller pays; below zero where it is given back.
  amount_minor INTEGER NOT NULL,
  amount_currency TEXT NOT NULL,
  at INTEGER,
  PRIMARY KEY (account_id, entry, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX fees_order ON fees (account_id, order_id);
