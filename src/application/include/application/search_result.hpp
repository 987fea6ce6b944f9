#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag {

/// One signal that found a row; nullopt in `SearchResult` where it did not.
struct SignalFound {
    std::int32_t rank;
    double score;
};

struct SearchResult {
    LoadedChunk chunk;
    double score = 0;             // 0..1
    bool text_truncated = false;  // `max_tokens` was too small for even this one.
    std::optional<SignalFound> dense;
    std::optional<SignalFound> lexical;
    std::vector<std::pair<std::string, double>> shares;  // Other signals by name; with `explain`.
};

}  // namespace rag
