-- Which analyzer has made all rows of chunk_terms; 0: none is known. A store that is opened with
-- another one makes them anew, for a question's terms are found only as the same analyzer made them.
ALTER TABLE corpus_statistics ADD COLUMN analyzer_version INTEGER NOT NULL DEFAULT 0;
