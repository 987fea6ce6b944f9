#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"

/// Rows as values of the port; the columns are those of sql.hpp.
namespace rag::sqlite {

ConversationSummary read_summary(const Cursor& row);
StoredMessage read_message(const Cursor& row);

struct ChunkRow {
    StoredChunk stored;
    std::uint32_t tokens = 0;
};
ChunkRow read_chunk(const Cursor& row);

/// Text in the form in which filters compare it (Unicode NFC).
std::optional<std::string> compared(const std::optional<std::string>& text);

/// Absent metadata is NULL. Only what was sent is kept: its canonical form went into the
/// fingerprint and is not needed again.
std::optional<std::string> stored(const Metadata& metadata);

AuthorClass class_of(const std::optional<std::string>& author_type);

}  // namespace rag::sqlite
