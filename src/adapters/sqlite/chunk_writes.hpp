#pragma once

#include <optional>
#include <span>
#include <string>

#include "prepared_write.hpp"
#include "writes.hpp"

/// Chunks with all that is stored beside them: terms, vector, pieces.
namespace rag::sqlite {

/// Where the chunks of a write go; their own indices count from the write's first message.
struct ChunkPlace {
    ConversationId conversation_id;
    IndexedHeader header;
    std::int64_t change_seq = 0;
    std::int64_t first_message = 0;
    std::int64_t first_chunk = 0;
};

/// `unavailable` while no space is known; `internal` if a vector does not belong to it.
Result<void> check_vectors(const WriteSession& session, std::span<const PreparedChunk> chunks);

/// Inserts the chunks and moves them to what the index is told. The sum of their lengths.
std::int64_t insert_chunks(
    WriteSession& session, const ChunkPlace& place, std::span<PreparedChunk> chunks
);

/// Takes the conversation's chunks off the counts of the spaces, before they are deleted.
void forget_space_counts(WriteSession& session, ConversationId id);

}  // namespace rag::sqlite
