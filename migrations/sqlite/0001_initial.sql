-- The embedded store. Numbers of a release are never edited: the next change is 0002.
--
-- Every key begins with tenant_id, so that both backends have one shape. Text that filters compare
-- stands twice: as it was sent, and after Unicode NFC (name_nfc). Times are milliseconds since 1970
-- in UTC. Blobs are described in src/adapters/sqlite/blobs.hpp.

-- Ids and change_seq: the last one given out. They survive deletes, so nothing is ever reused.
CREATE TABLE counters (
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) WITHOUT ROWID;

CREATE TABLE corpus_statistics (
    tenant_id TEXT NOT NULL,
    conversations INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    terms_length INTEGER NOT NULL, -- Sum over chunk_terms.length: BM25 wants the mean.
    PRIMARY KEY (tenant_id)
) WITHOUT ROWID;

CREATE TABLE conversations (
    tenant_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    scenario_title TEXT,
    scenario_title_nfc TEXT,
    original_title TEXT,
    url TEXT,
    external_id TEXT,
    metadata TEXT, -- JSON as it was sent; NULL: none was.
    created_at INTEGER NOT NULL,
    fingerprint BLOB NOT NULL, -- SHA-256 chain over the content; equal content, equal value.
    message_count INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX idx_conversation_fingerprint ON conversations (tenant_id, fingerprint, id);

CREATE TABLE messages (
    tenant_id TEXT NOT NULL,
    conversation_id INTEGER NOT NULL,
    message_index INTEGER NOT NULL, -- From 0, dense.
    author_name TEXT,
    author_name_nfc TEXT,
    author_type TEXT,
    author_class INTEGER NOT NULL, -- 0 none, 1 user, 2 assistant, 3 system, 4 tool.
    content TEXT NOT NULL,
    timestamp INTEGER,
    external_id TEXT,
    metadata TEXT,
    PRIMARY KEY (tenant_id, conversation_id, message_index),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
        ON DELETE CASCADE
);

CREATE TABLE conversation_chunks (
    tenant_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    order_index INTEGER NOT NULL, -- From 0, dense.
    change_seq INTEGER NOT NULL, -- Of the write that brought it.
    message_start INTEGER NOT NULL, -- Both ends inclusive.
    message_end INTEGER NOT NULL,
    text TEXT NOT NULL,
    author_name TEXT,
    author_name_nfc TEXT,
    author_type TEXT,
    author_class INTEGER NOT NULL,
    timestamp INTEGER, -- Of its first message.
    message_times BLOB NOT NULL, -- Times of its messages, for date filters.
    tokens INTEGER NOT NULL,
    not_question REAL NOT NULL,
    says REAL NOT NULL,
    has_question_mark INTEGER NOT NULL,
    has_time_word INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, conversation_id, order_index),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
        ON DELETE CASCADE
);

CREATE TABLE chunk_terms (
    tenant_id TEXT NOT NULL,
    chunk_id INTEGER NOT NULL,
    analyzer_version INTEGER NOT NULL,
    length INTEGER NOT NULL,
    terms BLOB NOT NULL,
    PRIMARY KEY (tenant_id, chunk_id),
    FOREIGN KEY (tenant_id, chunk_id) REFERENCES conversation_chunks (tenant_id, id)
        ON DELETE CASCADE
);

CREATE TABLE embedding_spaces (
    tenant_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    last_use INTEGER NOT NULL, -- The space with the largest was searched last.
    chunks INTEGER NOT NULL, -- Rows of chunk_embeddings.
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider, model, dimension, fingerprint)
);

CREATE TABLE chunk_embeddings (
    tenant_id TEXT NOT NULL,
    space_id INTEGER NOT NULL,
    chunk_id INTEGER NOT NULL,
    vector BLOB NOT NULL, -- Little-endian f32, unit length.
    PRIMARY KEY (tenant_id, space_id, chunk_id),
    FOREIGN KEY (tenant_id, space_id) REFERENCES embedding_spaces (tenant_id, id),
    FOREIGN KEY (tenant_id, chunk_id) REFERENCES conversation_chunks (tenant_id, id)
        ON DELETE CASCADE
);
CREATE INDEX idx_embedding_chunk ON chunk_embeddings (tenant_id, chunk_id, space_id);

CREATE TABLE chunk_pieces (
    tenant_id TEXT NOT NULL,
    space_id INTEGER NOT NULL,
    chunk_id INTEGER NOT NULL,
    dimension INTEGER NOT NULL,
    bits BLOB NOT NULL,
    content_ids BLOB NOT NULL,
    unique_ids BLOB NOT NULL,
    PRIMARY KEY (tenant_id, space_id, chunk_id),
    FOREIGN KEY (tenant_id, space_id) REFERENCES embedding_spaces (tenant_id, id),
    FOREIGN KEY (tenant_id, chunk_id) REFERENCES conversation_chunks (tenant_id, id)
        ON DELETE CASCADE
);
CREATE INDEX idx_pieces_chunk ON chunk_pieces (tenant_id, chunk_id, space_id);

-- What came and went, in order: an index that stands beside the tables is whole up to one of these.
-- The newest 100,000 are kept; an index that is older than those is built anew.
CREATE TABLE changes (
    tenant_id TEXT NOT NULL,
    change_seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('insert', 'append', 'delete')),
    conversation_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, change_seq)
) WITHOUT ROWID;

CREATE TABLE idempotency_records (
    tenant_id TEXT NOT NULL,
    scope INTEGER NOT NULL, -- 0 a client's key, 1 a process that forwards to the owner.
    key TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, scope, key)
);
CREATE INDEX idx_idempotency_created ON idempotency_records (tenant_id, created_at);

INSERT INTO counters VALUES
    ('default', 'conversation_id', 0),
    ('default', 'chunk_id', 0),
    ('default', 'change_seq', 0),
    ('default', 'space_use', 0);
INSERT INTO corpus_statistics VALUES ('default', 0, 0, 0, 0);
