#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/lexical.hpp"
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

    /// A run of what `take_matches` gives at last; none where `score` is 0.
    struct Run {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
    };
    Run matches(Row row);

    /// Best window of a conversation (lexical::WindowScore).
    float conversation_best(std::uint32_t conversation);

    /// Comes after all else.
    std::vector<lexical::TermMatch> take_matches() { return std::move(match_list_); }
    const std::vector<float>& weights() const { return window_.weights(); }

private:
    struct QueryTerm {
        std::uint32_t id;
        const TermEntry* entry;
    };
    struct KnownRun {
        Run run;
        bool is_known = false;
    };

    static std::vector<QueryTerm> known_terms(
        const IndexState& state, const std::vector<std::string>& terms
    );
    static std::vector<float> weights_of(
        const IndexState& state, const std::vector<QueryTerm>& terms
    );
    float share(std::uint32_t count, std::uint32_t length) const;
    Run find_matches(Row row);
    float window(Row row);
    float window_bound(std::span<const Row> rows, std::size_t place) const;

    const IndexState& state_;
    std::vector<float>& scores_;
    RowSlots& slots_;
    float mean_length_;
    std::vector<QueryTerm> terms_;      // In the question's order, without those of no chunk.
    std::vector<std::uint32_t> by_id_;  // Indices into `terms_`, ids ascending.
    std::vector<float> shares_;         // [length][count - 1], for small ones.
    std::vector<KnownRun> runs_;        // By slot.
    std::vector<lexical::TermMatch> match_list_;
    lexical::WindowScore window_;
};

}  // namespace rag::sqlite
