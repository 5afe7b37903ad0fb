-- Orders of the product list that the window offers.

CREATE INDEX skus_cost ON skus (ifnull(cost_minor, -1));

-- What is left of the price, in thousandths of it; nothing where it cannot be told.
CREATE INDEX skus_margin ON skus (ifnull(iif(price_minor > 0 AND price_currency = cost_currency,
  (price_minor - cost_minor) * 1000 / price_minor, NULL), -1000000));

CREATE INDEX products_brand ON products (brand) WHERE brand IS NOT NULL;

DROP INDEX listings_state;

CREATE INDEX listings_state ON listings (account_id, state, sku_id);

-- What the seller did in one go, to be taken back in one go.
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

-- Problems with the same cause are mended together.
ALTER TABLE problems ADD COLUMN cause TEXT NOT NULL DEFAULT '';

UPDATE problems SET cause = kind || '/' || ifnull(problem ->> 'field', '')
  || ifnull((SELECT group_concat('/' || name || '=' || text, '') FROM (
    SELECT p.key AS name, p.value AS text FROM json_each(problem, '$.params') p
    WHERE p.key IN ('action', 'attribute', 'carrier', 'currency', 'expected', 'feature', 'limit',
      'minimum', 'permission', 'policy', 'setting')
    ORDER BY p.key)), '')
  || iif(kind = 'refused', '/' || ifnull(problem -> 'vendor' ->> 'code', ''), '');

CREATE INDEX problems_cause ON problems (cause, account_id, listing_id);

-- Orders by the day on which they must leave, those without one last.
CREATE INDEX orders_ship_by ON orders (ifnull(ship_by, 9223372036854775807), placed_at, id);

-- Finds orders. What names people stands in a column of its own, which is emptied when they are
-- forgotten, index included.
CREATE VIRTUAL TABLE order_search USING fts5 (goods, people, tokenize = 'trigram');

INSERT INTO order_search (order_search, rank) VALUES ('secure-delete', 1);

INSERT INTO order_search (rowid, goods, people)
  SELECT o.id, o.order_id || char(10) || ifnull(o.customer_order_id, '')
      || ifnull((SELECT group_concat(char(10) || ifnull(l.sku, '') || char(10) || l.title
          || char(10) || ifnull(s.sku, ''), '')
        FROM order_lines l LEFT JOIN skus s ON s.id = l.sku_id WHERE l.order_row_id = o.id), ''),
    ifnull((SELECT ifnull(p.buyer ->> 'name', '') || char(10) || ifnull(p.buyer ->> 'email', '')
        || char(10) || ifnull(p.buyer ->> 'username', '')
        || char(10) || ifnull(p.ship_to ->> 'name', '')
        || char(10) || ifnull(p.ship_to ->> 'company', '')
      FROM order_people p WHERE p.order_row_id = o.id), '')
  FROM orders o;
