#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application/call_context.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/ports/telemetry.hpp"

namespace rag {

/// Whose log line it is when the provider fails.
struct EmbeddingCaller {
    std::string_view logger;  // A literal.
    std::string trace_id;
};

/// Calls of the embedding provider that are timed, counted and, when they fail, logged.
class EmbeddingCalls {
public:
    EmbeddingCalls(EmbeddingProvider& embeddings, Telemetry& telemetry, EmbeddingCaller caller);

    /// `unavailable` if the provider cannot embed now, so that nobody works for nothing.
    Result<void> ready();

    Task<Result<QueryEmbedding>> query(std::string text, CallContext context);

    /// Embeds any number of texts, a bounded batch at a time, a few batches in flight: the provider
    /// never sees a giant conversation at once and never waits for the next batch. The first
    /// failure ends it.
    Task<Result<std::vector<ChunkEmbedding>>> chunks(
        std::vector<std::string> texts, CallContext context
    );

private:
    struct Batches;

    Task<void> embed_batches(Batches& batches);
    Task<Result<std::vector<ChunkEmbedding>>> embed_batch(
        std::vector<std::string> texts, CallContext context
    );
    void note(const Error* error, double seconds);

    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    EmbeddingCaller caller_;
};

}  // namespace rag
