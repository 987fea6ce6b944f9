#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index_state.hpp"
#include "search_scratch.hpp"

namespace rag::sqlite {

/// One question's word matches (domain/lexical.hpp) in all chunks, term at a time.
class LexicalPass {
public:
    LexicalPass(
        const IndexState& state, const std::vector<std::string>& terms, SearchScratch& scratch
    );

    /// Comes before all else.
    void score_all();

    /// By the chunk's own words; of all rows, whether they are there or not.
    const float* scores() const { return scores_.data(); }
    float score(Row row) const { return scores_[row]; }

    /// Each term from the best place of the window.
    float window(Row row);

    /// Best `window` of a conversation.
    float conversation_best(std::uint32_t conversation);

private:
    struct QueryTerm {
        std::uint32_t id;
        const TermEntry* entry;
        float weight;
    };
    struct Match {
        std::uint32_t term;  // Index into `terms_`.
        float share;
    };
    struct Matches {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
        bool known = false;
        float window = -1;  // Below 0: not known yet.
    };

    float share(std::uint32_t count, std::uint32_t length) const;
    Matches& matches(Row row);
    void find_matches(Row row, Matches& found);
    float window_bound(std::span<const Row> rows, std::size_t place) const;

    const IndexState& state_;
    std::vector<float>& scores_;
    RowSlots& slots_;
    float mean_length_;
    std::vector<QueryTerm> terms_;      // In the question's order.
    std::vector<std::uint32_t> by_id_;  // Indices into `terms_`, ids ascending.
    std::vector<float> shares_;         // [length][count - 1], for small ones.
    std::vector<Matches> matches_;      // By slot.
    std::vector<Match> match_list_;
    std::vector<float> best_;  // By term; zero between calls.
};

}  // namespace rag::sqlite
