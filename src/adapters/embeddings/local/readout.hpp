#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "domain/chunk.hpp"
#include "domain/search.hpp"
#include "forward.hpp"
#include "text/wordpiece.hpp"

namespace rag::local {

/// Rows of a batch that belong to one text, with the ids of its pieces, [CLS] and [SEP] included.
struct TextRows {
    std::size_t first;
    std::span<const std::int32_t> ids;
};

/// Makes embeddings of last hidden states.
class Readout {
public:
    Readout(const WordPieceTokenizer& tokenizer, Pooling pooling, std::size_t dimension);

    /// Sentence vector, and sign bits of the content pieces. Changes the states.
    ChunkEmbedding chunk(Workspace& space, const TextRows& rows) const;

    /// The sentence vector alone, unit length.
    std::vector<float> sentence(Workspace& space, const TextRows& rows) const;

    /// Adds the unit vectors of the content pieces, or of all pieces between the special ones.
    /// Changes the states.
    void add_pieces(Workspace& space, const TextRows& rows, bool content_only, QueryPieces& pieces)
        const;

    bool is_content(std::int32_t id) const { return !stop_ids_.contains(id); }

private:
    Pooling pooling_;
    std::size_t dimension_;
    std::unordered_set<std::int32_t> stop_ids_;
};

}  // namespace rag::local
