-- An account that was removed and has orders stays, without keys, settings and listings, so that
-- its orders keep their name, and their numbers are known again when it comes back.
ALTER TABLE accounts ADD COLUMN removed_at INTEGER;

-- The marketplace's own ids of listings, for order lines without a SKU.
CREATE TABLE listing_refs (
  account_id INTEGER NOT NULL,
  ref TEXT NOT NULL,
  listing_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, ref, listing_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER listings_bound AFTER INSERT ON listings WHEN new.binding <> '{}' BEGIN
  INSERT INTO listing_refs SELECT new.account_id, value, new.id FROM json_each(new.binding)
    WHERE type = 'text' ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER listings_bound_anew AFTER UPDATE OF binding ON listings
WHEN new.binding <> old.binding
BEGIN
  DELETE FROM listing_refs WHERE account_id = old.account_id AND listing_id = old.id
    AND ref IN (SELECT value FROM json_each(old.binding) WHERE type = 'text');
  INSERT INTO listing_refs SELECT new.account_id, value, new.id FROM json_each(new.binding)
    WHERE type = 'text' ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER listings_unbound AFTER DELETE ON listings WHEN old.binding <> '{}' BEGIN
  DELETE FROM listing_refs WHERE account_id = old.account_id AND listing_id = old.id
    AND ref IN (SELECT value FROM json_each(old.binding) WHERE type = 'text');
END;

CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  order_id TEXT NOT NULL CHECK (order_id <> ''),
  customer_order_id TEXT,
  site TEXT NOT NULL,
  placed_at INTEGER NOT NULL,
  updated_at INTEGER,
  paid_at INTEGER,
  ship_by INTEGER,
  deliver_by INTEGER,
  -- Derived from the quantities of its lines, kept for lists.
  state TEXT NOT NULL,
  marketplace_state TEXT,
  payment_state TEXT NOT NULL,
  on_hold INTEGER NOT NULL CHECK (on_hold IN (0, 1)),
  cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
  replaces TEXT,
  fulfilled_by TEXT NOT NULL CHECK (fulfilled_by IN ('seller', 'marketplace', 'third_party')),
  shipping_service TEXT,
  total_minor INTEGER,
  total_currency TEXT,
  amounts TEXT NOT NULL,
  taxes TEXT NOT NULL,
  needs_acknowledgement INTEGER NOT NULL CHECK (needs_acknowledgement IN (0, 1)),
  -- Of what was stored last, as it was read: the same again changes nothing.
  essence INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  UNIQUE (account_id, order_id),
  CHECK ((total_minor IS NULL) = (total_currency IS NULL))
) STRICT;
CREATE INDEX orders_placed ON orders (placed_at, id);
CREATE INDEX orders_state ON orders (state, placed_at, id);
CREATE INDEX orders_order_id ON orders (order_id);
CREATE INDEX orders_account ON orders (account_id, placed_at, id);
CREATE INDEX orders_open ON orders (account_id, placed_at, id)
  WHERE state IN ('pending', 'to_ship', 'partly_shipped', 'unknown');
CREATE INDEX orders_unacknowledged ON orders (account_id) WHERE needs_acknowledgement = 1;

CREATE TABLE order_lines (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  order_row_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  line_id TEXT NOT NULL,
  -- The SKU at the marketplace; what it is here is sku_id, null until it is matched.
  sku TEXT,
  sku_id INTEGER REFERENCES skus (id),
  listing_ref TEXT,
  title TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  quantity_shipped INTEGER NOT NULL CHECK (quantity_shipped >= 0),
  quantity_cancelled INTEGER NOT NULL CHECK (quantity_cancelled >= 0),
  quantity_returned INTEGER NOT NULL CHECK (quantity_returned >= 0),
  delivered INTEGER NOT NULL CHECK (delivered IN (0, 1)),
  amounts TEXT NOT NULL,
  -- Units whose sale the marketplace has been thought to take off its own quantity.
  quantity_noted INTEGER NOT NULL DEFAULT 0,
  -- Units whose shipping the ledger has taken notice of, moved or not.
  quantity_booked INTEGER NOT NULL DEFAULT 0,
  UNIQUE (order_row_id, line_id)
) STRICT;
CREATE INDEX order_lines_sku ON order_lines (sku_id) WHERE sku_id IS NOT NULL;
CREATE INDEX order_lines_unmatched ON order_lines (sku) WHERE sku_id IS NULL;

-- What a matched line takes from the shelf: the variant itself, or a kit's parts as they were when
-- the line was matched, so that a kit changed later leaves old orders alone.
CREATE TABLE order_line_parts (
  order_line_id INTEGER NOT NULL REFERENCES order_lines (id) ON DELETE CASCADE,
  sku_id INTEGER NOT NULL REFERENCES skus (id),
  units INTEGER NOT NULL CHECK (units > 0),
  -- Units of it that stock_reserved counts for this line.
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  PRIMARY KEY (order_line_id, sku_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_line_parts_sku ON order_line_parts (sku_id);

-- Personal data, apart so that it can be erased by order and is in no search.
CREATE TABLE order_people (
  order_row_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
  buyer TEXT NOT NULL DEFAULT '{}',
  ship_to TEXT NOT NULL DEFAULT '{}',
  buyer_note TEXT,
  erased_at INTEGER
) STRICT;

-- The record as the marketplace sent it last: personal data as well.
CREATE TABLE order_records (
  order_row_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE shipments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  order_row_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  shipment_id TEXT NOT NULL,
  carrier TEXT,
  service TEXT,
  tracking TEXT,
  tracking_url TEXT,
  shipped_at INTEGER,
  confirmation TEXT NOT NULL CHECK (confirmation IN ('queued', 'sent', 'confirmed', 'refused')),
  -- The change that carries it; null for one that was made elsewhere.
  change_id INTEGER,
  -- Whether the marketplace has named it.
  told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
  UNIQUE (order_row_id, shipment_id)
) STRICT;
CREATE UNIQUE INDEX shipments_change ON shipments (change_id) WHERE change_id IS NOT NULL;
CREATE TABLE shipment_lines (
  shipment_row_id INTEGER NOT NULL REFERENCES shipments (id) ON DELETE CASCADE,
  line_id TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (shipment_row_id, line_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE refunds (
  order_row_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  refund_id TEXT NOT NULL,
  at INTEGER,
  line_id TEXT,
  amount_minor INTEGER NOT NULL,
  amount_currency TEXT NOT NULL,
  reason TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
  PRIMARY KEY (order_row_id, refund_id)
) STRICT, WITHOUT ROWID;

-- How far each stream of an account has been read, in the adapter's own words.
CREATE TABLE cursors (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  stream TEXT NOT NULL,
  cursor TEXT NOT NULL,
  covered_through INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, stream)
) STRICT, WITHOUT ROWID;

-- Records that could not be read, whole. Personal data.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  order_id TEXT,
  body TEXT NOT NULL,
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  expected TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX quarantine_order ON quarantine (account_id, order_id)
  WHERE order_id IS NOT NULL;
