#include "readout.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "simd/rows.hpp"

namespace rag::local {
namespace {

/// Pieces that say nothing of what a text is about; their vectors are not kept.
constexpr std::array kStopPieces = std::to_array<std::string_view>(
    {"a",     "an",     "the",  "and",  "or",   "but",   "if",  "of",    "to",  "in",   "on",
     "at",    "by",     "for",  "with", "from", "as",    "is",  "are",   "was", "were", "be",
     "been",  "do",     "does", "did",  "has",  "have",  "had", "i",     "you", "he",   "she",
     "it",    "we",     "they", "what", "when", "where", "who", "which", "why", "how",  "would",
     "could", "should", "will", "can",  "?",    ",",     ".",   "'",     "s",   "-",    "!",
     ":",     "\"",     ";",    "(",    ")",    "[",     "]"}
);

}  // namespace

Readout::Readout(const WordPieceTokenizer& tokenizer, Pooling pooling, std::size_t dimension)
    : pooling_(pooling), dimension_(dimension) {
    for (const std::string_view piece : kStopPieces) {
        if (const auto id = tokenizer.id(piece)) stop_ids_.insert(*id);
    }
}

std::vector<float> Readout::sentence(Workspace& space, const TextRows& rows) const {
    const float* first = space.state(rows.first);
    std::vector<float> vector(first, first + dimension_);
    if (pooling_ == Pooling::mean) {
        for (std::size_t i = 1; i < rows.ids.size(); ++i) {
            simd::add_row(vector.data(), space.state(rows.first + i), dimension_);
        }
    }
    simd::normalize(vector.data(), dimension_);
    return vector;
}

ChunkEmbedding Readout::chunk(Workspace& space, const TextRows& rows) const {
    ChunkEmbedding embedding;
    embedding.vector = sentence(space, rows);
    PieceBits& pieces = embedding.pieces;
    pieces.dimension = dimension_;
    const std::size_t bytes = dimension_ / 8;
    const auto add = [&](std::size_t place) {
        pieces.content_ids.push_back(rows.ids[place]);
        pieces.bits.resize(pieces.bits.size() + bytes);
        // The sign of a value does not change with the length of its vector.
        std::uint8_t* end = pieces.bits.data() + pieces.bits.size();
        simd::sign_bits(space.state(rows.first + place), dimension_, end - bytes);
    };
    for (std::size_t place = 1; place + 1 < rows.ids.size(); ++place) {
        if (is_content(rows.ids[place])) add(place);
    }
    if (pieces.content_ids.empty()) add(0);

    pieces.unique_ids.assign(rows.ids.begin() + 1, rows.ids.end() - 1);
    std::ranges::sort(pieces.unique_ids);
    const auto doubled = std::ranges::unique(pieces.unique_ids);
    pieces.unique_ids.erase(doubled.begin(), doubled.end());
    return embedding;
}

void Readout::add_pieces(
    Workspace& space, const TextRows& rows, bool content_only, QueryPieces& pieces
) const {
    pieces.dimension = dimension_;
    for (std::size_t place = 1; place + 1 < rows.ids.size(); ++place) {
        if (content_only && !is_content(rows.ids[place])) continue;
        float* state = space.state(rows.first + place);
        simd::normalize(state, dimension_);
        pieces.ids.push_back(rows.ids[place]);
        pieces.vectors.insert(pieces.vectors.end(), state, state + dimension_);
    }
}

}  // namespace rag::local
