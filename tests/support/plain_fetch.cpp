#include "support/plain_fetch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rag::test {
namespace {

class PlainFetch {
public:
    PlainFetch(
        const std::vector<BruteForceChunk>& chunks,
        const ChunkQuery& query,
        std::size_t overlook_each
    )
        : chunks_(chunks), query_(query), overlook_each_(overlook_each) {}

    FetchedChunks run() {
        for (const BruteForceChunk& chunk : chunks_) add_row(chunk);
        if (query_.mode != SearchMode::dense) match_words();
        if (query_.mode != SearchMode::lexical && !query_.embedding.empty()) match_vectors();
        if (query_.mode == SearchMode::hybrid) match_pieces();
        fetched_.chunk_total = chunks_.size();
        fetched_.piece_count = query_.pieces.ids.size();
        for (const std::int32_t id : query_.pieces.ids) {
            fetched_.piece_frequency.push_back(static_cast<std::uint32_t>(std::ranges::count_if(
                chunks_,
                [id](const BruteForceChunk& chunk) {
                    const auto& ids = chunk.data->embedding.pieces.unique_ids;
                    return chunk.has_vector && std::ranges::find(ids, id) != ids.end();
                }
            )));
        }
        return std::move(fetched_);
    }

private:
    void add_row(const BruteForceChunk& chunk) {
        const NewChunk& data = *chunk.data;
        FetchedRow& row = fetched_.rows.emplace_back();
        row.chunk_id = chunk.id;
        row.conversation_id = chunk.conversation_id;
        row.order_index = data.chunk.order_index;
        row.passes = chunk.passes;
        row.traits = data.traits;
        if (const auto time = chunk.time()) {
            row.time = *time;
            row.day = day_in(*query_.zone, *time);
        }
        if (data.chunk.author_name) row.author_name = *data.chunk.author_name;
    }

    void match_words() {
        double length = 0;
        for (const BruteForceChunk& chunk : chunks_) length += chunk.data->length;
        const auto count_of_chunks = static_cast<double>(chunks_.size());
        const float mean = length > 0 ? static_cast<float>(length / count_of_chunks) : 1.0F;

        std::vector<std::size_t> containing(query_.terms.size(), 0);
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            FetchedRow& row = fetched_.rows[place];
            row.first_match = static_cast<std::uint32_t>(fetched_.term_matches.size());
            const NewChunk& data = *chunks_[place].data;
            for (std::uint32_t term = 0; term < query_.terms.size(); ++term) {
                const auto found = std::ranges::find(data.terms, query_.terms[term], &Term::text);
                if (found == data.terms.end()) continue;
                ++containing[term];
                ++row.match_count;
                const auto count = static_cast<float>(found->count);
                fetched_.term_matches.push_back(
                    {term, lexical::bm25_share(count, static_cast<float>(data.length), mean)}
                );
            }
        }
        fetched_.term_weights = lexical::term_weights(chunks_.size(), containing);
        for (FetchedRow& row : fetched_.rows) {
            for (std::uint32_t i = 0; i < row.match_count; ++i) {
                const lexical::TermMatch& match = fetched_.term_matches[row.first_match + i];
                row.bm25 += fetched_.term_weights[match.term] * match.share;
            }
        }
        rank(&FetchedRow::bm25, &FetchedRow::lexical_rank, [](const FetchedRow& row) {
            return row.bm25 > 0;
        });
    }

    void match_vectors() {
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            if (!chunks_[place].has_vector) continue;
            const std::vector<float>& vector = chunks_[place].data->embedding.vector;
            FetchedRow& row = fetched_.rows[place];
            row.cosine =
                std::inner_product(vector.begin(), vector.end(), query_.embedding.begin(), 0.0F);
            row.has_cosine = true;
        }
        rank(&FetchedRow::cosine, &FetchedRow::dense_rank, [](const FetchedRow& row) {
            return row.has_cosine;
        });
    }

    template <class Matches>
    void rank(float FetchedRow::*value, std::int32_t FetchedRow::*rank, Matches matches) {
        std::vector<FetchedRow*> best;
        for (FetchedRow& row : fetched_.rows) {
            if (row.passes && matches(row)) best.push_back(&row);
        }
        std::ranges::sort(best, [value](const FetchedRow* one, const FetchedRow* other) {
            if (one->*value != other->*value) return one->*value > other->*value;
            return one->chunk_id < other->chunk_id;
        });
        const std::size_t wanted = query_.pool_size + query_.tail_size;
        std::int32_t next = 1;
        for (std::size_t place = 0; place < best.size(); ++place) {
            if (overlook_each_ != 0 && (place + 1) % overlook_each_ == 0) continue;
            if (static_cast<std::size_t>(next) > wanted) break;
            best[place]->*rank = next++;
        }
    }

    void match_pieces() {
        if (query_.pieces.ids.empty()) return;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            const PieceBits& bits = chunks_[place].data->embedding.pieces;
            if (!chunks_[place].has_vector || bits.content_ids.empty()) continue;
            fetched_.rows[place].piece_row = static_cast<std::int32_t>(fetched_.row_pieces.size());
            fetched_.row_pieces.push_back(static_cast<std::uint32_t>(bits.content_ids.size()));
            for (std::size_t piece = 0; piece < query_.pieces.ids.size(); ++piece) {
                fetched_.piece_match.push_back(best_match(piece, bits));
            }
        }
    }

    /// Of the question's piece with one of the chunk's, which are known by their signs alone.
    float best_match(std::size_t piece, const PieceBits& bits) const {
        const std::size_t dimension = bits.dimension;
        const float* wanted = &query_.pieces.vectors[piece * dimension];
        float best = -1;
        for (std::size_t own = 0; own < bits.content_ids.size(); ++own) {
            float sum = 0;
            for (std::size_t axis = 0; axis < dimension; ++axis) {
                const std::uint8_t byte = bits.bits[(own * dimension + axis) / 8];
                sum += (byte >> (axis % 8) & 1) != 0 ? wanted[axis] : -wanted[axis];
            }
            best = std::max(best, sum / std::sqrt(static_cast<float>(dimension)));
        }
        return best;
    }

    const std::vector<BruteForceChunk>& chunks_;
    const ChunkQuery& query_;
    std::size_t overlook_each_;
    FetchedChunks fetched_;
};

}  // namespace

FetchedChunks fetch_plainly(
    const std::vector<BruteForceChunk>& chunks, const ChunkQuery& query, std::size_t overlook_each
) {
    return PlainFetch(chunks, query, overlook_each).run();
}

}  // namespace rag::test
