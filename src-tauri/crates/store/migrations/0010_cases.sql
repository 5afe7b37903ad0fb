-- Cases after a sale: what buyers ask for, and by when the seller must answer. No buyer's name or
-- word is kept.
CREATE TABLE cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  case_id TEXT NOT NULL CHECK (case_id <> ''),
  -- The order at the marketplace; null until it is known.
  order_id TEXT,
  listing_ref TEXT,
  line_id TEXT,
  state TEXT NOT NULL,
  marketplace_state TEXT,
  reason TEXT,
  amount_minor INTEGER,
  amount_currency TEXT,
  opened_at INTEGER,
  respond_by INTEGER,
  -- When it was seen to be closed.
  closed_at INTEGER,
  -- What the seller can answer, as a JSON list.
  offers TEXT NOT NULL,
  page TEXT,
  first_seen_at INTEGER NOT NULL,
  -- When it was last given by the marketplace, and to which account of the seller.
  seen_at INTEGER NOT NULL,
  read_by INTEGER NOT NULL,
  UNIQUE (account_id, kind, case_id),
  CHECK ((amount_minor IS NULL) = (amount_currency IS NULL))
) STRICT;

CREATE INDEX cases_open ON cases (ifnull(respond_by, 9223372036854775807), id)
  WHERE state <> 'closed';

CREATE INDEX cases_closed ON cases (closed_at DESC, id) WHERE state = 'closed';

CREATE INDEX cases_waiting ON cases (account_id, kind, respond_by)
  WHERE state = 'waits_for_seller';

CREATE INDEX cases_order ON cases (account_id, order_id) WHERE order_id IS NOT NULL;
