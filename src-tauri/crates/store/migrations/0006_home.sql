-- What the seller is told first: what must leave when, what was sold, who waits for an answer.

CREATE INDEX orders_to_ship ON orders (ship_by, account_id, state, fulfilled_by, on_hold)
  WHERE state IN ('to_ship', 'partly_shipped') AND fulfilled_by = 'seller' AND on_hold = 0;

-- Holds all that sales of a time are summed from.
CREATE INDEX orders_sales ON orders (placed_at, account_id, state, total_currency, total_minor);

CREATE INDEX orders_cancel ON orders (account_id, cancel_requested, state)
  WHERE cancel_requested = 1 AND state IN ('pending', 'to_ship', 'partly_shipped');

CREATE INDEX shipments_shipped ON shipments (shipped_at, order_row_id)
  WHERE shipped_at IS NOT NULL;

CREATE INDEX attempts_answered ON attempts (account_id, answered_at)
  WHERE answered_at IS NOT NULL;

-- What the seller chose for the window: language, looks, how often to sync. JSON by name.
CREATE TABLE settings (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
