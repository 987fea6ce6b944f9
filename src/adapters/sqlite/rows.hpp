#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "index/chunk_index.hpp"

/// Rows as values of the port; the columns are those of sql.hpp.
namespace rag::sqlite {

ConversationSummary read_summary(const Cursor& row);
StoredMessage read_message(const Cursor& row);

struct ChunkRow {
    StoredChunk stored;
    std::uint32_t tokens = 0;
};
ChunkRow read_chunk(const Cursor& row);

/// From `first_column` on.
IndexedHeader read_indexed_header(const Cursor& row, int first_column);

/// Absent metadata is NULL. Only what was sent is kept: its canonical form went into the
/// fingerprint and is not needed again.
std::optional<std::string> stored(const Metadata& metadata);
/// None are NULL.
std::optional<std::string> stored(const Corrections& corrections);

}  // namespace rag::sqlite
