-- Which vectors come from now on. Of the whole store, for there is one provider; a tenant's row of
-- embedding_spaces says by which number its own vectors of that space go.
CREATE TABLE current_space (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- There is one.
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    fingerprint TEXT NOT NULL
);
INSERT INTO current_space
    SELECT 1, provider, model, dimension, fingerprint FROM embedding_spaces
    ORDER BY last_use DESC LIMIT 1;
ALTER TABLE embedding_spaces DROP COLUMN last_use;
DELETE FROM counters WHERE name = 'space_use';
