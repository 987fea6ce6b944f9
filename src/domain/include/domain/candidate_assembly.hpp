#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/lexical.hpp"
#include "domain/search.hpp"

/// The half of a search that is the same for every store. A store fetches: the best by words and by
/// vector under the filter, the rows near them, what it measured of each. This says what that
/// means: which rows are candidates, what stands in their windows, what their conversations reach.
namespace rag {

/// A neighbour of the pool's best may be the answer to the words of the question.
inline constexpr int kNeighbourReach = 1;

/// How many rows to each side of one of the pool's best are fetched, and of one of the tail's: the
/// windows of all that may become candidates.
inline constexpr int kPoolReach = kNeighbourReach + lexical::kWindow;
inline constexpr int kTailReach = lexical::kWindow;

/// One chunk that a store fetched.
struct FetchedRow {
    ChunkId chunk_id;
    ConversationId conversation_id;
    std::int32_t order_index = 0;   // Chunks of a conversation count on without gaps.
    std::int32_t lexical_rank = 0;  // From 1, among the best by words that pass the filter; else 0.
    std::int32_t dense_rank = 0;    // By vector, alike.
    bool passes = false;            // The filter.
    bool has_cosine = false;
    float cosine = 0;
    float bm25 = 0;  // By its own words, as it was ranked.
    // Its run of `FetchedChunks::term_matches`.
    std::uint32_t first_match = 0;
    std::uint32_t match_count = 0;
    std::int32_t piece_row = kNoRow;  // Of `FetchedChunks::piece_match`.
    ChunkTraits traits;
    std::optional<std::int64_t> day;
    Timestamp time = {};
    std::string_view author_name;  // "" for none; valid until the set is assembled.
};

/// What a store knows of a conversation beyond what it fetched. Where a value is missing, the best
/// among what was fetched stands for it.
struct FetchedConversation {
    ConversationId id;
    std::optional<float> bm25;    // Best window of all its chunks (lexical::WindowScore).
    std::optional<float> cosine;  // Best of all its chunks; 0 if none has a vector.
};

struct FetchedChunks {
    /// In order of (conversation, order_index), each chunk once. More than is needed does no harm.
    std::vector<FetchedRow> rows;
    std::vector<FetchedConversation> conversations;  // In order of ids; those it knows of.

    std::vector<float> term_weights;  // `lexical::term_weights`; terms that occur nowhere may lack.
    std::vector<lexical::TermMatch> term_matches;  // Run after run, terms as in `term_weights`.

    // As in `CandidateSet`.
    std::size_t piece_count = 0;
    std::vector<float> piece_match;
    std::vector<std::uint32_t> row_pieces;
    std::size_t chunk_total = 0;
    std::vector<std::uint32_t> piece_frequency;
};

/// What a row is to the question, and so which of its measures count.
struct RowUse {
    bool is_candidate = false;    // Cosine, author, day.
    bool in_pool = false;         // A candidate that gets every signal.
    bool in_window = false;       // Of a candidate, itself included: words, traits.
    bool in_pool_window = false;  // Of one of the pool: token matches too.
};

/// Told by ids, places, ranks and `passes` alone, so a store may ask before it measures the rest.
/// Candidates are the best of each kind, the first `pool_size` of each being the pool, and the
/// pool's neighbours that pass the filter, which belong to the pool themselves.
std::vector<RowUse> row_uses(std::span<const FetchedRow> rows, std::size_t pool_size);

/// `uses`: `row_uses` of these rows.
CandidateSet assemble_candidates(FetchedChunks fetched, std::span<const RowUse> uses);

/// For a store that measures all that it fetches.
CandidateSet assemble_candidates(FetchedChunks fetched, std::size_t pool_size);

}  // namespace rag
