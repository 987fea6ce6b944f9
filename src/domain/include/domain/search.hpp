#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/chunk.hpp"
#include "domain/time_zone.hpp"

namespace rag {

enum class SearchMode : std::uint8_t { hybrid, dense, lexical };
inline constexpr std::array kSearchModes{
    SearchMode::hybrid, SearchMode::dense, SearchMode::lexical};
inline constexpr std::array<std::string_view, kSearchModes.size()> kSearchModeNames{
    "hybrid", "dense", "lexical"};
constexpr std::string_view name_of(SearchMode mode) {
    return kSearchModeNames[static_cast<std::size_t>(mode)];
}

/// Chunks as they were found, or what people read: see application/passages.hpp.
enum class ResultShape : std::uint8_t { rows, passages };
inline constexpr std::array kResultShapes{ResultShape::rows, ResultShape::passages};
inline constexpr std::array<std::string_view, kResultShapes.size()> kResultShapeNames{
    "rows", "passages"};
constexpr std::string_view name_of(ResultShape shape) {
    return kResultShapeNames[static_cast<std::size_t>(shape)];
}

/// The likeliest answers first, or what may be an answer in order of time (domain/time_order.hpp).
enum class SearchOrder : std::uint8_t { relevance, newest, oldest };
inline constexpr std::array kSearchOrders{
    SearchOrder::relevance, SearchOrder::newest, SearchOrder::oldest};
inline constexpr std::array<std::string_view, kSearchOrders.size()> kSearchOrderNames{
    "relevance", "newest", "oldest"};
constexpr std::string_view name_of(SearchOrder order) {
    return kSearchOrderNames[static_cast<std::size_t>(order)];
}

/// Of lists: by the time of the last message or by that of the first write, the newest first; those
/// of one time by id, the largest first.
enum class ListOrder : std::uint8_t { activity, created };
inline constexpr std::array kListOrders{ListOrder::activity, ListOrder::created};
inline constexpr std::array<std::string_view, kListOrders.size()> kListOrderNames{
    "activity", "created"};
constexpr std::string_view name_of(ListOrder order) {
    return kListOrderNames[static_cast<std::size_t>(order)];
}

/// Narrows candidates before the `top_k` cut. Text matches whole, after folding (`text::fold`); a
/// chunk matches the date bounds if any of its messages lies within them, both inclusive.
struct Filter {
    std::optional<std::string> author_name;
    std::optional<std::string> author_type;  // Words of one class are one word.
    std::optional<std::string> scenario_title;
    std::optional<ConversationId> conversation_id;
    std::optional<Timestamp> date_from;
    std::optional<Timestamp> date_to;
    friend bool operator==(const Filter&, const Filter&) = default;
};

/// Those that are texts, for whoever compares them: stores keep a normalized form beside each.
inline constexpr std::array kFilterTexts{
    &Filter::author_name, &Filter::author_type, &Filter::scenario_title};
inline constexpr std::array<std::string_view, kFilterTexts.size()> kFilterTextNames{
    "author_name", "author_type", "scenario_title"};

/// Unit vectors of the question's content word pieces, as floats.
struct QueryPieces {
    std::size_t dimension = 0;
    std::vector<std::int32_t> ids;
    std::vector<float> vectors;  // ids.size() x dimension
};

/// What the repository is asked for; everything in it is computed from the question alone.
struct ChunkQuery {
    std::vector<std::string> terms;  // Distinct, as the analyzer makes them.
    std::vector<float> embedding;    // Empty: only words are matched.
    QueryPieces pieces;              // Empty: no token vectors.
    Filter filter;
    const TimeZone* zone = &utc_zone();  // In which candidates' days are counted.
    SearchMode mode = SearchMode::hybrid;
    std::size_t pool_size = 0;  // Best of each kind that get every signal, with their neighbours.
    std::size_t tail_size = 0;  // Best of each kind that follow with cheap signals; 0: none.
};

/// Chunks in order of time: of their first message, of one without a time that of its storing;
/// chunks of one time in order of id.
struct TimelineQuery {
    Filter filter;
    bool newest_first = true;
    std::size_t limit = 0;  // The first so many.
};

struct ChunkPlace {
    ChunkId chunk_id;
    ConversationId conversation_id;
    Timestamp time;
};

/// A chunk's place in `CandidateSet::piece_match` is missing where there is no such neighbour.
inline constexpr std::int32_t kNoRow = -1;

/// One chunk that may answer, with what the repository measured of it. "Lexical" values are
/// shares of what the question could reach (domain/lexical.hpp), in 0..1.
struct Candidate {
    ChunkId chunk_id;
    ConversationId conversation_id;
    std::int32_t order_index = 0;
    std::uint32_t author = 0;         // Index into `CandidateSet::authors`.
    std::optional<std::int64_t> day;  // Day number of its timestamp, in `ChunkQuery::zone`.
    Timestamp time = {};  // Of its first message; of one without a time that of its storing.
    ChunkTraits traits;
    float bm25 = 0;               // By its own words.
    float bm25_window = 0;        // Each term from the best place of the window.
    float bm25_conversation = 0;  // Best `bm25_window` of its conversation.
    float bm25_question = 0;  // `bm25` of the chunk before, if that has a question mark; else 0.
    float cosine = 0;         // -1..1; 0 if the query has no embedding.
    float cosine_conversation = 0;
    std::int32_t lexical_rank =
        0;  // From 1, among all that pass the filter; 0: beyond what was fetched
    std::int32_t dense_rank = 0;   // or no match.
    bool in_pool = true;           // False: part of the tail, without token matches.
    bool question_before = false;  // The chunk before it has a question mark.
    /// Rows of `piece_match` of the two chunks before, itself, the two after; `kNoRow` if missing.
    std::array<std::int32_t, 5> window{kNoRow, kNoRow, kNoRow, kNoRow, kNoRow};
};

struct CandidateSet {
    std::vector<Candidate> candidates;      // In order of (conversation, order_index).
    std::vector<std::string> authors;       // Distinct authors of the candidates ("" for none).
    std::size_t piece_count = 0;            // Pieces of the question.
    std::vector<float> piece_match;         // Row after row, `piece_count` each: best cosine of the
                                            // question's piece with a content piece of that chunk.
    std::vector<std::uint32_t> row_pieces;  // Content pieces of the chunk behind each row.
    std::size_t chunk_total = 0;            // Chunks stored, filter or not.
    std::vector<std::uint32_t> piece_frequency;  // Chunks with each of the question's pieces.
};

}  // namespace rag
