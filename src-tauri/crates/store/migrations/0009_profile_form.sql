-- How a supplier's file is written, where its seller had to say so: pairs of a part of the form and
-- what it is.
ALTER TABLE mapping_profiles ADD COLUMN form TEXT NOT NULL DEFAULT '[]';
