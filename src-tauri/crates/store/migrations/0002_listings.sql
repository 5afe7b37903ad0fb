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
) STRICT;

-- When every stream of an account was last read to its end: covers what happened before it.
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
  revision INTEGER NOT NULL DEFAULT 1,
  UNIQUE (account_id, site, channel_sku)
) STRICT;
CREATE INDEX listings_sku ON listings (sku_id);
CREATE INDEX listings_state ON listings (account_id, state);
-- Counted and asked for with every push, so that it must not read the rows.
CREATE INDEX listings_there ON listings (account_id) WHERE acknowledged_content IS NOT NULL;
CREATE INDEX listings_channel_sku ON listings (account_id, channel_sku);
CREATE INDEX listings_family ON listings (family_id) WHERE family_id IS NOT NULL;

-- Listings whose wanted state has to be computed again.
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

-- The outbox. What was done stays as its receipt.
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

-- What travelled, until it is answered for good: it is asked about in the same words.
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
  since INTEGER NOT NULL,
  UNIQUE (account_id, listing_id, order_row_id, subject)
) STRICT;
CREATE INDEX problems_kind ON problems (kind, id);
CREATE INDEX problems_listing ON problems (listing_id) WHERE listing_id <> 0;
CREATE INDEX problems_order ON problems (order_row_id) WHERE order_row_id <> 0;

-- How much of each limit is used up; several accounts may share one.
CREATE TABLE limit_use (
  endpoint TEXT NOT NULL,
  scope TEXT NOT NULL,
  bucket TEXT NOT NULL,
  state TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, scope, bucket)
) STRICT, WITHOUT ROWID;

-- What marketplaces answered about categories; may be forgotten at any time.
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

-- Exchange rates by day, as the seller or a source gave them.
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
