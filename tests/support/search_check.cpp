#include "support/search_check.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace rag::test {
namespace {

// Sums of floats in another order, and tables of 16 bits (simd/piece_tables.hpp).
constexpr float kRounding = 1e-5F;
constexpr float kMatchRounding = 1e-3F;

/// One of the two ways by which chunks are the best.
struct Kind {
    std::string_view name;
    std::int32_t Candidate::*rank;
    float Candidate::*value;
};
constexpr Kind kKinds[] = {
    {"words", &Candidate::lexical_rank, &Candidate::bm25},
    {"vector", &Candidate::dense_rank, &Candidate::cosine},
};

using ById = std::map<ChunkId, const Candidate*>;

ById by_id(const CandidateSet& set) {
    ById found;
    for (const Candidate& candidate : set.candidates) found[candidate.chunk_id] = &candidate;
    return found;
}

/// Those with a rank, the first first.
std::vector<const Candidate*> ranked(const CandidateSet& set, const Kind& kind) {
    std::vector<const Candidate*> found;
    for (const Candidate& one : set.candidates) {
        if (one.*kind.rank > 0) found.push_back(&one);
    }
    std::ranges::sort(found, [&kind](const Candidate* one, const Candidate* other) {
        return one->*kind.rank < other->*kind.rank;
    });
    return found;
}

class SearchCheck {
public:
    explicit SearchCheck(const CheckedSearch& search) : search_(search), all_(by_id(search.all)) {}

    /// Holds for every store: what comes is measured right and ranked by it.
    std::vector<std::string> run(bool exact) {
        for (const Candidate& one : search_.found.candidates) check_measures(one, exact);
        for (const Kind& kind : kKinds) check_ranks(kind);
        expect(search_.found.chunk_total == search_.all.chunk_total, "the total of chunks");
        expect(search_.found.piece_frequency == search_.all.piece_frequency, "piece frequencies");
        if (exact) check_choice();
        return std::move(problems_);
    }

private:
    void expect(bool holds, const std::string& what) {
        if (!holds) problems_.push_back(what);
    }

    void check_measures(const Candidate& one, bool exact) {
        const std::string name = "chunk " + std::to_string(one.chunk_id.value) + ": ";
        const auto found = all_.find(one.chunk_id);
        if (found == all_.end()) return expect(false, name + "does not pass the filter");
        const Candidate& right = *found->second;
        const auto expect_near = [&](float value, float wanted, std::string_view what) {
            expect(std::abs(value - wanted) <= kRounding, name + std::string(what));
        };
        expect(
            one.conversation_id == right.conversation_id && one.order_index == right.order_index,
            name + "place"
        );
        expect(
            search_.found.authors[one.author] == search_.all.authors[right.author], name + "author"
        );
        expect(one.day == right.day, name + "day");
        expect(one.traits.tokens == right.traits.tokens, name + "traits");
        expect(one.question_before == right.question_before, name + "question before");
        if (search_.query.mode != SearchMode::dense) {
            expect_near(one.bm25, right.bm25, "bm25");
            expect_near(one.bm25_window, right.bm25_window, "bm25 of the window");
            expect_near(one.bm25_question, right.bm25_question, "bm25 of the question");
            if (exact) expect_near(one.bm25_conversation, right.bm25_conversation, "best bm25");
            expect(one.bm25_conversation >= one.bm25_window - kRounding, name + "least best bm25");
        }
        if (search_.query.mode != SearchMode::lexical) {
            const float best = std::max(one.cosine_conversation, 0.0F);
            const float right_best = std::max(right.cosine_conversation, 0.0F);
            expect_near(one.cosine, right.cosine, "cosine");
            if (exact) expect_near(best, right_best, "best cosine");
            expect(best >= one.cosine - kRounding, name + "least best cosine");
        }
        if (search_.query.mode == SearchMode::hybrid && one.in_pool) check_window(one, right);
    }

    void check_window(const Candidate& one, const Candidate& right) {
        const std::string name = "chunk " + std::to_string(one.chunk_id.value) + ": window";
        const std::size_t pieces = search_.query.pieces.ids.size();
        for (std::size_t place = 0; place < one.window.size(); ++place) {
            const bool is_there = one.window[place] != kNoRow;
            if (is_there != (right.window[place] != kNoRow)) return expect(false, name);
            if (!is_there) continue;
            const auto row = static_cast<std::size_t>(one.window[place]);
            const auto right_row = static_cast<std::size_t>(right.window[place]);
            expect(search_.found.row_pieces[row] == search_.all.row_pieces[right_row], name);
            for (std::size_t piece = 0; piece < pieces; ++piece) {
                const float match = search_.found.piece_match[row * pieces + piece];
                const float wanted = search_.all.piece_match[right_row * pieces + piece];
                expect(std::abs(match - wanted) <= kMatchRounding, name + " match");
            }
        }
    }

    void check_ranks(const Kind& kind) {
        const std::vector<const Candidate*> best = ranked(search_.found, kind);
        for (std::size_t i = 0; i < best.size(); ++i) {
            const std::string name = "rank " + std::to_string(i + 1) + " by ";
            expect(
                best[i]->*kind.rank == static_cast<std::int32_t>(i + 1),
                name + std::string(kind.name)
            );
            const bool falls =
                i == 0 || best[i]->*kind.value <= best[i - 1]->*kind.value + kRounding;
            expect(falls, name + std::string(kind.name) + " is better than the one before");
        }
    }

    void check_choice() {
        const CandidateSet& found = search_.found;
        const CandidateSet& wanted = search_.wanted;
        if (found.candidates.size() != wanted.candidates.size()) {
            return expect(
                false,
                std::to_string(found.candidates.size()) + " candidates, not " +
                    std::to_string(wanted.candidates.size())
            );
        }
        for (std::size_t i = 0; i < found.candidates.size(); ++i) {
            const Candidate& one = found.candidates[i];
            const Candidate& right = wanted.candidates[i];
            const std::string name = "candidate " + std::to_string(i);
            expect(one.chunk_id == right.chunk_id, name);
            expect(one.in_pool == right.in_pool, name + ": pool");
            for (const Kind& kind : kKinds) {
                const bool same = one.*kind.rank == right.*kind.rank;
                expect(same, name + ": rank by " + std::string(kind.name));
            }
        }
    }

    const CheckedSearch& search_;
    ById all_;
    std::vector<std::string> problems_;
};

/// Of the best of a kind that the pools should hold, how many were found. One as good as the last
/// of them is as good.
struct Recall {
    std::size_t wanted = 0;
    std::size_t found = 0;

    void add(const CheckedSearch& search, const Kind& kind) {
        std::vector<const Candidate*> best = ranked(search.all, kind);
        if (best.size() > search.query.pool_size) best.resize(search.query.pool_size);
        if (best.empty()) return;
        const float least = best.back()->*kind.value - kRounding;
        const auto is_good = [&](const Candidate* one) { return one->*kind.value >= least; };
        const auto good = std::ranges::count_if(ranked(search.found, kind), is_good);
        wanted += best.size();
        found += std::min(best.size(), static_cast<std::size_t>(good));
    }

    double share() const {
        return wanted == 0 ? 1 : static_cast<double>(found) / static_cast<double>(wanted);
    }
};

}  // namespace

std::vector<std::string> broken_promises(
    const SearchPromise& promise, const std::vector<CheckedSearch>& searches
) {
    std::vector<std::string> problems;
    Recall recalls[std::size(kKinds)];
    for (std::size_t place = 0; place < searches.size(); ++place) {
        for (const std::string& problem : SearchCheck(searches[place]).run(promise.is_exact())) {
            problems.push_back("search " + std::to_string(place) + ", " + problem);
        }
        for (std::size_t kind = 0; kind < std::size(kKinds); ++kind) {
            recalls[kind].add(searches[place], kKinds[kind]);
        }
    }
    for (std::size_t kind = 0; kind < std::size(kKinds); ++kind) {
        if (recalls[kind].share() >= promise.recall) continue;
        problems.push_back(
            "recall by " + std::string(kKinds[kind].name) + ": " +
            std::to_string(recalls[kind].share())
        );
    }
    return problems;
}

}  // namespace rag::test
