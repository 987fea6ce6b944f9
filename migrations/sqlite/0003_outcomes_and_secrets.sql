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

-- What is kept for a key is what the write did, not the text that one door made of it: a JSON
-- object of named fields. Answers that were kept as text are read back into such; one that says too
-- little for that is repeated as it stands (version 0: its status, its text).
DROP INDEX idx_idempotency_created;
ALTER TABLE idempotency_records RENAME TO rendered_answers;
CREATE TABLE idempotency_records (
    tenant_id TEXT NOT NULL,
    scope INTEGER NOT NULL, -- 0 a client's key, 1 a process that forwards to the owner.
    key TEXT NOT NULL,
    body_digest BLOB NOT NULL, -- Of the request; the same key for another one is refused.
    outcome_version INTEGER NOT NULL, -- 0 {code, text}, 1 the fields of an outcome.
    outcome TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, scope, key)
);
-- Lines of a batch were kept without their beginning, which held the line's number.
INSERT INTO idempotency_records
    WITH readable AS (
        SELECT tenant_id, scope, key, body_digest, created_at, status, CAST(body AS TEXT) AS text,
            CASE
                WHEN json_valid(CAST(body AS TEXT)) THEN CAST(body AS TEXT)
                WHEN json_valid('{' || CAST(body AS TEXT)) THEN '{' || CAST(body AS TEXT)
                ELSE '{}'
            END AS answer
        FROM rendered_answers
    ),
    -- An ingest and an append answered the same members; of a duplicate and of an append
    -- `messages` means another count.
    told AS (
        SELECT *,
            json_type(answer, '$.metadata') = 'object' AS is_ingest,
            json_type(answer, '$.chunks_deleted') = 'integer' AS is_delete,
            json_type(answer, '$.status') = 'integer' AS is_line,
            json_extract(answer, '$.duplicate') = 1 AS is_duplicate,
            json_extract(answer, '$.metadata.created_at') AS time
        FROM readable
    )
    SELECT tenant_id, scope, key, body_digest,
        CASE WHEN is_ingest OR is_delete OR is_line THEN 1 ELSE 0 END,
        CASE
            WHEN is_ingest OR is_delete OR is_line THEN json_object(
                'conversation_id', CAST(json_extract(answer, '$.conversation_id') AS INTEGER),
                'duplicate', COALESCE(is_duplicate, 0),
                'messages_written', CASE
                    WHEN is_duplicate THEN 0
                    ELSE COALESCE(json_extract(answer, '$.messages'), 0)
                END,
                'chunks_written', COALESCE(
                    json_extract(answer, '$.chunks_created'),
                    CASE WHEN is_duplicate THEN 0 ELSE json_extract(answer, '$.chunks') END,
                    0
                ),
                'messages_total', COALESCE(json_extract(answer, '$.messages'), 0),
                'chunks_total', COALESCE(json_extract(answer, '$.chunks'), 0),
                'chunks_deleted', COALESCE(json_extract(answer, '$.chunks_deleted'), 0),
                'scenario_title', json_extract(answer, '$.metadata.scenario_title'),
                'original_title', json_extract(answer, '$.metadata.original_title'),
                'url', json_extract(answer, '$.metadata.url'),
                'created_at', COALESCE(
                    CAST(strftime('%s', time) AS INTEGER) * 1000
                        + CAST(substr(time, 21, 3) AS INTEGER),
                    created_at
                )
            )
            ELSE json_object('code', status, 'text', text)
        END,
        created_at
    FROM told;
DROP TABLE rendered_answers;
CREATE INDEX idx_idempotency_created ON idempotency_records (tenant_id, created_at);

-- What every process that serves this store must know and nobody else. Made when it is opened.
CREATE TABLE store_secrets (
    name TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;
