#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "request.hpp"

namespace rag::local {

/// A tokenised text of a request; ids with [CLS] and [SEP].
struct WaitingText {
    std::shared_ptr<ChunkRequest> request;
    std::size_t index = 0;
    std::vector<std::int32_t> ids;
};

/// Tokenised texts of all requests, from which packed batches are filled. Not thread-safe.
class WaitingTexts {
public:
    void add(std::vector<WaitingText> texts);

    bool empty() const { return texts_.empty(); }
    std::size_t rows() const { return rows_; }

    /// The text that waits longest, then the longest ones that fit, in `rows_max` rows in all. At
    /// least one text. What was taken is gone from here.
    std::vector<WaitingText> take(std::size_t rows_max);

private:
    std::deque<WaitingText> texts_;  // In order of arrival.
    std::size_t rows_ = 0;
};

}  // namespace rag::local
