#pragma once

#include "statement.hpp"

/// Every statement of the embedded store. In those about a tenant's rows ?1 is the tenant; the
/// others follow in the order in which the caller names them.
namespace rag::sqlite::sql {

// Transactions. Requests that share one commit have a savepoint each.

inline constexpr StoreStatement kBeginWrite = "BEGIN IMMEDIATE";
inline constexpr StoreStatement kBeginRead = "BEGIN";
inline constexpr StoreStatement kCommit = "COMMIT";
inline constexpr StoreStatement kSavepoint = "SAVEPOINT request";
inline constexpr StoreStatement kReleaseSavepoint = "RELEASE request";
inline constexpr StoreStatement kRollbackToSavepoint = "ROLLBACK TO request";

// Schema.

inline constexpr StoreStatement kBeginMigration = "BEGIN EXCLUSIVE";
inline constexpr const char* kCreateMigrations =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "tenant_id TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL,"
    "applied_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, version)) WITHOUT ROWID";
inline constexpr StoreStatement kHasMigrations =
    "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'";
inline constexpr StoreStatement kSchemaVersion =
    "SELECT COALESCE(MAX(version), 0) FROM schema_migrations";
inline constexpr StoreStatement kInsertMigration =
    "INSERT INTO schema_migrations (tenant_id, version, name, applied_at) VALUES (?1, ?2, ?3, ?4)";

inline constexpr StoreStatement kQuickCheck = "PRAGMA quick_check(1)";

// Counters and statistics.

inline constexpr TenantStatement kCounter =
    "SELECT value FROM counters WHERE tenant_id = ?1 AND name = ?2";
inline constexpr TenantStatement kAdvanceCounter =
    "UPDATE counters SET value = value + ?3 WHERE tenant_id = ?1 AND name = ?2 RETURNING value";
inline constexpr TenantStatement kAddStatistics =
    "UPDATE corpus_statistics SET conversations = conversations + ?2, messages = messages + ?3,"
    " chunks = chunks + ?4, terms_length = terms_length + ?5 WHERE tenant_id = ?1";
inline constexpr TenantStatement kStatistics =
    "SELECT conversations, messages, chunks, terms_length FROM corpus_statistics"
    " WHERE tenant_id = ?1";
inline constexpr TenantStatement kAnalyzerVersion =
    "SELECT analyzer_version FROM corpus_statistics WHERE tenant_id = ?1";
inline constexpr TenantStatement kSetAnalyzerVersion =
    "UPDATE corpus_statistics SET analyzer_version = ?2 WHERE tenant_id = ?1";
inline constexpr TenantStatement kInsertChange =
    "INSERT INTO changes (tenant_id, change_seq, kind, conversation_id, changed_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
/// Of the changes up to ?2, the oldest ?3.
inline constexpr TenantStatement kTrimChanges =
    "DELETE FROM changes WHERE tenant_id = ?1 AND change_seq <= ?2 AND change_seq <"
    " (SELECT MIN(change_seq) FROM changes WHERE tenant_id = ?1) + ?3";
/// Rewrites rows with what they hold: a write that changes nothing, to see whether writes succeed.
inline constexpr StoreStatement kTouch = "UPDATE corpus_statistics SET chunks = chunks";

// Secrets of the store, by name.

inline constexpr StoreStatement kFindSecret = "SELECT secret FROM store_secrets WHERE name = ?1";
inline constexpr StoreStatement kAddSecret =
    "INSERT OR IGNORE INTO store_secrets (name, secret, created_at) VALUES (?1, ?2, ?3)";

// What the migration to named conversations has left to be told.

inline constexpr StoreStatement kHasRenamed =
    "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'renamed_conversations'";
inline constexpr StoreStatement kCountRenamed = "SELECT COUNT(*) FROM renamed_conversations";
inline constexpr const char* kForgetRenamed = "DROP TABLE renamed_conversations";

// Tenants. Each has a row of statistics from its first write on.

inline constexpr StoreStatement kTenants =
    "SELECT tenant_id FROM corpus_statistics ORDER BY tenant_id";
inline constexpr TenantStatement kAddCounters =
    "INSERT INTO counters (tenant_id, name, value)"
    " VALUES (?1, 'conversation_id', 0), (?1, 'chunk_id', 0), (?1, 'change_seq', 0)";
inline constexpr TenantStatement kAddTenant =
    "INSERT INTO corpus_statistics"
    " (tenant_id, conversations, messages, chunks, terms_length, analyzer_version)"
    " VALUES (?1, 0, 0, 0, 0, ?2)";

// Spaces. One is the store's current one; each tenant has a row of every space that it has vectors
// of.

inline constexpr StoreStatement kCurrentSpace =
    "SELECT provider, model, dimension, fingerprint FROM current_space";
inline constexpr StoreStatement kSetCurrentSpace =
    "INSERT OR REPLACE INTO current_space (id, provider, model, dimension, fingerprint)"
    " VALUES (1, ?1, ?2, ?3, ?4)";
inline constexpr TenantStatement kFindSpace =
    "SELECT id FROM embedding_spaces WHERE tenant_id = ?1 AND provider = ?2 AND model = ?3"
    " AND dimension = ?4 AND fingerprint = ?5";
inline constexpr TenantStatement kInsertSpace =
    "INSERT INTO embedding_spaces (tenant_id, id, provider, model, dimension, fingerprint, chunks)"
    " SELECT ?1, COALESCE(MAX(id), 0) + 1, ?2, ?3, ?4, ?5, 0 FROM embedding_spaces"
    " WHERE tenant_id = ?1 RETURNING id";
inline constexpr TenantStatement kAddSpaceChunks =
    "UPDATE embedding_spaces SET chunks = chunks + ?3 WHERE tenant_id = ?1 AND id = ?2";
inline constexpr TenantStatement kSpaceChunks =
    "SELECT chunks FROM embedding_spaces WHERE tenant_id = ?1 AND id = ?2";
inline constexpr TenantStatement kCountBySpace =
    "SELECT e.space_id, COUNT(*) FROM conversation_chunks c JOIN chunk_embeddings e"
    " ON e.tenant_id = ?1 AND e.chunk_id = c.id"
    " WHERE c.tenant_id = ?1 AND c.conversation_id = ?2 GROUP BY e.space_id";

// Idempotency records. An outcome is a JSON object of named fields, so that a later version can add
// some; what version 0 holds was rendered by a version before outcomes.

inline constexpr TenantStatement kFindAnswer =
    "SELECT body_digest, outcome_version, json_extract(outcome, '$.code'),"
    " json_extract(outcome, '$.text'), json_extract(outcome, '$.conversation_id'),"
    " json_extract(outcome, '$.duplicate'), json_extract(outcome, '$.messages_written'),"
    " json_extract(outcome, '$.chunks_written'), json_extract(outcome, '$.messages_total'),"
    " json_extract(outcome, '$.chunks_total'), json_extract(outcome, '$.chunks_deleted'),"
    " json_extract(outcome, '$.scenario_title'), json_extract(outcome, '$.original_title'),"
    " json_extract(outcome, '$.url'), json_extract(outcome, '$.created_at'),"
    " json_extract(outcome, '$.updated'), json_extract(outcome, '$.extended'),"
    " json_extract(outcome, '$.replaced'), json_extract(outcome, '$.messages_known'),"
    " json_extract(outcome, '$.external_id'), json_extract(outcome, '$.first_message_at'),"
    " json_extract(outcome, '$.last_message_at'),"
    " json_extract(outcome, '$.messages_without_words')"
    " FROM idempotency_records"
    " WHERE tenant_id = ?1 AND scope = ?2 AND key = ?3 AND created_at > ?4";
inline constexpr TenantStatement kStoreAnswer =
    "INSERT OR REPLACE INTO idempotency_records"
    " (tenant_id, scope, key, body_digest, created_at, outcome_version, outcome)"
    " VALUES (?1, ?2, ?3, ?4, ?5, 1, json_object('conversation_id', ?6, 'duplicate', ?7,"
    " 'messages_written', ?8, 'chunks_written', ?9, 'messages_total', ?10, 'chunks_total', ?11,"
    " 'chunks_deleted', ?12, 'scenario_title', ?13, 'original_title', ?14, 'url', ?15,"
    " 'created_at', ?16, 'updated', ?17, 'extended', ?18, 'replaced', ?19, 'messages_known', ?20,"
    " 'external_id', ?21, 'first_message_at', ?22, 'last_message_at', ?23,"
    " 'messages_without_words', json(?24)))";
inline constexpr TenantStatement kPurgeAnswers =
    "DELETE FROM idempotency_records WHERE tenant_id = ?1 AND rowid IN"
    " (SELECT rowid FROM idempotency_records"
    " WHERE tenant_id = ?1 AND created_at <= ?2 ORDER BY created_at LIMIT ?3)";

// Writing conversations.

inline constexpr TenantStatement kInsertConversation =
    "INSERT INTO conversations (tenant_id, id, scenario_title, scenario_title_folded, "
    "original_title,"
    " url, external_id, metadata, created_at, fingerprint, message_count, chunk_count,"
    " first_message_at, last_message_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
inline constexpr TenantStatement kInsertMessage =
    "INSERT INTO messages (tenant_id, conversation_id, message_index, author_name,"
    " author_name_folded, author_type, author_class, content, timestamp, external_id, metadata,"
    " stored_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
inline constexpr TenantStatement kInsertChunk =
    "INSERT INTO conversation_chunks (tenant_id, id, conversation_id, order_index, change_seq,"
    " message_start, message_end, text, author_name, author_name_folded, author_type, author_class,"
    " timestamp, message_times, tokens, not_question, says, has_question_mark, has_time_word)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
    " ?19)";
inline constexpr TenantStatement kInsertTerms =
    "INSERT INTO chunk_terms (tenant_id, chunk_id, analyzer_version, length, terms)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
/// From chunk ?2 on, ?4 whose terms another analyzer than ?3 has made. Where it is the only one of
/// a message of more than ?5 bytes, that message: it may stand for more than its text.
inline constexpr TenantStatement kChunksOfAnotherAnalyzer =
    "SELECT k.id, k.text, k.author_name, k.author_type, t.length,"
    " (SELECT m.content FROM messages m WHERE m.tenant_id = ?1"
    " AND m.conversation_id = k.conversation_id AND m.message_index = k.message_start"
    " AND k.message_end = k.message_start AND LENGTH(CAST(m.content AS BLOB)) > ?5"
    " AND NOT EXISTS (SELECT 1 FROM conversation_chunks o WHERE o.tenant_id = ?1"
    " AND o.conversation_id = k.conversation_id"
    " AND o.order_index IN (k.order_index - 1, k.order_index + 1)"
    " AND k.message_start BETWEEN o.message_start AND o.message_end))"
    " FROM chunk_terms t JOIN conversation_chunks k ON k.tenant_id = ?1 AND k.id = t.chunk_id"
    " WHERE t.tenant_id = ?1 AND t.chunk_id > ?2 AND t.analyzer_version <> ?3"
    " ORDER BY t.chunk_id LIMIT ?4";
inline constexpr TenantStatement kRenewTerms =
    "UPDATE chunk_terms SET analyzer_version = ?3, length = ?4, terms = ?5"
    " WHERE tenant_id = ?1 AND chunk_id = ?2";
inline constexpr TenantStatement kSetSays =
    "UPDATE conversation_chunks SET says = ?3 WHERE tenant_id = ?1 AND id = ?2";
inline constexpr TenantStatement kInsertEmbedding =
    "INSERT INTO chunk_embeddings (tenant_id, space_id, chunk_id, vector) VALUES (?1, ?2, ?3, ?4)";
inline constexpr TenantStatement kInsertPieces =
    "INSERT INTO chunk_pieces"
    " (tenant_id, space_id, chunk_id, dimension, bits, content_ids, unique_ids)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
inline constexpr TenantStatement kExtendConversation =
    "UPDATE conversations SET fingerprint = ?3, message_count = message_count + ?4,"
    " chunk_count = chunk_count + ?5, first_message_at = MIN(first_message_at, ?6),"
    " last_message_at = MAX(last_message_at, ?7) WHERE tenant_id = ?1 AND id = ?2";
/// Takes messages, chunks and all that hangs on them along (ON DELETE CASCADE).
inline constexpr TenantStatement kDeleteConversation =
    "DELETE FROM conversations WHERE tenant_id = ?1 AND id = ?2";
inline constexpr TenantStatement kTermsLengthOf =
    "SELECT COALESCE(SUM(t.length), 0) FROM conversation_chunks c JOIN chunk_terms t"
    " ON t.tenant_id = ?1 AND t.chunk_id = c.id"
    " WHERE c.tenant_id = ?1 AND c.conversation_id = ?2";

// Changing what is stored of a conversation.

inline constexpr TenantStatement kChangeHeader =
    "UPDATE conversations SET scenario_title = ?3, scenario_title_folded = ?4, original_title = ?5,"
    " url = ?6, metadata = ?7, corrections = ?8 WHERE tenant_id = ?1 AND id = ?2";
inline constexpr TenantStatement kChangeMessage =
    "UPDATE messages SET timestamp = ?4, external_id = ?5, metadata = ?6"
    " WHERE tenant_id = ?1 AND conversation_id = ?2 AND message_index = ?3";
inline constexpr TenantStatement kDeleteMessages =
    "DELETE FROM messages WHERE tenant_id = ?1 AND conversation_id = ?2";
/// Takes all that hangs on them along.
inline constexpr TenantStatement kDeleteChunks =
    "DELETE FROM conversation_chunks WHERE tenant_id = ?1 AND conversation_id = ?2";
/// After its messages were changed.
inline constexpr TenantStatement kRenewChunkTimes =
    "UPDATE conversation_chunks AS k SET timestamp = (SELECT m.timestamp FROM messages m"
    " WHERE m.tenant_id = ?1 AND m.conversation_id = ?2 AND m.message_index = k.message_start),"
    " message_times = (SELECT times_blob(t) FROM (SELECT COALESCE(m.timestamp, m.stored_at) AS t"
    " FROM messages m WHERE m.tenant_id = ?1 AND m.conversation_id = ?2"
    " AND m.message_index BETWEEN k.message_start AND k.message_end ORDER BY m.message_index))"
    " WHERE k.tenant_id = ?1 AND k.conversation_id = ?2";
inline constexpr TenantStatement kRecountConversation =
    "UPDATE conversations AS c SET fingerprint = ?3, message_count = ?4, chunk_count = ?5,"
    " (first_message_at, last_message_at) = (SELECT MIN(COALESCE(m.timestamp, m.stored_at)),"
    " MAX(COALESCE(m.timestamp, m.stored_at)) FROM messages m"
    " WHERE m.tenant_id = ?1 AND m.conversation_id = ?2) WHERE c.tenant_id = ?1 AND c.id = ?2";
inline constexpr TenantStatement kMessageSpan =
    "SELECT first_message_at, last_message_at FROM conversations WHERE tenant_id = ?1 AND id = ?2";

// New ids for the chunks of a conversation: ?3 is added to each. Rows that hang on them first.
inline constexpr StoreStatement kDeferForeignKeys = "PRAGMA defer_foreign_keys = ON";
inline constexpr TenantStatement kChunkIdSpan =
    "SELECT MIN(id), MAX(id) FROM conversation_chunks WHERE tenant_id = ?1"
    " AND conversation_id = ?2";
inline constexpr TenantStatement kMoveChunkRows[]{
    "UPDATE chunk_terms SET chunk_id = chunk_id + ?3 WHERE tenant_id = ?1 AND chunk_id IN"
    " (SELECT id FROM conversation_chunks WHERE tenant_id = ?1 AND conversation_id = ?2)",
    "UPDATE chunk_embeddings SET chunk_id = chunk_id + ?3 WHERE tenant_id = ?1 AND chunk_id IN"
    " (SELECT id FROM conversation_chunks WHERE tenant_id = ?1 AND conversation_id = ?2)",
    "UPDATE chunk_pieces SET chunk_id = chunk_id + ?3 WHERE tenant_id = ?1 AND chunk_id IN"
    " (SELECT id FROM conversation_chunks WHERE tenant_id = ?1 AND conversation_id = ?2)",
    "UPDATE conversation_chunks SET id = id + ?3 WHERE tenant_id = ?1 AND conversation_id = ?2",
};

// Reading. The columns of a summary, a message and a chunk are those that rows.cpp reads.

#define RAG_SUMMARY_COLUMNS                                                                     \
    "c.id, c.scenario_title, c.original_title, c.url, c.external_id, c.metadata, c.created_at," \
    " c.message_count, c.chunk_count, c.fingerprint, c.first_message_at, c.last_message_at,"    \
    " c.corrections"
#define RAG_MESSAGE_COLUMNS                                                                 \
    "m.message_index, m.author_name, m.author_type, m.content, m.timestamp, m.external_id," \
    " m.metadata, m.stored_at"
#define RAG_CHUNK_COLUMNS                                                                        \
    "k.id, k.conversation_id, k.order_index, k.text, k.author_name, k.author_type, k.timestamp," \
    " k.message_start, k.message_end, k.tokens"
/// What filters ask of a conversation: the columns of an `IndexedHeader`.
#define RAG_INDEXED_HEADER_COLUMNS "c.scenario_title_folded"

inline constexpr TenantStatement kConversation =
    "SELECT " RAG_SUMMARY_COLUMNS " FROM conversations c WHERE c.tenant_id = ?1 AND c.id = ?2";
inline constexpr TenantStatement kIndexedHeader =
    "SELECT " RAG_INDEXED_HEADER_COLUMNS
    " FROM conversations c WHERE c.tenant_id = ?1 AND c.id = ?2";
inline constexpr TenantStatement kFindByFingerprint =
    "SELECT id FROM conversations WHERE tenant_id = ?1 AND fingerprint = ?2 ORDER BY id LIMIT 1";
inline constexpr TenantStatement kFindByExternalId = "SELECT " RAG_SUMMARY_COLUMNS
                                                     " FROM conversations c WHERE c.tenant_id = ?1"
                                                     " AND c.external_id = ?2";
inline constexpr TenantStatement kMessages =
    "SELECT " RAG_MESSAGE_COLUMNS
    " FROM messages m WHERE m.tenant_id = ?1"
    " AND m.conversation_id = ?2 AND m.message_index BETWEEN ?3 AND ?4 ORDER BY m.message_index";
inline constexpr TenantStatement kChunk =
    "SELECT " RAG_CHUNK_COLUMNS " FROM conversation_chunks k WHERE k.tenant_id = ?1 AND k.id = ?2";
inline constexpr TenantStatement kChunksOf = "SELECT " RAG_CHUNK_COLUMNS
                                             " FROM conversation_chunks k WHERE k.tenant_id = ?1"
                                             " AND k.conversation_id = ?2 ORDER BY k.order_index";

// ?2 time and ?3 id of the last one of the page before, ?4 limit, ?5 skip, ?6 id, ?7 external_id,
// ?8 scenario title, then for one and the same message: ?9 author name, ?10 author class, ?11 from,
// ?12 to, ?13 author type that is of no class. NULL: not asked for.

#define RAG_LIST_CONVERSATION(time)                    \
    "SELECT " RAG_SUMMARY_COLUMNS                      \
    " FROM conversations c WHERE c.tenant_id = ?1"     \
    " AND (c." time                                    \
    ", c.id) < (?2, ?3) AND (?6 IS NULL OR c.id = ?6)" \
    " AND (?7 IS NULL OR c.external_id = ?7)"          \
    " AND (?8 IS NULL OR c.scenario_title_folded = ?8)"
#define RAG_LIST_MESSAGE                                                                        \
    " AND EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = ?1 AND m.conversation_id = c.id" \
    " AND (?9 IS NULL OR m.author_name_folded = ?9) AND (?10 IS NULL OR m.author_class = ?10)"  \
    " AND (?13 IS NULL OR (m.author_class = 0 AND fold(m.author_type) = ?13))"                  \
    " AND (?11 IS NULL OR COALESCE(m.timestamp, m.stored_at) >= ?11)"                           \
    " AND (?12 IS NULL OR COALESCE(m.timestamp, m.stored_at) <= ?12))"
#define RAG_LIST_PAGE(time) " ORDER BY c." time " DESC, c.id DESC LIMIT ?4 OFFSET ?5"

inline constexpr TenantStatement kListByHeader[]{
    RAG_LIST_CONVERSATION("last_message_at") RAG_LIST_PAGE("last_message_at"),
    RAG_LIST_CONVERSATION("created_at") RAG_LIST_PAGE("created_at"),
};
inline constexpr TenantStatement kListByMessage[]{
    RAG_LIST_CONVERSATION("last_message_at") RAG_LIST_MESSAGE RAG_LIST_PAGE("last_message_at"),
    RAG_LIST_CONVERSATION("created_at") RAG_LIST_MESSAGE RAG_LIST_PAGE("created_at"),
};

#undef RAG_LIST_PAGE
#undef RAG_LIST_MESSAGE
#undef RAG_LIST_CONVERSATION
#undef RAG_CHUNK_COLUMNS
#undef RAG_MESSAGE_COLUMNS
#undef RAG_SUMMARY_COLUMNS

// Building the index in memory: everything a search reads, in order of id; ?2 is the space.

#define RAG_INDEXED_CHUNKS                                                                        \
    "SELECT k.id, k.conversation_id, k.order_index, k.author_name_folded, k.author_type,"         \
    " k.timestamp, k.message_times, k.tokens, k.not_question, k.says,"                            \
    " k.has_question_mark, k.has_time_word, t.length, t.terms, e.vector, p.dimension, p.bits,"    \
    " p.content_ids, p.unique_ids, " RAG_INDEXED_HEADER_COLUMNS                                   \
    " FROM conversation_chunks k"                                                                 \
    " JOIN conversations c ON c.tenant_id = ?1 AND c.id = k.conversation_id"                      \
    " JOIN chunk_terms t ON t.tenant_id = ?1 AND t.chunk_id = k.id"                               \
    " LEFT JOIN chunk_embeddings e ON e.tenant_id = ?1 AND e.space_id = ?2 AND e.chunk_id = k.id" \
    " LEFT JOIN chunk_pieces p ON p.tenant_id = ?1 AND p.space_id = ?2 AND p.chunk_id = k.id"

inline constexpr TenantStatement kIndexedChunks =
    RAG_INDEXED_CHUNKS " WHERE k.tenant_id = ?1 ORDER BY k.id";
/// Those of conversation ?3.
inline constexpr TenantStatement kIndexedChunksOf =
    RAG_INDEXED_CHUNKS " WHERE k.tenant_id = ?1 AND k.conversation_id = ?3 ORDER BY k.id";

#undef RAG_INDEXED_CHUNKS
#undef RAG_INDEXED_HEADER_COLUMNS

// Checking. Each rule gives the rows that break it: a text, then a number that says which.

inline constexpr StoreStatement kIntegrityCheck = "PRAGMA integrity_check";
inline constexpr StoreStatement kForeignKeyCheck = "PRAGMA foreign_key_check";

inline constexpr TenantStatement kVerifyRules[]{
    "SELECT 'terms are missing of chunk', k.id FROM conversation_chunks k WHERE k.tenant_id = ?1"
    " AND NOT EXISTS (SELECT 1 FROM chunk_terms t WHERE t.tenant_id = ?1 AND t.chunk_id = k.id)",

    "SELECT 'terms of another analyzer of chunk', t.chunk_id"
    " FROM chunk_terms t JOIN corpus_statistics s ON s.tenant_id = ?1"
    " WHERE t.tenant_id = ?1 AND t.analyzer_version <> s.analyzer_version",

    "SELECT 'no embedding in any space of chunk', k.id FROM conversation_chunks k"
    " WHERE k.tenant_id = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM chunk_embeddings e WHERE e.tenant_id = ?1 AND e.chunk_id = k.id)",

    "SELECT 'token vectors are missing of chunk', e.chunk_id FROM chunk_embeddings e"
    " WHERE e.tenant_id = ?1 AND NOT EXISTS (SELECT 1 FROM chunk_pieces p"
    " WHERE p.tenant_id = ?1 AND p.space_id = e.space_id AND p.chunk_id = e.chunk_id)",

    "SELECT 'token vectors without an embedding of chunk', p.chunk_id FROM chunk_pieces p"
    " WHERE p.tenant_id = ?1 AND NOT EXISTS (SELECT 1 FROM chunk_embeddings e"
    " WHERE e.tenant_id = ?1 AND e.space_id = p.space_id AND e.chunk_id = p.chunk_id)",

    "SELECT 'vector of a wrong size of chunk', e.chunk_id FROM chunk_embeddings e"
    " JOIN embedding_spaces s ON s.tenant_id = ?1 AND s.id = e.space_id"
    " WHERE e.tenant_id = ?1 AND length(e.vector) <> s.dimension * 4",

    "SELECT 'messages are not those counted of conversation', c.id FROM conversations c"
    " LEFT JOIN messages m ON m.tenant_id = ?1 AND m.conversation_id = c.id"
    " WHERE c.tenant_id = ?1 GROUP BY c.id HAVING COUNT(m.message_index) <> c.message_count"
    " OR COALESCE(MIN(m.message_index), 0) <> 0"
    " OR COALESCE(MAX(m.message_index), -1) <> c.message_count - 1",

    "SELECT 'chunks are not those counted of conversation', c.id FROM conversations c"
    " LEFT JOIN conversation_chunks k ON k.tenant_id = ?1 AND k.conversation_id = c.id"
    " WHERE c.tenant_id = ?1 GROUP BY c.id HAVING COUNT(k.id) <> c.chunk_count"
    " OR COALESCE(MIN(k.order_index), 0) <> 0"
    " OR COALESCE(MAX(k.order_index), -1) <> c.chunk_count - 1",

    "SELECT 'messages that do not exist are covered by chunk', k.id FROM conversation_chunks k"
    " JOIN conversations c ON c.tenant_id = ?1 AND c.id = k.conversation_id"
    " WHERE k.tenant_id = ?1 AND (k.message_start < 0 OR k.message_start > k.message_end"
    " OR k.message_end >= c.message_count)",

    "SELECT 'id beyond the counter of conversation', c.id FROM conversations c WHERE"
    " c.tenant_id = ?1 AND c.id > (SELECT value FROM counters WHERE tenant_id = ?1"
    " AND name = 'conversation_id')",

    "SELECT 'id beyond the counter of chunk', k.id FROM conversation_chunks k WHERE"
    " k.tenant_id = ?1 AND k.id > (SELECT value FROM counters WHERE tenant_id = ?1"
    " AND name = 'chunk_id')",
};

inline constexpr TenantStatement kRecount =
    "SELECT (SELECT COUNT(*) FROM conversations WHERE tenant_id = ?1),"
    " (SELECT COUNT(*) FROM messages WHERE tenant_id = ?1),"
    " (SELECT COUNT(*) FROM conversation_chunks WHERE tenant_id = ?1),"
    " (SELECT COALESCE(SUM(length), 0) FROM chunk_terms WHERE tenant_id = ?1),"
    " (SELECT terms_length FROM corpus_statistics WHERE tenant_id = ?1)";
inline constexpr TenantStatement kCountEmbeddings =
    "SELECT COUNT(*) FROM chunk_embeddings WHERE tenant_id = ?1 AND space_id = ?2";

}  // namespace rag::sqlite::sql
