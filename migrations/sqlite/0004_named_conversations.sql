-- A conversation is known by what its sender calls it: one of a name. Of those that stood twice the
-- newest keeps it; the others keep it in their metadata (where that holds another external_id
-- already, as external_id_before).
CREATE TABLE renamed_conversations (
    tenant_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
INSERT INTO renamed_conversations
    SELECT tenant_id, id, external_id FROM (
        SELECT tenant_id, id, external_id,
            MAX(id) OVER (PARTITION BY tenant_id, external_id) AS newest
        FROM conversations WHERE external_id IS NOT NULL
    ) WHERE id < newest;
UPDATE conversations SET
    metadata = CASE
        WHEN metadata IS NULL THEN json_object('external_id', external_id)
        WHEN json_type(metadata, '$.external_id') IS NULL
            THEN json_set(metadata, '$.external_id', external_id)
        ELSE json_set(metadata, '$.external_id_before', external_id)
    END,
    external_id = NULL
    WHERE EXISTS (
        SELECT 1 FROM renamed_conversations r
        WHERE r.tenant_id = conversations.tenant_id AND r.id = conversations.id
    );
CREATE UNIQUE INDEX idx_conversation_external_id ON conversations (tenant_id, external_id)
    WHERE external_id IS NOT NULL;

-- What was corrected by hand: a JSON object of field names, each with what the sender had said of
-- it last; NULL: nothing.
ALTER TABLE conversations ADD COLUMN corrections TEXT;

-- When each message was stored; one without a time counts with it. Of those that were there: when
-- their chunk came, as far as that is still known, else when the conversation did.
ALTER TABLE messages ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET stored_at = COALESCE(
    (
        SELECT x.changed_at FROM conversation_chunks k JOIN changes x
            ON x.tenant_id = k.tenant_id AND x.change_seq = k.change_seq
        WHERE k.tenant_id = messages.tenant_id AND k.conversation_id = messages.conversation_id
            AND messages.message_index BETWEEN k.message_start AND k.message_end LIMIT 1
    ),
    (
        SELECT c.created_at FROM conversations c
        WHERE c.tenant_id = messages.tenant_id AND c.id = messages.conversation_id
    )
);

-- Of its messages; lists go by the last one.
ALTER TABLE conversations ADD COLUMN first_message_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN last_message_at INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET (first_message_at, last_message_at) = (
    SELECT MIN(COALESCE(m.timestamp, m.stored_at)), MAX(COALESCE(m.timestamp, m.stored_at))
    FROM messages m WHERE m.tenant_id = conversations.tenant_id
        AND m.conversation_id = conversations.id
);
CREATE INDEX idx_conversation_activity ON conversations (tenant_id, last_message_at, id);
CREATE INDEX idx_conversation_created ON conversations (tenant_id, created_at, id);

-- The times of a chunk's messages: those that were sent without one count too. times_blob() is of
-- this program: the list of a chunk as blobs.hpp says.
UPDATE conversation_chunks SET message_times = (
    SELECT times_blob(t) FROM (
        SELECT COALESCE(m.timestamp, m.stored_at) AS t FROM messages m
        WHERE m.tenant_id = conversation_chunks.tenant_id
            AND m.conversation_id = conversation_chunks.conversation_id
            AND m.message_index BETWEEN conversation_chunks.message_start
                AND conversation_chunks.message_end
        ORDER BY m.message_index
    )
) WHERE length(message_times) < 8 * (message_end - message_start + 1);

-- A conversation can be changed.
ALTER TABLE changes RENAME TO former_changes;
CREATE TABLE changes (
    tenant_id TEXT NOT NULL,
    change_seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('insert', 'append', 'change', 'delete')),
    conversation_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, change_seq)
) WITHOUT ROWID;
INSERT INTO changes SELECT tenant_id, change_seq, kind, conversation_id, changed_at
    FROM former_changes;
DROP TABLE former_changes;

-- Filters compare names and titles after folding (case, accents, width, runs of white space).
-- fold() is of this program: src/text/include/text/normalize.hpp.
ALTER TABLE conversations RENAME COLUMN scenario_title_nfc TO scenario_title_folded;
ALTER TABLE messages RENAME COLUMN author_name_nfc TO author_name_folded;
ALTER TABLE conversation_chunks RENAME COLUMN author_name_nfc TO author_name_folded;
UPDATE conversations SET scenario_title_folded = fold(scenario_title)
    WHERE scenario_title IS NOT NULL;
UPDATE messages SET author_name_folded = fold(author_name) WHERE author_name IS NOT NULL;
UPDATE conversation_chunks SET author_name_folded = fold(author_name)
    WHERE author_name IS NOT NULL;
