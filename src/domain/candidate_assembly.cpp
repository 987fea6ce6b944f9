#include "domain/candidate_assembly.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace rag {
namespace {

constexpr int kWindow = lexical::kWindow;
static_assert(std::tuple_size_v<decltype(Candidate::window)> == 2 * kWindow + 1);

/// Calls `visit(distance, index)` for each row of the same conversation at most `reach` chunks
/// away, itself included, in their order.
template <class Visit>
void for_each_near(std::span<const FetchedRow> rows, std::size_t index, int reach, Visit visit) {
    const FetchedRow& centre = rows[index];
    const auto is_near = [&](const FetchedRow& row) {
        return row.conversation_id == centre.conversation_id &&
               std::abs(row.order_index - centre.order_index) <= reach;
    };
    std::size_t first = index;
    while (first > 0 && is_near(rows[first - 1])) --first;
    for (std::size_t near = first; near < rows.size() && is_near(rows[near]); ++near) {
        visit(rows[near].order_index - centre.order_index, near);
    }
}

bool is_within(std::int32_t rank, std::size_t count) {
    return rank > 0 && static_cast<std::size_t>(rank) <= count;
}

class Assembly {
public:
    Assembly(FetchedChunks fetched, std::span<const RowUse> uses)
        : fetched_(std::move(fetched)),
          rows_(fetched_.rows),
          uses_(uses),
          window_(std::move(fetched_.term_weights)) {
        assert(rows_.size() == uses_.size());
    }

    CandidateSet run() {
        const auto is_candidate = [](const RowUse& use) { return use.is_candidate; };
        const auto count = std::count_if(uses_.begin(), uses_.end(), is_candidate);
        set_.candidates.reserve(static_cast<std::size_t>(count));
        for (std::size_t first = 0; first < rows_.size();) {
            std::size_t end = first + 1;
            while (end < rows_.size() && rows_[end].conversation_id == rows_[first].conversation_id
            ) {
                ++end;
            }
            add_conversation(first, end);
            first = end;
        }
        set_.piece_count = fetched_.piece_count;
        set_.piece_match = std::move(fetched_.piece_match);
        set_.row_pieces = std::move(fetched_.row_pieces);
        set_.chunk_total = fetched_.chunk_total;
        set_.piece_frequency = std::move(fetched_.piece_frequency);
        return std::move(set_);
    }

private:
    void add_conversation(std::size_t first, std::size_t end) {
        const std::size_t first_candidate = set_.candidates.size();
        for (std::size_t index = first; index < end; ++index) {
            if (uses_[index].is_candidate) set_.candidates.push_back(described(index));
        }
        if (set_.candidates.size() == first_candidate) return;

        const FetchedConversation known = what_is_known(rows_[first].conversation_id);
        const float bm25 = known.bm25 ? *known.bm25 : best_window(first, end);
        const float cosine = known.cosine ? *known.cosine : best_cosine(first, end);
        for (std::size_t place = first_candidate; place < set_.candidates.size(); ++place) {
            set_.candidates[place].bm25_conversation = bm25;
            set_.candidates[place].cosine_conversation = cosine;
        }
    }

    Candidate described(std::size_t index) {
        const FetchedRow& row = rows_[index];
        Candidate candidate;
        candidate.chunk_id = row.chunk_id;
        candidate.conversation_id = row.conversation_id;
        candidate.order_index = row.order_index;
        candidate.author = author(row.author_name);
        candidate.day = row.day;
        candidate.time = row.time;
        candidate.traits = row.traits;
        candidate.bm25 = row.bm25;
        candidate.cosine = row.cosine;
        candidate.lexical_rank = row.lexical_rank;
        candidate.dense_rank = row.dense_rank;
        candidate.in_pool = uses_[index].in_pool;
        for_each_near(rows_, index, kWindow, [&](int distance, std::size_t near) {
            const FetchedRow& other = rows_[near];
            window_.add(distance, matches(other));
            if (distance == -1) {
                candidate.question_before = other.traits.has_question_mark;
                if (candidate.question_before) candidate.bm25_question = other.bm25;
            }
            if (candidate.in_pool) {
                candidate.window[static_cast<std::size_t>(distance + kWindow)] = other.piece_row;
            }
        });
        candidate.bm25_window = window_.take();
        return candidate;
    }

    std::span<const lexical::TermMatch> matches(const FetchedRow& row) const {
        return std::span(fetched_.term_matches).subspan(row.first_match, row.match_count);
    }

    float best_window(std::size_t first, std::size_t end) {
        float best = 0;
        if (fetched_.term_matches.empty()) return best;
        for (std::size_t index = first; index < end; ++index) {
            for_each_near(rows_, index, kWindow, [&](int distance, std::size_t near) {
                window_.add(distance, matches(rows_[near]));
            });
            best = std::max(best, window_.take());
        }
        return best;
    }

    float best_cosine(std::size_t first, std::size_t end) const {
        std::optional<float> best;
        for (std::size_t index = first; index < end; ++index) {
            const FetchedRow& row = rows_[index];
            if (row.has_cosine) best = std::max(best.value_or(row.cosine), row.cosine);
        }
        return best.value_or(0);
    }

    /// Conversations are asked for in their order.
    FetchedConversation what_is_known(ConversationId id) {
        const std::vector<FetchedConversation>& all = fetched_.conversations;
        while (next_known_ < all.size() && all[next_known_].id < id) ++next_known_;
        if (next_known_ == all.size() || all[next_known_].id != id) return {id, {}, {}};
        return all[next_known_];
    }

    /// The number in the set of a candidate's author.
    std::uint32_t author(std::string_view name) {
        const auto next = static_cast<std::uint32_t>(set_.authors.size());
        const auto [place, added] = authors_.emplace(name, next);
        if (added) set_.authors.emplace_back(name);
        return place->second;
    }

    FetchedChunks fetched_;
    std::span<const FetchedRow> rows_;
    std::span<const RowUse> uses_;
    lexical::WindowScore window_;
    std::size_t next_known_ = 0;
    std::unordered_map<std::string_view, std::uint32_t> authors_;
    CandidateSet set_;
};

}  // namespace

std::vector<RowUse> row_uses(std::span<const FetchedRow> rows, std::size_t pool_size) {
    std::vector<RowUse> uses(rows.size());
    std::vector<std::size_t> best_of_pool;
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const FetchedRow& row = rows[index];
        uses[index].is_candidate = row.lexical_rank > 0 || row.dense_rank > 0;
        uses[index].in_pool =
            is_within(row.lexical_rank, pool_size) || is_within(row.dense_rank, pool_size);
        if (uses[index].in_pool) best_of_pool.push_back(index);
    }
    for (const std::size_t best : best_of_pool) {
        for_each_near(rows, best, kNeighbourReach, [&](int, std::size_t near) {
            if (rows[near].passes) uses[near].is_candidate = uses[near].in_pool = true;
        });
    }
    for (std::size_t index = 0; index < rows.size(); ++index) {
        if (!uses[index].is_candidate) continue;
        for_each_near(rows, index, kWindow, [&](int, std::size_t near) {
            uses[near].in_window = true;
            if (uses[index].in_pool) uses[near].in_pool_window = true;
        });
    }
    return uses;
}

CandidateSet assemble_candidates(FetchedChunks fetched, std::span<const RowUse> uses) {
    return Assembly(std::move(fetched), uses).run();
}

CandidateSet assemble_candidates(FetchedChunks fetched, std::size_t pool_size) {
    const std::vector<RowUse> uses = row_uses(fetched.rows, pool_size);
    return Assembly(std::move(fetched), uses).run();
}

}  // namespace rag
