-- What buyers read of a listing, as a print: as it was seen first since `content_there_of` was
-- acknowledged. What differs later was changed by others.
ALTER TABLE listings ADD COLUMN content_there TEXT;
ALTER TABLE listings ADD COLUMN content_there_of TEXT;
-- Whether the acknowledged content was sent, and not found there.
ALTER TABLE listings ADD COLUMN content_is_sent INTEGER NOT NULL DEFAULT 0;
