#include "support/brute_force_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "domain/lexical.hpp"

namespace rag::test {
namespace {

/// Signals of one chunk, in the order of the chunks.
struct Signals {
    std::vector<float> shares;  // One a term: what the chunk itself gives of it.
    float bm25 = 0;
    float bm25_window = 0;
    float bm25_conversation = 0;
    float cosine = 0;
    float cosine_conversation = 0;
    std::int32_t lexical_rank = 0;
    std::int32_t dense_rank = 0;
    bool in_pool = false;
    bool in_tail = false;
};

class BruteForce {
public:
    BruteForce(const std::vector<BruteForceChunk>& chunks, const ChunkQuery& query)
        : chunks_(chunks), query_(query), signals_(chunks.size()) {}

    CandidateSet run() {
        score_words();
        score_vectors();
        if (query_.mode != SearchMode::dense) {
            choose(&Signals::bm25, &Signals::lexical_rank, [this](std::size_t place) {
                return signals_[place].bm25 > 0;
            });
        }
        if (query_.mode != SearchMode::lexical && !query_.embedding.empty()) {
            choose(&Signals::cosine, &Signals::dense_rank, [this](std::size_t place) {
                return chunks_[place].has_vector;
            });
        }
        add_neighbours();
        return collect();
    }

private:
    /// The chunk `distance` after this one in its conversation.
    std::optional<std::size_t> neighbour(std::size_t place, int distance) const {
        const auto other = static_cast<std::ptrdiff_t>(place) + distance;
        if (other < 0 || other >= std::ssize(chunks_)) return std::nullopt;
        const auto found = static_cast<std::size_t>(other);
        if (chunks_[found].conversation_id != chunks_[place].conversation_id) return std::nullopt;
        return found;
    }

    void score_words() {
        float mean_length = 0;
        for (const BruteForceChunk& chunk : chunks_) {
            mean_length += static_cast<float>(chunk.data->length);
        }
        mean_length /= static_cast<float>(std::max<std::size_t>(1, chunks_.size()));
        if (mean_length <= 0) mean_length = 1;

        std::vector<float> weights;
        for (const std::string& term : query_.terms) score_term(term, mean_length, weights);
        float sum = 0;
        for (const float weight : weights) sum += weight;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            weigh_words(place, weights, sum);
        }
        conversation_best(&Signals::bm25_window, &Signals::bm25_conversation);
    }

    void score_term(const std::string& term, float mean_length, std::vector<float>& weights) {
        std::size_t containing = 0;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            const NewChunk& data = *chunks_[place].data;
            const auto found = std::ranges::find(data.terms, term, &Term::text);
            float share = 0;
            if (found != data.terms.end()) {
                ++containing;
                share = lexical::bm25_share(
                    static_cast<float>(found->count), static_cast<float>(data.length), mean_length
                );
            }
            signals_[place].shares.push_back(share);
        }
        weights.push_back(containing == 0 ? 0 : lexical::idf(chunks_.size(), containing));
    }

    void weigh_words(std::size_t place, const std::vector<float>& weights, float sum) {
        if (sum <= 0) return;
        for (std::size_t term = 0; term < weights.size(); ++term) {
            float best = 0;
            for (int distance = -lexical::kWindow; distance <= lexical::kWindow; ++distance) {
                const auto other = neighbour(place, distance);
                if (!other) continue;
                const float fade = std::pow(lexical::kFade, static_cast<float>(std::abs(distance)));
                best = std::max(best, fade * signals_[*other].shares[term]);
            }
            signals_[place].bm25 += weights[term] / sum * signals_[place].shares[term];
            signals_[place].bm25_window += weights[term] / sum * best;
        }
    }

    void score_vectors() {
        if (query_.embedding.empty()) return;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            if (!chunks_[place].has_vector) continue;
            const std::vector<float>& vector = chunks_[place].data->embedding.vector;
            for (std::size_t axis = 0; axis < vector.size(); ++axis) {
                signals_[place].cosine += vector[axis] * query_.embedding[axis];
            }
        }
        conversation_best(&Signals::cosine, &Signals::cosine_conversation);
    }

    void conversation_best(float Signals::*value, float Signals::*best) {
        std::map<ConversationId, float> found;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            const float one = signals_[place].*value;
            const auto [entry, added] = found.emplace(chunks_[place].conversation_id, one);
            entry->second = std::max(entry->second, one);
        }
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            signals_[place].*best = found.at(chunks_[place].conversation_id);
        }
    }

    void choose(
        float Signals::*value,
        std::int32_t Signals::*rank,
        const std::function<bool(std::size_t)>& matches
    ) {
        std::vector<std::size_t> order;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            if (chunks_[place].passes && matches(place)) order.push_back(place);
        }
        std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
            const float left = signals_[one].*value;
            const float right = signals_[other].*value;
            return left != right ? left > right : chunks_[one].id < chunks_[other].id;
        });
        const std::size_t end = query_.pool_size + query_.tail_size;
        for (std::size_t place = 0; place < std::min(end, order.size()); ++place) {
            Signals& signals = signals_[order[place]];
            signals.*rank = static_cast<std::int32_t>(place + 1);
            (place < query_.pool_size ? signals.in_pool : signals.in_tail) = true;
        }
    }

    void add_neighbours() {
        std::vector<std::size_t> added;
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            if (!signals_[place].in_pool) continue;
            for (const int distance : {-1, 1}) {
                const auto other = neighbour(place, distance);
                if (other && chunks_[*other].passes) added.push_back(*other);
            }
        }
        for (const std::size_t place : added) signals_[place].in_pool = true;
    }

    CandidateSet collect() {
        CandidateSet set;
        set.chunk_total = chunks_.size();
        set.piece_count = query_.pieces.ids.size();
        for (const std::int32_t id : query_.pieces.ids) {
            const auto holds = [id](const BruteForceChunk& chunk) {
                const auto& ids = chunk.data->embedding.pieces.unique_ids;
                return chunk.has_vector && std::ranges::binary_search(ids, id);
            };
            const auto frequency = std::ranges::count_if(chunks_, holds);
            set.piece_frequency.push_back(static_cast<std::uint32_t>(frequency));
        }
        for (std::size_t place = 0; place < chunks_.size(); ++place) {
            if (signals_[place].in_pool || signals_[place].in_tail) add_candidate(set, place);
        }
        return set;
    }

    void add_candidate(CandidateSet& set, std::size_t place) {
        const Signals& signals = signals_[place];
        const BruteForceChunk& chunk = chunks_[place];
        Candidate candidate;
        candidate.chunk_id = chunk.id;
        candidate.conversation_id = chunk.conversation_id;
        candidate.order_index = chunk.data->chunk.order_index;
        candidate.author = author(set, chunk.data->chunk.author_name.value_or(""));
        if (const auto time = chunk.time()) {
            candidate.time = *time;
            candidate.day = day_in(*query_.zone, *time);
        }
        candidate.traits = chunk.data->traits;
        candidate.bm25 = signals.bm25;
        candidate.bm25_window = signals.bm25_window;
        candidate.bm25_conversation = signals.bm25_conversation;
        candidate.cosine = signals.cosine;
        candidate.cosine_conversation = signals.cosine_conversation;
        candidate.lexical_rank = signals.lexical_rank;
        candidate.dense_rank = signals.dense_rank;
        candidate.in_pool = signals.in_pool;
        if (const auto before = neighbour(place, -1)) {
            candidate.question_before = chunks_[*before].data->traits.has_question_mark;
            if (candidate.question_before) candidate.bm25_question = signals_[*before].bm25;
        }
        if (signals.in_pool && set.piece_count > 0) {
            for (int distance = -2; distance <= 2; ++distance) {
                const auto other = neighbour(place, distance);
                if (other)
                    candidate.window[static_cast<std::size_t>(distance + 2)] = row(set, *other);
            }
        }
        set.candidates.push_back(candidate);
    }

    static std::uint32_t author(CandidateSet& set, const std::string& name) {
        const auto found = std::ranges::find(set.authors, name);
        const auto index = static_cast<std::uint32_t>(found - set.authors.begin());
        if (found == set.authors.end()) set.authors.push_back(name);
        return index;
    }

    std::int32_t row(CandidateSet& set, std::size_t place) {
        const PieceBits& bits = chunks_[place].data->embedding.pieces;
        if (!chunks_[place].has_vector || bits.content_ids.empty()) return kNoRow;
        const auto [entry, added] = rows_.emplace(place, std::ssize(set.row_pieces));
        if (!added) return static_cast<std::int32_t>(entry->second);

        set.row_pieces.push_back(static_cast<std::uint32_t>(bits.content_ids.size()));
        for (std::size_t piece = 0; piece < set.piece_count; ++piece) {
            float best = -1;
            for (std::size_t other = 0; other < bits.content_ids.size(); ++other) {
                best = std::max(best, match(piece, bits, other));
            }
            set.piece_match.push_back(best);
        }
        return static_cast<std::int32_t>(entry->second);
    }

    float match(std::size_t piece, const PieceBits& bits, std::size_t other) const {
        const std::size_t dimension = bits.dimension;
        float sum = 0;
        for (std::size_t axis = 0; axis < dimension; ++axis) {
            const std::uint8_t byte = bits.bits[other * dimension / 8 + axis / 8];
            const float sign = (byte >> (axis % 8)) & 1 ? 1.0F : -1.0F;
            sum += sign * query_.pieces.vectors[piece * dimension + axis];
        }
        return sum / std::sqrt(static_cast<float>(dimension));
    }

    const std::vector<BruteForceChunk>& chunks_;
    const ChunkQuery& query_;
    std::vector<Signals> signals_;
    std::map<std::size_t, std::ptrdiff_t> rows_;
};

}  // namespace

CandidateSet brute_force_candidates(
    const std::vector<BruteForceChunk>& chunks, const ChunkQuery& query
) {
    return BruteForce(chunks, query).run();
}

}  // namespace rag::test
