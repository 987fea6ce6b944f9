#pragma once

#include <cstdint>
#include <vector>

#include "application/chunking_tools.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/work_pool.hpp"
#include "embedding_calls.hpp"

namespace rag {

/// What `prepare_chunks` needs of its caller.
struct ChunkPreparation {
    EmbeddingProvider& embeddings;
    Telemetry& telemetry;
    WorkPool& work_pool;
    const ChunkingTools& tools;
    EmbeddingCaller caller;
};

struct PreparedMessages {
    std::vector<Message> messages;  // As they came.
    std::vector<NewChunk> chunks;
    /// Which of `messages` hold no words: one chunk each, of their beginning.
    std::vector<std::int64_t> without_words;
};

/// Cuts, analyses and embeds messages. `unavailable` before any work if the provider cannot embed
/// now.
Task<Result<PreparedMessages>> prepare_chunks(
    std::vector<Message> messages, ChunkPreparation preparation, CallContext context
);

}  // namespace rag
