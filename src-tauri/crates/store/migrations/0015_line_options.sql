-- What the buyer chose of a listing that shows several variants, as pairs of name and value: tells
-- the variant where the line has no SKU.
ALTER TABLE order_lines ADD COLUMN options TEXT NOT NULL DEFAULT '[]';
