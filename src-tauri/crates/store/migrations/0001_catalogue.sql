-- Amounts are whole minor units beside their ISO 4217 code; instants are milliseconds since 1970 in
-- UTC; weights and lengths are "NUMBER UNIT"; lists and maps that are only ever read with their row
-- are JSON in that row.

CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  catalogue_id TEXT NOT NULL,
  -- The oldest program, by its number of migrations, that reads this file correctly.
  min_reader_version INTEGER NOT NULL
) STRICT;

-- Kept by triggers, because counting a million rows takes longer than showing a page.
CREATE TABLE totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  skus INTEGER NOT NULL CHECK (skus >= 0)
) STRICT;
INSERT INTO totals (id, skus) VALUES (1, 0);

CREATE TABLE locations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX locations_default ON locations (is_default) WHERE is_default = 1;
INSERT INTO locations (id, name, is_default) VALUES (1, 'main', 1);

-- Ids are never used twice: the ledger and the history name them after their row is gone.
CREATE TABLE products (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  handle TEXT NOT NULL UNIQUE CHECK (handle <> ''),
  title TEXT NOT NULL CHECK (title <> ''),
  description TEXT NOT NULL DEFAULT '',
  brand TEXT,
  category TEXT NOT NULL DEFAULT '[]',
  tags TEXT NOT NULL DEFAULT '[]',
  attributes TEXT NOT NULL DEFAULT '{}',
  images TEXT NOT NULL DEFAULT '[]',
  option_names TEXT NOT NULL DEFAULT '[]',
  revision INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE skus (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sku TEXT NOT NULL UNIQUE CHECK (sku <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('variant', 'kit')),
  product_id INTEGER NOT NULL REFERENCES products (id),
  -- The start of the product's title in small letters, so that sorting by title reads one index.
  title_key TEXT NOT NULL,
  -- Pairs of option name and value.
  options TEXT NOT NULL DEFAULT '[]',
  -- Fourteen digits.
  gtin TEXT CHECK (gtin IS NULL OR length(gtin) = 14),
  mpn TEXT,
  asin TEXT,
  condition TEXT,
  weight TEXT,
  length TEXT,
  width TEXT,
  height TEXT,
  cost_minor INTEGER,
  cost_currency TEXT,
  price_minor INTEGER,
  price_currency TEXT,
  compare_at_minor INTEGER,
  compare_at_currency TEXT,
  images TEXT NOT NULL DEFAULT '[]',
  attributes TEXT NOT NULL DEFAULT '{}',
  -- The sum of the ledger over all locations, kept by trigger; always 0 for a kit.
  on_hand INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  CHECK ((price_minor IS NULL) = (price_currency IS NULL)),
  CHECK ((compare_at_minor IS NULL) = (compare_at_currency IS NULL))
) STRICT;
CREATE INDEX skus_product ON skus (product_id);
CREATE INDEX skus_title ON skus (title_key);
CREATE INDEX skus_price ON skus (ifnull(price_minor, -1));
CREATE INDEX skus_quantity ON skus (on_hand);
CREATE INDEX skus_updated ON skus (updated_at);
CREATE INDEX skus_gtin ON skus (gtin) WHERE gtin IS NOT NULL;

CREATE TABLE kit_parts (
  kit_id INTEGER NOT NULL REFERENCES skus (id) ON DELETE CASCADE,
  variant_id INTEGER NOT NULL REFERENCES skus (id),
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 4294967295),
  PRIMARY KEY (kit_id, variant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kit_parts_variant ON kit_parts (variant_id);

-- The ledger. It outlives the SKUs that it names.
CREATE TABLE movements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sku_id INTEGER NOT NULL,
  location_id INTEGER NOT NULL REFERENCES locations (id),
  delta INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('count', 'correction', 'shipped', 'returned', 'transfer')),
  origin TEXT NOT NULL,
  reason TEXT,
  at INTEGER NOT NULL,
  account_id INTEGER,
  order_id TEXT,
  line_id TEXT,
  cumulative INTEGER,
  CHECK ((account_id IS NULL) = (order_id IS NULL)),
  CHECK ((account_id IS NULL) = (line_id IS NULL)),
  CHECK ((account_id IS NULL) = (cumulative IS NULL))
) STRICT;
CREATE INDEX movements_sku ON movements (sku_id);
CREATE UNIQUE INDEX movements_key
  ON movements (account_id, order_id, line_id, sku_id, location_id, kind, cumulative)
  WHERE account_id IS NOT NULL;

CREATE TABLE stock (
  sku_id INTEGER NOT NULL REFERENCES skus (id) ON DELETE CASCADE,
  location_id INTEGER NOT NULL REFERENCES locations (id),
  on_hand INTEGER NOT NULL,
  -- When it was last counted, also where the count found what was expected and moved nothing.
  counted_at INTEGER,
  PRIMARY KEY (sku_id, location_id)
) STRICT, WITHOUT ROWID;

-- Units sold and neither shipped nor cancelled, kept by the bookings of orders.
CREATE TABLE stock_reserved (
  sku_id INTEGER PRIMARY KEY REFERENCES skus (id) ON DELETE CASCADE,
  reserved INTEGER NOT NULL
) STRICT;

-- What changed and has not been planned yet. A new SKU has no listing and is not marked.
CREATE TABLE catalogue_dirty (
  sku_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE edits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  field TEXT NOT NULL,
  before TEXT,
  after TEXT,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX edits_entity ON edits (entity, entity_id);

-- An import is one transaction, so what it made and changed lies in unbroken ranges of ids.
CREATE TABLE imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  layout TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  products_from INTEGER NOT NULL,
  products_to INTEGER NOT NULL,
  skus_from INTEGER NOT NULL,
  skus_to INTEGER NOT NULL,
  edits_from INTEGER NOT NULL,
  edits_to INTEGER NOT NULL,
  movements_from INTEGER NOT NULL,
  movements_to INTEGER NOT NULL,
  undone_at INTEGER
) STRICT;
CREATE INDEX imports_hash ON imports (content_hash);

-- Three letters in a row are a token, so that a part of a word is found. Neither positions nor
-- the text are kept: candidates are checked against the rows, and the index stays half as large.
CREATE VIRTUAL TABLE search USING fts5 (
  title, sku, brand, gtin, mpn,
  content = '', columnsize = 0, detail = none, tokenize = 'trigram'
);

CREATE TRIGGER movements_never_updated BEFORE UPDATE ON movements BEGIN
  SELECT raise(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER movements_never_deleted BEFORE DELETE ON movements BEGIN
  SELECT raise(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER movements_sum AFTER INSERT ON movements BEGIN
  INSERT INTO stock (sku_id, location_id, on_hand, counted_at)
    VALUES (new.sku_id, new.location_id, new.delta, iif(new.kind = 'count', new.at, NULL))
    ON CONFLICT DO UPDATE SET
      on_hand = on_hand + excluded.on_hand,
      counted_at = max(ifnull(counted_at, excluded.counted_at),
                       ifnull(excluded.counted_at, counted_at));
  UPDATE skus SET on_hand = on_hand + new.delta WHERE id = new.sku_id;
END;

CREATE TRIGGER skus_inserted AFTER INSERT ON skus BEGIN
  UPDATE totals SET skus = skus + 1;
  INSERT INTO search (rowid, title, sku, brand, gtin, mpn)
    SELECT new.id, title, new.sku, brand, new.gtin, new.mpn
    FROM products WHERE id = new.product_id;
END;
CREATE TRIGGER skus_deleted AFTER DELETE ON skus BEGIN
  UPDATE totals SET skus = skus - 1;
  INSERT INTO search (search, rowid, title, sku, brand, gtin, mpn)
    SELECT 'delete', old.id, title, old.sku, brand, old.gtin, old.mpn
    FROM products WHERE id = old.product_id;
  DELETE FROM catalogue_dirty WHERE sku_id = old.id;
END;
CREATE TRIGGER skus_searched AFTER UPDATE OF sku, gtin, mpn, product_id ON skus
WHEN new.sku IS NOT old.sku OR new.gtin IS NOT old.gtin OR new.mpn IS NOT old.mpn
  OR new.product_id IS NOT old.product_id
BEGIN
  INSERT INTO search (search, rowid, title, sku, brand, gtin, mpn)
    SELECT 'delete', old.id, title, old.sku, brand, old.gtin, old.mpn
    FROM products WHERE id = old.product_id;
  INSERT INTO search (rowid, title, sku, brand, gtin, mpn)
    SELECT new.id, title, new.sku, brand, new.gtin, new.mpn
    FROM products WHERE id = new.product_id;
END;
CREATE TRIGGER products_searched AFTER UPDATE OF title, brand ON products
WHEN new.title IS NOT old.title OR new.brand IS NOT old.brand
BEGIN
  INSERT INTO search (search, rowid, title, sku, brand, gtin, mpn)
    SELECT 'delete', id, old.title, sku, old.brand, gtin, mpn
    FROM skus WHERE product_id = new.id;
  INSERT INTO search (rowid, title, sku, brand, gtin, mpn)
    SELECT id, new.title, sku, new.brand, gtin, mpn
    FROM skus WHERE product_id = new.id;
  UPDATE skus SET title_key = lower(substr(new.title, 1, 48)) WHERE product_id = new.id;
END;

CREATE TRIGGER skus_dirty AFTER UPDATE OF sku, options, gtin, mpn, asin, condition, weight, length,
  width, height, cost_minor, cost_currency, price_minor, price_currency, compare_at_minor,
  compare_at_currency, images, attributes, on_hand, product_id ON skus
BEGIN
  INSERT INTO catalogue_dirty VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER skus_kits_dirty AFTER UPDATE OF on_hand ON skus BEGIN
  INSERT INTO catalogue_dirty SELECT kit_id FROM kit_parts WHERE variant_id = new.id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER products_dirty AFTER UPDATE ON products BEGIN
  INSERT INTO catalogue_dirty SELECT id FROM skus WHERE product_id = new.id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER kit_parts_inserted AFTER INSERT ON kit_parts BEGIN
  INSERT INTO catalogue_dirty VALUES (new.kit_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER kit_parts_updated AFTER UPDATE ON kit_parts BEGIN
  INSERT INTO catalogue_dirty VALUES (new.kit_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER kit_parts_deleted AFTER DELETE ON kit_parts BEGIN
  INSERT INTO catalogue_dirty SELECT id FROM skus WHERE id = old.kit_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reserved_inserted AFTER INSERT ON stock_reserved BEGIN
  INSERT INTO catalogue_dirty VALUES (new.sku_id) ON CONFLICT DO NOTHING;
  INSERT INTO catalogue_dirty SELECT kit_id FROM kit_parts WHERE variant_id = new.sku_id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reserved_updated AFTER UPDATE ON stock_reserved
WHEN new.reserved <> old.reserved
BEGIN
  INSERT INTO catalogue_dirty VALUES (new.sku_id) ON CONFLICT DO NOTHING;
  INSERT INTO catalogue_dirty SELECT kit_id FROM kit_parts WHERE variant_id = new.sku_id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reserved_deleted AFTER DELETE ON stock_reserved BEGIN
  INSERT INTO catalogue_dirty SELECT id FROM skus WHERE id = old.sku_id ON CONFLICT DO NOTHING;
  INSERT INTO catalogue_dirty SELECT kit_id FROM kit_parts WHERE variant_id = old.sku_id
    ON CONFLICT DO NOTHING;
END;
