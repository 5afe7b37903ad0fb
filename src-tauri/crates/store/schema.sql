-- Made from migrations/; BARROW_BLESS=1 writes it anew.

CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  catalogue_id TEXT NOT NULL,
  -- The oldest program, by its number of migrations, that reads this file correctly.
  min_reader_version INTEGER NOT NULL
) STRICT;

CREATE TABLE totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  skus INTEGER NOT NULL CHECK (skus >= 0)
) STRICT;

CREATE TABLE locations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX locations_default ON locations (is_default) WHERE is_default = 1;

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

CREATE TABLE stock_reserved (
  sku_id INTEGER PRIMARY KEY REFERENCES skus (id) ON DELETE CASCADE,
  reserved INTEGER NOT NULL
) STRICT;

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

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  marketplace TEXT NOT NULL CHECK (marketplace <> ''),
  endpoint TEXT NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}',
  -- The account's rules for price, stock and safety, in the engine's words.
  rules TEXT NOT NULL DEFAULT '{}',
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  revision INTEGER NOT NULL DEFAULT 1
, removed_at INTEGER) STRICT;

CREATE TABLE pulls (
  account_id INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  completed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE families (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  site TEXT NOT NULL,
  key TEXT NOT NULL,
  title TEXT NOT NULL,
  binding TEXT NOT NULL DEFAULT '{}',
  UNIQUE (account_id, site, key)
) STRICT;

CREATE TABLE listings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  site TEXT NOT NULL,
  channel_sku TEXT NOT NULL CHECK (channel_sku <> ''),
  sku_id INTEGER NOT NULL REFERENCES skus (id),
  -- Empty where the listing has a quantity of its own.
  pool TEXT NOT NULL DEFAULT '',
  family_id INTEGER REFERENCES families (id) ON DELETE SET NULL,
  state TEXT NOT NULL CHECK (state IN
    ('new', 'publishing', 'live', 'paused', 'ending', 'ended', 'refused')),
  overrides TEXT NOT NULL DEFAULT '{}',
  binding TEXT NOT NULL DEFAULT '{}',
  -- The category that the marketplace suggested, kept so that later advice does not move it.
  category TEXT,
  wanted_price_minor INTEGER,
  wanted_price_currency TEXT,
  wanted_quantity INTEGER,
  wanted_content TEXT,
  -- What the marketplace has taken. A content that is not null says that it is there.
  acknowledged_price_minor INTEGER,
  acknowledged_price_currency TEXT,
  acknowledged_quantity INTEGER,
  acknowledged_content TEXT,
  -- What is thought to be there now: acknowledged, less what the marketplace took off by itself;
  -- null where that is not certain.
  expected_quantity INTEGER,
  quantity_sent_at INTEGER,
  quantity_answered_at INTEGER,
  -- Something was sold while a quantity was on its way.
  sold_meanwhile INTEGER NOT NULL DEFAULT 0 CHECK (sold_meanwhile IN (0, 1)),
  -- What was refused; not tried again until it differs.
  refused_price_minor INTEGER,
  refused_quantity INTEGER,
  refused_content TEXT,
  observed_price_minor INTEGER,
  observed_price_currency TEXT,
  observed_quantity INTEGER,
  observed_state TEXT,
  observed_title TEXT,
  observed_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 1, fulfilled_by TEXT NOT NULL DEFAULT 'seller'
  CHECK (fulfilled_by IN ('seller', 'marketplace', 'third_party')), lowered_at INTEGER, content_there TEXT, content_there_of TEXT, content_is_sent INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account_id, site, channel_sku)
) STRICT;

CREATE INDEX listings_sku ON listings (sku_id);

CREATE INDEX listings_there ON listings (account_id) WHERE acknowledged_content IS NOT NULL;

CREATE INDEX listings_channel_sku ON listings (account_id, channel_sku);

CREATE INDEX listings_family ON listings (family_id) WHERE family_id IS NOT NULL;

CREATE TABLE listing_dirty (
  listing_id INTEGER PRIMARY KEY REFERENCES listings (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  lane TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'failed', 'unknown')),
  started_at INTEGER NOT NULL,
  answered_at INTEGER,
  -- How often it was asked what became of it.
  lookups INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX attempts_open ON attempts (account_id, state) WHERE state IN ('open', 'unknown');

CREATE TABLE changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- 'content', 'price' or 'quantity'; null for orders.
  aspect TEXT,
  listing_id INTEGER,
  channel_sku TEXT,
  sku_id INTEGER,
  order_row_id INTEGER,
  -- What is to be done to an order, as Change JSON; null for listings, whose values are computed
  -- when they are sent.
  payload TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'in_flight', 'accepted', 'unknown',
    'applied', 'refused', 'dropped')),
  priority INTEGER NOT NULL,
  -- Not to be sent, asked or looked up before.
  due_at INTEGER NOT NULL,
  deadline_at INTEGER,
  wanted_at INTEGER NOT NULL,
  sent_at INTEGER,
  answered_at INTEGER,
  seen_at INTEGER,
  -- The value as people read it, before and after.
  before TEXT,
  value TEXT,
  -- The values that travelled, to be acknowledged when they are applied.
  sent_price_minor INTEGER,
  sent_price_currency TEXT,
  sent_quantity INTEGER,
  sent_content TEXT,
  attempt_id INTEGER,
  ticket TEXT,
  problem TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0,
  -- Whether steps of it travelled with different prices or quantities.
  differs INTEGER NOT NULL DEFAULT 0 CHECK (differs IN (0, 1)),
  -- Whether a person has said yes to it, as it stands.
  approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1)),
  -- Whether what the marketplace demands was looked at.
  ready INTEGER NOT NULL DEFAULT 1 CHECK (ready IN (0, 1)),
  CHECK ((listing_id IS NULL) <> (order_row_id IS NULL))
) STRICT;

CREATE UNIQUE INDEX changes_unsent ON changes (listing_id, kind)
  WHERE listing_id IS NOT NULL AND state IN ('waiting', 'held');

CREATE INDEX changes_next ON changes (account_id, kind, priority, deadline_at, id, due_at, ready)
  WHERE state = 'waiting';

CREATE INDEX changes_held ON changes (account_id) WHERE state = 'held';

CREATE INDEX changes_busy ON changes (account_id, channel_sku, aspect)
  WHERE state IN ('in_flight', 'accepted', 'unknown');

CREATE INDEX changes_asked ON changes (account_id, state, due_at)
  WHERE state IN ('in_flight', 'accepted', 'unknown');

CREATE INDEX changes_due ON changes (account_id, due_at) WHERE state = 'waiting';

CREATE INDEX changes_unready ON changes (account_id, id) WHERE state = 'waiting' AND ready = 0;

CREATE INDEX changes_listing ON changes (listing_id) WHERE listing_id IS NOT NULL;

CREATE INDEX changes_order ON changes (order_row_id) WHERE order_row_id IS NOT NULL;

CREATE INDEX changes_sku ON changes (sku_id) WHERE sku_id IS NOT NULL;

CREATE TABLE attempt_changes (
  attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  change_id INTEGER NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
  sent TEXT,
  PRIMARY KEY (attempt_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempt_changes_change ON attempt_changes (change_id);

CREATE TABLE problems (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  -- 0 where it is none's.
  listing_id INTEGER NOT NULL DEFAULT 0,
  order_row_id INTEGER NOT NULL DEFAULT 0,
  -- Which side of it: an aspect, 'rule', 'connection', 'pull', or 'change N'.
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  problem TEXT NOT NULL,
  since INTEGER NOT NULL, cause TEXT NOT NULL DEFAULT '',
  UNIQUE (account_id, listing_id, order_row_id, subject)
) STRICT;

CREATE INDEX problems_kind ON problems (kind, id);

CREATE INDEX problems_listing ON problems (listing_id) WHERE listing_id <> 0;

CREATE INDEX problems_order ON problems (order_row_id) WHERE order_row_id <> 0;

CREATE TABLE limit_use (
  endpoint TEXT NOT NULL,
  scope TEXT NOT NULL,
  bucket TEXT NOT NULL,
  state TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, scope, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE category_advice (
  marketplace TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  site TEXT NOT NULL,
  -- What was asked, by path or title.
  query TEXT NOT NULL,
  -- Null where there was no advice.
  category TEXT,
  fetched_at INTEGER NOT NULL,
  PRIMARY KEY (marketplace, endpoint, site, query)
) STRICT, WITHOUT ROWID;

CREATE TABLE category_rules (
  marketplace TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  site TEXT NOT NULL,
  category TEXT NOT NULL,
  rules TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  PRIMARY KEY (marketplace, endpoint, site, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE currency_rates (
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  -- Units of the quoted currency for one of the base, in plain digits.
  rate TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (base, quote, at)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER listings_new AFTER INSERT ON listings BEGIN
  INSERT INTO listing_dirty VALUES (new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER listings_edited AFTER UPDATE OF sku_id, family_id ON listings
WHEN new.sku_id IS NOT old.sku_id OR new.family_id IS NOT old.family_id
BEGIN
  INSERT INTO listing_dirty VALUES (new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER accounts_ruled AFTER UPDATE OF settings, rules ON accounts
WHEN new.settings IS NOT old.settings OR new.rules IS NOT old.rules
BEGIN
  INSERT INTO listing_dirty SELECT id FROM listings WHERE account_id = new.id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER families_edited AFTER UPDATE OF key, title ON families
WHEN new.key IS NOT old.key OR new.title IS NOT old.title
BEGIN
  INSERT INTO listing_dirty SELECT id FROM listings WHERE family_id = new.id
    ON CONFLICT DO NOTHING;
END;

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
  quantity_booked INTEGER NOT NULL DEFAULT 0, options TEXT NOT NULL DEFAULT '[]',
  UNIQUE (order_row_id, line_id)
) STRICT;

CREATE INDEX order_lines_sku ON order_lines (sku_id) WHERE sku_id IS NOT NULL;

CREATE INDEX order_lines_unmatched ON order_lines (sku) WHERE sku_id IS NULL;

CREATE TABLE order_line_parts (
  order_line_id INTEGER NOT NULL REFERENCES order_lines (id) ON DELETE CASCADE,
  sku_id INTEGER NOT NULL REFERENCES skus (id),
  units INTEGER NOT NULL CHECK (units > 0),
  -- Units of it that stock_reserved counts for this line.
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  PRIMARY KEY (order_line_id, sku_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_line_parts_sku ON order_line_parts (sku_id);

CREATE TABLE order_people (
  order_row_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
  buyer TEXT NOT NULL DEFAULT '{}',
  ship_to TEXT NOT NULL DEFAULT '{}',
  buyer_note TEXT,
  erased_at INTEGER
) STRICT;

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

CREATE TABLE cursors (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  stream TEXT NOT NULL,
  cursor TEXT NOT NULL,
  covered_through INTEGER,
  updated_at INTEGER NOT NULL, under_way INTEGER NOT NULL DEFAULT 0 CHECK (under_way IN (0, 1)),
  PRIMARY KEY (account_id, stream)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE mapping_profiles (
  name TEXT PRIMARY KEY COLLATE NOCASE CHECK (name <> ''),
  -- Pairs of a column's header and what it is taken for.
  columns TEXT NOT NULL,
  -- Pairs of a field and the value of its blank cells.
  defaults TEXT NOT NULL,
  updated_at INTEGER NOT NULL
, form TEXT NOT NULL DEFAULT '[]') STRICT, WITHOUT ROWID;

CREATE INDEX skus_cost ON skus (ifnull(cost_minor, -1));

CREATE INDEX skus_margin ON skus (ifnull(iif(price_minor > 0 AND price_currency = cost_currency,
  (price_minor - cost_minor) * 1000 / price_minor, NULL), -1000000));

CREATE INDEX products_brand ON products (brand) WHERE brand IS NOT NULL;

CREATE INDEX listings_state ON listings (account_id, state, sku_id);

CREATE TABLE edit_batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  -- What was done: 'set', 'set_many', 'stock', 'listing_set'.
  kind TEXT NOT NULL,
  -- The fields, as a JSON list.
  fields TEXT NOT NULL,
  -- One of the SKUs, and how many there are.
  sku TEXT,
  count INTEGER NOT NULL,
  edits_from INTEGER NOT NULL,
  edits_to INTEGER NOT NULL,
  movements_from INTEGER NOT NULL,
  movements_to INTEGER NOT NULL,
  undone_at INTEGER,
  -- Undone, and something else was done since: it cannot be done again.
  left_behind INTEGER NOT NULL DEFAULT 0 CHECK (left_behind IN (0, 1))
) STRICT;

CREATE INDEX edit_batches_undone ON edit_batches (movements_to) WHERE undone_at IS NOT NULL;

CREATE TABLE override_edits (
  batch_id INTEGER NOT NULL REFERENCES edit_batches (id) ON DELETE CASCADE,
  listing_id INTEGER NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (batch_id, listing_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX override_edits_listing ON override_edits (listing_id);

CREATE INDEX problems_cause ON problems (cause, account_id, listing_id);

CREATE INDEX orders_ship_by ON orders (ifnull(ship_by, 9223372036854775807), placed_at, id);

CREATE VIRTUAL TABLE order_search USING fts5 (goods, people, tokenize = 'trigram');

CREATE INDEX orders_to_ship ON orders (ship_by, account_id, state, fulfilled_by, on_hold)
  WHERE state IN ('to_ship', 'partly_shipped') AND fulfilled_by = 'seller' AND on_hold = 0;

CREATE INDEX orders_sales ON orders (placed_at, account_id, state, total_currency, total_minor);

CREATE INDEX orders_cancel ON orders (account_id, cancel_requested, state)
  WHERE cancel_requested = 1 AND state IN ('pending', 'to_ship', 'partly_shipped');

CREATE INDEX shipments_shipped ON shipments (shipped_at, order_row_id)
  WHERE shipped_at IS NOT NULL;

CREATE INDEX attempts_answered ON attempts (account_id, answered_at)
  WHERE answered_at IS NOT NULL;

CREATE TABLE settings (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE limit_owners (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (account_id, endpoint, owner)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE hosted_pictures (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  digest TEXT NOT NULL,
  address TEXT NOT NULL CHECK (address <> ''),
  until INTEGER,
  PRIMARY KEY (account_id, endpoint, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX hosted_pictures_until ON hosted_pictures (until) WHERE until IS NOT NULL;

CREATE TABLE whole_edits (
  batch_id INTEGER NOT NULL REFERENCES edit_batches (id) ON DELETE CASCADE,
  sku_id INTEGER NOT NULL,
  -- Whether it was made; else it was removed.
  made INTEGER NOT NULL CHECK (made IN (0, 1)),
  -- The rows of it as a JSON object: product, sku, parts, counted, listings.
  kept TEXT NOT NULL,
  PRIMARY KEY (batch_id, sku_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX listings_lowered ON listings (account_id, lowered_at) WHERE lowered_at IS NOT NULL;

CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  conversation_id TEXT NOT NULL CHECK (conversation_id <> ''),
  -- What the buyer is called there.
  buyer TEXT,
  title TEXT,
  listing_ref TEXT,
  -- Messages that the seller has not read.
  unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0),
  last_message_id TEXT,
  last_at INTEGER NOT NULL,
  -- Whether its messages are still to be read.
  behind INTEGER NOT NULL DEFAULT 1 CHECK (behind IN (0, 1)),
  -- Whether the marketplace is still to be told that the seller has read it.
  read_untold INTEGER NOT NULL DEFAULT 0 CHECK (read_untold IN (0, 1)),
  -- The account of the seller that it was last given to.
  read_by INTEGER NOT NULL,
  -- When its words were erased: what was written before does not come back.
  erased_at INTEGER,
  UNIQUE (account_id, conversation_id)
) STRICT;

CREATE INDEX conversations_last ON conversations (last_at DESC, id DESC);

CREATE INDEX conversations_unread ON conversations (account_id, last_at) WHERE unread > 0;

CREATE INDEX conversations_behind ON conversations (read_by, last_at DESC) WHERE behind = 1;

CREATE INDEX conversations_untold ON conversations (account_id) WHERE read_untold = 1;

CREATE INDEX conversations_listing ON conversations (listing_ref) WHERE listing_ref IS NOT NULL;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_row_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  -- The marketplace's; null for an answer that it does not show.
  message_id TEXT,
  at INTEGER NOT NULL,
  mine INTEGER NOT NULL CHECK (mine IN (0, 1)),
  -- Whether it was written here.
  own INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1)),
  body TEXT NOT NULL,
  -- Whether whom it is for has read it.
  seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
  files INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('there', 'waiting', 'sending', 'unknown', 'refused')),
  -- Not to be sent or looked for before; null for what is settled.
  due_at INTEGER,
  -- When it was first sent.
  sent_at INTEGER,
  -- How often it was sent, and looked for since.
  tries INTEGER NOT NULL DEFAULT 0,
  lookups INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  UNIQUE (conversation_row_id, message_id),
  CHECK ((state = 'there') = (message_id IS NOT NULL))
) STRICT;

CREATE INDEX messages_conversation ON messages (conversation_row_id, at, id);

CREATE INDEX messages_open ON messages (due_at, id)
  WHERE state IN ('waiting', 'sending', 'unknown');

CREATE INDEX messages_refused ON messages (conversation_row_id) WHERE state = 'refused';

CREATE INDEX order_lines_listing ON order_lines (listing_ref) WHERE listing_ref IS NOT NULL;

CREATE INDEX orders_customer_order_id ON orders (customer_order_id)
  WHERE customer_order_id IS NOT NULL;

CREATE TABLE notes (
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  kept_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, endpoint, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX notes_kept_at ON notes (kept_at);
