#pragma once

#include <vector>

#include "application/search_conversations.hpp"

namespace rag {

/// The rollback pipeline of USE_NEW_ARCHITECTURE=false: dense only, exact, wired on its own.
struct LegacyResult {
    LoadedChunk chunk;
    double distance = 0;  // L2; lower is better.
};

class LegacySearch {
public:
    LegacySearch(
        ConversationRepository& repository,
        EmbeddingProvider& embeddings,
        Telemetry& telemetry,
        const TimeZones& zones
    );

    /// Dense only: `unavailable` without the provider.
    Task<Result<std::vector<LegacyResult>>> run(SearchRequest request, CallContext context);

private:
    Task<Result<std::vector<LegacyResult>>> find(SearchRequest request, CallContext context);

    ConversationRepository& repository_;
    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    const TimeZones& zones_;
};

}  // namespace rag
