-- What buyers write and what the seller answers: personal data, in tables of their own. Answers
-- wait here until they are sent; the outbox of changes knows listings and orders alone.
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

-- The orders of a listing's buyers, to which their conversations belong.
CREATE INDEX order_lines_listing ON order_lines (listing_ref) WHERE listing_ref IS NOT NULL;
